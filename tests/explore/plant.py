"""The surroundings of ``control.step.step`` in the exploration: people, doors, sensors, and a lenient PLC.

The PLC here trips by itself only where wiring leaves it no choice (emergency stop, evacuation asked for, lost lease) and
otherwise when the exploration makes it. Everything else it lets pass: what must hold has to be held by the supervisor.
Time jumps: one tick may be any number of seconds long, during which heartbeats went on as before it.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from chamber.commands import Command
from chamber.profile import DeviceProfile
from chamber.session import LeftOpen
from chamber.states import CycleState
from chamber.tags import MAIN_OXYGEN, PRE_OXYGEN
from chamber.upkeep import Entry, Kind, fold
from control.state import Inputs, Mail, Outputs, Result, State
from control.step import initial, step
from cryochamber.commission import commissioned
from cryochamber.config import load_profile
from plc_bridge.contract import (
    LEASE_EMPTY_S,
    LEASE_OCCUPIED_S,
    Flag,
    MailReason,
    MailResult,
    Opcode,
    Output,
    PlcState,
    QualityNibble,
    Trip,
    Voice,
)
from plc_bridge.status import TAGS, PlcStatus
from tests.control.blocks import VALUES, status

SCAN_S = 0.1
RESET_CLEAR_S = 10.0  # the PLC's causes must be gone this long (contract of the mailbox)
PROFILE = load_profile()
UTC_S = 1_767_600_000.0
RECORD = fold(commissioned(PROFILE, UTC_S), [Entry(Kind.CHECKLIST, UTC_S, "daily", by="operator")])  # signed this morning
_HEALTHY = status()
_WARMER_K = 1.0  # a little above the set point: the regulator really opens the valve


class Place(Enum):
    """Where the group of people is. ``DOWN``: lying in the main room, out of sight of the presence sensor."""

    NONE = "none"
    PRE = "pre"
    MAIN = "main"
    DOWN = "down"


class Fault(NamedTuple):
    """Something that is wrong until it is mended: values, bad sensors, contacts. ``ramp_s``: how long the change takes."""

    id: str
    values: tuple[tuple[str, float], ...] = ()
    bad: tuple[str, ...] = ()
    contacts: tuple[tuple[str, bool], ...] = ()
    ramp_s: float = SCAN_S


def _all(tags: tuple[str, ...], value: float) -> tuple[tuple[str, float], ...]:
    return tuple((t, value) for t in tags)


_TEMPERATURES = ("TT-101", "TT-102", "TT-103")
FAULTS: dict[str, Fault] = {
    f.id: f
    for f in (
        Fault("oxygen_pre_alarm", _all(MAIN_OXYGEN, 19.9)),
        Fault("oxygen_low", _all(MAIN_OXYGEN, 19.45)),
        Fault("oxygen_very_low", _all((*MAIN_OXYGEN, *PRE_OXYGEN), 18.5)),
        Fault("oxygen_bad", bad=("AT-101A",)),
        Fault("oxygen_all_bad", bad=MAIN_OXYGEN),
        Fault("oxygen_high", (("AT-201A", 24.0),)),
        Fault("room_low", (("AT-301", 19.45),)),
        Fault("room_very_low", (("AT-301", 18.9), ("AT-302", 17.5))),
        Fault("sample_lost", contacts=(("FS-102", False),)),
        Fault("temperature_bad", bad=_TEMPERATURES[:2]),
        Fault("overcold", _all(_TEMPERATURES, -123.5), ramp_s=3.1),
        Fault("warm", _all(_TEMPERATURES, -104.0), ramp_s=3.1),
        Fault("door_contacts", contacts=(("ZS-101A", True), ("ZS-101B", True))),
        Fault("extract_lost", contacts=(("FS-301", False),)),
        Fault("mains_lost", contacts=(("ES-001", False),)),
        Fault("call", contacts=(("HS-101", True),)),
        Fault("estop", contacts=(("HS-001A", False), ("HS-001B", False))),
        Fault("carry_over", (("TT-111", -195.0),)),
        Fault("valve_leaks", (("FT-401", 30.0),)),  # flow although driven shut
        Fault("plc_trip"),  # the PLC trips for a reason of its own
        Fault("silence"),  # the link is down both ways
        Fault("mailbox_deaf"),  # the PLC takes no mail
        Fault("records"),  # nothing reaches the disk
        Fault("api_silent"),
        Fault("voice_dead", contacts=(("YS-102", False),)),
    )
}


class Plc(NamedTuple):
    """The PLC between two scans. ``heard_s``: last valid heartbeat; ``clear_since_s``: since when no cause is present."""

    boot_s: float
    heard_s: float
    state: PlcState = PlcState.SAFE
    leased: bool = False
    trips: int = 0
    causes: int = 0
    first_out: int = 0
    clear_since_s: float = 0.0
    occupied: bool = False
    shut_seen: bool = False
    opened: bool = False
    entry: bool = True  # somebody could have come in since OCCUPIED was set
    inbox: Mail | None = None
    tripped_occupied: bool = False
    door_since_trip: bool = False
    told_occupied: bool = False
    told_state: int = 0
    told_open: bool = False
    told_test: bool = False  # the announcement of the self-test
    mail_seen: int | None = None
    ack: tuple[int, int, int] = (0, 0, 0)
    request: bool = False


class Env(NamedTuple):
    """``marks``: faults that came since everything was last in order; bounds how many may meet."""

    place: Place = Place.NONE
    key: bool = False  # service key turned
    inner_open: bool = False
    outer_open: bool = False
    faults: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    durable: int = 0

    @property
    def doors_shut(self) -> bool:
        return not self.inner_open and not self.outer_open and "door_contacts" not in self.faults

    @property
    def seen(self) -> bool:
        return self.place in (Place.PRE, Place.MAIN)


class World(NamedTuple):
    """Everything between two ticks. ``wrote``: the last scan reached the PLC, so its heartbeat goes on during a jump."""

    now_s: float
    state: State
    plc: Plc
    env: Env
    wrote: bool = False


def start(*, locked_out: bool = False, unknown_session: bool = False, profile: DeviceProfile = PROFILE) -> World:
    """A chamber at rest, already cold, nobody inside; control has just started."""
    state = initial(profile, 0.0, mail_id=1, session_id=1, unknown_session=unknown_session, locked_out=locked_out, upkeep=RECORD)
    return World(0.0, state, Plc(0.0, 0.0, occupied=unknown_session), Env())


def restart_control(world: World) -> World:
    """The control process dies and comes back."""
    s = world.state
    left = s.cycle.left_open if s.session is None else LeftOpen(s.session.id, s.session.persons, s.session.opened_s)
    until = s.cycle.cool_off_until_s
    fresh = initial(
        s.profile,
        world.now_s,
        mail_id=s.next_mail_id + 500,
        session_id=s.next_session_id,
        unknown_session=left is not None or s.cycle.unknown_session,
        locked_out=False,
        left_open=left,
        cool_off_left_s=0.0 if until is None else max(0.0, until - world.now_s),
        upkeep=s.shop.upkeep,
    )
    return world._replace(state=fresh)


def restart_plc(world: World) -> World:
    """Power to the PLC goes and comes: all but the retentive OCCUPIED is lost."""
    return world._replace(plc=Plc(world.now_s, world.now_s, occupied=world.plc.occupied))


def tick(world: World, dt_s: float = SCAN_S, commands: tuple[Command, ...] = ()) -> tuple[World, Result]:
    """Plant and PLC for ``dt_s``, then one scan of the supervisor."""
    now, env = world.now_s + dt_s, world.env
    linked = "silence" not in env.faults
    plc = world.plc
    if world.wrote and linked and dt_s > SCAN_S:
        plc = plc._replace(heard_s=now - SCAN_S)
    plc = _plc_scan(plc, env, now)
    block = _block(plc, env, now) if linked else None
    records_ok = "records" not in env.faults
    inputs = Inputs(
        now,
        block,
        commands,
        durable_session=env.durable,
        records_ok=records_ok,
        api_age_s=60.0 if "api_silent" in env.faults else 0.1,
        utc_s=UTC_S + now,
        day_began_utc_s=UTC_S,
    )
    result = step(world.state, inputs)
    wrote = linked and result.outputs.write
    if wrote:
        plc = _plc_told(plc, env, result.outputs, now)
    durable = result.state.next_session_id - 1 if records_ok else env.durable
    return World(now, result.state, plc, env if durable == env.durable else env._replace(durable=durable), wrote), result


# --- the PLC -----------------------------------------------------------------------------------------------------------


def lease_limit_s(plc: Plc) -> float:
    return LEASE_OCCUPIED_S if plc.occupied else LEASE_EMPTY_S


def _plc_scan(plc: Plc, env: Env, now: float) -> Plc:
    plc = _occupancy(plc, env)
    if plc.inbox is not None:
        plc = _obey(plc._replace(inbox=None), env, plc.inbox, now)
    causes = 0
    if "estop" in env.faults:
        causes |= 1 << Trip.ESTOP
    if "plc_trip" in env.faults:
        causes |= 1 << Trip.VALVE_STUCK_OPEN
    if plc.request:
        causes |= 1 << Trip.EVACUATE_REQUESTED
    if (plc.leased or plc.occupied) and now - plc.heard_s > lease_limit_s(plc):
        causes |= 1 << Trip.LEASE_LOST
    trips = plc.trips | causes
    if trips == 0:
        return plc
    first = plc.first_out if plc.trips != 0 else (causes & -causes).bit_length()
    return plc._replace(
        causes=causes,
        trips=trips,
        first_out=first,
        request=False,
        state=PlcState.EVACUATE if plc.occupied else PlcState.TRIPPED,
        clear_since_s=now if causes != 0 or plc.trips == 0 else plc.clear_since_s,
        tripped_occupied=plc.tripped_occupied or plc.occupied,
        door_since_trip=plc.door_since_trip or (plc.trips != 0 and (env.inner_open or env.outer_open)),
    )


def _occupancy(plc: Plc, env: Env) -> Plc:
    inside = env.seen or plc.told_occupied
    if inside and not plc.occupied:
        return plc._replace(occupied=True, shut_seen=not env.outer_open, opened=False, entry=env.seen)
    if not plc.occupied:
        return plc
    shut_seen = plc.shut_seen or not env.outer_open
    opened = plc.opened or (shut_seen and env.outer_open)
    entry = plc.entry or env.seen or env.outer_open
    if not inside and (opened or not entry):
        return plc._replace(occupied=False)
    unchanged = (shut_seen, opened, entry) == (plc.shut_seen, plc.opened, plc.entry)
    return plc if unchanged else plc._replace(shut_seen=shut_seen, opened=opened, entry=entry)


def _plc_told(plc: Plc, env: Env, out: Outputs, now: float) -> Plc:
    """What a write leaves in the PLC: the lease renewed, the view of the supervisor, mail in the box."""
    d = out.demand
    plc = plc._replace(
        heard_s=now,
        leased=True,
        told_occupied=d.occupied,
        told_state=int(d.cycle_state),
        told_open=bool(d.bits >> Output.XV_401 & 1),
        told_test=d.voice is Voice.TEST,
    )
    if plc.mail_seen is None:
        plc = plc._replace(mail_seen=0)
    if out.mail is None or out.mail.id == plc.mail_seen or "mailbox_deaf" in env.faults:
        return plc
    return plc._replace(mail_seen=out.mail.id, inbox=out.mail)  # obeyed in the PLC's next scan


def _obey(plc: Plc, env: Env, mail: Mail, now: float) -> Plc:
    reason = MailReason.NONE
    match mail.opcode:
        case Opcode.STOP | Opcode.EVACUATE:
            safe = PlcState.SAFE if plc.state is PlcState.RUN else plc.state
            plc = plc._replace(state=safe, request=mail.opcode is Opcode.EVACUATE)
        case Opcode.RESET:
            reason = _reset_refusal(plc, env, now)
            if reason is MailReason.NONE:
                plc = plc._replace(state=PlcState.SAFE, trips=0, first_out=0, tripped_occupied=False, door_since_trip=False)
        case Opcode.START_COOLING:
            if plc.trips != 0:
                reason = MailReason.TRIPPED
            elif plc.occupied and plc.told_state not in (CycleState.BOARDING, CycleState.PRE_CHAMBER, CycleState.EXPOSURE):
                reason = MailReason.OCCUPIED
            else:
                plc = plc._replace(state=PlcState.RUN)
        case Opcode.CONFIRM_EMPTY:
            if env.seen:
                reason = MailReason.NOT_EMPTY
            else:
                plc = plc._replace(occupied=False)  # lenient: that a door was opened is left to the supervisor
        case Opcode.NONE:
            reason = MailReason.UNKNOWN_OPCODE
    return plc._replace(ack=(mail.id, MailResult.ACCEPTED if reason is MailReason.NONE else MailResult.REJECTED, reason))


def _reset_refusal(plc: Plc, env: Env, now: float) -> MailReason:
    if plc.trips == 0:
        return MailReason.RESET_NOT_NEEDED
    if plc.causes != 0 or now - plc.clear_since_s < RESET_CLEAR_S:
        return MailReason.CAUSE_PRESENT
    if env.seen:
        return MailReason.OCCUPIED
    return MailReason.NONE  # lenient: whether a door was opened is left to the supervisor


# --- the block ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _analog(faults: frozenset[str], flowing: bool) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Values and qualities as they stand in a block."""
    signals = {tag: (value, int(QualityNibble.GOOD)) for tag, value in VALUES.items()}
    for tag in _TEMPERATURES:
        signals[tag] = (VALUES[tag] + _WARMER_K, int(QualityNibble.GOOD))
    if not flowing:
        signals["FT-401"] = (0.0, int(QualityNibble.GOOD))
    for name in sorted(faults):
        for tag, value in FAULTS[name].values:
            signals[tag] = (value, signals[tag][1])
        for tag in FAULTS[name].bad:
            signals[tag] = (signals[tag][0], int(QualityNibble.FAILURE_HIGH))
    values, nibbles = zip(*(signals[tag] for tag in TAGS), strict=True)
    return values, nibbles


