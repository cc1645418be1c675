"""The temperature law of both rooms: when it runs, with what, and what it is told."""

from __future__ import annotations

from chamber.cause_effect import Effect
from chamber.facts import Facts
from chamber.interlocks import Verdict
from chamber.session import Session
from chamber.states import COOLING
from control.pid import OFF, PidState, law, preset
from control.state import Cycle, Loop, State
from plc_bridge.contract import PlcState
from plc_bridge.status import PlcStatus

LAW_PERIOD_S = 1.0  # faster only wears the valve


def may_cool(facts: Facts, verdict: Verdict, cycle: Cycle, plc: PlcStatus | None) -> bool:
    """Nitrogen may be asked for: a cooling state, no cause against it, the PLC in RUN."""
    running = plc is not None and plc.state is PlcState.RUN
    return cycle.state in COOLING and Effect.CLOSE_LN2 not in verdict.effects and running


def regulate(
    state: State, facts: Facts, cycle: Cycle, verdict: Verdict, plc: PlcStatus | None, session: Session | None
) -> tuple[Loop, Loop, float, float]:
    """Run the temperature law of both rooms when it is due. Returns the loops, the next due time and the integral hold."""
    now = facts.now_s
    settled = state.door_settled_s
    hold_s = state.profile.regulator_main.door_hold_s
    if not facts.doors_shut:
        settled = now + hold_s
    if not may_cool(facts, verdict, cycle, plc) or cycle.program is None:
        return (
            Loop(state.main.pid._replace(applied_pct=0.0, bad_s=0.0), OFF, "off"),
            Loop(state.pre.pid._replace(applied_pct=0.0, bad_s=0.0), OFF, "off"),
            now,
            settled,
        )
    if now < state.law_next_s:
        return state.main, state.pre, state.law_next_s, settled
    late = max(0.0, now - state.law_next_s) if state.main.mode != "off" else 0.0
    dt = LAW_PERIOD_S + min(late, LAW_PERIOD_S)
    hold = now < settled
    persons = session.persons if session is not None and session.exposure_from_s is not None and session.exit_from_s is None else 0
    main = _loop(
        state, "main", facts.main.value, cycle.program.setpoint_main_c, dt, None if plc is None else plc.valve_main_pct, persons, hold=hold
    )
    pre = _loop(state, "pre", facts.pre.value, cycle.program.setpoint_pre_c, dt, None if plc is None else plc.valve_pre_pct, 0, hold=hold)
    return main, pre, now + LAW_PERIOD_S, settled


def _loop(
    state: State, room: str, measured_c: float | None, setpoint_c: float, dt: float, actual_pct: float | None, persons: int, *, hold: bool
) -> Loop:
    p = state.profile.regulator_main if room == "main" else state.profile.regulator_pre
    old = state.main if room == "main" else state.pre
    pid: PidState = old.pid
    if old.mode == "off":
        # start where the valve is, with the integral of the last hold as the best guess of the load
        pid = preset(p, pid._replace(last_c=None), pid.integral_pct, setpoint_c, setpoint_c if measured_c is not None else None)
        actual_pct = None
    pid, terms = law(
        p, pid, setpoint_c, measured_c, dt, actual_pct=actual_pct, feedforward_pct=persons * p.feedforward_pct_per_person, hold=hold
    )
    return Loop(pid, terms, "hold" if hold or measured_c is None else "auto")
