"""The scan as one pure function: ``step(state, inputs) -> (state, outputs, events)``.

Synchronous, deterministic, complete. Sockets, disk and clock are outside. The same function runs against a real PLC,
against the simulated one over Modbus, in virtual time, in an exploration, and over a recorded log.
"""

from __future__ import annotations

from collections.abc import Mapping

from chamber import alarms as alarm_rules
from chamber import annunciation, monitor
from chamber.alarm_list import ALARMS, AlarmClass
from chamber.alarm_states import HIDDEN, AlarmState
from chamber.alarms import Alarm
from chamber.annunciation import Annunciation
from chamber.commands import NEVER_REFUSED, Answer, Outcome
from chamber.events import EventKind
from chamber.facts import Facts
from chamber.forcing import VALVES
from chamber.interlocks import NOTHING_ACTS, evaluate, judge
from chamber.profile import DeviceProfile
from chamber.session import LeftOpen
from chamber.states import COOLING, CycleState
from chamber.upkeep import Upkeep
from control.advance import follow_session, force, run_conditions, tick_session, watch_doors, watch_forcing, watch_left_open
from control.commanding import plc_orders, take_commands, take_mail
from control.demand import demand
from control.follow_plan import follow_plan, foretell
from control.perceive import gather, perceive
from control.regulate import AT_REST, NEW, begin, regulate
from control.scan import Scan
from control.skin_scan import follow_skin
from control.state import (
    FRESH_S,
    Clock,
    Cycle,
    Demand,
    Inputs,
    Loop,
    Outputs,
    Pending,
    Perception,
    ReadyTime,
    Result,
    Shop,
    State,
    Watch,
)
from control.tuning_scan import follow_tuning, tune
from control.tuning_state import Tuning
from control.twin.state import Twin
from control.twin_scan import follow_twin, new_twin
from control.upkeep import follow_upkeep, look_round
from control.wear import TELL_EVERY_S, Wear, wear_data
from plc_bridge.contract import COMMAND_ID_MASK, Opcode, Output, Voice

ANSWERS_KEPT = 64
_QUIET = Annunciation()
_NO_SESSION = Clock()
_NONE_HIDDEN: frozenset[AlarmState] = frozenset()
_OUT = frozenset({AlarmState.OUT_OF_SERVICE})
_MAIN_VALVE = 1 << Output.XV_401
_LEAVE = frozenset({Voice.LEAVE_NOW, Voice.EVACUATE})
NOTHING_RECORDED = Upkeep()
NOT_TUNED = Tuning()
NOT_FORETOLD = ReadyTime()


def initial(
    profile: DeviceProfile,
    now_s: float,
    *,
    mail_id: int,
    session_id: int,
    unknown_session: bool,
    locked_out: bool,
    left_open: LeftOpen | None = None,
    cool_off_left_s: float = 0.0,
    upkeep: Upkeep = NOTHING_RECORDED,
    wear: tuple[Wear, Wear] = (NEW, NEW),
    tuning: Tuning = NOT_TUNED,
    ready: ReadyTime = NOT_FORETOLD,
    twin: Twin | None = None,
) -> State:
    """The state after any start: RECOVERY, every output safe, nothing resumes (H-16).

    ``mail_id``: first mailbox id, best different from the one used before the restart. ``session_id``: next free one.
    ``unknown_session``: a session was open when control stopped, or nobody can say; ``left_open``: what is known of it.
    ``locked_out``: started too often (crash loop). ``cool_off_left_s``: rest of the lock-out of a broken-off exposure, s.
    ``upkeep``: the record as it is on disk; without one, nothing is accepted and no test was given. ``wear``: of the valves of
    main room and pre-chamber. ``tuning``: which regulators were tuned here. ``ready``: what ways down have taught.
    ``twin``: what it knew; None: it begins anew.
    """
    state = CycleState.LOCKED_OUT if locked_out else CycleState.RECOVERY
    return State(
        profile=profile,
        perception=Perception(),
        causes={},
        verdict=NOTHING_ACTS,
        cycle=Cycle(
            state,
            now_s,
            unknown_session=unknown_session,
            left_open=left_open,
            cool_off_until_s=now_s + cool_off_left_s if cool_off_left_s > 0.0 else None,
        ),
        session=None,
        alarms={},
        annunciation=Annunciation(),
        main=begin(profile.regulator_main, wear[0]),
        pre=AT_REST if profile.regulator_pre is None else begin(profile.regulator_pre, wear[1]),
        law_next_s=now_s,
        door_settled_s=now_s,
        wear_due_s=now_s + TELL_EVERY_S,
        pending=None,
        next_mail_id=max(1, mail_id & COMMAND_ID_MASK),
        next_session_id=session_id,
        heartbeat=0,
        watch=Watch(),
        shop=Shop(upkeep),
        answers={},
        facts=None,
        tuning=tuning,
        ready=ready,
        twin=twin if twin is not None else new_twin(profile),
    )


