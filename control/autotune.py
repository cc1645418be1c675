"""Automatic tuning of one room's regulator: record the precool, run a relay test, identify, propose. A technician accepts or not.

Nobody is inside, both doors are shut, and the cycle cools by an operator's order all the while; whatever else begins (a cause of
the interlocks, a door, guests, a stop) ends the test and the regulator that was in force goes on from where the valve is. The
proposal changes nothing until it is accepted. The test asks only for what the regulator may ask for; every safeguard is outside both.

The recording runs by itself from each precool out of the warm: the start of a precool is the best test there is, and it is free.
"""

from __future__ import annotations

from enum import StrEnum

from chamber.cause_effect import Action, Cause
from chamber.facts import Facts
from chamber.interlocks import Verdict
from chamber.profile import DeviceProfile, Program, Regulator
from chamber.states import CycleState
from control.pid import preset
from control.relay import STEADY_S, End, Relay, Waits, first_amplitude, relay, waits
from control.state import Cycle, Loop
from control.tuning_state import Fitted, Job, Phase, Run, Sample, Tuning

C = CycleState
ROOMS = ("main", "pre")
WARM_K = 40.0  # a precool that begins so far above its set point teaches the room
RECORD_MAX_S = 9000
STEADY_WAIT_S = 3600.0  # H-09: a room that does not come to rest is not tuned
AFTER_S = 60.0
CENTRE_S = 90
FIT_MAX_S = 600.0
TUNES_IN = frozenset({C.PRECOOL, C.READY, C.RECOOL})


class Ended(StrEnum):
    """Why a run is over without a proposal."""

    CAUSE = "cause"
    LEFT = "left"  # the cycle went on: boarding, stop
    DOOR = "door"
    SOMEBODY = "somebody"
    NOT_STEADY = "not_steady"
    TOO_FAR = "too_far"
    TOO_LONG = "too_long"
    BLIND = "blind"
    NOT_IDENTIFIED = "not_identified"
    ASKED = "asked"


def rooms_of(profile: DeviceProfile) -> tuple[str, ...]:
    """Rooms that have a regulator here."""
    return ROOMS if profile.regulator_pre is not None else ROOMS[:1]


def room_of(profile: DeviceProfile, room: str) -> Regulator:
    """The regulator of one of ``rooms_of``; of the main room for any other."""
    if room == "main" or profile.regulator_pre is None:
        return profile.regulator_main
    return profile.regulator_pre


def setpoint(program: Program, room: str) -> float:
    return program.setpoint_main_c if room == "main" else program.setpoint_pre_c


def _disturbs(c: Cause) -> bool:
    """A cause that only tells, and nothing of the plant (no panel is shown, a proof test falls due), is none of the test's business."""
    action = c.action_when(occupied=False)
    return action > Action.NOTIFY or (action is Action.NOTIFY and c.needs_plc)


def interrupted(t: Tuning, facts: Facts, verdict: Verdict, cycle: Cycle) -> tuple[Ended, str] | None:
    """What ends a run in this scan, with the cause; None: nothing."""
    run = t.run
    if run is None or run.phase is Phase.PROPOSED:
        return None
    new = [c.id for c, _ in verdict.acting if c.id not in run.known and _disturbs(c)]
    if new:
        return Ended.CAUSE, new[0]
    if run.phase is Phase.FITTING:  # the test is over, the regulator has the room
        return (Ended.NOT_IDENTIFIED, "no answer") if facts.now_s - run.since_s > FIT_MAX_S else None
    if cycle.state not in TUNES_IN or cycle.program is None:
        return Ended.LEFT, cycle.state.name.lower()
    if facts.somebody_seen or facts.occupied:
        return Ended.SOMEBODY, ""
    if not facts.doors_shut:
        return Ended.DOOR, ""
    if run.phase is Phase.SETTLING and cycle.state is C.READY and facts.now_s - max(cycle.since_s, run.since_s) > STEADY_WAIT_S:
        return Ended.NOT_STEADY, ""
    return None


def record(t: Tuning, facts: Facts, cycle: Cycle, driven: tuple[float | None, float | None]) -> Tuning:
    """One second of the recording of both rooms. It begins with a precool out of the warm and is void once it cannot teach any more."""
    if cycle.state not in TUNES_IN or cycle.program is None or facts.occupied:
        return t if t.recorded is None else t._replace(recorded=None)
    old, values = t.recorded, (facts.main.value, facts.pre.value)
    if old is None:
        beginning = cycle.state is C.PRECOOL and facts.now_s - cycle.since_s <= 2.0
        warm = values[0] is not None and values[0] > cycle.program.setpoint_main_c + WARM_K
        if not (beginning and warm):
            return t
        old = ((), ())
    if len(old[0]) >= RECORD_MAX_S or None in values or None in driven:
        return t._replace(recorded=None)
    door = not facts.doors_shut
    seen = zip(old, values, driven, strict=True)
    main, pre = ((*kept, Sample(c, pct, door)) if c is not None and pct is not None else kept for kept, c, pct in seen)
    return t._replace(recorded=(main, pre))


