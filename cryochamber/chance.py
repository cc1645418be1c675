"""Random days: who comes, for which program, and what breaks. Drawn from a seed alone, the same whoever draws it."""

from __future__ import annotations

import random
from functools import cache
from typing import Annotated, NamedTuple, TypeVar

from pydantic import Field

from chamber.profile import DeviceProfile, Strict
from cryochamber.fault_case import Act
from simulator.parameters import plant_for
from simulator.world import lacks

_T = TypeVar("_T")
STAGES = 16
"""Chambers that stand ready, each with its own bias of every sensor; a day begins in one of them."""
FAULTS_IN_A_SESSION = (0.55, 0.31, 0.10, 0.04)
"""Share of sessions with none, one, two and three faults or mishaps. Far more than any plant has: to see many in little time."""
_SESSIONS = ((1, 0.4), (2, 0.4), (3, 0.2))
PERSONS_MOST = 3
_PROGRAMS = (("first-visit", 0.35), ("short", 0.3), ("standard", 0.35))
_WITHIN_S = (0.0, 260.0)
"""When it happens, from the boarding of the session on: in all its phases, and while the chamber cools again."""


class Chance(NamedTuple):
    """Something that may happen. ``weight`` is its share among all; ``exclusive`` names what fails at most once a day.

    Two in one ``exclusive`` group are two channels of the same safeguard, two barriers in series, or in a cabin a face that sinks and
    the one switch that sees it: what a second failure there does is no question of software, and the fault cases FI-05 and FI-06
    show it by hand. What befalls only things that a device lacks is not drawn for it; ``needs`` is one more thing that it must have.
    """

    weight: float
    kind: str
    targets: tuple[str, ...] = ("",)
    params: tuple[tuple[str, float, float], ...] = ()  # name, lowest, highest
    exclusive: str = ""
    mended_s: tuple[float, float] | None = (5.0, 120.0)
    mended: float = 0.7  # share that is mended by itself
    for_s: tuple[float, float] | None = None  # of an act that is no fault
    needs: str = ""


_T_MAIN, _T_PRE = ("TT-101", "TT-102", "TT-103"), ("TT-201", "TT-202")
_O2_MAIN, _O2_PRE, _O2_ROOM = ("AT-101A", "AT-101B", "AT-101C"), ("AT-201A", "AT-201B"), ("AT-301", "AT-302")
_SENSORS = (
    *_T_MAIN,
    *_T_PRE,
    "TT-111",
    "TT-211",
    "TT-301",
    *_O2_MAIN,
    *_O2_PRE,
    *_O2_ROOM,
    "PT-401",
    "LT-401",
    "FT-401",
    "ZT-101",
    "ZT-201",
)
_GROUPS = {
    **dict.fromkeys(_T_MAIN, "temperature main"),
    **dict.fromkeys(_T_PRE, "temperature pre"),
    **dict.fromkeys(_O2_MAIN, "oxygen main"),
    **dict.fromkeys(_O2_PRE, "oxygen pre"),
    **dict.fromkeys(_O2_ROOM, "oxygen room"),
    **dict.fromkeys(("ZS-101A", "ZS-101B"), "inner door"),
    **dict.fromkeys(("ZS-201A", "ZS-201B"), "outer door"),
    **dict.fromkeys(("HS-001A", "HS-001B"), "emergency stop"),
    **dict.fromkeys(("YS-101", "YS-201"), "presence"),
    **dict.fromkeys(("ZSC-401", "ZSO-401"), "main valve ends"),
}
_CONTACTS = (
    "ZS-101A", "ZS-101B", "ZS-201A", "ZS-201B", "YS-101", "YS-201", "HS-001A", "HS-001B", "HS-101",
    "FS-101", "FS-102", "FS-301", "ES-001", "ZSC-401", "ZSO-401", "JS-001", "HS-301",
)  # fmt: skip

