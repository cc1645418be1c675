"""When two worlds count as the same: the discrete parts exactly, each running timer by the thresholds it has passed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chamber.causes import BY_ID, CAUSES
from chamber.states import CycleState
from control.advance import DURABLE_WAIT_S, NOBODY_CAME_S
from tests.explore.claims import Ghost
from tests.explore.plant import RESET_CLEAR_S, World, lease_limit_s

C = CycleState
ENTRY_HOLD_S = 60.0
BYPASS_S = 1800.0  # as the move asks for
COOL_OFF_S = 600.0
CONFIRM = "confirm"
_LOOKED_FOR = frozenset({C.RECOVERY, C.FAULT, C.EVACUATE, C.ESTOP})
_ORDER = {c.id: n for n, c in enumerate(CAUSES)}


class Timer(NamedTuple):
    """A running timer and the ages (s) at which something happens."""

    name: str
    age_s: float
    thresholds_s: tuple[float, ...]

    @property
    def region(self) -> int:
        return sum(self.age_s >= t - 1e-6 for t in self.thresholds_s)

    @property
    def left_s(self) -> float | None:
        """Time to the next threshold, None if there is none left."""
        return min((t - self.age_s for t in self.thresholds_s if self.age_s < t - 1e-6), default=None)


_IN_STATE: dict[CycleState, tuple[float, ...]] = {
    C.SELF_TEST: (3.0, 6.0, 15.0),
    C.BOARDING: (DURABLE_WAIT_S, NOBODY_CAME_S),
    C.PURGE: (10.0,),
    C.DRYING: (14400.0,),
}


def timers(w: World) -> Iterator[Timer]:
    """Every timer that can change a decision: of the cycle, the session, the causes, the mailbox, the link, the PLC."""
    yield from _cycle_timers(w)
    yield from _session_timers(w)
    now = w.now_s
    for cause_id, s in w.state.causes.items():
        if s.present_since_s is not None and s.acting_since_s is None:
            yield Timer(cause_id, now - s.present_since_s, (BY_ID[cause_id].delay_s,))
        if s.latched and s.clear_since_s is not None:
            yield Timer(f"{cause_id} clear", now - s.clear_since_s, (RESET_CLEAR_S,))
    for cause_id, b in w.state.shop.bypasses.items():
        yield Timer(f"bypass of {cause_id}", now - (b.until_s - BYPASS_S), (BYPASS_S,))
    yield from _link_timers(w)


def _cycle_timers(w: World) -> Iterator[Timer]:
    c, now = w.state.cycle, w.now_s
    for name, f in c.forced.items():
        yield Timer(f"forced {name}", now - (f.until_s - 60.0), (60.0,))
    if c.state in _IN_STATE:
        yield Timer("state", now - c.since_s, _IN_STATE[c.state])
    if c.in_band_since_s is not None and c.state in (C.PRECOOL, C.RECOOL):
        yield Timer("in band", now - c.in_band_since_s, (10.0,))
    if c.out_of_band_since_s is not None and c.state is C.READY:
        yield Timer("out of band", now - c.out_of_band_since_s, (20.0,))
    if c.not_running_since_s is not None:
        yield Timer("not running", now - c.not_running_since_s, (5.0 if c.state is C.PRECOOL else 0.5,))
    if c.cool_off_until_s is not None:
        yield Timer("cool off", now - (c.cool_off_until_s - COOL_OFF_S), (COOL_OFF_S,))
    entry = w.state.perception.entry_good_since_s
    if entry is not None:
        yield Timer("entry", now - entry, (ENTRY_HOLD_S,))


def _session_timers(w: World) -> Iterator[Timer]:
    s, now, state = w.state.session, w.now_s, w.state.cycle.state
    if s is None:
        return
    if state is C.PRE_CHAMBER and s.pre_from_s is not None and s.exposure_from_s is None:
        yield Timer("pre", now - s.pre_from_s, (s.program.pre_chamber_s, s.program.pre_chamber_s + 30.0))
    if s.exposure_from_s is not None and s.exposure_total_s is None:
        yield Timer("exposure", now - s.exposure_from_s, (s.limit_s,))
    if state in (C.PRE_CHAMBER, C.EXPOSURE, C.EXIT):
        yield Timer(CONFIRM, now - s.confirmed_s, (30.0,))
    if s.exit_from_s is not None and state in (C.EXIT, C.EVACUATE):
        yield Timer("exit", now - s.exit_from_s, (10.0, 15.0, 45.0))


def _link_timers(w: World) -> Iterator[Timer]:
    now, p, plc = w.now_s, w.state.pending, w.plc
    if p is not None:
        yield Timer("mail", now - p.sent_s, (1.0,))
        yield Timer("mail in all", now - p.first_sent_s, (3.0,))
    if "silence" in w.env.faults:
        block = w.state.perception.block
        heard = w.state.cycle.since_s if block is None else block.acquired_at_s
        yield Timer("silence", now - heard, (0.35, 1.5, 3.0))
        if (plc.leased or plc.occupied) and plc.trips == 0:
            yield Timer("lease", now - plc.heard_s, (lease_limit_s(plc) + 0.05,))
    if plc.trips != 0 and plc.causes == 0:
        yield Timer("plc clear", now - plc.clear_since_s, (RESET_CLEAR_S,))
    closed = w.state.perception.closed_since_s
    if closed is not None and "valve_leaks" in w.env.faults:
        yield Timer("shut", now - closed, (60.0,))
    distrust = w.state.perception.instruments.distrust_until_s
    if distrust:
        yield Timer("distrust", now - (max(distrust.values()) - 3.0), (3.0,))


def key(w: World, ghost: Ghost) -> tuple[object, ...]:
    """Canonical abstraction of a world. Left out: set points, readings' noise, regulator, alarm acknowledgement, counters."""
    s, c = w.state, w.state.cycle
    causes = tuple(
        sorted(
            (_ORDER[n], x.present_since_s is not None, x.acting_since_s is not None, x.latched, x.acted_occupied)
            for n, x in s.causes.items()
        )
    )
    return (
        c.state,
        c.program is not None,
        c.start_asked and c.state is C.PRECOOL,
        c.door_seen_shut and c.state is C.RECOVERY,
        c.door_opened and c.state in _LOOKED_FOR,
        c.unknown_session,
        (c.voice_quiet, c.voice_failed, c.voice_heard_s is not None and w.now_s - c.voice_heard_s >= 86_400.0),
        tuple(sorted(c.forced)),
        c.left_open is not None,
        tuple(sorted(w.state.shop.bypasses)),
        bool(c.self_test_failed),
        _session_key(w),
        None
        if s.pending is None
        else (s.pending.mail.opcode, s.pending.tries, None if s.pending.command is None else s.pending.command.kind),
        causes,
        s.watch.broken,
        s.perception.stage,
        _plc_key(w),
        w.env._replace(durable=0),
        tuple((t.name, t.region) for t in timers(w)),
        ghost.key,
    )


def _session_key(w: World) -> tuple[bool, ...] | None:
    s = w.state.session
    if s is None:
        return None
    return (
        s.pre_from_s is not None,
        s.exposure_from_s is not None,
        s.exposure_total_s is not None,
        s.exit_from_s is not None,
        s.exit_door_opened,
        s.outer_opened,
        s.stop_after,
        s.evacuated,
        s.counted_out,
        w.env.durable >= s.id,
    )


def _plc_key(w: World) -> tuple[object, ...]:
    p = w.plc
    return (p.state, p.trips, p.causes, p.occupied, p.occupied and (p.opened, p.shut_seen, p.entry), p.leased, p.told_occupied)
