"""What must hold on every scan, from the truth of people, doors and sensors; nothing here is taken from the rules it judges.

Ids I1 to I16 as in docs/safety.md. ``Ghost`` is the memory of the judge: what an honest observer in the room would know.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chamber.alarm_states import AlarmState
from chamber.commands import Command, CommandKind, Outcome, Role
from chamber.states import CycleState
from control.state import Result
from plc_bridge.contract import Opcode, Output, PlcState, Voice
from tests.explore.plant import Env, Place, World

C = CycleState
K = CommandKind

COLD = frozenset({C.PRECOOL, C.READY, C.BOARDING, C.PRE_CHAMBER, C.EXPOSURE, C.RECOOL})
LATCHED = frozenset({C.FAULT, C.EVACUATE, C.ESTOP})
NOBODY_MAY = frozenset({C.SELF_TEST, C.IDLE, C.PRECOOL, C.READY, C.RECOOL, C.HELD, C.SUSPENDED, C.DRYING, C.SERVICE})
COOL_OFF_S = 600.0
TOWARDS_OUT = {C.BOARDING: 0, C.PRE_CHAMBER: 0, C.EXPOSURE: 0, C.EXIT: 1, C.EVACUATE: 2, C.ESTOP: 3}
"""How far the cycle has gone towards everybody out; while somebody is inside it only goes on (I15)."""
LEAVE = frozenset({Voice.LEAVE_NOW, Voice.EVACUATE})
SLACK_S = 0.3  # three scans: one to see, one to decide, one for the reading

OXYGEN_STOPS: dict[str, float] = {
    "oxygen_low": 1.0,
    "oxygen_very_low": 1.0,
    "oxygen_high": 5.0,
    "room_low": 2.0,
    "room_very_low": 2.0,
    "oxygen_all_bad": 1.0,
}
"""Fault -> delay (s) after which nitrogen is closed and stays closed until a reset, whoever is inside."""
OTHER_STOPS: dict[str, float] = {
    "temperature_bad": 3.0,
    "overcold": 3.0,
    "door_contacts": 1.0,
    "extract_lost": 5.0,
    "mains_lost": 0.2,
    "call": 0.0,
    "estop": 0.0,
    "plc_trip": 0.0,
    "carry_over": 4.2,  # 3 s of distrust after the jump, then 1 s
}
STOPS = OXYGEN_STOPS | OTHER_STOPS
EVACUATIONS = frozenset({*OXYGEN_STOPS, "overcold", "call", "estop", "plc_trip", "carry_over"})
EVACUATED = frozenset({C.EVACUATE, C.ESTOP, C.FAULT, C.LOCKED_OUT})
"""States for people in danger; who comes into a chamber in FAULT finds all outputs as in EVACUATE."""
OCCUPIED_STOPS: dict[str, float] = {"oxygen_bad": 3.0, "sample_lost": 5.0}
BLIND_AFTER_S = 0.35
LATE_S = 1.5
MAIN_STAY_S = 180.0
CONFIRM_S = 30.0


class Ghost(NamedTuple):
    """``since``: per fault since when it lasts with the link up. ``sealed``: a stop happened that only a reset may lift."""

    since: tuple[tuple[str, float], ...] = ()
    sealed: bool = False
    main_since_s: float | None = None
    confirmed_s: float | None = None
    start_granted: bool = False
    start_id: int | None = None
    looked: bool = False  # a door was open while somebody was inside whom the cycle had told to leave
    seen_since_s: float | None = None
    open_since_s: float | None = None
    silent_s: float | None = None
    forced_s: float | None = None  # nitrogen was last forced in SERVICE
    broken_off_s: float | None = None  # an exposure ended in an evacuation or a restart

    @property
    def key(self) -> tuple[bool, ...]:
        return (self.sealed, self.main_since_s is not None, self.start_granted, self.looked)


class Scanned(NamedTuple):
    """One scan as the judge sees it: before, after, and what was sent."""

    before: World
    after: World
    result: Result
    commands: tuple[Command, ...]
    old: Ghost
    ghost: Ghost

    @property
    def env(self) -> Env:
        return self.before.env

    @property
    def linked(self) -> bool:
        return "silence" not in self.env.faults

    @property
    def state(self) -> CycleState:
        return self.after.state.cycle.state

    @property
    def was(self) -> CycleState:
        return self.before.state.cycle.state

    @property
    def nitrogen(self) -> bool:
        """Asked for and sent: what is not written cannot open anything."""
        d = self.result.outputs.demand
        return self.result.outputs.write and bool(d.bits >> Output.XV_401 & 1 or d.valve_main_pct > 0.0 or d.valve_pre_pct > 0.0)

    def accepted(self, *kinds: CommandKind) -> bool:
        return any(a.kind in kinds and a.outcome is Outcome.ACCEPTED for a in self.result.outputs.answers)


def follow(old: Ghost, before: World, after: World, result: Result) -> Ghost:
    """Advance the judge's memory by one scan."""
    env, now, was = before.env, after.now_s, before.state.cycle.state
    linked = "silence" not in env.faults
    known = dict(old.since)
    # a fault counts from the first scan that shows it
    lasting = sorted(env.faults - ({"overcold"} if before.state.cycle.program is None else set()))  # colder than what, without a program?
    since = tuple((f, known.get(f, now)) for f in lasting) if linked else ()
    reset = any(a.kind is K.RESET and a.outcome is Outcome.ACCEPTED for a in result.outputs.answers)
    lasted = any(now - t > STOPS[f] + SLACK_S for f, t in since if f in STOPS)
    kinds = {a.kind for a in result.outputs.answers if a.outcome is Outcome.ACCEPTED}
    mail = result.outputs.mail
    starting = mail is not None and mail.opcode is Opcode.START_COOLING
    told_out = was in LATCHED or was in (C.EXIT, C.RECOVERY)
    opened = env.inner_open or env.outer_open
    in_main = env.place in (Place.MAIN, Place.DOWN)
    session = after.state.session
    return Ghost(
        since=since,
        sealed=lasted or (old.sealed and not reset),
        main_since_s=None if not in_main or session is None else now if old.main_since_s is None else old.main_since_s,
        confirmed_s=now if kinds & {K.START_SESSION, K.OPERATOR_PRESENT} else None if session is None else old.confirmed_s,
        start_granted=bool(kinds & {K.PRECOOL, K.RESUME, K.FORCE}) or (old.start_granted and not starting),
        start_id=mail.id if mail is not None and starting else old.start_id,
        looked=env.place is not Place.NONE and (old.looked or (told_out and opened)),
        seen_since_s=_since(env.seen and linked, old.seen_since_s, now),
        open_since_s=_since(not env.doors_shut and linked, old.open_since_s, now),
        silent_s=_since(not linked, old.silent_s, before.now_s),
        forced_s=now if K.FORCE in kinds else old.forced_s,
        broken_off_s=now if in_main and session is not None and after.state.cycle.state in (C.EVACUATE, C.ESTOP) else old.broken_off_s,
    )


