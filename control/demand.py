"""What is asked of the PLC, derived anew each scan from state and effects; nothing is accumulated."""

from __future__ import annotations

from collections.abc import Set

from chamber.cause_effect import Effect
from chamber.entry import room_refusal
from chamber.facts import Facts
from chamber.forcing import MAIN_VALVE, NITROGEN, NITROGEN_MAX_PCT, VALVES, nitrogen_allowed
from chamber.interlocks import Verdict
from chamber.session import Session
from chamber.states import COOLING, SESSION, CycleState
from control.regulate import may_cool
from control.set_back import coasting
from control.state import Cycle, Demand, Loop
from plc_bridge.contract import Output, PlcState, Voice
from plc_bridge.status import PlcStatus

DRYING_OVER_K = 8.0  # H-29: nowhere warmer than the end of drying by this
MAIN_TCV, PRE_TCV = VALVES
AMBIENT_C = 20.0  # set point sent while nothing is to be cooled
HALF_TIME_S = 3.0
EXTRACT_LOST = "FAN-EXTRACT"  # its latch keeps the standby fan on: asked by the bare airflow it would go on and off for ever, unnoticed
TEN_SECONDS_S = 10.0

# members looked up once: the look-up in an enumeration costs more than the comparison, and these are looked at ten times a second
_XV_401, _RECIRC_FAN, _PURGE_FAN = 1 << Output.XV_401, 1 << Output.RECIRC_FAN, 1 << Output.PURGE_FAN
_EXTRACT_BOOST, _STANDBY_EXTRACT = 1 << Output.EXTRACT_BOOST, 1 << Output.STANDBY_EXTRACT
_LIGHTS = 1 << Output.LIGHT_MAIN | 1 << Output.LIGHT_PRE
_SOUNDER, _BEACON_NO_ENTRY = 1 << Output.SOUNDER, 1 << Output.BEACON_NO_ENTRY
_DOOR_HEATER, _DRY_HEATER = 1 << Output.DOOR_HEATER, 1 << Output.DRY_HEATER
_RECIRC_OFF, _PURGE, _BOOST, _DOOR_FREE = Effect.RECIRC_OFF, Effect.PURGE, Effect.EXTRACT_BOOST, Effect.DOOR_FREE
_EVACUATE_ROOM, _EVERYBODY_OUT = Effect.ROOM_EVACUATION, Effect.EVERYBODY_OUT
_EVACUATING, _PURGING, _DRYING, _SERVICE = CycleState.EVACUATE, CycleState.PURGE, CycleState.DRYING, CycleState.SERVICE
_TESTING, _BOARDING, _PRE_CHAMBER, _EXPOSURE = CycleState.SELF_TEST, CycleState.BOARDING, CycleState.PRE_CHAMBER, CycleState.EXPOSURE
_RECOVERY, _SILENT = CycleState.RECOVERY, Voice.SILENT
_GOING_OUT = frozenset({CycleState.EVACUATE, CycleState.ESTOP, CycleState.EXIT})
_INSIDE = frozenset({CycleState.PRE_CHAMBER, CycleState.EXPOSURE, CycleState.EXIT, CycleState.EVACUATE})
_AIR_MOVES = COOLING | {CycleState.DRYING}
_LIGHT = SESSION | {CycleState.EVACUATE, CycleState.ESTOP, CycleState.RECOVERY, CycleState.FAULT}


def demand(
    facts: Facts,
    verdict: Verdict,
    cycle: Cycle,
    session: Session | None,
    main: Loop,
    pre: Loop,
    plc: PlcStatus | None,
    *,
    durable: bool,
    confirming: bool,
) -> Demand:
    """Everything asked of the PLC in this scan. ``confirming``: a CONFIRM_EMPTY is on its way to it."""
    cooling = may_cool(facts, verdict, cycle, plc)
    valves = cooling and facts.doors_shut
    forced = forced_open(facts, verdict, cycle, plc)
    program = cycle.program
    return Demand(
        cycle.state,
        AMBIENT_C if program is None else program.setpoint_main_c,
        AMBIENT_C if program is None else program.setpoint_pre_c,
        main.valve_pct if valves else _forced_pct(cycle, MAIN_TCV) if forced else 0.0,
        pre.valve_pct if valves else _forced_pct(cycle, PRE_TCV) if forced else 0.0,
        _bits(facts, verdict, cycle, cooling=cooling or forced),
        told_occupied(facts, cycle, confirming=confirming),
        0 if session is None else session.persons,
        0 if session is None else session.id,
        0.0 if session is None else session.limit_s,
        _voice(facts, verdict, cycle, session, durable=durable),
    )


def forced_open(facts: Facts, verdict: Verdict, cycle: Cycle, plc: PlcStatus | None) -> bool:
    """The main valve is forced in SERVICE and nothing stands against it; the PLC has the same conditions of its own (H-27)."""
    if not cycle.forced:
        return False
    running = plc is not None and plc.state is PlcState.RUN
    asked = MAIN_VALVE in cycle.forced and cycle.state is _SERVICE and nitrogen_allowed(facts)
    return asked and Effect.CLOSE_LN2 not in verdict.effects and running