CHANCES: tuple[Chance, ...] = (
    Chance(6.0, "sensor_frozen", _SENSORS),
    Chance(5.0, "sensor_offset", (*_T_MAIN, *_T_PRE, "TT-301"), (("offset", -30.0, 30.0),)),
    Chance(4.0, "sensor_offset", (*_O2_MAIN, *_O2_PRE, *_O2_ROOM), (("offset", -3.0, 3.0),)),
    Chance(4.0, "sensor_drift", (*_T_MAIN, *_T_PRE), (("per_minute", -6.0, 6.0),)),
    Chance(4.0, "sensor_drift", (*_O2_MAIN, *_O2_PRE, *_O2_ROOM), (("per_minute", -0.5, 0.5),)),
    Chance(3.0, "sensor_noise", (*_T_MAIN, *_T_PRE, *_O2_MAIN, *_O2_PRE), (("deviation", 0.2, 5.0),)),
    Chance(4.0, "sensor_open", _SENSORS),
    Chance(4.0, "sensor_short", _SENSORS),
    Chance(8.0, "contact_stuck", _CONTACTS, (("closed", 0.0, 1.0),)),
    Chance(5.0, "valve_stuck", ("TCV-101", "TCV-201", "XV-401"), (("position", 0.0, 100.0),), "nitrogen"),
    Chance(4.0, "valve_passing", ("TCV-101", "TCV-201"), (("flow", 5.0, 60.0),), "nitrogen"),
    Chance(6.0, "nitrogen_leak", ("main", "pre", "room"), (("rate", 5.0, 200.0), ("ramp_s", 0.0, 120.0)), "nitrogen"),
    Chance(2.0, "nitrogen_leak", ("supply",), (("rate", 5.0, 300.0), ("ramp_s", 0.0, 120.0)), "nitrogen"),
    Chance(3.0, "door_stuck", ("inner", "outer"), mended_s=(5.0, 60.0), mended=1.0),
    Chance(3.0, "extract_fan_lost", ("room",)),
    Chance(2.0, "purge_fan_lost", ("main",)),
    Chance(3.0, "recirculation_fan_lost", ("chamber",)),
    Chance(4.0, "mains_lost", ("supply",)),
    Chance(3.0, "ln2_supply_lost", ("supply",)),
    Chance(2.0, "sample_flow_lost", ("chamber",)),
    Chance(2.0, "loudspeaker_lost", ("chamber",)),
    Chance(2.0, "ln2_pressure", ("supply",), (("bar", 1.2, 8.0),)),
    Chance(1.0, "ups_fault", ("supply",), (("charge", 5.0, 100.0),)),
    Chance(1.0, "service_key", ("cabinet",)),
    Chance(1.0, "room_emergency", ("room",)),
    Chance(5.0, "plc_silent", ("plc",), mended_s=(0.3, 12.0)),
    Chance(3.0, "plc_reboot", ("plc",), (("off_s", 0.5, 10.0),), mended=0.0),
    Chance(4.0, "guest_slow", ("guests",), (("factor", 1.0, 3.0),), "guests"),
    Chance(3.0, "guest_faints", ("guests",), (), "guests", mended_s=(30.0, 90.0), mended=1.0),
    Chance(5.0, "guest_leaves_early", ("guests",), (("after_s", 5.0, 170.0),), "guests"),
    Chance(4.0, "hang", for_s=(0.2, 12.0)),
    Chance(3.0, "die", for_s=(1.0, 15.0)),
    Chance(6.0, "stop"),
    Chance(3.0, "evacuate"),
    Chance(4.0, "operator_leaves", for_s=(10.0, 120.0)),
    Chance(3.0, "estop", for_s=(5.0, 60.0)),
    Chance(4.0, "call", for_s=(2.0, 20.0)),
    Chance(3.0, "hold_inner", for_s=(1.0, 30.0)),
    Chance(3.0, "hold_outer", ("outer",), for_s=(1.0, 30.0)),
    Chance(2.0, "records_fail", for_s=(5.0, 60.0)),
    Chance(2.0, "api_silent", for_s=(5.0, 60.0)),
    Chance(2.0, "clock_step"),
    Chance(4.0, "lift_low", ("lift",), (("height", 0.0, 0.4),), "guests", mended_s=(10.0, 90.0), mended=1.0),
    Chance(2.0, "contact_stuck", ("YS-103",), (("closed", 0.0, 1.0),), "guests", needs="lift"),
)
_ACTS = frozenset(
    {"hang", "die", "operator_leaves", "estop", "call", "hold_inner", "hold_outer", "records_fail", "api_silent", "clock_step"}
)


class Device(NamedTuple):
    """What a day is drawn for. ``chances``: those of ``CHANCES`` that can befall it."""

    persons: int
    chances: tuple[Chance, ...]
    weights: tuple[float, ...]


