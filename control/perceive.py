"""From a PLC block to readings, votes and facts. Validation happens here, once, for everybody."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import itemgetter

from chamber import checklist
from chamber.causes.house import DATA_LOST_S, DATA_STALE_S
from chamber.facts import CONTACTS, Door, Facts, PlcFacts
from chamber.instruments.oxygen import HIGHEST_FACTOR
from chamber.limits import O2_REENTRY_PCT
from chamber.profile import DeviceProfile, Room
from chamber.readings import NEVER, Quality, Reading, Why
from chamber.states import CycleState
from chamber.tags import FACE_ABOVE_RIM, ROOM_OXYGEN_FLOOR, ROOM_OXYGEN_HIGH
from chamber.voting import vote
from control.state import Changes, Cycle, Inputs, Moment, Perception, State
from control.validate import forget, grow_old, validate
from plc_bridge.contract import Flag, Output, PlcState
from plc_bridge.fingerprint import PROGRAM_ID
from plc_bridge.status import PlcStatus, first_out_name, trip_names

PRE_WARMER_BANDS = 5.0  # width of the pre-chamber's band, in bands of the main room
PRE_COLDER_BANDS = 10.0
MOMENT_S = 1.0
UPTIME_WRAPS_MS = 1 << 32
WRAP_WITHIN_S = 1.0  # H-16: what two clocks may differ by between two blocks
NO_FINDINGS: Mapping[str, str] = {}
MOMENTS = 125
_MAIN, _OXYGEN = 1, 2  # fields of a Moment
_GOOD = Quality.GOOD
_SHUT, _OPEN, _UNKNOWN = Door.SHUT, Door.OPEN, Why.PRESSURE_UNKNOWN
_MAIN_VALVE, _PURGE_FAN, _RECIRC_FAN = 1 << Output.XV_401, 1 << Output.PURGE_FAN, 1 << Output.RECIRC_FAN
_WARMING = _PURGE_FAN | 1 << Output.DRY_HEATER
_PLC_STATES = {s: s.name.lower() for s in PlcState}
_OCCUPIED, _LEASE_ALIVE, _SIMULATED = 1 << Flag.OCCUPIED, 1 << Flag.LEASE_ALIVE, 1 << Flag.SIMULATED
_IN_SESSION = frozenset({CycleState.PRE_CHAMBER, CycleState.EXPOSURE, CycleState.EXIT, CycleState.EVACUATE})
_LEAVING = frozenset({CycleState.EXIT, CycleState.EVACUATE, CycleState.ESTOP})
_CONFIRMED = frozenset({CycleState.PRE_CHAMBER, CycleState.EXPOSURE, CycleState.EXIT})
_SAYS = slice(PlcStatus._fields.index("state"), PlcStatus._fields.index("exposure_elapsed_s"))
"""What the PLC says of itself, but for its program and its clock of the exposure, which moves on."""


def perceive(old: Perception, inputs: Inputs, profile: DeviceProfile) -> Perception:
    """Take in a new block, or let the old readings age."""
    now = inputs.now_s
    if inputs.block is not None and not _same_time(old.block, inputs.block):
        return _take(old, inputs.block, now, profile)
    if old.block is None:
        return old
    age = now - old.block.acquired_at_s
    stage = 2 if age >= DATA_LOST_S else 1 if age >= DATA_STALE_S else 0
    if stage == old.stage:
        return old._replace(restarted=False)
    quality, why = (Quality.BAD, Why.NO_LINK) if stage == 2 else (Quality.UNCERTAIN, Why.STALE)
    return old._replace(
        analog=grow_old(old.analog, quality, why),
        bits=dict.fromkeys(old.bits),
        stage=stage,
        restarted=False,
        entry_good_since_s=None,
        room_good_since_s=None,
        history=(),
        doors_shut=False,
        undisturbed_since_s=None,
        unwarmed_since_s=None,
        closed_since_s=None,
        instruments=forget(old.instruments),
        changes=Changes(),
    )


def _same_time(old: PlcStatus | None, new: PlcStatus) -> bool:
    """A new counter over an old clock: the PLC answers, but its program stands still, so nothing in the block is new (H-15)."""
    return old is not None and new.uptime_ms == old.uptime_ms


def _went_back(old: PlcStatus, new: PlcStatus) -> bool:
    """The PLC's clock went back: it has restarted. Every 49.7 days its milliseconds begin anew: they have then gone on by what passed."""
    if new.uptime_ms >= old.uptime_ms:
        return False
    gone_on_s = (new.uptime_ms - old.uptime_ms) % UPTIME_WRAPS_MS / 1000.0
    return gone_on_s > new.acquired_at_s - old.acquired_at_s + WRAP_WITHIN_S