def step(state: State, inputs: Inputs) -> Result:
    """One scan. ``inputs.now_s`` is monotonic and never decreases."""
    perception = perceive(state.perception, inputs, state.profile)
    shop, facts, upkeep_events = look_round(state, inputs, gather(state, perception, inputs))
    causes, changes = evaluate(state.causes, facts, state.facts)
    verdict = judge(causes, occupied=facts.occupied)
    scan = Scan(
        state,
        inputs,
        perception,
        facts,
        causes,
        verdict,
        state.cycle,
        state.session,
        dict(state.alarms),
        state.annunciation,
        state.pending,
        state.next_mail_id,
        state.next_session_id,
        shop,
        state.tuning,
        state.profile,
        state.day,
        state.ready,
        inputs.now_s,
        perception.block if perception.stage == 0 else None,
    )
    scan.events += upkeep_events
    scan.tell_causes(changes)
    _tell_plc(scan)
    before = state.cycle.state
    tick_session(scan)
    watch_doors(scan)
    watch_left_open(scan)
    watch_forcing(scan)
    take_mail(scan)
    take_commands(scan)
    follow_plan(scan)
    run_conditions(scan)
    force(scan)
    follow_session(scan, before)
    follow_upkeep(scan, before)
    follow_tuning(scan)
    foretell(scan, before)
    plc_orders(scan)
    _alarms(scan)
    return _finish(scan, before)


def _tell_plc(scan: Scan) -> None:
    new, old = scan.perception.block, scan.old.perception.block
    if new is None or new is old:
        if scan.perception.stage > scan.old.perception.stage:
            scan.tell(EventKind.PLC, link="lost" if scan.perception.stage == 2 else "late")
        return
    if old is None or scan.old.perception.stage > 0:
        scan.tell(EventKind.PLC, link="ok")
    if scan.perception.restarted:
        scan.tell(EventKind.PLC, restarted=True)
    if old is None or new.state is not old.state or new.trips != old.trips:
        plc = scan.facts.plc
        scan.tell(
            EventKind.PLC,
            state=new.state.name.lower(),
            trips=sorted(plc.trips) if plc is not None else [],
            first_out=None if plc is None else plc.first_out,
        )


def _alarms(scan: Scan) -> None:
    if not scan.verdict.acting and not scan.alarms and scan.annunciation == _QUIET:
        return
    conditions: dict[str, alarm_rules.Condition] = {}
    for cause, state in scan.verdict.acting:
        if cause.alarm is not None and state.present_since_s is not None and cause.alarm not in conditions:
            conditions[cause.alarm] = alarm_rules.Condition(cause.detail(scan.facts), state.acted_occupied or scan.facts.occupied)
    if not conditions and not scan.alarms and scan.annunciation == _QUIET:
        return
    started = scan.cycle.state is CycleState.SELF_TEST and scan.old.cycle.state is not CycleState.SELF_TEST
    scene = alarm_rules.Scene(scan.now, scan.cycle.state, scan.facts.occupied, started)
    scan.alarms, changes = alarm_rules.step(scan.alarms, conditions, scan.verdict.held, scene)
    scan.tell_alarms(changes)
    first = next((c.alarm for c, _ in scan.verdict.acting if c.id == scan.verdict.first_out), None)
    scan.annunciation, ended = annunciation.follow(scan.annunciation, scan.alarms, scan.alarm_changes, first, scan.now)
    if ended is not None:
        scan.tell(EventKind.AUDIO, paused=False, reason=ended, user=None)


def _finish(scan: Scan, before: CycleState) -> Result:
    old, inputs = scan.old, scan.inputs
    plc = scan.plc
    main, pre, law_next, settled = regulate(old, scan.facts, scan.cycle, scan.verdict, plc, scan.session)
    second_over = law_next != old.law_next_s
    main, pre = tune(scan, main, pre, second_over=second_over)
    main, pre, wear_due = _wear(scan, before, main, pre)
    twin = follow_twin(scan, before) if second_over else old.twin
    skin = follow_skin(scan) if second_over else old.skin
    # in the scan of the answer, too: the facts of that scan still know of somebody inside
    confirming = _confirms(old.pending) or _confirms(scan.pending)
    wanted = demand(scan.facts, scan.verdict, scan.cycle, scan.session, main, pre, plc, durable=scan.durable, confirming=confirming)
    fresh = plc is not None and inputs.now_s - plc.acquired_at_s <= FRESH_S
    watch = _watch(scan, wanted, before, written=fresh)
    heartbeat = (old.heartbeat + 1) & 0xFFFF if fresh else old.heartbeat
    answers = _remember(old.answers, scan.answers)
    state = State(
        scan.profile,
        scan.perception,
        scan.causes,
        scan.verdict,
        scan.cycle,
        scan.session,
        scan.alarms,
        scan.annunciation,
        main,
        pre,
        law_next,
        settled,
        wear_due,
        scan.pending,
        scan.next_mail_id,
        scan.next_session_id,
        heartbeat,
        watch,
        scan.shop,
        answers,
        scan.facts,
        scan.tuning,
        scan.day,
        scan.ready,
        twin,
        skin,
    )
    nonce = 0 if plc is None else plc.nonce
    return Result(state, Outputs(wanted, fresh, heartbeat, nonce, scan.mail, tuple(scan.answers)), tuple(scan.events))


