"""The reference plant: one room cooled by injected vapour, lumped, with the valve and the sensor a regulator has to live with.

Gas at constant volume (heat capacity grows as 1/T), liner, insulation; valve lag, dead time, quick-opening characteristic and
0.5 % dead band; evaporator lag; first-order sensor with noise and 0.1 K resolution; door exchange of humid air by buoyancy
(Brown & Solvason 1963); people whose heat decays. Not the project's chamber and not its simulator: a plant of its own to
compare regulators on. Temperatures in K inside, °C outside; powers in W; nitrogen in kg.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random

AMBIENT_K = 293.15
_ZERO_C_K = 273.15
_BOILING_K = 77.36
_LATENT_J_KG = 199.2e3
_CP_VAPOUR = 1045.0
_AIR_DENSITY_K = 101325.0 * 0.0289 / 8.314  # kg/m³ times K
_CP_AIR = 1015.0
_G = 9.81
STEP_S = 0.1


@dataclass(frozen=True)
class Parameters:
    """The nominal chamber: 8 m³, three people, 17 kW at −110 °C."""

    volume_m3: float = 8.0
    gas_liner_w_k: float = 360.0
    liner_j_k: float = 120e3
    insulation_j_k: float = 100e3
    liner_insulation_w_k: float = 14.0
    insulation_ambient_w_k: float = 14.0
    fan_w: float = 250.0
    leak_m3_s: float = 0.010
    feed_kg_s: float = 0.060
    dead_s: float = 5.0
    valve_tau_s: float = 2.0
    evaporator_tau_s: float = 6.0
    sensor_tau_s: float = 8.0
    door_width_m: float = 0.9
    door_height_m: float = 2.0
    door_share: float = 0.21
    humidity: float = 0.008
    quick_opening: float = 0.25
    person_base_w: float = 400.0
    person_first_w: float = 500.0
    person_tau_s: float = 60.0


NOMINAL = Parameters()


def random_parameters(seed: int) -> Parameters:
    """±25 % of what is built, 3-8 s dead time, 5-10 s sensor: chambers of the same family."""
    r = Random(seed)
    spread = (
        "volume_m3",
        "gas_liner_w_k",
        "liner_j_k",
        "insulation_j_k",
        "liner_insulation_w_k",
        "insulation_ambient_w_k",
        "feed_kg_s",
        "door_share",
        "leak_m3_s",
    )
    changed = {name: getattr(NOMINAL, name) * r.uniform(0.75, 1.25) for name in spread}
    people = {name: getattr(NOMINAL, name) * r.uniform(0.8, 1.3) for name in ("person_base_w", "person_first_w")}
    return replace(
        NOMINAL,
        **changed,
        **people,
        dead_s=r.uniform(3.0, 8.0),
        sensor_tau_s=r.uniform(5.0, 10.0),
        evaporator_tau_s=r.uniform(4.0, 9.0),
        quick_opening=r.uniform(0.0, 0.4),
    )


class Plant:
    """Explicit Euler at 0.1 s, as the reference has it; 0.035 K over a door opening against 1 ms."""

    def __init__(self, p: Parameters, seed: int) -> None:
        self.p = p
        self.gas_k = self.liner_k = self.insulation_k = self.sensor_k = AMBIENT_K
        self.stem = self.vapour = 0.0
        self.used_kg = 0.0
        self._noise = Random(seed)
        self._line = [0.0] * (max(1, round(p.dead_s / STEP_S)) + 1)
        self._at = 0
        self._held_pct: float | None = None

    @property
    def true_c(self) -> float:
        return self.gas_k - _ZERO_C_K

    def measured_c(self) -> float:
        return round((self.sensor_k - _ZERO_C_K + self._noise.gauss(0.0, 0.08)) * 10.0) / 10.0

    def drive(self, asked_pct: float, steps: int, *, door: bool, people_w: float, pressure: float) -> float:
        """A proportional valve: moves only by more than its dead band. Returns where it stands, %."""
        if self._held_pct is None or abs(asked_pct - self._held_pct) > 0.5 or asked_pct in (0.0, 100.0):
            self._held_pct = asked_pct
        for _ in range(steps):
            self.advance(self._held_pct / 100.0, door=door, people_w=people_w, pressure=pressure)
        return self._held_pct

    def advance(self, opening: float, *, door: bool, people_w: float, pressure: float) -> None:
        """One step of 0.1 s with the valve told ``opening`` (0 to 1)."""
        p, line = self.p, self._line
        line[self._at] = opening
        self._at = (self._at + 1) % len(line)
        late = line[self._at]
        gas = self.gas_k
        density = _AIR_DENSITY_K / gas
        outside = _AIR_DENSITY_K / AMBIENT_K
        exchange = p.leak_m3_s * outside
        if door and gas < AMBIENT_K:
            drive = _G * p.door_height_m * (density - outside) / (0.5 * (density + outside))
            if drive > 0.0:
                exchange += p.door_share * 0.2 * p.door_width_m * p.door_height_m * math.sqrt(drive) * outside
        warm_w = exchange * (1006.0 * (AMBIENT_K - gas) + p.humidity * 2.83e6)
        flow = self.vapour * p.feed_kg_s * pressure
        cold_w = flow * (_LATENT_J_KG + _CP_VAPOUR * (gas - _BOILING_K))
        to_liner = p.gas_liner_w_k * (gas - self.liner_k)
        to_insulation = p.liner_insulation_w_k * (self.liner_k - self.insulation_k)
        out = p.insulation_ambient_w_k * (self.insulation_k - AMBIENT_K)
        self.stem += STEP_S * (late * (1.0 + p.quick_opening - p.quick_opening * late) - self.stem) / p.valve_tau_s
        self.vapour += STEP_S * (self.stem - self.vapour) / p.evaporator_tau_s
        self.sensor_k += STEP_S * (gas - self.sensor_k) / p.sensor_tau_s
        self.used_kg += STEP_S * flow
        self.gas_k = gas + STEP_S * (p.fan_w + warm_w + people_w - to_liner - cold_w) / (density * p.volume_m3 * _CP_AIR)
        self.liner_k += STEP_S * (to_liner - to_insulation) / p.liner_j_k
        self.insulation_k += STEP_S * (to_insulation - out) / p.insulation_j_k

    def people_w(self, persons: int, since_s: float) -> float:
        p = self.p
        return persons * (p.person_base_w + p.person_first_w * math.exp(-since_s / p.person_tau_s))
