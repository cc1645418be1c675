"""Working days of a simulated two-room chamber, fast: plant, instruments, both regulators and guests, without PLC and supervisor.

One second at a time. Precool in the morning, groups of guests, idle time between, drying in the evening, night. What the twin
is given is what the control process would give it: measured values only.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from chamber.profile import DeviceProfile
from chamber.tags import ANALOG_TAGS
from control.lqr import Ahead
from control.regulate import Seen, advance_law, begin
from control.state import Loop
from simulator.parameters import PlantParameters
from simulator.people import Place
from simulator.plant import Actuators, Plant
from simulator.population import draw
from simulator.sensors import INDEX, Sensors

SCANS = 10
PRE_S, OUT_S = 40, 240


class Group(NamedTuple):
    """Guests from ``at_s`` of the day on, ``persons`` of them, ``stay_s`` in the main room."""

    at_s: int
    persons: int
    stay_s: int = 180


class Second(NamedTuple):
    """One second as the supervisor sees it. Temperatures °C, valve positions %, flow kg/h, tank kg, pressure bar(a)."""

    t_s: float
    cooling: bool
    fresh: bool
    main_c: float
    pre_c: float
    room_c: float
    outlet_main_c: float
    outlet_pre_c: float
    asked_main_pct: float
    asked_pre_pct: float
    main_pct: float
    pre_pct: float
    flow_kg_h: float
    supply_bar: float
    tank_kg: float
    doors_shut: bool
    inner_shut: bool
    persons: int
    drying: bool


def varied(p: PlantParameters, seed: int) -> PlantParameters:
    """A chamber of the same family: what is built differs by up to a quarter, people and weather are others."""
    if seed == 0:
        return p
    rng = random.Random(f"{seed}/plant")

    def near(value: float, spread: float) -> float:
        return value * rng.uniform(1.0 - spread, 1.0 + spread)

    def room(r: object) -> object:
        names = ("foam_m", "bridge_w_k", "fan_w", "coil_gas_w_k", "coil_boil_w_k", "coil_j_k", "coil_feed_kg_s", "frost_half_kg")
        return dataclasses.replace(r, **{n: near(getattr(r, n), 0.15) for n in names})  # type: ignore[type-var]

    return dataclasses.replace(
        p,
        main=room(p.main),
        pre=room(p.pre),
        wall=dataclasses.replace(p.wall, foam_w_mk=near(p.wall.foam_w_mk, 0.15), inside_w_m2k=near(p.wall.inside_w_m2k, 0.2)),
        air=dataclasses.replace(p.air, fresh_kg_s=near(p.air.fresh_kg_s, 0.2), room_k=p.air.room_k + rng.uniform(-3.0, 3.0)),
        door=dataclasses.replace(p.door, flow_factor=near(p.door.flow_factor, 0.2)),
        nitrogen=dataclasses.replace(
            p.nitrogen,
            vapour_effectiveness=near(p.nitrogen.vapour_effectiveness, 0.1),
            line_ambient_w_k=near(p.nitrogen.line_ambient_w_k, 0.3),
        ),
    )  # fmt: skip


class Chamber:
    """One plant through its days. ``plant`` is open to whoever breaks something."""

    def __init__(self, profile: DeviceProfile, parameters: PlantParameters, seed: int, state: list[float] | None = None) -> None:
        if profile.regulator_pre is None or profile.pre is None:
            raise ValueError(f"profile {profile.id}: a chamber of two rooms is needed")
        self.profile, self._pre_tags = profile, profile.pre.temperatures
        self.plant = Plant(parameters, state)
        self.rng = random.Random(f"{seed}/day")
        self.plant.crowd.draw = lambda: draw(self.rng)
        self._sensors = Sensors(random.Random(f"{seed}/sensors"), 1.0, self.plant.true_values())
        self._quality = [0] * len(ANALOG_TAGS)
        self._pre_regulator = profile.regulator_pre
        self._main, self._pre = begin(profile.regulator_main), begin(profile.regulator_pre)
        self._cooled = False
        self._shut_s = 100.0
        self._reached = False
        self.t_s = 0.0
        self.read = self._read()
        """What every instrument shows in this second, by tag."""

    def _read(self) -> Callable[[str], float]:
        values = self._sensors.read(self.plant.true_values(), self._quality)
        return lambda tag: values[INDEX[tag]]

    def second(self, set_main_c: float | None, set_pre_c: float, *, drying: bool = False) -> Second:
        """One second with these set points; None: nitrogen shut."""
        plant, v = self.plant, self._read()
        self.read = v
        main_c = round(sorted(v(t) for t in self.profile.main.temperatures)[1], 1)
        pre_c = round(sum(v(t) for t in self._pre_tags) / 2.0, 1)
        shut = plant.inner.shut and plant.outer.shut
        self._shut_s = self._shut_s + 1.0 if shut else 0.0
        persons = plant.crowd.count(Place.MAIN)
        asked_main = asked_pre = 0.0
        if set_main_c is not None and not self._cooled:  # a new day: as after the self-test, the law begins anew
            self._main, self._pre = begin(self.profile.regulator_main), begin(self._pre_regulator)
        self._cooled = set_main_c is not None
        self._reached = set_main_c is not None and (self._reached or main_c < set_main_c + 2.0)
        if set_main_c is not None:
            hold = self._shut_s < self.profile.regulator_main.door_hold_s
            self._main = self._law(self._main, "regulator_main", set_main_c, main_c, v("ZT-101"), persons, hold, shut)
            self._pre = self._law(self._pre, "regulator_pre", set_pre_c, pre_c, v("ZT-201"), 0, hold, shut)
            if shut:
                asked_main, asked_pre = self._main.terms.output_pct, self._pre.terms.output_pct
        given = Actuators(
            xv_401=set_main_c is not None,
            valve_main=asked_main,
            valve_pre=asked_pre,
            recirculation=set_main_c is not None or drying,
            fresh_air=set_main_c is not None and self._reached,
            drying=drying,
        )
        for _ in range(SCANS):
            plant.advance(given)
        self.t_s += 1.0
        return Second(
            self.t_s, set_main_c is not None, self._reached, main_c, pre_c,
            round(v("TT-301"), 1), round(v("TT-111"), 1), round(v("TT-211"), 1),
            asked_main, asked_pre, round(v("ZT-101"), 1), round(v("ZT-201"), 1), max(0.0, round(v("FT-401"), 1)),
            round(v("PT-401"), 2), round(v("LT-401")), shut, plant.inner.shut, persons, drying,
        )  # fmt: skip

    def _law(self, loop: Loop, which: str, set_c: float, measured: float, actual: float, persons: int, hold: bool, shut: bool) -> Loop:
        seen = Seen(measured, actual, persons, not shut, 1.0, Ahead())
        return advance_law(loop, getattr(self.profile, which), set_c, seen, hold=hold)

    def day(
        self, groups: Sequence[Group], *, cold_h: float = 9.0, night_h: float = 15.0, main_c: float = -110.0, pre_c: float = -60.0
    ) -> Iterator[Second]:
        """From the warm to the evening: precool at once, the groups, drying and night (``night_h``)."""
        sends: dict[int, tuple[Place, int]] = {}
        for g in groups:
            sends |= {
                g.at_s: (Place.PRE, g.persons),
                g.at_s + PRE_S: (Place.MAIN, g.persons),
                g.at_s + PRE_S + g.stay_s: (Place.OUTSIDE, g.persons),
                g.at_s + PRE_S + g.stay_s + OUT_S: (Place.OUTSIDE, 0),
            }
        for t in range(round(3600 * cold_h)):
            if t in sends:
                place, persons = sends[t]
                if persons:
                    self.plant.crowd.send(place, persons, self.plant.time_s)
                else:
                    self.plant.crowd.people.clear()
            yield self.second(main_c, pre_c)
        for t in range(round(3600 * night_h)):
            yield self.second(None, pre_c, drying=t < 3 * 3600 and self.plant.y[0] < 313.0)
