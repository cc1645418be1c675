"""Commands: from the queue to an answer. The rules are in ``chamber.permissives`` and ``chamber.cycle``; here they are applied."""

from __future__ import annotations

from chamber import alarm_orders, annunciation, forcing
from chamber import alarms as alarm_rules
from chamber.alarm_signals import AUDIO_PAUSE_MAX_S
from chamber.commands import NEVER_REFUSED, Answer, Command, CommandKind, Outcome, Reason
from chamber.cycle import AFTER_UNKNOWN, ENDS_SERVICE, NOT_LOOKED, target
from chamber.events import EventKind
from chamber.interlocks import judge, reset
from chamber.permissives import Asked, refusals
from chamber.session import Session, opening_limit_s
from chamber.states import COOLING, CycleState
from control.advance import close_left_open
from control.day_plan import WARMER_K
from control.follow_plan import PLANNING, guests, instead
from control.mailbox import Fate, progress
from control.perceive import ready_band
from control.scan import Scan
from control.state import SetBack
from control.tuning_scan import TUNING
from control.upkeep import UPKEEP
from plc_bridge.contract import Flag, Opcode, PlcState

C = CycleState
K = CommandKind
_ENTERED = {**UPKEEP, **TUNING, **PLANNING}
_RUN, _SAFE, _EXIT, _PRECOOL = PlcState.RUN, PlcState.SAFE, C.EXIT, C.PRECOOL  # looked up once: asked for in every scan
_FOR_PLC: dict[CommandKind, Opcode] = {K.RESET: Opcode.RESET, K.CONFIRM_EMPTY: Opcode.CONFIRM_EMPTY}


def asked(scan: Scan, command: Command) -> Asked:
    return Asked(
        command=command,
        facts=scan.facts,
        verdict=scan.verdict,
        causes=scan.causes,
        profile=scan.old.profile,
        program=scan.cycle.program,
        durable=scan.durable,
        door_opened_since_trip=scan.cycle.door_opened,
        in_band=ready_band(scan.facts, scan.cycle)[0],
        alarms=scan.alarms,
        annunciation=scan.annunciation,
    )


def take_commands(scan: Scan) -> None:
    """Answer the queue in order, STOP and EVACUATE first."""
    if not scan.inputs.commands:
        return
    for command in sorted(scan.inputs.commands, key=lambda c: c.kind not in NEVER_REFUSED):
        earlier = scan.old.answers.get(command.id) or next((a for a in scan.answers if a.id == command.id), None)
        if earlier is not None:
            _repeat(scan, command, earlier)
        elif scan.pending is not None and scan.pending.command is not None and scan.pending.command.id == command.id:
            continue  # the same command again while it waits: it gets the answer when there is one
        else:
            _take(scan, command)


def _repeat(scan: Scan, command: Command, earlier: Answer) -> None:
    if earlier.kind is command.kind:
        scan.answers.append(earlier)
    else:
        scan.answers.append(Answer(command.id, command.kind, Outcome.REJECTED, (Reason("duplicate_id"),)))


def _take(scan: Scan, command: Command) -> None:
    # facts.state is of the last scan; a command accepted earlier in this scan may have moved the cycle
    current = asked(scan, command)
    if scan.facts.state is not scan.cycle.state:
        current = current._replace(facts=scan.facts._replace(state=scan.cycle.state))
    reasons = refusals(command.kind, current)
    if not reasons and command.kind is K.ACKNOWLEDGE:
        reasons = _acknowledge(scan, command)
    elif not reasons and command.kind in _ENTERED:
        reasons = _ENTERED[command.kind](scan, command)
    if reasons:
        if scan.cycle.state is C.SERVICE and command.kind in ENDS_SERVICE and not any(r.code == "role_too_low" for r in reasons):
            reasons = (*reasons, Reason("service_ended"))
            scan.go(C.STOPPED, f"command:{command.kind.value}")
        scan.answer(command, Outcome.REJECTED, reasons)
        return
    opcode = None if scan.cycle.state is C.LOCKED_OUT else _FOR_PLC.get(command.kind)
    if opcode is not None and _plc_has_to(scan, opcode):
        if scan.pending is not None and (scan.pending.command is not None or _evacuating(scan)):
            scan.answer(command, Outcome.REJECTED, (Reason("command_busy"),))
        else:
            scan.post(opcode, command)
        return
    perform(scan, command)
    scan.answer(command, Outcome.ACCEPTED)


