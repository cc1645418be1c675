"""The temperature law of both rooms: when it runs, which law, and what it is told.

A room with an identified model that has passed ``control.gate`` is regulated by it; every other room, and one whose model no
longer foretells what is measured, by the PID. The observer runs also while the valve is shut: it must know the room when it
opens again.
"""

from __future__ import annotations

from typing import NamedTuple

from chamber.cause_effect import Effect
from chamber.facts import Facts
from chamber.interlocks import Verdict
from chamber.profile import Regulator, ValveKind
from chamber.session import Session
from chamber.states import COOLING, CycleState
from control import gate, lqr, observer, pid
from control.lqr import LEAST_MOVE_PCT, Ahead
from control.room_model import RoomModel
from control.set_back import resting, setpoints
from control.state import Cycle, Loop, State
from control.swing import STILL, TURNS, swung
from control.valve_stage import Stage, stage
from control.wear import Wear, worn
from plc_bridge.contract import PlcState
from plc_bridge.status import PlcStatus

LAW_PERIOD_S = 1.0  # faster only wears the valve
NOTICE_S = 60.0  # a door is announced at most this long before it is used; how early the law acts on it is the law's affair
REACTION_S = 2.0  # from "please go on" to the inner door
DOOR_FOR_S = 8.0  # three people through a door
SURPRISE_MAX = 25.0  # mean square of the normalised innovation; a sound model stays near 1 (simulated plant with sessions); chosen
DISTRUST_S = 30.0
GATE_C = -110.0
NEW = Wear()
AT_REST = Loop()  # of a room that this device does not have


_RUN, _CLOSE_LN2 = PlcState.RUN, Effect.CLOSE_LN2


class Seen(NamedTuple):
    """What a law is told at a period's begin. ``actual_pct``: where the valve was driven since the last one, None: unknown."""

    measured_c: float | None
    actual_pct: float | None
    persons: int
    door: bool
    dt_s: float
    ahead: Ahead


def may_cool(facts: Facts, verdict: Verdict, cycle: Cycle, plc: PlcStatus | None) -> bool:
    """Nitrogen may be asked for: a cooling state, no cause against it, the PLC in RUN, no face where the nitrogen goes (H-01)."""
    running = plc is not None and plc.state is _RUN
    breathes = facts.face_clear or facts.presence_main is False
    return cycle.state in COOLING and _CLOSE_LN2 not in verdict.effects and running and breathes


def begin(p: Regulator, wear: Wear = NEW) -> Loop:
    """A loop at rest; judges the model, if there is one (once a model, about a tenth of a second). ``wear``: of its valve so far."""
    switched = Stage() if p.valve is ValveKind.ON_OFF else None
    if p.model is None:
        return Loop(stage=switched, wear=wear)
    fields = {name: getattr(p.model, name) for name in RoomModel._fields if name != "feed_kg_s"}
    m = RoomModel(feed_kg_s=p.full_flow_kg_h / 3600.0, **fields)
    refused = gate.judge(m, p.model.dead_std_s, GATE_C).refused
    return Loop(model=m, dead_std_s=p.model.dead_std_s, refused=refused, stage=switched, wear=wear)


def regulate(
    state: State, facts: Facts, cycle: Cycle, verdict: Verdict, plc: PlcStatus | None, session: Session | None
) -> tuple[Loop, Loop, float, float]:
    """Run the law of both rooms when it is due. Returns the loops, the next due time and the end of the integral hold."""
    now, profile, program = facts.now_s, state.profile, cycle.program
    settled = state.door_settled_s if facts.doors_shut else now + profile.regulator_main.door_hold_s
    cooling = may_cool(facts, verdict, cycle, plc) and program is not None and not resting(cycle.set_back)
    one, other = profile.regulator_main, profile.regulator_pre
    main_pct, pre_pct = (None, None) if plc is None else (plc.valve_main_pct, plc.valve_pre_pct)
    scan_s = 0.0 if state.facts is None else min(now - state.facts.now_s, LAW_PERIOD_S)
    main, pre = _driven(state.main, main_pct, scan_s), _driven(state.pre, pre_pct, scan_s)
    due = now >= state.law_next_s
    if due:
        dt = LAW_PERIOD_S + min(max(0.0, now - state.law_next_s), LAW_PERIOD_S)
        main_seen = Seen(facts.main.value, _given(main, main_pct), _persons(session), not facts.doors_shut, dt, _ahead(session, now))
        pre_seen = Seen(facts.pre.value, _given(pre, pre_pct), 0, not facts.doors_shut, dt, Ahead())
        if cooling and program is not None:
            hold = now < settled
            main_c, pre_c = setpoints(program, cycle.set_back)
            main = advance_law(main, one, main_c, main_seen, hold=hold)
            pre = pre if other is None else advance_law(pre, other, pre_c, pre_seen, hold=hold)
        else:
            again = cycle.state is CycleState.SELF_TEST
            main, pre = _rest(main, main_seen, judge=again), _rest(pre, pre_seen, judge=again)
    elif not cooling:
        main, pre = _shut(main), _shut(pre)
    open_ = cooling and facts.doors_shut
    return (
        _switched(main, one, scan_s, due=due, open_=open_),
        pre if other is None else _switched(pre, other, scan_s, due=due, open_=open_),
        now + LAW_PERIOD_S if due else state.law_next_s,
        settled,
    )