def _since(active: bool, since: float | None, now: float) -> float | None:
    return (now if since is None else since) if active else None


class Claim(NamedTuple):
    id: str
    text: str
    holds: Callable[[Scanned], bool]


def _oxygen(s: Scanned) -> bool:
    low = any(s.after.now_s - t > OXYGEN_STOPS[f] + SLACK_S for f, t in s.ghost.since if f in OXYGEN_STOPS)
    return not (low and s.nitrogen)


def _door(s: Scanned) -> bool:
    d = s.result.outputs.demand
    return s.env.doors_shut or not s.linked or (d.valve_main_pct <= 0.0 and d.valve_pre_pct <= 0.0)


def _overstay(s: Scanned) -> bool:
    since = s.ghost.main_since_s
    over = since is not None and s.linked and s.after.now_s - since > MAIN_STAY_S + SLACK_S
    return not over or (not s.nitrogen and s.result.outputs.demand.voice in LEAVE)


def _people(s: Scanned) -> bool:
    seen = s.ghost.seen_since_s
    return seen is None or s.after.now_s - seen <= 0.5 + SLACK_S or s.state not in NOBODY_MAY


def _into_exposure(s: Scanned) -> bool:
    if s.state is not C.EXPOSURE or s.was is C.EXPOSURE:
        return True
    confirmed = s.ghost.confirmed_s
    fresh = confirmed is not None and s.after.now_s - confirmed < CONFIRM_S
    clear = not any(s.after.now_s - t > STOPS[f] + SLACK_S for f, t in s.ghost.since if f in STOPS)
    return s.was is C.PRE_CHAMBER and s.env.doors_shut and s.env.place is Place.MAIN and fresh and s.linked and clear


def _permissives(s: Scanned) -> bool:
    empty = s.accepted(K.PRECOOL, K.RESUME, K.BEGIN_BOARDING)
    if not empty and not s.accepted(K.START_SESSION):
        return True
    if s.ghost.silent_s is not None:
        return s.after.now_s - s.ghost.silent_s <= LATE_S + 0.1  # what was seen last counts this long
    return s.env.doors_shut and (not s.env.seen if empty else s.env.place is Place.PRE)