def _take(old: Perception, block: PlcStatus, now: float, profile: DeviceProfile) -> Perception:
    restarted = old.block is not None and _went_back(old.block, block)
    bits: Mapping[str, bool | None] = block.bits
    absent = profile.absent.contacts
    if absent:
        unchanged = old.stage == 0 and old.block is not None and bits is old.block.bits
        bits = old.bits if unchanged else {**bits, **absent}
    if bits is old.bits:
        doors_shut = old.doors_shut  # the same contacts: as they were judged last time
    else:
        doors_shut = all(door(bits, room) is _SHUT for room in profile.rooms)
    analog, instruments = validate(old.instruments, block, old.block if old.stage == 0 else None, now, doors_shut, profile)
    room_fit, all_fit = _fit_to_breathe(analog, profile)
    history, changes = old.history, old.changes
    if not history or now - history[-1].t_s >= MOMENT_S:
        history = _remember(history, analog, now, profile)
        changes = Changes(_change(history, 10.0, _OXYGEN), _change(history, 30.0, _MAIN), _change(history, 120.0, _MAIN))
    shut, warmed = not block.outputs & _MAIN_VALVE, block.outputs & _WARMING != 0
    return Perception(
        analog,
        bits,
        _since(all_fit, old.entry_good_since_s, now),
        _since(room_fit, old.room_good_since_s, now),
        history,
        doors_shut,
        _since(doors_shut and not warmed and _same_fan(old.block, block), old.undisturbed_since_s, now),
        _since(not warmed, old.unwarmed_since_s, now),
        _since(shut, old.closed_since_s, now),
        instruments,
        changes,
        block,
        restarted,
        0,
    )


def _since(holds: bool, since: float | None, now: float) -> float | None:
    return (now if since is None else since) if holds else None


def _same_fan(old: PlcStatus | None, new: PlcStatus) -> bool:
    """Not just started or stopped: that mixes the air, or lets it fall into layers."""
    return old is None or not (old.outputs ^ new.outputs) & _RECIRC_FAN


def _remember(history: tuple[Moment, ...], analog: Mapping[str, Reading[float]], now: float, profile: DeviceProfile) -> tuple[Moment, ...]:
    oxygen = vote([analog[t] for t in profile.oxygen])
    moment = Moment(now, vote([analog[t] for t in profile.main.temperatures]).value, oxygen.lowest)
    return (*history[-MOMENTS:], moment)


def _change(history: tuple[Moment, ...], over_s: float, field: int) -> float | None:
    """Last value minus the one ``over_s`` ago; None while either is not known."""
    if not history or history[-1][field] is None:
        return None
    last = history[-1]
    older = bisect_left(history, True, key=lambda moment: last.t_s - moment.t_s < over_s)  # the newest of them is the one
    if older == 0:
        return None
    then, value = history[older - 1][field], last[field]
    return None if then is None or value is None else value - then


def _fit_to_breathe(analog: Mapping[str, Reading[float]], profile: DeviceProfile) -> tuple[bool, bool]:
    """(room, room and chamber). An unknown chamber value spoils the chamber only, a low one both: it exhales into the room (H-03)."""
    for tag in (ROOM_OXYGEN_HIGH, ROOM_OXYGEN_FLOOR):
        value, quality, _, _ = analog[tag]
        if quality is not _GOOD or value is None or value < O2_REENTRY_PCT:
            return False, False
    known = True
    for tag in profile.oxygen:
        value, quality, _, _ = analog[tag]
        if quality is not _GOOD or value is None:
            known = False
        elif value < O2_REENTRY_PCT:
            return False, False
    return True, known


def door(bits: Mapping[str, bool | None], room: Room) -> Door:
    """Two contacts, one closing and one opening: only both agreeing on shut is shut (H-12)."""
    closed, opened = bits.get(room.door_closed_contact), bits.get(room.door_open_contact)
    if closed is None or opened is None:
        return Door.UNKNOWN
    if closed == opened:
        return Door.FAULT
    return _SHUT if closed else _OPEN


