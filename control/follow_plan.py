"""The day plan in the scan: ordered once by a person, followed while the day goes as planned, ended by whatever else happens.

It sets back and cools in time inside READY and RECOOL (docs/decisions/0017) and can do nothing that a set-back ordered by hand could
not, but one thing more: when nobody is expected any more it lets the chamber go to STOPPED. It starts nothing out of a state that
does not cool, and is gone after a restart (H-16).
"""

from __future__ import annotations

from collections.abc import Callable

from chamber.commands import Command, CommandKind, Reason
from chamber.cycle import TRIGGERED, Trigger
from chamber.events import EventKind
from chamber.readings import NEVER
from chamber.states import COOLING, SESSION, CycleState
from control import day_plan, descent, ready_time
from control.day_plan import Way
from control.room_model import ZERO_C_K
from control.scan import Scan
from control.set_back import coasting
from control.state import Booking, DayOrder, Inputs, Loop, ReadyTime, SetBack, State

C = CycleState
K = CommandKind
KEPT = COOLING | SESSION | {C.EXIT}
LOOK_S = 10.0
REST_OUT_S = 1800.0  # after the last guests: so long it can still be cooled again by hand without a start-up
DAY_S = 86_400.0
FLOW_METER = "FT-401"
_COLD = (C.READY, C.RECOOL)
_FORETOLD = (C.PRECOOL, C.RECOOL)
_INSTEAD = frozenset({K.PRECOOL, K.SET_BACK, K.TUNE, K.SHUT_DOWN, K.STOP, K.EVACUATE})


def utc_s(state: State, now_s: float) -> float | None:
    """Seconds since 1970; None: no clock."""
    offset = state.shop.wall_minus_mono_s
    return None if offset is None else now_s + offset


def bookings(inputs: Inputs) -> tuple[Booking, ...]:
    """Those of the site's day."""
    began = inputs.day_began_utc_s
    return () if began is None else tuple(b for b in inputs.schedule if began <= b.start_s < began + DAY_S)


def refusal(loop: Loop, inputs: Inputs, day: DayOrder, utc: float | None) -> Reason | None:
    """Why no plan can be followed now."""
    if utc is None or day_plan.ahead(bookings(inputs), utc, day.served_s) is None:
        return Reason("nothing_planned")
    return None if foretells(loop) else Reason("no_room_model")


def foretells(loop: Loop) -> bool:
    """The room has a model that holds: without one nobody knows how long a re-cool takes."""
    return loop.model is not None and loop.observed is not None and loop.refused is None


def guests(scan: Scan) -> None:
    """A session begins; one that is not booked ends the plan."""
    utc, d = utc_s(scan.old, scan.now), scan.day
    due = None if utc is None else day_plan.booked(bookings(scan.inputs), utc, d.served_s)
    if due is not None:
        scan.day = d._replace(served_s=due.start_s)
    elif d.by is not None:
        _end(scan, "not_booked")


def instead(scan: Scan, kind: CommandKind) -> None:
    """What a person orders otherwise ends the plan."""
    if scan.day.by is not None and kind in _INSTEAD:
        _end(scan, "command")


def follow_plan(scan: Scan) -> None:
    """Every scan, after the commands."""
    d = scan.day
    if d.by is None:
        return
    why = _over(scan)
    if why is not None:
        _end(scan, why)
        return
    back = scan.cycle.set_back
    if scan.now < d.look_s or scan.cycle.state not in _COLD or scan.session is not None:
        return
    scan.day = d = d._replace(look_s=scan.now + LOOK_S)
    utc = utc_s(scan.old, scan.now)
    if utc is None:
        return
    to_come = day_plan.ahead(bookings(scan.inputs), utc, d.served_s)
    if to_come is None and d.rests_since_s is not None and scan.now - d.rests_since_s >= REST_OUT_S:
        _end(scan, "day_done")
        return
    scan.day = d = d._replace(rests_since_s=None if to_come is not None else scan.now if d.rests_since_s is None else d.rests_since_s)
    if back is not None:
        until = None if to_come is None else scan.now + to_come.start_s - utc
        scan.cycle = scan.cycle._replace(set_back=back._replace(until_s=until))
    elif scan.facts.seen_empty and scan.facts.doors_shut:
        _set_back(scan, to_come, utc)