def _evacuated(s: Scanned) -> bool:
    seen = s.ghost.seen_since_s
    if seen is None or s.after.now_s - seen <= SLACK_S:
        return True
    cause = any(s.after.now_s - t > STOPS[f] + SLACK_S for f, t in s.ghost.since if f in EVACUATIONS)
    return not cause or s.state in EVACUATED


def _left_by_reset(s: Scanned) -> bool:
    if s.was not in LATCHED or s.state is s.was:
        return True
    if s.state in LATCHED:
        return s.was is not C.ESTOP and (s.state is not C.FAULT or s.accepted(K.CONFIRM_EMPTY))
    return s.state is C.PURGE and s.accepted(K.RESET)


def _looked_first(s: Scanned) -> bool:
    return s.env.place is Place.NONE or s.ghost.looked or s.was is C.LOCKED_OUT or not s.accepted(K.RESET, K.CONFIRM_EMPTY)


def _reset_after_cause(s: Scanned) -> bool:
    return not s.accepted(K.RESET) or s.was is C.LOCKED_OUT or not any(f in STOPS for f in s.env.faults)


def _silent(s: Scanned) -> bool:
    since = s.ghost.silent_s
    if since is None or s.after.now_s - since <= BLIND_AFTER_S + 0.1:
        return True
    return not s.result.outputs.write and s.result.state.heartbeat == s.before.state.heartbeat


def _no_restart(s: Scanned) -> bool:
    if s.state not in COLD or s.was in COLD:
        return True
    return (s.state is C.PRECOOL and s.accepted(K.PRECOOL, K.RESUME)) or (
        s.state is C.RECOOL and s.was is C.EXIT and s.accepted(K.CONFIRM_EMPTY)
    )


def _one_start(s: Scanned) -> bool:
    mail = s.result.outputs.mail
    if mail is None or mail.opcode is not Opcode.START_COOLING or mail.id == s.old.start_id:
        return True  # the same id again is a repetition of the same request
    if s.state is C.SERVICE:
        return s.env.key and (s.old.start_granted or s.accepted(K.FORCE))
    return s.state is C.PRECOOL and (s.old.start_granted or s.accepted(K.PRECOOL, K.RESUME))


def _forced_flow(s: Scanned) -> bool:
    """Nitrogen in SERVICE: key turned, nobody seen, doors shut, asked for less than a minute ago."""
    if s.state is not C.SERVICE or not s.nitrogen:
        return True
    asked = s.ghost.forced_s
    return s.env.key and not s.env.seen and s.env.doors_shut and asked is not None and s.after.now_s - asked <= 60.0 + SLACK_S


def _only_running(s: Scanned) -> bool:
    return not s.nitrogen or ((s.state in COLD or s.state is C.SERVICE) and _plc_state(s) is PlcState.RUN)


def _plc_state(s: Scanned) -> PlcState | None:
    block = s.after.state.perception.block
    return None if block is None else block.state


def _sealed(s: Scanned) -> bool:
    return not (s.ghost.sealed and s.nitrogen)


def _clock(s: Scanned) -> bool:
    a, b = s.before.state.session, s.after.state.session
    if a is None or b is None or a.id != b.id:
        return True
    before, after = a.exposure_elapsed_s(s.before.now_s), b.exposure_elapsed_s(s.after.now_s)
    return b.limit_s <= min(a.limit_s, MAIN_STAY_S) and (before is None or (after is not None and after >= before - 0.15))


def _bad_inputs(s: Scanned) -> bool:
    f = {name: s.after.now_s - t for name, t in s.ghost.since}
    blind = f.get("temperature_bad", 0.0) > 3.0 + SLACK_S
    half = s.env.place is not Place.NONE and any(f.get(n, 0.0) > limit + SLACK_S for n, limit in OCCUPIED_STOPS.items())
    return not ((blind or half) and s.nitrogen)


def _alarms_stand(s: Scanned) -> bool:
    after = s.after.state
    return all(
        cause.alarm is None
        or cause.id not in after.causes
        or after.causes[cause.id].present_since_s is None
        or (cause.alarm in after.alarms and after.alarms[cause.alarm].state is not AlarmState.NORMAL)
        for cause, _ in after.verdict.acting
    )