def gather(state: State, p: Perception, inputs: Inputs) -> Facts:
    """All facts of this scan; cycle and session as the last scan left them.

    Built by place, in the order of the fields: naming seventy-six of them costs ten times as much, ten times a second. Contacts that
    are those of the last scan give the facts they gave then.
    """
    now, profile, cycle, session, shop, old = inputs.now_s, state.profile, state.cycle, state.session, state.shop, state.facts
    analog, block = p.analog, p.block
    main, o2_main = _of(analog, profile.main.temperatures), _of(analog, profile.main.oxygen)
    pre = _of(analog, profile.zones if profile.pre is None else profile.pre.temperatures)
    o2_pre = () if profile.pre is None else _of(analog, profile.pre.oxygen)
    contacts: tuple[object, ...] = old[CONTACTS] if old is not None and p.bits is state.perception.bits else _contacts(p.bits, profile)
    plc = _plc(state, p)
    program = cycle.program
    of_session = _NO_SESSION
    if session is not None:
        of_session = (
            session.limit_s,
            session.exposure_elapsed_s(now),
            session.pre_elapsed_s(now),
            session.program.pre_chamber_s,
            session.confirmed_s + profile.limits.operator_confirm_s - now if cycle.state in _CONFIRMED else None,
            None if session.exit_from_s is None else now - session.exit_from_s,
            session.exit_door_opened,
            session.outer_opened,
            None if state.skin is None or state.skin.session != session.id else state.skin.low_c,
            session.count_due if cycle.state in _LEAVING else None,
        )
    occupied = (
        cycle.state in _IN_SESSION
        or contacts[_PRESENCE_MAIN] is True
        or contacts[_PRESENCE_PRE] is True
        or cycle.unknown_session
        or (plc is not None and plc.occupied)
    )
    return Facts._make(
        (
            now,
            None if block is None else now - block.acquired_at_s,
            plc,
            vote(main),
            vote(pre),
            main,
            analog.get("TT-111", NEVER),
            vote(o2_main),
            vote(o2_pre),
            o2_main,
            o2_pre,
            analog.get(ROOM_OXYGEN_HIGH, NEVER),
            analog.get(ROOM_OXYGEN_FLOOR, NEVER),
            _high_factor((*o2_main, *o2_pre)),
            0.0 if p.entry_good_since_s is None else now - p.entry_good_since_s,
            0.0 if p.room_good_since_s is None else now - p.room_good_since_s,
            *p.changes,
            None if p.closed_since_s is None else now - p.closed_since_s,
            analog.get("FT-401", NEVER).good,
            None if block is None else block.valve_main_pct,
            0.0 if p.undisturbed_since_s is None else now - p.undisturbed_since_s,
            0.0 if p.unwarmed_since_s is None else now - p.unwarmed_since_s,
            now - cycle.since_s,
            *of_session,
            0.0 if cycle.cool_off_until_s is None else max(0.0, cycle.cool_off_until_s - now),
            inputs.api_age_s,
            inputs.panel_age_s,
            analog.get("LT-401", NEVER).good,
            analog.get("PT-401", NEVER).good,
            analog.get("PT-301", NEVER).good,
            analog.get("JT-001", NEVER).good,
            None if cycle.voice_heard_s is None else now - cycle.voice_heard_s,
            *contacts,
            profile.limits,
            profile.regulator_main.valve_max_pct,
            None if program is None else program.setpoint_main_c,
            None if block is None or p.stage > 0 else block.outputs & _PURGE_FAN != 0,
            p.instruments.meter.used,
            p.instruments.due,
            cycle.state,
            occupied,
            inputs.records_ok,
            profile.absent.tags,
            cycle.unknown_session,
            cycle.self_test_failed,
            cycle.voice_failed,
            state.watch.broken,
            NO_FINDINGS if state.twin is None else state.twin.due,
            shop.facts,
            checklist.holds(shop.upkeep.checklist, inputs.utc_s, inputs.day_began_utc_s),
            frozenset(shop.bypasses),
            shop.jump_shown_until_s is not None and now < shop.jump_shown_until_s,
            tuple([a.id for a in state.alarms.values() if a.out_of_safety]) if state.alarms else (),
            inputs.sign_in_abused,
        )
    )


_NO_SESSION: tuple[float | None, ...] = (None, None, None, None, None, None, False, False, None, None)
_CONTACT_FIELDS = Facts._fields[CONTACTS]
_PRESENCE_MAIN, _PRESENCE_PRE = _CONTACT_FIELDS.index("presence_main"), _CONTACT_FIELDS.index("presence_pre")