def _over(scan: Scan) -> str | None:
    d = scan.day
    if scan.cycle.state not in KEPT:
        return f"state_{scan.cycle.state.name.lower()}"
    if scan.facts.clock_jumped:
        return "clock"
    if scan.inputs.day_began_utc_s != d.day_began_s:
        return "day_over"
    return None if foretells(scan.old.main) else "no_room_model"


def _end(scan: Scan, why: str) -> None:
    """A set-back of the plan ends with it: the rooms are cooled again, unless nobody is expected; then everything stops."""
    back, d = scan.cycle.set_back, scan.day
    scan.day = d._replace(by=None, ended=why, decided_s=None, rests_since_s=None)
    scan.tell(EventKind.SYSTEM, plan="ended", why=why)
    if back is None or not back.planned:
        return
    scan.cycle = scan.cycle._replace(set_back=None)
    if back.until_s is None and why != "command":
        scan.go(TRIGGERED[C.RECOOL][Trigger.DAY_DONE], f"condition:{Trigger.DAY_DONE.value}")


def _set_back(scan: Scan, to_come: Booking | None, utc: float) -> None:
    """Begin a set-back, if that is the cheapest way to the next booking."""
    program, loop, p = scan.cycle.program, scan.old.main, scan.old.profile.regulator_main
    if program is None or loop.model is None or loop.observed is None:
        return
    if to_come is None:
        back = SetBack(None, scan.now, warmer_k=None, planned=True, since_s=scan.now)
    else:
        left = to_come.start_s - utc
        if left <= day_plan.TOGETHER_S or scan.day.decided_s == to_come.start_s:
            return
        scan.day = scan.day._replace(decided_s=to_come.start_s)
        room, full = loop.observed.room, ready_time.full_feed(loop, p)
        choice = day_plan.choose(loop.model, room, program.setpoint_main_c, left, full, scan.ready.held_w, ready_time.fall_w(scan.ready))
        if choice.way is Way.HOLD:
            return
        back = SetBack(
            scan.now + left, scan.now, warmer_k=None if choice.way is Way.REST else day_plan.WARMER_K, planned=True, since_s=scan.now
        )
    if scan.cycle.state is C.READY:
        scan.go(TRIGGERED[C.READY][Trigger.PLANNED], f"condition:{Trigger.PLANNED.value}")
    scan.cycle = scan.cycle._replace(set_back=back)
    ready_in_s = None if back.until_s is None else round(back.until_s - scan.now)
    scan.tell(EventKind.SYSTEM, plan="rest" if back.warmer_k is None else "set_back", ready_in_s=ready_in_s)


# --- commands; each returns why it is refused ------------------------------------------------------------------------------


def _follow(scan: Scan, command: Command) -> tuple[Reason, ...]:
    d = scan.day
    if d.by is not None:
        return (Reason("plan_followed"),)
    why = refusal(scan.old.main, scan.inputs, d, utc_s(scan.old, scan.now))
    if why is not None:
        return (why,)
    scan.day = DayOrder(command.user, scan.now, scan.inputs.day_began_utc_s, served_s=d.served_s)
    if scan.cycle.set_back is not None:
        scan.cycle = scan.cycle._replace(set_back=scan.cycle.set_back._replace(planned=True))
    scan.tell(EventKind.SYSTEM, plan="followed", user=command.user)
    return ()


def _end_plan(scan: Scan, _command: Command) -> tuple[Reason, ...]:
    if scan.day.by is None:
        return (Reason("no_plan_followed"),)
    _end(scan, "command")
    return ()


PLANNING: dict[CommandKind, Callable[[Scan, Command], tuple[Reason, ...]]] = {K.FOLLOW_PLAN: _follow, K.END_PLAN: _end_plan}