def _forced_pct(cycle: Cycle, valve: str) -> float:
    return min(NITROGEN_MAX_PCT, cycle.forced[valve].value) if valve in cycle.forced else 0.0


def told_occupied(facts: Facts, cycle: Cycle, *, confirming: bool) -> bool:
    """The supervisor's own view of whether people are inside. The PLC's flag is not part of it: told back, it would never end.

    While the operator's CONFIRM_EMPTY is on its way only the sensors speak: told together with "empty", "occupied" would set
    the PLC's flag again in its next scan, 20 ms later, and the confirmation would be seen by chance or not at all.
    """
    if confirming:
        return facts.somebody_seen
    if cycle.state is _RECOVERY:
        return False  # it knows nothing yet; the PLC's retentive flag stands
    return cycle.state in _INSIDE or facts.somebody_seen or facts.unknown_session


def _bits(facts: Facts, verdict: Verdict, cycle: Cycle, *, cooling: bool) -> int:
    effects = verdict.effects
    evacuating = cycle.state is _EVACUATING
    state = cycle.state
    bits = _XV_401 if cooling else 0
    if state in _AIR_MOVES and _RECIRC_OFF not in effects and not _still(facts, cycle):
        bits |= _RECIRC_FAN
    if _PURGE in effects or evacuating or state is _PURGING or _emptied(facts, cycle):
        bits |= _PURGE_FAN
    if _BOOST in effects or evacuating:
        bits |= _EXTRACT_BOOST
    if state in _LIGHT or facts.occupied:
        bits |= _LIGHTS
    if _EVACUATE_ROOM in effects or (evacuating and facts.occupied):
        bits |= _SOUNDER
    if room_refusal(facts, effects) is not None:
        bits |= _BEACON_NO_ENTRY
    if state in SESSION or _DOOR_FREE in effects:
        bits |= _DOOR_HEATER
    if state is _DRYING and not _hot(facts):
        bits |= _DRY_HEATER
    if verdict.acting and any(c.id == EXTRACT_LOST for c, _ in verdict.acting):
        bits |= _STANDBY_EXTRACT
    return bits | _forced_bits(effects, cycle) if cycle.forced else bits


def _still(facts: Facts, cycle: Cycle) -> bool:
    """The rooms rest cold, empty and shut: what the fans bring in is heat. Without them the PLC takes the fresh air off, too."""
    if cycle.set_back is None or cycle.program is None or facts.one_room:
        return False
    return coasting(cycle.set_back, cycle.program.setpoint_main_c, facts.main.value) and facts.doors_shut and not facts.occupied


def _emptied(facts: Facts, cycle: Cycle) -> bool:
    """A head-out cabin is drawn empty before and while its door is open: its gas would fall out to the floor of the room (H-02)."""
    return facts.one_room and (cycle.state is CycleState.EXIT or (cycle.state in COOLING and not facts.doors_shut))


def _forced_bits(effects: Set[Effect], cycle: Cycle) -> int:
    """What the interlocks ask for stays on, what they forbid stays off."""
    forced = cycle.forced.keys() - NITROGEN
    if Effect.RECIRC_OFF in effects:
        forced -= {Output.RECIRC_FAN.name}
    return sum(1 << output for output in Output if output.name in forced)


def _hot(facts: Facts) -> bool:
    """Warm enough somewhere, or not known how warm: the fan alone then evens it out (H-29)."""
    warmest = (facts.main.highest, facts.pre.highest)
    return any(t is None or t >= facts.limits.drying_to_c + DRYING_OVER_K for t in warmest)


def _voice(facts: Facts, verdict: Verdict, cycle: Cycle, session: Session | None, *, durable: bool) -> Voice:
    if facts.occupied and _EVACUATE_ROOM in verdict.effects:
        return Voice.EVACUATE
    if facts.occupied and (_EVERYBODY_OUT in verdict.effects or cycle.state in _GOING_OUT):
        return Voice.LEAVE_NOW
    if cycle.state is _TESTING:
        return Voice.TEST if cycle.voice_quiet else _SILENT
    if session is None:
        return _SILENT
    now = facts.now_s
    if cycle.state is _BOARDING:
        return Voice.WELCOME_PRE if durable and facts.presence_pre is not True else Voice.WAIT
    if cycle.state is _PRE_CHAMBER:
        return Voice.GO_TO_MAIN if going_to_main(session, now) else _SILENT
    if cycle.state is _EXPOSURE:
        elapsed = session.exposure_elapsed_s(now)
        if elapsed is None:
            return _SILENT
        if session.limit_s - elapsed <= TEN_SECONDS_S:
            return Voice.TEN_SECONDS
        if 0.0 <= elapsed - session.limit_s / 2.0 < HALF_TIME_S:
            return Voice.HALF_TIME
    return _SILENT


def going_to_main(session: Session, now_s: float) -> bool:
    """The pre-chamber time is over: the guests are asked to go on."""
    return session.pre_from_s is not None and now_s - session.pre_from_s >= session.program.pre_chamber_s
