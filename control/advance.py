"""What moves without a command: session clocks, conditions of the cycle, forced transitions."""

from __future__ import annotations

from collections.abc import Callable

from chamber import self_test
from chamber.cause_effect import Action
from chamber.causes.people import VOICE_TAG
from chamber.cycle import TRIGGERED, Trigger, forced
from chamber.events import EventKind
from chamber.facts import Door
from chamber.forcing import standing
from chamber.limits import O2_REENTRY_HOLD_S
from chamber.session import Session, tightened
from chamber.states import SESSION, CycleState
from control import set_back
from control.demand import going_to_main
from control.perceive import ready_band
from control.scan import Scan
from control.skin_scan import skin_record
from plc_bridge.contract import PlcState

C = CycleState
_RUN = PlcState.RUN
# members looked up once: the look-up in an enumeration costs more than the comparison, and these are looked at ten times a second
_RECOVERY, _PRE_CHAMBER, _EVACUATE, _ESTOP, _READY, _FAULT = C.RECOVERY, C.PRE_CHAMBER, C.EVACUATE, C.ESTOP, C.READY, C.FAULT
_BEFORE_COLD = frozenset({C.BOARDING, C.PRE_CHAMBER})
_LEAVING = frozenset({C.EXIT, C.EVACUATE, C.ESTOP})
_OPEN, _UNKNOWN = Door.OPEN, Door.UNKNOWN
IN_BAND_S = 10.0  # H-09
OUT_OF_BAND_S = 20.0  # H-09
NOT_RUNNING_S = 5.0  # H-15: PRECOOL waits this long for the PLC to run
RUN_LOST_S = 0.5  # H-16: elsewhere losing RUN is noticed at once
DURABLE_WAIT_S = 5.0  # H-30: no record, no boarding
NOBODY_CAME_S = 300.0  # H-04: an open invitation ends when nobody takes it (proposed)
PURGE_MIN_S = 10.0  # H-03


def tick_session(scan: Scan) -> None:
    """Advance the clocks of the session by what was seen in this scan."""
    s, f = scan.session, scan.facts
    if s is None:
        return
    s = tightened(s, f.main.lowest)
    if s.exposure_from_s is None:
        s = _going_in(s, scan)
    if s.exit_from_s is not None:
        s = _exiting(s, scan)
    if s.exposure_from_s is not None and s.exposure_total_s is None:
        s = s.sampled(f.main.value, f.o2_main.lowest, f.o2_room.good)
    scan.session = s


def _going_in(s: Session, scan: Scan) -> Session:
    f, state = scan.facts, scan.cycle.state
    if f.inner_door is not Door.SHUT:
        s = s.with_way_open(scan.now)
    if f.presence_main is not True or state not in _BEFORE_COLD:
        return s
    # BOARDING: in one room the cold begins here; in two somebody went too far. The PLC's timer runs, too (H-10)
    if state is _PRE_CHAMBER and going_to_main(s, scan.now):
        scan.tell(EventKind.SESSION_PHASE, session=s.id, phase="main", t_s=scan.now - s.opened_s)
    return s._replace(exposure_from_s=s.entered_s(scan.now))  # who went on too early: the clock runs all the same


def _exiting(s: Session, scan: Scan) -> Session:
    f = scan.facts
    door = f.inner_door if s.exposure_from_s is not None else f.outer_door
    if (door is _OPEN and not s.exit_door_opened) or (f.outer_door is _OPEN and not s.outer_opened):
        s = s._replace(exit_door_opened=s.exit_door_opened or door is _OPEN, outer_opened=s.outer_opened or f.outer_door is _OPEN)
    if s.exposure_total_s is None and s.exposure_from_s is not None and f.presence_main is False:
        s = s._replace(exposure_total_s=scan.now - s.exposure_from_s)
    return s


def watch_doors(scan: Scan) -> None:
    """Note a door opened since the trip. After a restart only a real edge counts: seen shut, then open (H-16)."""
    f, c = scan.facts, scan.cycle
    inner, outer = f.inner_door, f.outer_door
    if inner is _UNKNOWN or outer is _UNKNOWN:
        return
    seen_shut = c.door_seen_shut or f.doors_shut
    opened = inner is _OPEN or outer is _OPEN
    # whoever was in when control stopped may have left the door open since: that says nothing of anybody having looked
    counts = seen_shut if c.state is _RECOVERY or c.unknown_session else True
    door_opened = c.door_opened or (opened and counts)
    if seen_shut is not c.door_seen_shut or door_opened is not c.door_opened:
        scan.cycle = c._replace(door_seen_shut=seen_shut, door_opened=door_opened)


def watch_forcing(scan: Scan) -> None:
    """Forcing runs out, and falls with the key, with anybody seen, with what the nitrogen needs."""
    if not scan.cycle.forced:
        return
    left = standing(scan.cycle.forced, scan.facts)
    if left is not scan.cycle.forced:
        for output in scan.cycle.forced.keys() - left.keys():
            scan.tell(EventKind.SYSTEM, forced=output, value=0.0)
        scan.cycle = scan.cycle._replace(forced=left)