# --- ready time --------------------------------------------------------------------------------------------------------------


def foretell(scan: Scan, before: CycleState) -> None:
    """Every few seconds while the rooms cool: when they will be ready. What is over is learned from."""
    c, loop, measured_c = scan.cycle, scan.old.main, scan.facts.main.value
    was_tuned = scan.tuning.undo.get("main")
    found_here = was_tuned is not None and was_tuned.model != scan.profile.regulator_main.model
    r = ready_time.tracked(scan.ready, loop.model, measured_c, scan.now, found_here=found_here)
    if scan.shop.upkeep.replaced.get(FLOW_METER) != scan.old.shop.upkeep.replaced.get(FLOW_METER):
        r = ready_time.new_meter(r)
    if c.state not in _FORETOLD or c.set_back is not None:
        scan.ready = _learn(scan, r, before)
        return
    p, program, was = scan.old.profile.regulator_main, c.program, scan.old.cycle.set_back
    if program is None:
        scan.ready = r
        return
    to_c, band_k = program.setpoint_main_c, scan.facts.limits.ready_band_k
    if r.descent is None and (was is not None if c.state is C.RECOOL else True):
        still = was is not None and coasting(was, to_c, measured_c)
        r = ready_time.begun(r, loop, p, to_c + band_k, measured_c, scan.now, still=still)
    if scan.now < r.look_s:
        scan.ready = r
        return
    r = r._replace(at_s=None, look_s=scan.now + ready_time.LOOK_S)
    if measured_c is not None:
        if c.state is C.PRECOOL:
            r = r._replace(marks=(*r.marks, (scan.now, measured_c)))
        r, left = _left(scan, r, to_c, band_k, measured_c)
        r = r._replace(at_s=None if left is None else scan.now + left)
    scan.ready = r


def _left(scan: Scan, r: ReadyTime, to_c: float, band_k: float, measured_c: float) -> tuple[ReadyTime, float | None]:
    """What is left, s."""
    loop, p = scan.old.main, scan.old.profile.regulator_main
    if r.descent is not None:
        opening, opening_pre = (0.0, 0.0) if scan.plc is None else (scan.plc.valve_main_pct / 100.0, scan.plc.valve_pre_pct / 100.0)
        flow = scan.perception.analog.get(FLOW_METER, NEVER).good
        share = ready_time.flow_share(loop.model, scan.old.profile.regulator_pre, flow, opening, opening_pre)
        d = descent.look(r.descent, scan.now, measured_c + ZERO_C_K, opening, share)
        return r._replace(descent=d), descent.left_s(d, measured_c + ZERO_C_K, scan.now) + ready_time.STEADY_S
    if scan.cycle.state is C.PRECOOL:
        return r, ready_time.precool_s(r, to_c, measured_c, scan.now)
    if loop.observed is None:
        return r, None
    return r, ready_time.after_door_s(r, loop, p, to_c + band_k, measured_c) + ready_time.STEADY_S


def _learn(scan: Scan, r: ReadyTime, before: CycleState) -> ReadyTime:
    """Nothing is foretold now: what was, is compared with what came; of a room that is held cold the unknown heat is noted."""
    c, observed = scan.cycle, scan.old.main.observed
    if c.state is C.READY and before in _FORETOLD:
        taught = r.descent is not None
        r = ready_time.arrived(r, scan.now)
        if before is C.PRECOOL and c.program is not None and r.marks:
            r, taught = ready_time.learned(r, c.program.setpoint_main_c, scan.now), True
        if taught:
            scan.tell(EventKind.PRECOOL, **ready_time.learned_data(r))
    if c.state is C.READY and observed is not None and scan.now >= r.look_s:
        r = ready_time.held(r._replace(look_s=scan.now + ready_time.LOOK_S), observed.room.heat_w)
    if r.at_s is not None or r.marks or r.descent is not None:
        r = r._replace(at_s=None, marks=(), descent=None)
    return r
