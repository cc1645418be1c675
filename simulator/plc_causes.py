"""Evaluation of the PLC's cause-and-effect table: each criterion becomes one small function with an on-delay."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from operator import itemgetter, le
from statistics import median

from chamber.states import CycleState
from plc_bridge.contract import EXPOSURE_EXIT_S, Output, QualityNibble, Trip
from plc_bridge.plc_rules import (
    FORBIDDEN_PRESENCE,
    LEAVING,
    MAIN_VALVE_CLOSED_SWITCH,
    OVERCOLD_ALWAYS_ARMED,
    OVERCOLD_ARM_K,
    OXYGEN_FALL_WINDOW_S,
    PROVEN_OUTPUT,
    ROWS,
    START_HOLDS,
    Criterion,
    Test,
)
from simulator.plc_memory import Told
from simulator.sensors import BIT_INDEX, INDEX

GOOD = QualityNibble.GOOD.value
_ALL_GOOD = [GOOD] * len(INDEX)
_FLOW = QualityNibble.SAMPLE_FLOW.value
_EPSILON_S = 1e-6  # scan times are sums of 0.1 s
_ROUNDING = 1e-6  # the PLC computes in whole register units; a float's last bit must not decide a limit met exactly
_XV = 1 << Output.XV_401


class View:
    """What the criteria look at in one scan. Plain attributes: the PLC fills them before it evaluates."""

    def __init__(self, told: Told) -> None:
        self.now_s = 0.0
        self.values: Sequence[float] = ()
        self.quality: Sequence[int] = ()
        self.bits = 0
        self.told = told
        self.running = False
        self.occupied = False
        self.outputs = 0  # driven in the previous scan
        self.valve_main = 0.0
        self.valve_pre = 0.0
        self.heartbeat_age_s = 0.0
        self.lease_counts = False  # a lease was once held, or somebody may be inside
        self.exposure_s = 0.0
        self.exposure_limit_s = 0.0
        self.exit_under_way = False  # told EXIT and the inner door seen open since
        self.requested = False
        self.inner_opened_since_exit = False
        self.outer_opened_since_exit = False


Check = Callable[[View], bool]


def _masks(signals: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(1 << BIT_INDEX[s] for s in signals)


def _number(c: Criterion) -> float:
    if c.set_point is None:
        raise ValueError(f"criterion {c.test} of {', '.join(c.signals) or 'the PLC'} needs a set point")
    return c.set_point


def _threshold(c: Criterion, sign: float) -> Check:
    """BELOW (sign 1) and ABOVE (sign -1) with voting."""
    where, limit, votes, count_bad = tuple(INDEX[s] for s in c.signals), sign * _number(c), c.votes, c.bad_votes

    def check(v: View) -> bool:
        hits = bad = 0
        for i in where:
            if v.quality[i] != GOOD:
                bad += 1
            elif sign * v.values[i] < limit:
                hits += 1
        return hits > 0 and hits + (bad if count_bad else 0) >= votes

    return check


class _Overcold:
    """Relative over-cold. A set point raised below a cold room must not trip before the room has followed it once."""

    def __init__(self, c: Criterion) -> None:
        self._where, self._limit_k, self._votes = tuple(INDEX[s] for s in c.signals), _number(c), c.votes
        self._setpoint_c: float | None = None
        self._armed = False

    def __call__(self, v: View) -> bool:
        setpoint = v.told.setpoint_main_c
        if setpoint != self._setpoint_c:
            self._setpoint_c, self._armed = setpoint, False
        values, quality = v.values, v.quality
        good = [values[i] for i in self._where if quality[i] == GOOD]
        if not good:
            return False
        coldest = min(good)
        if not self._armed and v.running and coldest > setpoint - OVERCOLD_ARM_K + _ROUNDING:
            self._armed = True
        limit = setpoint - self._limit_k - _ROUNDING
        if coldest >= limit or not ((self._armed and v.running) or v.told.cycle_state in OVERCOLD_ALWAYS_ARMED):
            return False
        hits = sum(t < limit for t in good)
        return hits > 0 and hits + len(self._where) - len(good) >= self._votes


class _Falling:
    """Fall of the median of the good inputs, as means over 1 s, within the window."""

    def __init__(self, c: Criterion) -> None:
        self._where, self._limit = tuple(INDEX[s] for s in c.signals), _number(c)
        self._means: deque[float] = deque(maxlen=round(OXYGEN_FALL_WINDOW_S) + 1)
        self._sum, self._count, self._next_s = 0.0, 0, 0.0
        self._falls = False

    def __call__(self, v: View) -> bool:
        values, quality = v.values, v.quality
        good = [values[i] for i in self._where if quality[i] == GOOD]
        if not good:
            self._means.clear()
            self._sum, self._count, self._falls = 0.0, 0, False
            return False
        if len(good) == 3:  # the ordinary case, without a call
            good.sort()
            self._sum += good[1]
        else:
            self._sum += median(good)
        self._count += 1
        if v.now_s >= self._next_s - _EPSILON_S:
            self._means.append(self._sum / self._count)
            self._sum, self._count, self._next_s = 0.0, 0, v.now_s + 1.0
            self._falls = self._means[0] - self._means[-1] >= self._limit - _ROUNDING
        return self._falls


def _bad(c: Criterion) -> Check:
    where, votes = tuple(INDEX[s] for s in c.signals), c.votes

    def check(v: View) -> bool:
        bad = 0
        for i in where:
            nibble = v.quality[i]
            if nibble not in (GOOD, _FLOW):
                bad += 1
        return bad >= votes

    return check


def _not_opened(c: Criterion) -> Check:
    main, pre = _masks(c.signals)

    def check(v: View) -> bool:
        if v.told.cycle_state not in LEAVING:
            return False
        behind_inner = bool(v.bits & main) and not v.inner_opened_since_exit
        return behind_inner or (bool(v.bits & pre) and not v.outer_opened_since_exit)

    return check


def _bits(c: Criterion) -> Check:
    masks = _masks(c.signals)
    together = sum(masks)
    if c.test is Test.BIT_CLEAR:
        return lambda v: v.bits & together != together
    if c.test is Test.EXPOSED_CLEAR:
        return lambda v: v.bits & together != together and v.told.cycle_state == CycleState.EXPOSURE
    if c.test is Test.BIT_SET:
        return lambda v: bool(v.bits & together)
    if c.test is Test.UNEXPECTED:
        return lambda v: bool(v.bits & together) and v.told.cycle_state in FORBIDDEN_PRESENCE
    first, second = masks
    return lambda v: bool(v.bits & first) == bool(v.bits & second)


def _driven(c: Criterion) -> Check:
    """Criteria on what the PLC drove in the scan before and what came of it."""
    if c.test is Test.NOT_PROVEN:
        output, proof = 1 << PROVEN_OUTPUT[c.signals[0]], _masks(c.signals)[0]
        return lambda v: bool(v.outputs & output) and not v.bits & proof
    if c.test is Test.MAIN_NOT_CLOSED:
        switch = 1 << BIT_INDEX[MAIN_VALVE_CLOSED_SWITCH]
        return lambda v: not v.outputs & _XV and not v.bits & switch
    at, limit = INDEX[c.signals[0]], _number(c)
    if c.test is Test.FLOW_WHILE_CLOSED:
        return lambda v: v.valve_main <= 0.0 and v.valve_pre <= 0.0 and v.quality[at] == GOOD and v.values[at] > limit
    if c.signals[0] == "ZT-101":
        return lambda v: v.valve_main <= 0.0 and v.quality[at] == GOOD and v.values[at] > limit
    return lambda v: v.valve_pre <= 0.0 and v.quality[at] == GOOD and v.values[at] > limit


def _lease(c: Criterion) -> Check:
    limit = _number(c)
    return lambda v: v.lease_counts and v.heartbeat_age_s >= limit - _EPSILON_S


def _timer(c: Criterion) -> Check:
    def over(v: View) -> bool:
        exit_s = EXPOSURE_EXIT_S if v.exit_under_way else 0.0
        return v.exposure_s >= v.exposure_limit_s + exit_s - _EPSILON_S

    return over


_BUILD: dict[Test, Callable[[Criterion], Check]] = {
    Test.BELOW: lambda c: _threshold(c, 1.0),
    Test.ABOVE: lambda c: _threshold(c, -1.0),
    Test.BELOW_SETPOINT: _Overcold,
    Test.FALLING: _Falling,
    Test.BAD: _bad,
    Test.BIT_CLEAR: _bits,
    Test.BIT_SET: _bits,
    Test.CONTACTS_AGREE: _bits,
    Test.UNEXPECTED: _bits,
    Test.EXPOSED_CLEAR: _bits,
    Test.NOT_PROVEN: _driven,
    Test.POSITION_OPEN: _driven,
    Test.MAIN_NOT_CLOSED: _driven,
    Test.FLOW_WHILE_CLOSED: _driven,
    Test.TIMER: _timer,
    Test.NOT_OPENED: _not_opened,
    Test.LEASE: _lease,
    Test.REQUEST: lambda _: lambda v: v.requested,
}


class Watch:
    """One criterion with its on-delay."""

    __slots__ = ("_delay_s", "_occupied_only", "check", "since_s")

    def __init__(self, criterion: Criterion) -> None:
        self.check = _BUILD[criterion.test](criterion)
        self._delay_s = criterion.delay_s - _EPSILON_S
        self._occupied_only = criterion.occupied_only
        self.since_s: float | None = None

    def delayed(self, true: bool, view: View) -> bool:
        """True once the result of ``check`` has held for the delay; to be told of every result, true or not."""
        if not true or (self._occupied_only and not view.occupied):
            self.since_s = None
            return False
        if self.since_s is None:
            self.since_s = view.now_s
        return view.now_s - self.since_s >= self._delay_s


_BY_BITS = frozenset({Test.BIT_CLEAR, Test.BIT_SET, Test.CONTACTS_AGREE})
_BY_VALUES = frozenset({Test.BELOW, Test.ABOVE})
_BY_STANDING = frozenset({Test.NOT_PROVEN, Test.MAIN_NOT_CLOSED, Test.UNEXPECTED, Test.NOT_OPENED, Test.REQUEST, Test.EXPOSED_CLEAR})
"""Tests of contacts, of what is told and of what is driven: asked again when one of these has changed, or while one of them is true."""
_CALM = _BY_BITS | _BY_VALUES | {Test.BAD}
"""Tests that say nothing while the contacts are as they should be, all qualities good and all values within their set points."""


class Table:
    """All criteria of the table in its order, with fresh timers and filters; what refuses a start is looked at beside them.

    In a calm scan only the criteria that look at more than the inputs are asked. It must follow on a whole one: timers of the
    others then stand at zero, and asking them would change nothing.
    """

    def __init__(self) -> None:
        self._all = [(row.trip, c.test, Watch(c)) for row in ROWS for c in row.criteria]
        self._holds = [(c.test, Watch(c)) for c in START_HOLDS]
        self._rest = [(trip, watch) for trip, test, watch in self._all if test not in _CALM]
        self._moving = [(trip, watch) for trip, test, watch in self._all if test not in _CALM | _BY_STANDING]
        self._standing = [watch for _, test, watch in self._all if test in _BY_STANDING]
        self._stood: tuple[object, ...] = ()
        self._none_stands = False
        asked = [(test, watch) for _, test, watch in self._all] + self._holds
        if any(test not in _CALM for test, _ in self._holds):
            raise ValueError("a hold that looks at more than the inputs: Table.look has to ask it in every scan")
        self._contacts = [watch.check for test, watch in asked if test in _BY_BITS]
        low, high = _bounds()
        self._low, self._high = tuple(low.values()), tuple(high.values())
        self._bounded_below: Callable[[Sequence[float]], tuple[float, ...]] = itemgetter(*low)
        self._bounded_above: Callable[[Sequence[float]], tuple[float, ...]] = itemgetter(*high)
        self._bits: int | None = None
        self._bits_calm = self._was_calm = False

    def look(self, view: View) -> tuple[list[Trip], bool]:
        """(trips whose causes are present in this scan, in the order of the table; a start is refused)."""
        calm, self._was_calm = self._was_calm, self._calm(view)
        if calm and self._was_calm:
            stands = (view.bits, view.told, view.outputs, view.inner_opened_since_exit, view.outer_opened_since_exit, view.requested)
            if stands == self._stood and self._none_stands:
                return _present(self._moving, view), False
            found = _present(self._rest, view)
            self._stood, self._none_stands = stands, not any(watch.check(view) for watch in self._standing)
            return found, False
        found = _present([(trip, watch) for trip, _, watch in self._all], view)
        held = [watch.delayed(watch.check(view), view) for _, watch in self._holds]
        return found, any(held)

    def _calm(self, view: View) -> bool:
        if view.bits != self._bits:
            self._bits, self._bits_calm = view.bits, not any(check(view) for check in self._contacts)
        values = view.values
        if not self._bits_calm or view.quality != _ALL_GOOD:
            return False
        return all(map(le, self._low, self._bounded_below(values))) and all(map(le, self._bounded_above(values), self._high))


def _bounds() -> tuple[dict[int, float], dict[int, float]]:
    """Per analogue input that has one the highest set point below it, and the lowest above it."""
    low, high = dict[int, float](), dict[int, float]()
    for c in (*(c for row in ROWS for c in row.criteria), *START_HOLDS):
        for at in (INDEX[s] for s in c.signals) if c.test in _BY_VALUES else ():
            if c.test is Test.BELOW:
                low[at] = max(low.get(at, -math.inf), _number(c))
            else:
                high[at] = min(high.get(at, math.inf), _number(c))
    return low, high


def _present(watches: list[tuple[Trip, Watch]], view: View) -> list[Trip]:
    found: list[Trip] = []
    for trip, watch in watches:
        true = watch.check(view)
        if (true or watch.since_s is not None) and watch.delayed(true, view):
            found.append(trip)
    return found