def run_conditions(scan: Scan) -> None:
    """Evaluate the triggers of the present state and take the transition of the table."""
    trigger = _trigger(scan)
    if trigger is None:
        return
    to = TRIGGERED.get(scan.cycle.state, {}).get(trigger)
    if to is None:
        return
    if trigger is Trigger.TEST_FAILED:
        scan.cycle = scan.cycle._replace(self_test_failed=self_test.failing(scan.facts))
    if trigger is Trigger.BOARDING_LAPSED and scan.session is not None:
        scan.session = scan.session._replace(ended_by="nobody_came" if scan.durable else "record_not_durable")
    scan.go(to, f"condition:{trigger.value}")


def _trigger(scan: Scan) -> Trigger | None:
    judge = _TRIGGERS.get(scan.cycle.state)
    return None if judge is None else judge(scan, scan.now - scan.cycle.since_s)


def _cooling(scan: Scan, _age: float) -> Trigger | None:
    return _not_running(scan) or _band(scan)


def _boarding(scan: Scan, age: float) -> Trigger | None:
    """Back to READY only from a chamber nobody can be in: who fell out of sight of the sensors is known to the PLC (H-13)."""
    lapsed = age >= (NOBODY_CAME_S if scan.durable else DURABLE_WAIT_S)
    return Trigger.BOARDING_LAPSED if lapsed and scan.facts.seen_empty and not scan.facts.occupied else None


def _pre_chamber(scan: Scan, _age: float) -> Trigger | None:
    s, f = scan.session, scan.facts
    inside = s is not None and s.exposure_from_s is not None and f.presence_main is True and f.doors_shut
    return Trigger.IN_MAIN if inside and f.confirm_left_s is not None and f.confirm_left_s > 0.0 else None


def _drying(scan: Scan, age: float) -> Trigger | None:
    return Trigger.DRIED if _dried(scan, age) else None


def _service(scan: Scan, _age: float) -> Trigger | None:
    return Trigger.KEY_BACK if scan.facts.service_key is False else None


def _purge(scan: Scan, age: float) -> Trigger | None:
    return Trigger.PURGED if age >= PURGE_MIN_S and scan.facts.o2_entry_good_s >= O2_REENTRY_HOLD_S else None


def _dried(scan: Scan, age: float) -> bool:
    """Warm at the coldest place of both rooms, or long enough."""
    f, limits = scan.facts, scan.facts.limits
    if age >= limits.drying_max_s:
        return True
    return all(c is not None and c >= limits.drying_to_c for c in (f.main.lowest, f.pre.lowest))


def _self_test(scan: Scan, age: float) -> Trigger | None:
    failing = self_test.failing(scan.facts)
    scan.cycle = scan.cycle._replace(self_test_done=len(self_test.CHECKS) - len(failing))
    if not failing and age >= self_test.MINIMUM_S and _voice_judged(scan, age):
        return Trigger.TESTED
    return Trigger.TEST_FAILED if failing and age >= self_test.TIMEOUT_S else None


def _voice_judged(scan: Scan, age: float) -> bool:
    """Silent first, then heard while it speaks: a loop-back that is always on proves nothing. Unheard, sessions are blocked."""
    heard, c = scan.facts.announcement_heard, scan.cycle
    if VOICE_TAG in scan.facts.not_fitted:
        return True
    if heard is False and not c.voice_quiet:
        scan.cycle = c._replace(voice_quiet=True)
        return False
    if heard is True and c.voice_quiet:
        scan.cycle = c._replace(voice_heard_s=scan.now, voice_failed=False)
        return True
    if age >= self_test.VOICE_WAIT_S:
        scan.cycle = c._replace(voice_failed=True)
        return True
    return False


def _not_running(scan: Scan) -> Trigger | None:
    plc = scan.plc
    if plc is None:
        return None  # COMM-PLC judges silence
    since = scan.cycle.not_running_since_s
    if plc.state is _RUN:
        if since is not None:
            scan.cycle = scan.cycle._replace(not_running_since_s=None)
        return None
    if since is None:
        scan.cycle = scan.cycle._replace(not_running_since_s=scan.now)
        return None
    limit = NOT_RUNNING_S if scan.cycle.state is C.PRECOOL else RUN_LOST_S
    return Trigger.NO_RUN if scan.now - since >= limit else None


def _band(scan: Scan) -> Trigger | None:
    if _set_back(scan):
        return None
    inside, far = ready_band(scan.facts, scan.cycle)
    c = scan.cycle
    if inside is (c.in_band_since_s is None) or far is (c.out_of_band_since_s is None):
        c = scan.cycle = c._replace(
            in_band_since_s=(scan.now if c.in_band_since_s is None else c.in_band_since_s) if inside else None,
            out_of_band_since_s=(scan.now if c.out_of_band_since_s is None else c.out_of_band_since_s) if far else None,
        )
    if c.state is not _READY and c.in_band_since_s is not None and scan.now - c.in_band_since_s >= IN_BAND_S:
        return Trigger.IN_BAND
    if c.state is _READY and c.out_of_band_since_s is not None and scan.now - c.out_of_band_since_s >= OUT_OF_BAND_S:
        return Trigger.OUT_OF_BAND
    return None