class Visit(Strict):
    """One session of a day: who comes how long after the last, and what breaks how long after its boarding begins."""

    pause_s: Annotated[float, Field(ge=0)]
    persons: int
    program: str
    mishaps: tuple[Act, ...] = ()
    """``at_s`` counts from the boarding."""


class Day(Strict):
    """A random day, complete: nothing else is drawn while it is played but what the simulation draws from ``seed``."""

    number: int
    seed: int
    stage: int
    goes_on: bool
    """After a stop the operator brings the chamber back and the day goes on; else it ends with everybody out."""
    visits: tuple[Visit, ...]

    @property
    def mishaps(self) -> int:
        return sum(len(v.mishaps) for v in self.visits)


@cache
def _device(persons: int, missing: frozenset[str]) -> Device:
    left = [c._replace(targets=tuple(t for t in c.targets if t not in missing)) for c in CHANCES if c.needs not in missing]
    chances = tuple(c for c in left if c.targets)
    return Device(persons, chances, tuple(c.weight for c in chances))


def device_of(profile: DeviceProfile) -> Device:
    """As many guests as the profile allows, three at most; breaks what the plant of its name has."""
    return _device(min(PERSONS_MOST, round(profile.limits.persons)), lacks(plant_for(profile.id)))


def draw(seed: int, number: int, device: Device) -> Day:
    """Day ``number`` of the campaign ``seed`` of such a device."""
    rng = random.Random(f"campaign/{seed}/{number}")  # noqa: S311  simulation, reproducible by seed
    taken: set[str] = set()
    visits = tuple(_visit(rng, taken, device) for _ in range(_pick(rng, _SESSIONS)))
    return Day(number=number, seed=rng.randrange(2**31), stage=rng.randrange(STAGES), goes_on=rng.random() < 0.1, visits=visits)


def _pick(rng: random.Random, table: tuple[tuple[_T, float], ...]) -> _T:
    return rng.choices([t[0] for t in table], [t[1] for t in table])[0]


def _visit(rng: random.Random, taken: set[str], device: Device) -> Visit:
    count = rng.choices(range(len(FAULTS_IN_A_SESSION)), FAULTS_IN_A_SESSION)[0]
    mishaps: list[Act] = []
    while len(mishaps) < count:
        act = _mishap(rng, taken, device)
        if act is not None:
            mishaps.append(act)
    return Visit(
        pause_s=round(rng.expovariate(1.0 / 15.0), 1),
        persons=rng.randint(1, device.persons),
        program=_pick(rng, _PROGRAMS),
        mishaps=tuple(sorted(mishaps, key=lambda a: a.at_s)),
    )


def _mishap(rng: random.Random, taken: set[str], device: Device) -> Act | None:
    """None if what was drawn may not happen twice."""
    c = rng.choices(device.chances, device.weights)[0]
    target = rng.choice(c.targets)
    group = _GROUPS.get(target, c.exclusive or f"{c.kind} {target}")
    at_s = round(rng.uniform(*_WITHIN_S), 1)
    values = {name: _value(rng, name, low, high) for name, low, high in c.params}
    for_s = None if c.for_s is None else round(rng.uniform(*c.for_s), 1)
    mend = round(rng.uniform(*c.mended_s), 1) if c.mended_s is not None and rng.random() < c.mended else None
    by_s = rng.choice((-3600.0, 3600.0, -120.0, 86400.0))
    if group in taken:
        return None
    taken.add(group)
    if c.kind in ("stop", "evacuate"):
        return Act(at_s=at_s, act="command", kind=c.kind)
    if c.kind in _ACTS:
        return Act.model_validate({"at_s": at_s, "act": c.kind, "for_s": for_s, "by_s": by_s if c.kind == "clock_step" else 0.0})
    return Act(at_s=at_s, act="inject", kind=c.kind, target=target, params=values, mend_after_s=mend)


def _value(rng: random.Random, name: str, low: float, high: float) -> float:
    """Whole for a contact; spread over the decades where a range has several."""
    if name == "closed":
        return float(rng.random() < 0.5)
    if low > 0.0 and high / low > 8.0:
        return round(low * (high / low) ** rng.random(), 2)
    return round(rng.uniform(low, high), 2)