def _evacuating(scan: Scan) -> bool:
    """EVACUATE is on its way to the PLC: it holds more than STOP does, and nothing takes its place in the mailbox (H-11)."""
    return scan.pending is not None and scan.pending.mail.opcode is Opcode.EVACUATE


def _plc_has_to(scan: Scan, opcode: Opcode) -> bool:
    plc = scan.plc
    if plc is None:
        return False
    return plc.trips != 0 or plc.state is not PlcState.SAFE if opcode is Opcode.RESET else plc.flag(Flag.OCCUPIED)


def _acknowledge(scan: Scan, command: Command) -> tuple[Reason, ...]:
    wanted = command.args.get("alarm")
    if wanted is not None and (not isinstance(wanted, str) or wanted not in scan.alarms):
        return (Reason("unknown_alarm", {"alarm": str(wanted)}),)
    scan.alarms, changes = alarm_rules.acknowledge(scan.alarms, wanted, command.user, scan.now)
    scan.tell_alarms(changes)
    return ()


def _order(scan: Scan, command: Command) -> None:
    wanted = alarm_orders.order(command, scan.now)
    scan.alarms, changes = alarm_rules.order(scan.alarms, *wanted, latched=wanted.alarm in scan.verdict.held)
    scan.tell_alarms(changes)


def _force(scan: Scan, command: Command) -> None:
    scan.cycle = scan.cycle._replace(forced=forcing.forced(scan.cycle.forced, command, scan.now), start_asked=False)
    output = str(command.args["output"])
    now = scan.cycle.forced.get(output)
    scan.tell(EventKind.SYSTEM, forced=output, value=0.0 if now is None else now.value, seconds=command.args["seconds"], user=command.user)


def _pause(scan: Scan, command: Command) -> None:
    scan.annunciation = annunciation.pause(scan.annunciation, scan.alarms, scan.now)
    scan.tell(EventKind.AUDIO, paused=True, seconds=AUDIO_PAUSE_MAX_S, reason="asked for", user=command.user)


def perform(scan: Scan, command: Command) -> None:
    """Carry out an accepted command."""
    scan.commanded = True
    instead(scan, command.kind)
    kind, args, session = command.kind, command.args, scan.session
    unknown = False
    match kind:
        case K.PRECOOL:
            scan.cycle = scan.cycle._replace(program=scan.old.profile.program(str(args["program"])))
        case K.BEGIN_BOARDING:
            _open_session(scan, command)
        case K.START_SESSION if session is not None:
            scan.session = session._replace(persons=_count(args["persons"]), pre_from_s=scan.now, confirmed_s=scan.now)
        case K.OPERATOR_PRESENT if session is not None:
            scan.session = session._replace(confirmed_s=scan.now)
        case K.CONFIRM_EMPTY:
            unknown = scan.cycle.unknown_session
            close_left_open(scan)
            scan.cycle = scan.cycle._replace(looked_inside=True)
            if session is not None:
                scan.session = session._replace(counted_out=True)
        case K.RESET:
            scan.causes, changes = reset(scan.causes)
            scan.tell_causes(changes)
            scan.verdict = judge(scan.causes, occupied=scan.facts.occupied)
            scan.cycle = scan.cycle._replace(self_test_failed=())
        case K.STOP | K.EVACUATE:
            if kind is K.EVACUATE or not _evacuating(scan):
                scan.post(Opcode.STOP if kind is K.STOP else Opcode.EVACUATE, None)
            if session is not None:
                scan.session = session._replace(stop_after=True)
        case K.FORCE:
            _force(scan, command)
        case K.AUDIO_PAUSE:
            _pause(scan, command)
        case K.SHELVE | K.UNSHELVE | K.OUT_OF_SERVICE | K.RETURN_TO_SERVICE:
            _order(scan, command)
        case _:
            pass
    to = target(kind, scan.cycle.state, empty=scan.facts.seen_empty and not scan.facts.occupied)
    if kind is K.CONFIRM_EMPTY and scan.cycle.state is C.EXIT:
        to = _after_exit(scan)
    if unknown:
        to = AFTER_UNKNOWN.get(scan.cycle.state, to)
    if kind is K.RESET and not scan.cycle.looked_inside:
        to = NOT_LOOKED.get(scan.cycle.state, to)
    if to is not scan.cycle.state and session is not None and kind in (K.END_SESSION, K.STOP, K.EVACUATE, K.CANCEL_BOARDING):
        _note_end(scan, kind.value)
    scan.go(to, f"command:{kind.value}")
    if kind is K.SET_BACK:
        minutes = args["minutes"]
        until_s = scan.now + 60.0 * minutes if isinstance(minutes, int | float) else scan.now
        scan.cycle = scan.cycle._replace(
            set_back=SetBack(until_s, scan.now, warmer_k=WARMER_K, since_s=scan.now) if until_s > scan.now else None
        )
        scan.tell(EventKind.SYSTEM, set_back_min=minutes, user=command.user)