_TRIGGERS: dict[CycleState, Callable[[Scan, float], Trigger | None]] = {
    C.SELF_TEST: _self_test,
    C.PRECOOL: _cooling,
    C.READY: _cooling,
    C.RECOOL: _cooling,
    C.BOARDING: _boarding,
    C.PRE_CHAMBER: _pre_chamber,
    C.DRYING: _drying,
    C.SERVICE: _service,
    C.PURGE: _purge,
}
"""What each state looks for by itself; ``age``: for how long it has lasted, s."""


def _set_back(scan: Scan) -> bool:
    """Held warmer by order; ends when it is time to cool."""
    c = scan.cycle
    if c.set_back is None or c.program is None:
        return False
    p = scan.old.profile.regulator_main
    setpoint_c, measured_c = c.program.setpoint_main_c, scan.facts.main.value
    left = set_back.look(c.set_back, scan.now, scan.old.main, p, setpoint_c, measured_c, scan.ready)
    if left is None:
        scan.ready = scan.ready._replace(fall_w=set_back.fallen_w(c.set_back, scan.ready))
    if left is None and c.set_back.until_s is not None:
        scan.tell(EventKind.SYSTEM, set_back_over=True, ready_in_s=round(c.set_back.until_s - scan.now))
    if left is not c.set_back:
        scan.cycle = c._replace(set_back=left)
    return left is not None


def force(scan: Scan) -> None:
    """Let the strongest action move the cycle."""
    if not scan.verdict.acting:
        return
    # FAULT is for an empty chamber: only somebody seen makes it an evacuation again
    occupied = scan.facts.somebody_seen if scan.cycle.state is _FAULT else scan.facts.occupied
    to = forced(scan.cycle.state, scan.verdict, occupied=occupied)
    if to is scan.cycle.state:
        return
    cause = scan.verdict.first_out or "none"
    if scan.session is not None and scan.session.ended_by is None and scan.verdict.action >= Action.END_SESSION:
        scan.session = scan.session._replace(ended_by=f"cause:{cause}")
    scan.go(to, f"cause:{cause}")


def follow_session(scan: Scan, before: CycleState) -> None:
    """Keep the session in step with the cycle: phases, exit clock, closing."""
    s, now, state = scan.session, scan.now, scan.cycle.state
    if s is None:
        return
    if state is not before and state in SESSION:
        scan.tell(EventKind.SESSION_PHASE, session=s.id, phase=state.name.lower(), t_s=now - s.opened_s)
    if (state is _EVACUATE or state is _ESTOP) and not s.evacuated:
        s = scan.session = s._replace(evacuated=True)
    leaving = state in _LEAVING
    if leaving and s.exit_from_s is None:
        scan.session = s._replace(exit_from_s=now)
        return
    if state not in SESSION and not leaving:
        _close(scan, s)


def watch_left_open(scan: Scan) -> None:
    """Keep the longest exposure that the PLC tells of a session which was open when control stopped."""
    left, plc = scan.cycle.left_open, scan.facts.plc
    if left is not None and plc is not None and plc.exposure_elapsed_s > left.exposure_s:
        scan.cycle = scan.cycle._replace(left_open=left._replace(exposure_s=plc.exposure_elapsed_s))


def close_left_open(scan: Scan) -> None:
    """The chamber was found empty: what is known of the interrupted session goes into its record. It is never continued."""
    left = scan.cycle.left_open
    if scan.cycle.unknown_session:
        cool_off(scan)
    if left is not None:
        elapsed = left.exposure_s if left.exposure_s > 0.0 else None  # the PLC was never in it: the trace knows better
        scan.tell(
            EventKind.SESSION_CLOSED,
            session=left.session,
            ended_by="interrupted",
            reason="control_restart",
            elapsed_s=elapsed,
            persons=left.persons,
            broken_off=True,
        )
    scan.cycle = scan.cycle._replace(unknown_session=False, left_open=None)


def cool_off(scan: Scan) -> None:
    """H-10, H-16: from now on nobody boards for a while."""
    scan.cycle = scan.cycle._replace(cool_off_until_s=scan.now + scan.old.profile.limits.cool_off_s)


def _close(scan: Scan, s: Session) -> None:
    elapsed = s.exposure_elapsed_s(scan.now)
    st = s.statistics
    broken_off = s.evacuated and s.exposure_from_s is not None
    if broken_off:
        cool_off(scan)
    scan.tell(
        EventKind.SESSION_CLOSED,
        session=s.id,
        ended_by=s.ended_by or "unknown",
        reason=s.limit_reason if s.ended_by == "cause:TIME-LIMIT" else "",
        elapsed_s=0.0 if elapsed is None else round(elapsed, 1),
        persons=s.persons,
        broken_off=broken_off,
        main_min_c=st.main_min_c,
        main_mean_c=st.main_mean_c,
        main_max_c=st.main_max_c,
        o2_main_min_pct=st.o2_main_min_pct,
        o2_room_min_pct=st.o2_room_min_pct,
        skin=skin_record(scan.old.skin, s.id),
    )
    scan.session = None
