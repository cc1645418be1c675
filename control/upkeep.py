"""Upkeep in the scan: what the clock, the service key, the self-test and the commands make of the record."""

from __future__ import annotations

from collections.abc import Callable

from chamber import bypasses, checklist
from chamber.causes import CAUSES
from chamber.causes.cold import SHUT_FLOW_KG_H
from chamber.commands import ROLE_RANK, Command, CommandKind, Reason
from chamber.events import Event, EventKind
from chamber.facts import Facts
from chamber.forcing import VALVES
from chamber.instruments.oxygen import fresh_air
from chamber.proof_tests import BY_ID, Gives, instruments, oxygen_sensors
from chamber.readings import NEVER, Quality
from chamber.states import CycleState
from chamber.tags import ANALOG, BITS
from chamber.upkeep import Entry, Kind, Work, event_data, fingerprint, fold, look, statuses, valid_until
from control.scan import Scan
from control.state import Inputs, Shop, State

C = CycleState
K = CommandKind
CLOCK_JUMP_S = 2.0  # H-10: further apart between two scans is a jump
JUMP_SHOWN_S = 60.0
TIGHT_S = 180.0  # H-07: nitrogen shut for so long without flow or cooling shows tight valves
TIGHT_AGAIN_S = 12 * 3600.0
NOTE_MAX = 500
_SERVICE, _SELF_TEST = C.SERVICE, C.SELF_TEST  # looked up once: compared in every scan
BYPASSABLE = frozenset(c.id for c in CAUSES if c.bypassable)


def look_round(state: State, inputs: Inputs, facts: Facts) -> tuple[Shop, Facts, list[Event]]:
    """Before the rules are asked: the clock, the record by today's date, the bypasses that stay."""
    shop, events, now = state.shop, list[Event](), inputs.now_s
    offset = None if inputs.utc_s is None else inputs.utc_s - now
    jump = 0.0 if offset is None or shop.wall_minus_mono_s is None else offset - shop.wall_minus_mono_s
    jumped = abs(jump) > CLOCK_JUMP_S
    if jumped:
        session = None if state.session is None else state.session.id
        events.append(Event(EventKind.CLOCK, now, {"jump_s": round(jump, 1), "session": session}))
        shop = shop._replace(jump_shown_until_s=now + JUMP_SHOWN_S)
    if offset != shop.wall_minus_mono_s:
        shop = shop._replace(wall_minus_mono_s=offset)
    turned = shop.turns_utc_s is not None and inputs.utc_s is not None and inputs.utc_s >= shop.turns_utc_s
    if not shop.fresh or jumped or turned or inputs.utc_s is None:
        found = statuses(shop.upkeep, state.profile, inputs.utc_s)
        shop = shop._replace(facts=look(shop.upkeep, found), fresh=True, turns_utc_s=valid_until(found))
    if shop.bypasses:
        shop = _keep_bypasses(shop, facts, events)
    if shop.facts is not state.shop.facts or shop.bypasses is not state.shop.bypasses or jumped:
        shown = shop.jump_shown_until_s is not None and now < shop.jump_shown_until_s
        facts = facts._replace(upkeep=shop.facts, bypassed=frozenset(shop.bypasses), clock_jumped=shown)
    return shop, facts, events


def _keep_bypasses(shop: Shop, facts: Facts, events: list[Event]) -> Shop:
    now = facts.now_s
    stay, ended = bypasses.kept(shop.bypasses, now, occupied=facts.occupied, key_turned=facts.service_key)
    events += [Event(EventKind.BYPASS, now, {"cause": e.bypass.cause, "change": "ended", "why": e.why}) for e in ended]
    soon = frozenset(c for c, b in stay.items() if b.until_s - now <= bypasses.REMINDER_S)
    events += [Event(EventKind.BYPASS, now, {"cause": c, "change": "ends_soon"}) for c in sorted(soon - shop.reminded)]
    return shop._replace(bypasses=stay, reminded=soon)


def enter(scan: Scan, entry: Entry) -> None:
    """Add to the record; the rules see it from the next scan on."""
    scan.shop = scan.shop._replace(upkeep=fold(scan.shop.upkeep, (entry,)), fresh=False)
    scan.tell(EventKind.UPKEEP, **event_data(entry))


