"""Does the right alarm come, how soon, and does any come that should not? Days on simulated plants, healthy and with one fault each.

Every chamber first lives one healthy day, on which its twin takes the reference. The fault begins two hours into the second day and
lasts; a third day follows for what only the next precool can show. Healthy chambers are of the same family but each built otherwise.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import NamedTuple

from bench.twin.day import Chamber, Group, Second, varied
from chamber.profile import DeviceProfile, TwinDesign
from control.twin.findings import Estimate, estimates
from control.twin.look import Look
from control.twin.state import Twin
from control.twin.update import observe, start
from cryochamber.config import load_profile
from simulator.parameters import load
from simulator.plant_faults import DOOR_CM2
from simulator.signals import Defects

FROM_S = 2 * 3600
COLD_H = 9.0
DAYS = 2
_HOUR = 3600.0


class Broken(NamedTuple):
    """A fault: what is done to the plant, how it grows (share of the final value by the hour since it began), the alarm it must raise."""

    name: str
    text: str
    alarm: str
    act: Callable[[Defects], None]


def _set(name: str, value: float) -> Callable[[Defects], None]:
    def act(d: Defects) -> None:
        setattr(d, name, value)

    return act


FAULTS: tuple[Broken, ...] = (
    Broken("frost main", "frost grows on the main coil, 1 kg/h", "DRYING-DUE", _set("frost_main_kg_s", 1.0 / _HOUR)),
    Broken("frost pre", "frost grows on the pre-chamber's coil, 0.4 kg/h", "DRYING-DUE", _set("frost_pre_kg_s", 0.4 / _HOUR)),
    Broken("seal outer", "outer door seal, gap of 75 cm²", "SEAL-LEAK", _set("seal_outer", 75.0 / DOOR_CM2)),
    Broken("seal inner", "inner door seal, gap of 150 cm²", "SEAL-LEAK", _set("seal_inner", 150.0 / DOOR_CM2)),
    Broken("insulation main", "wall of the main room conducts twice as much", "HEAT-LEAK", _set("insulation_main", 2.0)),
    Broken("valve passes", "TCV-201 passes 10 % when shut", "VALVE-WORN", _set("passing_pre", 0.10)),
    Broken("valve worn", "TCV-101 lets through 30 % more", "VALVE-WORN", _set("trim_main", 1.3)),
    Broken("valve clogged", "TCV-101 lets through 25 % less", "VALVE-WORN", _set("trim_main", 0.75)),
    Broken("valve sticky", "TCV-101 sticks, 6 % of the stroke", "VALVE-WORN", _set("stiction_main", 0.06)),
    Broken("pressure low", "line at 1.6 instead of 2.0 bar(a)", "LN2-PRESS-LO", _set("supply_bar", 1.6)),
    Broken("tank loses", "6 kg/h lost before the meter", "LN2-USE-UP", _set("leak_supply_kg_s", 6.0 / _HOUR)),
)


class Result(NamedTuple):
    """``after_h``: from the fault to its alarm, None: never. ``others``: alarms that should not have come, with the hour."""

    name: str
    after_h: float | None
    evidence: str
    others: tuple[str, ...]


class Healthy(NamedTuple):
    """``alarms``: none should have come. ``evening``: estimate -> value, standard deviation, reference when the last cold hour ends."""

    alarms: tuple[str, ...]
    evening: dict[str, tuple[float, float, float | None]]


def groups(rng: random.Random) -> list[Group]:
    """Two blocks of six groups, a quarter of an hour apart."""
    found, t = [], 4200
    for _ in range(2):
        for _ in range(6):
            found.append(Group(t, rng.choice((1, 2, 3, 3, 3))))
            t += 900
        t += 3600
    return found


def shown(s: Second) -> Look:
    return Look(
        s.main_c, s.pre_c, s.room_c, s.outlet_main_c, s.outlet_pre_c, s.main_pct, s.pre_pct, s.flow_kg_h, s.supply_bar, s.tank_kg,
        s.asked_main_pct, s.asked_pre_pct, s.cooling, s.fresh, s.drying, s.doors_shut, s.persons,
    )  # fmt: skip


class Days:
    """A chamber and its twin; ``lived`` in seconds. A copy goes its own way from here."""

    def __init__(self, seed: int, profile: DeviceProfile | None = None) -> None:
        self.profile = load_profile("walk-in-two-room") if profile is None else profile
        if self.profile.twin is None:
            raise ValueError(f"profile {self.profile.id}: no design data ([twin])")
        self.design: TwinDesign = self.profile.twin
        self.chamber = Chamber(self.profile, varied(load(), seed), seed)
        self.twin: Twin = start(self.design)
        self.raised: dict[str, tuple[float, str]] = {}
        self.evening: tuple[Estimate, ...] = ()

    def live(self, *, fault: Broken | None = None, night: bool = True) -> None:
        """One day; alarms are noted with the hour of their first coming."""
        for n, s in enumerate(self.chamber.day(groups(self.chamber.rng), cold_h=COLD_H, night_h=8.0 if night else 0.0)):
            if fault is not None and n == FROM_S:
                fault.act(self.chamber.plant.defects)
            minutes = self.twin.minutes
            self.twin = observe(self.twin, shown(s), self.profile, self.design)
            if self.twin.minutes != minutes:
                for alarm, evidence in self.twin.due.items():
                    self.raised.setdefault(alarm, (s.t_s / _HOUR, evidence))
            if n == round(COLD_H * _HOUR) - 1:
                self.evening = estimates(self.twin, self.design)


def after_learning(seed: int) -> Days:
    days = Days(seed)
    days.live()
    return days


def broken(learned: Days, fault: Broken) -> Result:
    """The fault from the second day on, on a copy of a chamber that has taken its reference."""
    days = copy.deepcopy(learned)
    began_h = days.chamber.t_s / _HOUR + FROM_S / _HOUR
    days.live(fault=fault)
    if fault.alarm not in days.raised:
        days.live(fault=None, night=False)
    found = days.raised.get(fault.alarm)
    others = tuple([f"{alarm} after {at - began_h:.1f} h ({why})" for alarm, (at, why) in days.raised.items() if alarm != fault.alarm])
    return Result(fault.name, None if found is None else found[0] - began_h, "" if found is None else found[1], others)


def healthy(seed: int) -> Healthy:
    """Alarms on a healthy chamber of its own make, two days after the one on which the twin learned."""
    days = after_learning(seed)
    for _ in range(DAYS):
        days.live()
    alarms = tuple([f"{alarm} at {at:.1f} h ({why})" for alarm, (at, why) in days.raised.items()])
    return Healthy(alarms, {e.id: (e.value, e.std, e.reference) for e in days.evening if e.valid})
