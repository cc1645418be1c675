"""The faults in force in a simulated world: started now or later, growing, for a time, or as a surprise.

Works the same in virtual time and live: a fault acts on the world between two scans. The catalogue is in ``fault_kinds``.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.fault import Fault, Kind, Parameter
from simulator.fault_kinds import KINDS

if TYPE_CHECKING:
    from simulator.world import World

__all__ = ["KINDS", "Fault", "FaultError", "Faults", "Kind", "Parameter", "Record", "catalogue"]

MAX_PLANNED = 50
HISTORY = 200
LONGEST_S = 3600.0
_SENSOR_KINDS = frozenset(k for k in KINDS if k.startswith("sensor_"))
SURPRISES: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("sensor_frozen", "AT-101B", {}),
    ("sensor_drift", "AT-101A", {"per_minute": -0.6}),
    ("sensor_open", "TT-102", {}),
    ("sensor_offset", "TT-103", {"offset": 12.0}),
    ("contact_stuck", "ZS-101A", {"closed": 1.0}),
    ("valve_stuck", "TCV-101", {"position": 60.0}),
    ("valve_passing", "TCV-101", {"flow": 30.0}),
    ("nitrogen_leak", "main", {"rate": 120.0, "ramp_s": 20.0}),
    ("nitrogen_leak", "room", {"rate": 90.0, "ramp_s": 20.0}),
    ("door_stuck", "inner", {}),
    ("extract_fan_lost", "room", {}),
    ("mains_lost", "supply", {}),
    ("ln2_supply_lost", "supply", {}),
    ("sample_flow_lost", "chamber", {}),
    ("plc_reboot", "plc", {"off_s": 4.0}),
    ("guest_faints", "guests", {}),
    ("guest_leaves_early", "guests", {"after_s": 25.0}),
    ("guest_calls", "chamber", {}),
)
"""What an instructor's surprise is drawn from: each is met by what the operator has learnt."""


class FaultError(ValueError):
    """An unknown fault, target or parameter, or one out of range; the message names it and what is possible."""


@dataclass(slots=True)
class Record:
    """A fault as an exercise remembers it. Plant time in s; ``surprise``: nobody knew which."""

    id: str
    kind: Kind
    target: str
    text: str
    surprise: bool
    due_s: float
    began_s: float | None = None
    ended_s: float | None = None
    refused: str = ""


@dataclass(slots=True)
class _Planned:
    record: Record
    params: dict[str, float]
    ramp_s: float
    for_s: float | None