def follow_upkeep(scan: Scan, before: CycleState) -> None:
    """After the cycle has moved: work that was noticed, tests that the chamber gave itself."""
    _service_key(scan)
    _plc_program(scan)
    state = scan.cycle.state
    if state is _SERVICE and before is not _SERVICE:
        _work(scan, Work.SERVICE_STATE)
    if before is _SELF_TEST and (state is C.IDLE or "oxygen" in scan.cycle.self_test_failed):
        _fresh_air(scan)
    _tightness(scan)


def _work(scan: Scan, reason: Work, note: str = "") -> None:
    enter(scan, Entry(Kind.WORK, scan.inputs.utc_s, reason.value, note=note))


def _service_key(scan: Scan) -> None:
    """H-27: the key begins work and ends it; what was tested in between was tested before the work was done."""
    key, known = scan.facts.service_key, scan.shop.key_turned
    if key is None or key is known:
        return
    if key or known:
        _work(scan, Work.SERVICE_KEY, "turned" if key else "returned")
    scan.shop = scan.shop._replace(key_turned=key)


def _plc_program(scan: Scan) -> None:
    """H-27: another program in the PLC than before, or than this software was made with."""
    plc, known = scan.facts.plc, scan.shop.plc_program
    if plc is None or plc.program_id == known:
        return
    if known is not None or not plc.program_expected:
        _work(scan, Work.PLC_PROGRAM, f"{'' if known is None else f'{known:08x} -> '}{plc.program_id:08x}")
    scan.shop = scan.shop._replace(plc_program=plc.program_id)


def _fresh_air(scan: Scan) -> None:
    """An analyser that is off is out of service until a check passes, whatever the clock says."""
    checked = {tag: fresh_air(scan.perception.analog.get(tag, NEVER)) for tag in oxygen_sensors(scan.old.profile)}
    marks = {tag: mark for tag, mark in checked.items() if mark is not None}
    scan.perception = scan.perception._replace(instruments=scan.perception.instruments._replace(fresh_air=marks))
    if scan.inputs.utc_s is None:
        return
    for tag, mark in checked.items():
        passed = mark is None or mark.quality is Quality.GOOD
        enter(scan, Entry(Kind.PROOF_TEST, scan.inputs.utc_s, "FRESH-AIR", tag, passed, by="self-test"))


def _tightness(scan: Scan) -> None:
    """H-07: a valve that leaks is seen by VALVE-STUCK at any time; rest without flow and without that shows it tight."""
    f, utc = scan.facts, scan.inputs.utc_s
    stuck = scan.causes.get("VALVE-STUCK")
    leaks = stuck is not None and stuck.acting
    rested = f.nitrogen_shut_s is not None and f.nitrogen_shut_s >= TIGHT_S
    if utc is None or not (leaks or rested):
        return
    last = scan.shop.upkeep.given.get(("VALVE-TIGHT", ""))
    if leaks:
        if last is None or last.passed:
            enter(scan, Entry(Kind.PROOF_TEST, utc, "VALVE-TIGHT", passed=False, by="supervisor", note="VALVE-STUCK"))
        return
    work = scan.shop.upkeep.work
    newer = last is not None and last.passed and (work is None or last.serial > work.serial)
    stands = newer and last is not None and last.utc_s is not None and 0.0 <= utc - last.utc_s < TIGHT_AGAIN_S
    if not stands and f.nitrogen_flow_kg_h is not None and f.nitrogen_flow_kg_h <= SHUT_FLOW_KG_H and stuck is None:
        enter(scan, Entry(Kind.PROOF_TEST, utc, "VALVE-TIGHT", by="supervisor", note=f"{TIGHT_S:g} s shut, no flow, no cooling"))


# --- commands; each returns why it is refused ------------------------------------------------------------------------------