@lru_cache(maxsize=8192)
def _bits(
    faults: frozenset[str], place: Place, inner_open: bool, outer_open: bool, flowing: bool, key: bool, speaks: bool
) -> dict[str, bool]:
    bits = dict(_HEALTHY.bits) | {"HS-002": key, "YS-102": speaks}
    bits |= {"ZS-101A": not inner_open, "ZS-101B": inner_open, "ZS-201A": not outer_open, "ZS-201B": outer_open}
    bits |= {"YS-101": place is Place.MAIN, "YS-201": place is Place.PRE, "ZSC-401": not flowing}
    for name in sorted(faults):
        bits |= dict(FAULTS[name].contacts)
    return bits


def _block(plc: Plc, env: Env, now: float) -> PlcStatus:
    flags = 1 << Flag.SIMULATED
    flags |= (plc.leased and now - plc.heard_s <= lease_limit_s(plc)) << Flag.LEASE_ALIVE
    flags |= plc.occupied << Flag.OCCUPIED
    flags |= plc.door_since_trip << Flag.DOOR_OPENED_SINCE_TRIP
    flowing = plc.state is PlcState.RUN and plc.told_open
    values, nibbles = _analog(env.faults, flowing)
    return _HEALTHY._replace(
        acquired_at_s=now,
        counter=round(now / SCAN_S) & 0xFFFF,
        uptime_ms=round(1000.0 * (now - plc.boot_s)),
        state=plc.state,
        flags=flags,
        trips=plc.trips,
        causes=plc.causes,
        first_out=plc.first_out,
        outputs=flowing << Output.XV_401,
        values=values,
        nibbles=nibbles,
        bits=_bits(env.faults, env.place, env.inner_open, env.outer_open, flowing, env.key, plc.told_test),
        mail_ack_id=plc.ack[0],
        mail_result=plc.ack[1],
        mail_reason=plc.ack[2],
    )