def _driven(loop: Loop, driven_pct: float | None, scan_s: float) -> Loop:
    """Count what the PLC drove in this scan."""
    wear = worn(loop.wear, driven_pct)
    if loop.stage is None:
        return loop if wear is loop.wear else loop._replace(wear=wear)
    if driven_pct is None:
        return loop
    return loop._replace(wear=wear, given_pct_s=loop.given_pct_s + driven_pct * scan_s, given_s=loop.given_s + scan_s)


def _given(loop: Loop, driven_pct: float | None) -> float | None:
    """Opening since the last period: an on/off valve has been both, so its mean counts."""
    return loop.given_pct_s / loop.given_s if loop.given_s > 0.0 else driven_pct


def _switched(loop: Loop, p: Regulator, scan_s: float, *, due: bool, open_: bool) -> Loop:
    """Move an on/off valve's stage by one scan. ``due``: a new period begins."""
    if loop.stage is None:
        return loop
    moved = stage(loop.stage, loop.terms.output_pct if open_ else 0.0, scan_s, p.dwell_s)
    return loop._replace(stage=moved, given_pct_s=0.0, given_s=0.0) if due else loop._replace(stage=moved)


def _persons(session: Session | None) -> int:
    if session is None or session.exposure_from_s is None or session.exit_from_s is not None:
        return 0
    return session.persons


def _ahead(session: Session | None, now_s: float) -> Ahead:
    """The inner door is used shortly after the guests are asked to go on or to come out; both moments are known."""
    if session is None or session.pre_from_s is None or session.exit_from_s is not None:
        return Ahead()
    if session.exposure_from_s is None:
        door_in, inside = session.pre_from_s + session.program.pre_chamber_s + REACTION_S - now_s, session.persons
    else:
        door_in, inside = session.exposure_from_s + session.limit_s + REACTION_S - now_s, 0
    return Ahead(0.0, door_in, DOOR_FOR_S, inside) if 0.0 <= door_in <= NOTICE_S else Ahead()


def _shut(loop: Loop) -> Loop:
    if loop.mode == "off":
        return loop
    return loop._replace(pid=loop.pid._replace(applied_pct=0.0, bad_s=0.0), terms=pid.OFF, mode="off")


def _rest(loop: Loop, seen: Seen, *, judge: bool) -> Loop:
    """``judge``: the model gets another chance (self-test of the day)."""
    loop = _observe(_shut(loop), seen)
    if not judge or loop.model is None:
        return loop
    return loop._replace(refused=gate.judge(loop.model, loop.dead_std_s, GATE_C).refused, distrust_s=0.0)


def advance_law(loop: Loop, p: Regulator, setpoint_c: float, seen: Seen, *, hold: bool) -> Loop:
    """One period of one room's law: observe, regulate, and keep the other law ready to take over without a jump."""
    starting = loop.mode == "off"
    loop = _observe(loop, seen)
    s = loop.pid
    last = 0.0 if starting else s.applied_pct
    if starting:
        # start where the valve is, with the integral of the last hold as the best guess of the load
        s = pid.preset(p, s._replace(last_c=None), s.integral_pct, setpoint_c, setpoint_c if seen.measured_c is not None else None)
    feedforward = seen.persons * p.feedforward_pct_per_person
    s, terms = pid.law(
        p,
        s,
        setpoint_c,
        seen.measured_c,
        seen.dt_s,
        actual_pct=None if starting else seen.actual_pct,
        feedforward_pct=feedforward,
        hold=hold,
    )
    mode = "hold" if hold or seen.measured_c is None else "auto"
    output = terms.output_pct
    m = loop.model
    if m is not None and loop.observed is not None and loop.refused is None and seen.measured_c is not None:
        output = lqr.law(m, loop.observed, setpoint_c, last, seen.persons, seen.ahead, valve_max_pct=p.valve_max_pct, period_s=LAW_PERIOD_S)
        # the PID follows, so that it can take over without a jump
        s = pid.preset(p, s, output - feedforward, setpoint_c, seen.measured_c)._replace(derivative_pct=s.derivative_pct)
        mode = "model"
    elif seen.measured_c is not None and abs(output - last) < LEAST_MOVE_PCT and 0.0 < output < p.valve_max_pct:
        output = last
    return loop._replace(pid=s._replace(applied_pct=output), terms=terms._replace(output_pct=output), mode=mode)


def _observe(loop: Loop, seen: Seen) -> Loop:
    m = loop.model
    if m is None:
        return loop
    if loop.observed is None:
        return loop if seen.measured_c is None else loop._replace(observed=observer.begin(m, seen.measured_c, LAW_PERIOD_S))
    actual = 0.0 if seen.actual_pct is None else seen.actual_pct
    o = observer.observe(m, loop.observed, seen.measured_c, actual, seen.persons, door=seen.door, period_s=LAW_PERIOD_S)
    distrust = loop.distrust_s + seen.dt_s if o.surprise > SURPRISE_MAX else 0.0
    swing = STILL if seen.door or loop.mode != "model" else swung(loop.swing, o.room.gas_k, seen.dt_s)
    refused = loop.refused
    if refused is None and distrust >= DISTRUST_S:
        refused = f"the model no longer foretells the room (surprise {o.surprise:.0f})"
    elif refused is None and swing.turns >= TURNS:
        refused = "the room swings under the model"
    return loop._replace(observed=o, distrust_s=distrust, swing=swing, refused=refused)