class Faults:
    """The faults of one world: in force, planned, and remembered."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._count = 0
        self.active: dict[str, Fault] = {}
        self.planned: list[_Planned] = []
        self.history: deque[Record] = deque(maxlen=HISTORY)

    def inject(
        self,
        kind: str,
        target: str | None = None,
        params: Mapping[str, float] | None = None,
        *,
        after_s: float = 0.0,
        ramp_s: float = 0.0,
        for_s: float | None = None,
        surprise: bool = False,
    ) -> Record:
        """Start a fault now or ``after_s``; over ``ramp_s`` it grows from nothing; after ``for_s`` it mends itself.

        Raises FaultError for anything unknown, out of range, unable to grow or already broken.
        """
        what = KINDS.get(kind)
        if what is None:
            raise FaultError(f"unknown fault {kind!r}; known: {', '.join(KINDS)}")
        if target is None:
            target = what.targets[0] if len(what.targets) == 1 else ""
        if target not in what.targets:
            raise FaultError(f"{kind}: unknown target {target!r}; known: {', '.join(what.targets)}")
        if target in self._world.plant.lacks:
            raise FaultError(f"{kind}: the simulated device has no {target}")
        values = _checked(what, params or {})
        _times(what, after_s, ramp_s, for_s)
        if after_s <= 0.0:
            self._refuse_twice(what, target)
        elif len(self.planned) >= MAX_PLANNED:
            raise FaultError(f"{MAX_PLANNED} faults are planned already; clear some first")
        self._count += 1
        record = Record(f"f{self._count}", what, target, what.text, surprise, self._world.time_s + after_s)
        self.history.append(record)
        planned = _Planned(record, values, ramp_s, for_s)
        if after_s > 0.0:
            self.planned.append(planned)
        else:
            self._begin(planned)
        return record

    def surprise(self, within_s: float) -> Record:
        """Draw a fault and a moment within ``within_s``. Raises FaultError if all that could be drawn is broken already."""
        if not (math.isfinite(within_s) and 0.0 <= within_s <= LONGEST_S):
            raise FaultError(f"within_s = {within_s!r} must be 0 to {LONGEST_S:g} s")
        taken = {(f.kind.kind, f.target) for f in self.active.values()} | {(p.record.kind.kind, p.record.target) for p in self.planned}
        left = [s for s in SURPRISES if (s[0], s[1]) not in taken and self._free(KINDS[s[0]], s[1])]
        if not left:
            raise FaultError("every surprise is broken or planned already; clear some first")
        rng = self._world.fault_rng
        kind, target, params = rng.choice(left)
        return self.inject(kind, target, params, after_s=rng.uniform(0.0, within_s), surprise=True)

    def clear(self, fault_id: str) -> None:
        """Mend one fault, or take a planned one back. Raises FaultError if there is none of that id."""
        for planned in self.planned:
            if planned.record.id == fault_id:
                self.planned.remove(planned)
                planned.record.refused = "taken back"
                return
        fault = self.active.pop(fault_id, None)
        if fault is None:
            raise FaultError(f"no fault {fault_id!r} is active; active: {', '.join(self.active) or 'none'}")
        fault.kind.stop(self._world, fault)
        for record in self.history:
            if record.id == fault_id:
                record.ended_s = self._world.time_s

    def clear_all(self) -> int:
        """Mend everything and take everything planned back; returns how many faults there were."""
        ids = [*self.active, *(p.record.id for p in self.planned)]
        for fault_id in ids:
            self.clear(fault_id)
        return len(ids)

    def forget(self) -> None:
        """A new exercise: nothing broken, nothing planned, nothing remembered."""
        self.clear_all()
        self.history.clear()

    def advance(self) -> None:
        """What is due, what grows and what ends by itself; once a scan."""
        if not (self.active or self.planned):
            return
        now = self._world.time_s
        for planned in [p for p in self.planned if p.record.due_s <= now + 1e-9]:
            self.planned.remove(planned)
            try:
                self._refuse_twice(planned.record.kind, planned.record.target)
            except FaultError as error:
                planned.record.refused = str(error)
            else:
                self._begin(planned)
        for fault in list(self.active.values()):
            if fault.final is not None:
                self._grow(fault, now)
            if fault.kind.each_scan:
                fault.kind.start(self._world, fault)
            if fault.until_s is not None and now >= fault.until_s - 1e-9:
                self.clear(fault.id)

    def _begin(self, planned: _Planned) -> None:
        record, now = planned.record, self._world.time_s
        until_s = None if planned.for_s is None else now + planned.for_s
        fault = Fault(record.id, record.kind, record.target, dict(planned.params), now, until_s)
        record.began_s, record.text = now, fault.text
        if planned.ramp_s > 0.0:
            fault.final, fault.ramp_s = planned.params, planned.ramp_s
            fault.params = {p.name: fault.params[p.name] if p.rest is None else p.rest for p in fault.kind.params}
        self.active[fault.id] = fault
        fault.kind.start(self._world, fault)

    def _grow(self, fault: Fault, now: float) -> None:
        if fault.final is None:
            return
        share = min(1.0, (now - fault.since_s) / fault.ramp_s)
        for p in fault.kind.params:
            if p.rest is not None:
                fault.params[p.name] = p.rest + share * (fault.final[p.name] - p.rest)
        if not (fault.kind.live or fault.kind.each_scan):
            fault.kind.start(self._world, fault)
        if share >= 1.0:
            fault.final = None

    def _free(self, what: Kind, target: str) -> bool:
        sensor = what.kind in _SENSOR_KINDS
        others = (f.kind.kind for f in self.active.values() if f.target == target)
        return not any(kind == what.kind or (sensor and kind in _SENSOR_KINDS) for kind in others)

    def _refuse_twice(self, what: Kind, target: str) -> None:
        for other in self.active.values():
            same = other.kind.kind == what.kind or (other.kind.kind in _SENSOR_KINDS and what.kind in _SENSOR_KINDS)
            if same and other.target == target:
                raise FaultError(f"{target} already has the fault {other.id} ({other.kind.kind}); clear it first")


def _times(what: Kind, after_s: float, ramp_s: float, for_s: float | None) -> None:
    for name, value in (("after_s", after_s), ("ramp_s", ramp_s), ("for_s", for_s)):
        if value is not None and not (math.isfinite(value) and 0.0 <= value <= LONGEST_S):
            raise FaultError(f"{what.kind}: {name} = {value!r} must be 0 to {LONGEST_S:g} s")
    if ramp_s > 0.0 and all(p.rest is None for p in what.params):
        growing = ", ".join(k.kind for k in KINDS.values() if any(p.rest is not None for p in k.params))
        raise FaultError(f"{what.kind} cannot grow over ramp_s; these can: {growing}")
    if for_s is not None and (for_s <= 0.0 or what.kind == "plc_reboot"):
        raise FaultError(f"{what.kind}: for_s = {for_s!r} must be above 0, and a restart ends by itself after off_s")


def _checked(what: Kind, params: Mapping[str, object]) -> dict[str, float]:
    known = {p.name: p for p in what.params}
    for name in params:
        if name not in known:
            raise FaultError(f"{what.kind}: unknown parameter {name!r}; known: {', '.join(known) or 'none'}")
    values: dict[str, float] = {}
    for name, p in known.items():
        value: object = params.get(name, p.default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not p.low <= value <= p.high:
            raise FaultError(f"{what.kind}: {name} = {value!r} must be a number from {p.low:g} to {p.high:g} {p.unit}")
        values[name] = float(value)
    return values


def catalogue(lacks: Container[str] = ()) -> list[dict[str, object]]:
    """All kinds of fault that a device can have, as the side channel shows them. ``lacks``: targets that it does not have."""
    found: list[dict[str, object]] = []
    for k in KINDS.values():
        targets = [t for t in k.targets if t not in lacks]
        if targets:
            found.append({"kind": k.kind, "text": k.text, "targets": targets, "params": [p._asdict() for p in k.params]})
    return found
