"""The cabin as the PLC sees it: the cold part of ``equations`` with supply, door, lift, fans, instruments and one guest.

One door and one room: the PLC's inputs for a pre-chamber are wired to the instruments of the cabin itself (door contacts and
presence in parallel, two analysers on the channels of two others), as the integrator's guide asks; a position that does not
exist reads shut. Deterministic: it draws no random numbers.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from chamber.tags import PRE_CHAMBER_ONLY
from simulator.cabin import equations as eq
from simulator.cabin.device import oxygen_at, stand
from simulator.cabin.equations import Array, Inputs
from simulator.cabin.parameters import CabinParameters
from simulator.cabin.parameters import load as load_cabin
from simulator.doors import Door
from simulator.gas import KELVIN, OXYGEN_AIR
from simulator.house import FACE_CLEAR, PRESENT_MAIN, PRESENT_PRE, SCAN_S, House, Supply
from simulator.parameters import (
    PLANTS,
    ParameterError,
    TankParameters,
    UpsParameters,
    ValveParameters,
    WeatherParameters,
    section,
)
from simulator.people import Crowd, Person, Place
from simulator.plant import FLASHED_K, SCANS_PER_STEP
from simulator.sensors import BIT_INDEX, INDEX
from simulator.signals import Actuators, Truth

NAME = "cabin"
MOUTH_SHARE = 0.9  # of the stature
LIFTED_AFTER_S = 1.5  # the operator shuts the door, then takes the lift's switch, assumed
SLUMP_S = 2.0  # s until who faints has sunk, assumed
LAGS_S = {"TT-101": 0.5, "TT-102": 0.5, "TT-103": 0.5}  # thin probes; their lag is that of the model's own supply sensor
_SAME = (("AT-201A", "AT-101A"), ("AT-201B", "AT-101B"))
_SAME_CONTACT = (("YS-201", "YS-101"), ("ZS-201A", "ZS-101A"), ("ZS-201B", "ZS-101B"))
_LOW_EXTRACT = 0.1  # share of ventilation through doors and gaps while the fans stand, assumed


@dataclass(frozen=True, slots=True)
class DeviceParameters:
    fresh_share: float
    boost_share: float
    purge_m3_s: float
    dry_heater_w: float
    ramp_s: float
    rim_m: float
    lift_m: float
    lift_m_s: float
    chin_m: float
    mouth_m: float
    slump_m: float
    supply_bar: float
    droop_bar: float
    back_bar: float


@dataclass(frozen=True, slots=True)
class CabinPlantParameters:
    cabin: CabinParameters
    device: DeviceParameters
    tank: TankParameters
    valve: ValveParameters
    weather: WeatherParameters
    ups: UpsParameters


def load(folder: Path = PLANTS) -> CabinPlantParameters:
    """Parameters of the supervised cabin. Raises ParameterError with file, section and key."""
    path = folder / "cabin-supervised.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterError(f"{path}: no such plant file") from None
    except tomllib.TOMLDecodeError as error:
        raise ParameterError(f"{path}: {error}") from None
    base, changed = load_cabin(folder), cast(dict[str, Any], raw.get("cabin", {}))
    for key, value in changed.items():
        if key not in base._fields or isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise ParameterError(f"{path.name}: [cabin] {key} = {value!r}: not a value of cabin.toml, or not a positive number")
    where = path.name
    return CabinPlantParameters(
        cabin=base._replace(**changed),
        device=section(DeviceParameters, "device", raw, where),
        tank=section(TankParameters, "tank", raw, where),
        valve=section(ValveParameters, "valve", raw, where),
        weather=section(WeatherParameters, "weather", raw, where),
        ups=section(UpsParameters, "ups", raw, where),
    )


class CabinPlant(House):
    """Single-person cabin in its treatment room."""

    lags_s = LAGS_S
    same_input = tuple((INDEX[to], INDEX[of]) for to, of in _SAME)
    same_contact = tuple((1 << BIT_INDEX[to], 1 << BIT_INDEX[of]) for to, of in _SAME_CONTACT)
    lacks = frozenset({*PRE_CHAMBER_ONLY, "TCV-201", "pre", "outer"})

    def __init__(self, parameters: CabinPlantParameters, y: Array | None = None) -> None:
        self.p = parameters
        self.y: Array = eq.warm_state(parameters.cabin) if y is None else y.copy()
        d = parameters.device
        flows = Supply(d.supply_bar, d.droop_bar, d.back_bar, parameters.cabin.feed_kg_s, 0.0)
        door = Door(d.ramp_s)
        super().__init__(parameters.valve, parameters.tank, parameters.ups, parameters.weather, flows, Crowd(door, door))
        self.lift_m = 0.0
        self._lift_since_s: float | None = None
        self._slumped = 0.0  # share
        self._seen = self._look()

    @property
    def room_k(self) -> float:
        """K, the treatment room at rest."""
        return self.p.cabin.room_k

    @property
    def guest(self) -> Person | None:
        """Who is in the cabin; there is room for one."""
        return next((p for p in self.crowd.people if p.place is Place.MAIN), None)

    @property
    def mouth_above_rim_m(self) -> float | None:
        """None: nobody is in."""
        guest = self.guest
        if guest is None:
            return None
        return MOUTH_SHARE * guest.physique.height_m - self.p.device.rim_m + self.lift_m - self._slumped * self.p.device.slump_m

    def advance(self, a: Actuators) -> None:
        """One PLC scan (0.1 s) with the given actuators."""
        self._fast(a)
        self._move()
        if self.scan % SCANS_PER_STEP == 0:
            self._thermal(a)

    def _move(self) -> None:
        """The operator's hand on the lift: up until the mouth is high enough once the door is shut, down for the way out."""
        guest, d = self.guest, self.p.device
        if guest is None and self.lift_m == 0.0:
            self._slumped = 0.0
            self._lift_since_s = None
            return
        step = d.lift_m_s * SCAN_S
        fainted = guest is not None and guest.fainted
        self._slumped = min(1.0, self._slumped + SCAN_S / SLUMP_S) if fainted else max(0.0, self._slumped - SCAN_S / SLUMP_S)
        if guest is None or guest.goal is Place.OUTSIDE:
            self._lift_since_s = None
            wanted = 0.0
        elif not self.inner.shut:
            self._lift_since_s = None
            return
        else:
            self._lift_since_s = self.time_s if self._lift_since_s is None else self._lift_since_s
            if self.time_s - self._lift_since_s < LIFTED_AFTER_S:
                return
            wanted = max(0.0, d.mouth_m - (MOUTH_SHARE * guest.physique.height_m - d.rim_m))
        if self.defects.lift_m is not None:
            wanted = min(wanted, self.defects.lift_m)
        wanted = min(d.lift_m, wanted)
        self.lift_m += max(-step, min(step, wanted - self.lift_m))

    def _thermal(self, a: Actuators) -> None:
        p, d, steps = self.p, self.defects, SCANS_PER_STEP
        h = SCANS_PER_STEP * SCAN_S
        self._house(h)
        self._fans(a, h)
        powered = not d.mains_lost
        door = self._sum_outer / steps
        # the blower's contactor is wired through the door switch
        fan = a.recirculation and powered and not d.recirculation_lost and self.inner.shut
        leaks = self._push * (d.leak_main_kg_s + d.leak_pre_kg_s)
        feed = (self._sum_main / steps + leaks) / p.cabin.feed_kg_s
        self._sum_main = self._sum_pre = self._sum_inner = self._sum_outer = 0.0
        turn = self._extract_spin * (p.device.boost_share if a.extract_boost else 1.0)
        loads = (0.0, 0.0, 0.0, 0.0)
        guest, mouth = self.guest, self.mouth_above_rim_m
        if guest is not None and mouth is not None:
            loads = stand(guest.body, self.y, p.cabin, fan=fan, dt_s=h, head_inside=mouth < 0.0)
        u = Inputs(
            feed,
            float(fan),
            door,
            turn,
            p.device.fresh_share * max(_LOW_EXTRACT, turn),
            *loads,
            p.device.purge_m3_s * self._purge_spin if self._purge_spin > 0.01 else 0.0,
            p.device.dry_heater_w if a.drying and powered else 0.0,
            self._push * d.leak_room_kg_s + d.leak_supply_kg_s,
        )
        self.y = eq.advance(self.y, p.cabin, u, eq.STEP_S, steps)
        self._seen = self._look()

    def true_values(self) -> list[float]:
        """What each analogue instrument is exposed to, in the order and units of ``ANALOG_TAGS``."""
        return self._supplied(self._seen.copy())

    def _look(self) -> list[float]:
        y, p = self.y, self.p
        supply = float(y[eq.DISPLAY]) - KELVIN
        outlet = FLASHED_K if y[eq.LIQUID] > p.cabin.evaporator_max_kg else float(y[eq.EVAPORATOR])
        lower, upper, collar = (float(y[i]) - KELVIN for i in (eq.T_LOWER, eq.T_UPPER, eq.T_COLLAR))
        face = oxygen_at(y, p.cabin, p.device.mouth_m)
        room = (100.0 * float(y[eq.X_BREATHING]), 100.0 * float(y[eq.X_FLOOR]))
        temperatures = (*(supply,) * 3, outlet - KELVIN, lower, upper, collar, p.cabin.room_k - KELVIN)
        return [*temperatures, *(face,) * 5, *room, *(0.0,) * 7]

    def _present(self) -> int:
        mouth = self.mouth_above_rim_m
        if mouth is None:
            return 0
        return PRESENT_MAIN | PRESENT_PRE | (FACE_CLEAR if mouth >= self.p.device.chin_m else 0)

    def truth(self) -> Truth:
        """Ground truth. ``o2_main_pct`` is where the guest breathes; with nobody in, where a face would be."""
        y, p, mouth = self.y, self.p, self.mouth_above_rim_m
        face = oxygen_at(y, p.cabin, p.device.mouth_m if mouth is None else mouth)
        lower, upper = float(y[eq.T_LOWER]) - KELVIN, float(y[eq.T_UPPER]) - KELVIN
        return Truth(
            o2_main_pct=face,
            o2_pre_pct=face,
            o2_room_pct=100.0 * float(y[eq.X_BREATHING]),
            o2_floor_pct=100.0 * float(y[eq.X_FLOOR]),
            t_main_c=float(y[eq.DISPLAY]) - KELVIN,
            t_pre_c=lower,
            t_room_c=p.cabin.room_k - KELVIN,
            nitrogen_kg=float(y[eq.NITROGEN]),
            coil_main_c=float(y[eq.EVAPORATOR]) - KELVIN,
            liquid_main_kg=float(y[eq.LIQUID]),
            valve_main=self.valve_main,
            valve_pre=0.0,
            main_valve=self.main_valve,
            tank_kg=self.tank.kg,
            tank_bar=self.tank.pressure_bar,
            liquid_oxygen_pct=100.0 * self.tank.oxygen,
            coil_bar=self.supply_bar,
            oxygen_condensing=False,
            carried_kg=float(y[eq.CARRIED]),
            spread_main_k=upper - lower,
        )


def precooled_state(p: CabinPlantParameters, set_c: float = -130.0, seconds: float = 180.0) -> Array:
    """The cabin after a precool with a plain PI and nobody in, aired since; nitrogen counter at zero."""
    y, total = eq.warm_state(p.cabin), 0.0
    for _ in range(round(seconds)):
        error = float(y[eq.DISPLAY]) - KELVIN - set_c
        wanted = 0.02 * error + total
        if 0.0 <= wanted <= 1.0:
            total += 0.02 / 60.0 * error
        y = eq.advance(y, p.cabin, Inputs(valve=min(1.0, max(0.0, wanted)), fan=1.0, fresh=p.device.fresh_share), eq.STEP_S, 10)
    y[eq.X_LOWER : eq.X_BREATHING + 1] = OXYGEN_AIR
    y[eq.NITROGEN] = y[eq.CARRIED] = 0.0
    return y