def _record(scan: Scan, command: Command) -> tuple[Reason, ...]:
    args, utc = command.args, scan.inputs.utc_s
    test = BY_ID.get(str(args.get("test")))
    if test is None:
        return (Reason("unknown_proof_test", {"test": str(args.get("test"))}),)
    if test.gives is Gives.SELF_TEST:
        return (Reason("given_by_self_test", {"test": test.id}),)
    if ROLE_RANK[command.role] < ROLE_RANK[test.role]:
        return (Reason("role_too_low", {"needed": test.role}),)
    instrument = args.get("instrument", "")
    if not isinstance(instrument, str) or instrument not in instruments(test, scan.old.profile):
        return (Reason("unknown_instrument", {"instrument": str(instrument)}),)
    result, note = args.get("result"), _note(command)
    if result not in ("pass", "fail") or note is None or (result == "fail" and not note):
        return (Reason("result_incomplete"),)
    if utc is None:
        return (Reason("no_date"),)
    enter(scan, Entry(Kind.PROOF_TEST, utc, test.id, instrument, result == "pass", command.user, note))
    return ()


def _sign(scan: Scan, command: Command) -> tuple[Reason, ...]:
    """What the chamber answers itself is kept as it is at this moment."""
    utc, failed = scan.inputs.utc_s, checklist.found_wanting(command)
    if utc is None:
        return (Reason("no_date"),)
    found = checklist.evidence(scan.facts, scan.verdict, failed)
    enter(scan, Entry(Kind.CHECKLIST, utc, "daily", "", not failed, command.user, _note(command) or "", found))
    return ()


def _replaced(scan: Scan, command: Command) -> tuple[Reason, ...]:
    tag, note = command.args.get("tag"), _note(command)
    if not isinstance(tag, str) or tag not in {*ANALOG, *BITS, *VALVES}:
        return (Reason("unknown_instrument", {"instrument": str(tag)}),)
    if note is None:
        return (Reason("result_incomplete"),)
    enter(scan, Entry(Kind.REPLACED, scan.inputs.utc_s, tag, by=command.user, note=note))
    return ()


def _accept(scan: Scan, command: Command) -> tuple[Reason, ...]:
    """Only what was shown is accepted: the fingerprint in the command is that of what is in force, or nothing happens."""
    in_force = scan.shop.upkeep.in_force
    mine = fingerprint(in_force)
    if command.args.get("fingerprint") != mine or not in_force:
        return (Reason("other_configuration", {"in_force": mine}),)
    entry = Entry(Kind.ACCEPTED, scan.inputs.utc_s, mine, by=command.user, note=_note(command) or "", configuration=in_force)
    enter(scan, entry)
    return ()


def _bypass(scan: Scan, command: Command) -> tuple[Reason, ...]:
    asked = bypasses.asked(command.args, command.user, scan.now, BYPASSABLE)
    if isinstance(asked, Reason):
        return (asked,)
    scan.shop = scan.shop._replace(bypasses={**scan.shop.bypasses, asked.cause: asked}, reminded=scan.shop.reminded - {asked.cause})
    left = round(asked.until_s - scan.now)
    scan.tell(EventKind.BYPASS, cause=asked.cause, change="began", reason=asked.reason, measure=asked.measure, for_s=left, user=asked.by)
    return ()


def _end_bypass(scan: Scan, command: Command) -> tuple[Reason, ...]:
    cause = str(command.args.get("cause"))
    if cause not in scan.shop.bypasses:
        return (Reason("no_such_bypass", {"cause": cause}),)
    scan.shop = scan.shop._replace(bypasses={c: b for c, b in scan.shop.bypasses.items() if c != cause})
    scan.tell(EventKind.BYPASS, cause=cause, change="ended", why="ended", user=command.user)
    return ()


def _note(command: Command) -> str | None:
    """The note, "" for none, or None for something that is no note."""
    note = command.args.get("note", "")
    return note.strip() if isinstance(note, str) and len(note) <= NOTE_MAX else None


UPKEEP: dict[CommandKind, Callable[[Scan, Command], tuple[Reason, ...]]] = {
    K.RECORD_PROOF_TEST: _record,
    K.SIGN_CHECKLIST: _sign,
    K.REPLACED: _replaced,
    K.ACCEPT_CONFIGURATION: _accept,
    K.BYPASS: _bypass,
    K.END_BYPASS: _end_bypass,
}