def _after_exit(scan: Scan) -> CycleState:
    """Cooling goes on after an ordinary end; after STOP it does not (nothing cold restarts by itself)."""
    running = scan.plc is not None and scan.plc.state is PlcState.RUN
    stopped = scan.session is not None and scan.session.stop_after
    return C.STOPPED if stopped or not running else C.RECOOL


def _open_session(scan: Scan, command: Command) -> None:
    program = scan.old.profile.program(str(command.args["program"]))
    if program is None:
        return  # refused before: unknown_program
    limit_s, reason = opening_limit_s(program, scan.old.profile.limits)
    persons = _count(command.args["persons"])
    session = Session(scan.next_session_id, program, persons, command.user, scan.now, limit_s, reason, scan.now)
    scan.session = session
    scan.next_session_id += 1
    guests(scan)
    scan.tell(
        EventKind.SESSION_OPENED,
        session=session.id,
        program=program.id,
        persons=persons,
        limit_s=limit_s,
        setpoint_c=program.setpoint_main_c,
        checks=command.args["checks"],
        user=command.user,
    )


def _count(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"persons: {value!r} is not a whole number")  # guarded before by persons_range
    return value


def _note_end(scan: Scan, by: str) -> None:
    if scan.session is not None and scan.session.ended_by is None:
        scan.session = scan.session._replace(ended_by=by)


def take_mail(scan: Scan) -> None:
    """Follow the mailbox command on its way; complete, reject or give up the operator's command behind it."""
    pending = scan.pending
    if pending is None:
        return
    fresh = scan.plc if scan.inputs.block is not None else None
    state = progress(pending, fresh, scan.now)
    match state.fate:
        case Fate.WAITING:
            return
        case Fate.RESEND:
            scan.pending = pending._replace(sent_s=scan.now, tries=pending.tries + 1)
            scan.mail = pending.mail
            return
        case Fate.DONE:
            scan.pending = None
            if pending.command is not None:
                _complete(scan, pending.command)
        case Fate.REJECTED | Fate.UNCERTAIN:
            scan.pending = None
            reasons = () if state.reason is None else (state.reason,)
            if pending.command is not None:
                scan.answer(pending.command, Outcome.REJECTED if state.fate is Fate.REJECTED else Outcome.UNCERTAIN, reasons)
            scan.tell(EventKind.PLC, mail=pending.mail.opcode.name.lower(), outcome=state.fate.value, reasons=[r.code for r in reasons])
            if state.fate is Fate.UNCERTAIN and pending.mail.opcode is Opcode.START_COOLING:
                scan.post(Opcode.STOP, None)  # unknown whether it runs: make it stop


def _complete(scan: Scan, command: Command) -> None:
    """The PLC has done its part; what held when the command was given must still hold (H-13: somebody may have gone in since)."""
    reasons = refusals(command.kind, asked(scan, command))
    if not reasons:
        perform(scan, command)
    scan.answer(command, Outcome.REJECTED if reasons else Outcome.ACCEPTED, reasons)


def plc_orders(scan: Scan) -> None:
    """The supervisor's own mailbox commands: start cooling once per operator's precool, stop whenever it should not run."""
    plc = scan.plc
    if plc is None or scan.pending is not None:
        return
    state = scan.cycle.state
    forced_open = forcing.MAIN_VALVE in scan.cycle.forced
    if plc.state is _RUN and state not in COOLING and state is not _EXIT and not forced_open:
        scan.post(Opcode.STOP, None)
    elif (state is _PRECOOL or forced_open) and plc.state is _SAFE and not scan.cycle.start_asked:
        scan.cycle = scan.cycle._replace(start_asked=True)
        scan.post(Opcode.START_COOLING, None)