def begin_run(t: Tuning, room: str, by: str, now_s: float, verdict: Verdict) -> Tuning:
    known = frozenset(c.id for c, _ in verdict.acting)
    return t._replace(number=t.number + 1, run=Run(room, by, Phase.SETTLING, now_s, known), ended="", ended_by="")


def end_run(t: Tuning, why: Ended, by: str) -> Tuning:
    return t._replace(run=None, job=None, ended=why.value, ended_by=by)


def settling(t: Tuning, cycle: Cycle) -> Waits | None:
    """What the run waits for before its relay test may begin; None: for nothing, or there is no such run."""
    run, program = t.run, cycle.program
    if run is None or run.phase is not Phase.SETTLING or program is None or t.recorded is None:
        return None
    if cycle.state is not C.READY:
        return Waits("ready")
    last, wanted = t.recorded[ROOMS.index(run.room)][-STEADY_S:], setpoint(program, run.room)
    return waits([s.measured_c - wanted for s in last], [s.actual_pct for s in last])


def second(t: Tuning, facts: Facts, cycle: Cycle, loop: Loop, p: Regulator) -> tuple[Tuning, Loop]:
    """One second of the run on the room's loop, after its law: the relay's output in place of the law's, which follows it."""
    run, program = t.run, cycle.program
    if run is None or program is None or t.recorded is None:
        return (t, loop) if run is None or run.phase in (Phase.FITTING, Phase.PROPOSED) else (end_run(t, Ended.BLIND, ""), loop)
    wanted = setpoint(program, run.room)
    samples = t.recorded[ROOMS.index(run.room)]
    measured = (facts.main if run.room == "main" else facts.pre).value
    match run.phase:
        case Phase.SETTLING:
            if settling(t, cycle) is not None:
                return t, loop
            begun = Relay(sum(s.actual_pct for s in samples[-CENTRE_S:]) / CENTRE_S, first_amplitude(p.gain_pct_per_k))
            return t._replace(run=run._replace(phase=Phase.RELAY, since_s=facts.now_s, relay=begun)), loop
        case Phase.RELAY if run.relay is not None:
            r = relay(run.relay, None if measured is None else measured - wanted, 1.0)
            if r.end is not None and r.end is not End.DONE:
                return end_run(t, Ended(r.end.value), ""), _follow(loop, p, r.centre_pct, wanted, measured)
            ahead = Phase.RELAY if r.end is None else Phase.AFTER
            run = run._replace(phase=ahead, relay=r, since_s=run.since_s if r.end is None else facts.now_s)
            output = min(r.output_pct if r.end is None else r.centre_pct, p.valve_max_pct)
            return t._replace(run=run), _follow(loop, p, output, wanted, measured)
        case Phase.AFTER if facts.now_s - run.since_s >= AFTER_S:
            return t._replace(run=run._replace(phase=Phase.FITTING, since_s=facts.now_s), job=Job(t.number, p, samples, wanted)), loop
        case _:
            return t, loop


def _follow(loop: Loop, p: Regulator, output_pct: float, wanted_c: float, measured_c: float | None) -> Loop:
    """The valve gets ``output_pct``; the PID is kept ready to go on from there without a jump."""
    return loop._replace(
        pid=preset(p, loop.pid, output_pct, wanted_c, measured_c), terms=loop.terms._replace(output_pct=output_pct), mode="relay"
    )


def take_fit(t: Tuning, fitted: Fitted | None, now_s: float) -> Tuning:
    """The fit has answered: a proposal waits to be accepted, or the run is over."""
    run = t.run
    if fitted is None or run is None or run.phase is not Phase.FITTING or fitted.number != t.number:
        return t
    if fitted.proposal is None:
        return end_run(t, Ended.NOT_IDENTIFIED, fitted.refused)
    relayed = run.relay
    proposal = fitted.proposal._replace(
        relay_s=0.0 if relayed is None else relayed.elapsed_s, excursion_k=0.0 if relayed is None else relayed.worst_k
    )
    return t._replace(run=run._replace(phase=Phase.PROPOSED, since_s=now_s, proposal=proposal), job=None)


def changed_loop(loop: Loop, old: Regulator, new: Regulator, begun: Loop, wanted_c: float | None, measured_c: float | None) -> Loop:
    """The loop with another regulator in force, going on from where the valve is. ``begun``: a fresh loop of the new one."""
    s = loop.pid if wanted_c is None else preset(new, loop.pid, loop.terms.output_pct, wanted_c, measured_c)
    observed = loop.observed if old.model == new.model else None
    return begun._replace(pid=s, terms=loop.terms, mode=loop.mode, observed=observed, stage=loop.stage, wear=loop.wear)