def _bypassed(s: Scanned) -> bool:
    """In force only with the key turned and nobody seen; nothing with people begins under it."""
    if not s.after.state.shop.bypasses or not s.linked:
        return True
    seen = s.ghost.seen_since_s
    alone = seen is None or s.after.now_s - seen <= SLACK_S
    return alone and s.env.key and not s.accepted(K.BEGIN_BOARDING, K.START_SESSION)


def _stop_class(s: Scanned) -> bool:
    pressed = [c.kind for c in s.commands if c.kind in (K.STOP, K.EVACUATE)]
    if not pressed:
        return True
    stopped = s.state not in COLD and not s.nitrogen
    where = K.EVACUATE not in pressed or s.state in (C.EVACUATE, C.ESTOP, C.LOCKED_OUT)
    return all(s.accepted(kind) for kind in pressed) and stopped and where


def _towards_out(s: Scanned) -> bool:
    if not s.env.seen or not s.linked or s.was not in TOWARDS_OUT or s.old.seen_since_s is None:
        return True
    return s.state in TOWARDS_OUT and TOWARDS_OUT[s.state] >= TOWARDS_OUT[s.was]


def _latches_stay(s: Scanned) -> bool:
    if s.accepted(K.RESET):
        return True
    now = s.after.state.causes
    return all(n in now and now[n].latched for n, x in s.before.state.causes.items() if x.latched)


def _set_point(s: Scanned) -> bool:
    d = s.result.outputs.demand
    return (
        -140.0 <= d.setpoint_main_c <= 20.0
        and 0.0 <= d.valve_main_pct <= 100.0
        and 0.0 <= d.valve_pre_pct <= 100.0
        and d.exposure_limit_s <= MAIN_STAY_S
    )


def _paused(s: Scanned) -> bool:
    since = s.ghost.broken_off_s
    return since is None or s.after.now_s - since >= COOL_OFF_S or not s.accepted(K.BEGIN_BOARDING)


def _anonymous(s: Scanned) -> bool:
    return all(c.role is not Role.ANONYMOUS or c.kind in (K.STOP, K.EVACUATE) or not s.accepted(c.kind) for c in s.commands)


def _monitor(s: Scanned) -> bool:
    return not s.after.state.watch.broken


CLAIMS: tuple[Claim, ...] = (
    Claim("I1", "nitrogen asked for while the oxygen is low or unknown", _oxygen),
    Claim("I2", "valve demand with a door not shut", _door),
    Claim("I3", "over time in the main room with nitrogen or without the voice", _overstay),
    Claim("I4", "somebody seen inside in a state for nobody", _people),
    Claim("I5", "exposure began without door, operator, people or clear causes", _into_exposure),
    Claim("I4-evacuate", "somebody inside, a cause for evacuation, and no evacuation", _evacuated),
    Claim("I5-start", "cooling, boarding or session begun with a door not shut or people in the wrong place", _permissives),
    Claim("I6", "latched state left without an accepted reset", _left_by_reset),
    Claim("I6-door", "reset or 'empty' taken with somebody inside and no door opened", _looked_first),
    Claim("I6-cause", "reset taken while its cause lasts", _reset_after_cause),
    Claim("I6-seal", "nitrogen after a latching stop without a reset", _sealed),
    Claim("I7", "heartbeat or write without a fresh block", _silent),
    Claim("I8", "cold again without a command", _no_restart),
    Claim("I8-start", "START_COOLING without an operator's precool", _one_start),
    Claim("I8-run", "nitrogen asked for outside the cooling states or without RUN", _only_running),
    Claim("I8-force", "nitrogen forced without key, doors, an empty chamber or a fresh order", _forced_flow),
    Claim("I9", "exposure clock went back or its limit up", _clock),
    Claim("I10", "nitrogen on bad inputs", _bad_inputs),
    Claim("I11", "a bypass with somebody inside, without the key, or a session begun under it", _bypassed),
    Claim("I12", "an acting cause without its alarm", _alarms_stand),
    Claim("I14", "STOP or EVACUATE not taken, or without effect", _stop_class),
    Claim("I15", "back towards the cold with somebody inside", _towards_out),
    Claim("I15-latch", "a latch fell without a reset", _latches_stay),
    Claim("I16", "set point, valve or limit outside its bounds", _set_point),
    Claim("cool-off", "boarding soon after an exposure that was broken off", _paused),
    Claim("role", "a command taken from nobody signed in", _anonymous),
    Claim("monitor", "the run-time monitor found an invariant broken", _monitor),
)


def broken(scanned: Scanned) -> list[Claim]:
    return [c for c in CLAIMS if not c.holds(scanned)]