def _contacts(bits: Mapping[str, bool | None], profile: DeviceProfile) -> tuple[Door | bool | None, ...]:
    """The facts that follow from the contacts, in the order of ``Facts``."""
    estop_a, estop_b = bits.get("HS-001A"), bits.get("HS-001B")
    loop, entrance = bits.get("HS-301"), profile.entrance
    found: dict[str, Door | bool | None] = {
        "inner_door": door(bits, profile.main),
        "outer_door": door(bits, entrance),
        "presence_main": bits.get(profile.main.presence),
        "presence_pre": bits.get(entrance.presence),
        "face_clear": FACE_ABOVE_RIM in profile.absent.tags or bits.get(FACE_ABOVE_RIM) is True,
        "one_room": profile.pre is None,
        "estop_released": None if estop_a is None or estop_b is None else estop_a and estop_b,
        "call_pressed": bits.get("HS-101"),
        "sample_flow": bits.get("FS-102"),
        "extract_flow": bits.get("FS-301"),
        "mains": bits.get("ES-001"),
        "ln2_closed": bits.get("ZSC-401"),
        "purge_flow": bits.get("FS-101"),
        "room_emergency": None if loop is None else not loop,
        "service_key": bits.get("HS-002"),
        "announcement_heard": bits.get("YS-102"),
        "ups_healthy": bits.get("JS-001"),
    }
    return tuple([found[name] for name in _CONTACT_FIELDS])


def _of(analog: Mapping[str, Reading[float]], tags: tuple[str, ...]) -> tuple[Reading[float], ...]:
    return _picker(tags)(analog) if analog else (NEVER,) * len(tags)


@lru_cache(maxsize=64)
def _picker(tags: tuple[str, ...]) -> Callable[[Mapping[str, Reading[float]]], tuple[Reading[float], ...]]:
    """Readings of these tags; from two on without a loop."""
    return itemgetter(*tags) if len(tags) > 1 else lambda analog: tuple([analog[t] for t in tags])


def _high_factor(oxygen: tuple[Reading[float], ...]) -> float:
    for _, _, why, _ in oxygen:
        if why is _UNKNOWN:
            return HIGHEST_FACTOR
    return 1.0


def _says_the_same(b: PlcStatus, before: PlcStatus) -> bool:
    return b[_SAYS] == before[_SAYS] and b.program_id == before.program_id


def _plc(state: State, p: Perception) -> PlcFacts | None:
    """What the PLC says of itself; as long as it says the same, what was made of it last time."""
    b, old = p.block, state.perception
    if b is None:
        return None
    known = None if state.facts is None else state.facts.plc
    if known is not None and old.block is not None and p.restarted is old.restarted and _says_the_same(b, old.block):
        return known if b.exposure_elapsed_s == known.exposure_elapsed_s else known._replace(exposure_elapsed_s=b.exposure_elapsed_s)
    return PlcFacts(
        state=_PLC_STATES[b.state],
        trips=trip_names(b.trips) if b.trips != 0 else frozenset(),
        causes=trip_names(b.causes) if b.causes != 0 else frozenset(),
        first_out=first_out_name(b.first_out),
        occupied=b.flags & _OCCUPIED != 0,
        lease_alive=b.flags & _LEASE_ALIVE != 0,
        exposure_elapsed_s=b.exposure_elapsed_s,
        simulated=b.flags & _SIMULATED != 0,
        restarted=p.restarted,
        program_id=b.program_id,
        program_expected=b.program_id == PROGRAM_ID,
    )


def ready_band(facts: Facts, cycle: Cycle) -> tuple[bool, bool]:
    """(in band, far out of band) of both rooms around the program's set points."""
    if cycle.program is None or facts.main.value is None or facts.pre.value is None:
        return False, True
    main_off = abs(facts.main.value - cycle.program.setpoint_main_c)
    if facts.one_room:
        return main_off <= facts.limits.ready_band_k, main_off > 2.0 * facts.limits.ready_band_k
    pre_off = facts.pre.value - cycle.program.setpoint_pre_c
    band = facts.limits.ready_band_k
    # the pre-chamber has no therapy, and no heater: at idle the main room and the partition draw it colder
    pre_in = -PRE_COLDER_BANDS * band <= pre_off <= PRE_WARMER_BANDS * band
    pre_far = not -1.5 * PRE_COLDER_BANDS * band <= pre_off <= 1.5 * PRE_WARMER_BANDS * band
    return main_off <= band and pre_in, main_off > 2.0 * band or pre_far