def _wear(scan: Scan, before: CycleState, main: Loop, pre: Loop) -> tuple[Loop, Loop, float]:
    """Tell the counters of the valves; a valve entered as replaced begins anew."""
    replaced, known = scan.shop.upkeep.replaced, scan.old.shop.upkeep.replaced
    if replaced is not known:
        main = main._replace(wear=NEW) if replaced.get(VALVES[0]) != known.get(VALVES[0]) else main
        pre = pre._replace(wear=NEW) if replaced.get(VALVES[1]) != known.get(VALVES[1]) else pre
    cooling = scan.cycle.state in COOLING
    due = cooling and scan.now >= scan.old.wear_due_s
    if not (due or replaced is not known or (before in COOLING and not cooling)):
        return main, pre, scan.old.wear_due_s
    scan.tell(EventKind.WEAR, **wear_data(main.wear, pre.wear))
    return main, pre, scan.now + TELL_EVERY_S


def _confirms(pending: Pending | None) -> bool:
    return pending is not None and pending.mail.opcode is Opcode.CONFIRM_EMPTY


def _remember(old: Mapping[str, Answer], new: list[Answer]) -> Mapping[str, Answer]:
    if not new:
        return old
    merged = {**old, **{a.id: a for a in new}}
    return dict(list(merged.items())[-ANSWERS_KEPT:])


def _since(since: float | None, now: float) -> float:
    return now if since is None else since


def _watch(scan: Scan, wanted: Demand, before: CycleState, *, written: bool) -> Watch:
    f, old, now = scan.facts, scan.old.watch, scan.now
    doors = None if f.doors_shut else _since(old.doors_not_shut_s, now)
    oxygen = _since(old.oxygen_low_s, now) if _oxygen_low(f) else None
    sensors = _since(old.sensors_bad_s, now) if f.main.good < 2 else None
    unexpected = _since(old.unexpected_s, now) if f.somebody_seen else None
    session = scan.old.session
    clock = _NO_SESSION if session is None else Clock(session.id, f.exposure_elapsed_s, f.session_limit_s)
    same = clock.session == old.clock.session
    hidden = _hidden(scan.alarms) if scan.alarms else _NONE_HIDDEN
    watched = monitor.Watched(
        f,
        before,
        scan.cycle.state,
        wanted.bits & _MAIN_VALVE != 0,
        wanted.valve_main_pct,
        wanted.valve_pre_pct,
        wanted.voice in _LEAVE,
        None if scan.cycle.program is None else scan.cycle.program.setpoint_main_c,
        scan.commanded,
        0.0 if doors is None else now - doors,
        0.0 if oxygen is None else now - oxygen,
        0.0 if sensors is None else now - sensors,
        0.0 if unexpected is None else now - unexpected,
        written,
        old.clock.elapsed_s if same else None,
        old.clock.limit_s if same else None,
        bool(f.bypassed),
        bool(scan.answers) and any(a.kind in NEVER_REFUSED and a.outcome is not Outcome.ACCEPTED for a in scan.answers),
        not hidden <= _OUT,
        not hidden.isdisjoint(_OUT),
    )
    broken = monitor.broken(watched)
    for invariant in broken:
        if invariant not in old.broken:
            scan.tell(EventKind.INVARIANT, invariant=invariant, state=scan.cycle.state.name.lower())
    return Watch(doors, oxygen, sensors, unexpected, clock, broken)


def _hidden(alarms: Mapping[str, Alarm]) -> frozenset[AlarmState]:
    """In which ways an active safety alarm is hidden from people."""
    return HIDDEN & {a.state for a in alarms.values() if a.active and ALARMS[a.id].klass is AlarmClass.SAFETY}


def _oxygen_low(f: Facts) -> bool:
    main, pre, room, limit = f.o2_main.lowest, f.o2_pre.lowest, f.o2_room.good, f.limits.o2_chamber_evacuate_pct
    chamber = (main is not None and main < limit) or (pre is not None and pre < limit)
    return chamber or (room is not None and room < f.limits.o2_room_evacuate_pct)
