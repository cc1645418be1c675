"""Upkeep in the scan: the key, the replaced sensor, the other program, the acceptance, the bypass, the clock (FI-11, FI-21, FI-26)."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest

from chamber.checklist import BY_PERSON
from chamber.commands import Command, CommandKind, Outcome, Role
from chamber.events import EventKind
from chamber.proof_tests import PROOF_TESTS, Gives, instruments
from chamber.states import CycleState
from chamber.upkeep import Upkeep, fingerprint
from control.scan import Scan
from control.site_day import UnknownZoneError, day_began, zone
from control.state import Inputs, Result
from control.step import initial
from control.upkeep import follow_upkeep
from control.upkeep_view import upkeep_view
from cryochamber.commission import BY_HAND
from cryochamber.config import load_profile
from plc_bridge.contract import Voice
from tests.chamber.asking import PROFILE
from tests.control.blocks import CONTACTS
from tests.control.day import Day
from tests.control.test_queue import RECORD, UTC_S, Bench, press

C, K = CycleState, CommandKind
KEY = (*CONTACTS, "HS-002")
SERVICE = Role.SERVICE
BYPASS: dict[str, Any] = {"cause": "PWR-MAINS", "reason": "proof test of the UPS", "measure": "room aired, nobody inside", "minutes": 10}


class Shop(Bench):
    """A bench at whose panel anybody may press, and whose loudspeaker is heard."""

    count = 0

    def scan(self, *commands: Command, **more: Any) -> Result:
        contacts = self.plc.get("contacts", CONTACTS)
        if self.announcing:
            self.plc["contacts"] = (*contacts, "YS-102")
        result = super().scan(*commands, **more)
        self.plc["contacts"] = contacts
        self.announcing = result.outputs.demand.voice is Voice.TEST
        return result

    announcing = False

    def press(self, kind: CommandKind, role: Role = SERVICE, **args: Any) -> list[str]:
        """Codes of the refusal, empty if it was accepted."""
        Shop.count += 1
        name = f"p{Shop.count}"
        result = self.scan(press(kind, name, role, **args))
        answer = next(a for a in result.outputs.answers if a.id == name)
        assert (answer.outcome is Outcome.ACCEPTED) == (not answer.reasons)
        return [r.code for r in answer.reasons]

    @property
    def acting(self) -> set[str]:
        return {c.id for c, _ in self.state.verdict.acting}

    def pass_all(self) -> None:
        """Every test a person answers for."""
        for test in PROOF_TESTS:
            if test.gives is not Gives.SELF_TEST:
                for instrument in instruments(test, PROFILE):
                    assert self.press(K.RECORD_PROOF_TEST, test=test.id, instrument=instrument, result="pass") == []


def bench(**plc: Any) -> Shop:
    """READY, as far as the cycle goes, in a chamber that was commissioned and started up today."""
    made = Shop(C.SELF_TEST, **plc)
    made.run(35)
    assert made.state.cycle.state is C.IDLE
    made.run(2)
    assert made.acting == set()
    return made


# --- work on the device (FI-26) ---------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-SVC-001")
def test_the_service_key_blocks_until_everything_was_tested_after_it_came_back() -> None:
    shop = bench()
    shop.plc["contacts"] = KEY
    shop.run(3)
    assert shop.acting == {"MAINTENANCE", "SERVICE-KEY"}
    shop.pass_all()  # while the key is turned, work goes on
    shop.plc["contacts"] = CONTACTS
    shop.run(3)
    assert shop.acting == {"MAINTENANCE"}
    shop.pass_all()
    assert shop.acting == {"MAINTENANCE"}  # fresh air is shown by the self-test alone
    assert shop.press(K.RECORD_PROOF_TEST, test="FRESH-AIR", instrument="AT-301", result="pass") == ["given_by_self_test"]
    shop.press(K.SHUT_DOWN)
    shop.press(K.START_UP)
    shop.run(35)
    assert (shop.state.cycle.state, shop.acting) == (C.IDLE, set())


@pytest.mark.req("SRS-SVC-001")
def test_a_key_found_turned_at_the_start_is_work() -> None:
    shop = Shop(C.STOPPED, contacts=KEY)
    shop.run(3)
    assert shop.acting == {"MAINTENANCE"}


def test_an_unknown_key_is_no_news() -> None:
    shop = bench()
    shop.silent = True
    shop.run(40)
    shop.silent = False
    shop.run(3)
    assert "MAINTENANCE" not in shop.acting


@pytest.mark.req("SRS-SVC-001")
def test_a_replaced_instrument_is_work() -> None:
    shop = bench()
    assert shop.press(K.REPLACED, role=Role.OPERATOR, tag="AT-301") == ["role_too_low"]
    assert shop.press(K.REPLACED, tag="XX-1") == ["unknown_instrument"]
    assert shop.press(K.REPLACED, tag="AT-301", note="x" * 501) == ["result_incomplete"]
    assert shop.press(K.REPLACED, tag="AT-301", note="cell at its age") == []
    shop.run(1)
    assert shop.acting == {"MAINTENANCE"}
    assert "O2-CAL AT-301" in shop.state.shop.facts.after_work


@pytest.mark.req("SRS-SVC-001", "SRS-SVC-007")
def test_another_program_in_the_plc_closes_nitrogen_and_is_work() -> None:
    shop = bench()
    shop.plc["program_id"] = 0x1234_5678
    shop.run(2)
    assert {"PLC-PROGRAM", "MAINTENANCE"} <= shop.acting
    assert shop.state.cycle.state is C.FAULT
    del shop.plc["program_id"]
    shop.run(120)
    assert shop.press(K.RESET) == []
    shop.run(2)
    assert shop.acting == {"MAINTENANCE"}  # back to the right one: worked on all the same


def test_service_mode_is_work() -> None:
    shop = bench()
    s = shop.state
    assert s.facts is not None
    inputs = Inputs(shop.now, None, utc_s=UTC_S + shop.now)
    same = {f.name: getattr(s, f.name) for f in fields(Scan) if f.name in s._fields}
    cycle = s.cycle._replace(state=C.SERVICE)
    scan = Scan(
        **same | {"old": s, "inputs": inputs, "facts": s.facts, "causes": {}, "alarms": {}, "cycle": cycle, "now": shop.now, "plc": None}
    )
    follow_upkeep(scan, C.STOPPED)
    assert scan.shop.upkeep.work is not None
    assert scan.shop.upkeep.work.reason == "service_state"
    serial = scan.shop.upkeep.serial
    follow_upkeep(scan, C.SERVICE)  # once for each entry
    assert scan.shop.upkeep.serial == serial


# --- tests ------------------------------------------------------------------------------------------------------------------


def test_the_self_test_records_fresh_air_of_every_sensor() -> None:
    shop = bench()
    given = {k: v for k, v in shop.state.shop.upkeep.given.items() if k[0] == "FRESH-AIR"}
    assert len(given) == 7
    assert {(g.passed, g.by) for g in given.values()} == {(True, "self-test")}


def test_a_sensor_that_is_off_in_fresh_air_has_failed_its_test() -> None:
    shop = Shop(C.SELF_TEST, AT_301=20.3)
    shop.run(160)
    assert shop.state.cycle.state is C.FAULT
    given = shop.state.shop.upkeep.given
    assert [k[1] for k, v in given.items() if k[0] == "FRESH-AIR" and not v.passed] == ["AT-301"]


def test_roles_and_words_of_a_record() -> None:
    shop = bench()

    def record(role: Role = SERVICE, **args: Any) -> list[str]:
        return shop.press(K.RECORD_PROOF_TEST, role=role, **args)

    assert record(Role.OPERATOR, test="DOOR-RELEASE", result="pass") == []
    assert record(Role.OPERATOR, test="O2-TRIP", instrument="AT-301", result="pass") == ["role_too_low"]
    assert record(test="LUCK", result="pass") == ["unknown_proof_test"]
    assert record(test="O2-TRIP", result="pass") == ["unknown_instrument"]
    assert record(test="ESTOP", instrument="AT-301", result="pass") == ["unknown_instrument"]
    assert record(test="ESTOP", result="well") == ["result_incomplete"]
    assert record(test="ESTOP", result="fail") == ["result_incomplete"]  # a failure says what failed
    assert record(test="ESTOP", result="fail", note="button 2 dead") == []
    shop.run(1)
    assert shop.acting == {"PROOF-OVERDUE"}
    assert record(test="ESTOP", result="pass", note="replaced") == []
    shop.run(1)
    assert shop.acting == set()


def test_no_date_no_record() -> None:
    shop = bench()
    result = shop.scan(press(K.RECORD_PROOF_TEST, "x", SERVICE, test="ESTOP", result="pass"), utc_s=None)
    assert [r.code for r in result.outputs.answers[0].reasons] == ["no_date"]
    assert "PROOF-OVERDUE" in shop.acting  # and without a date nothing can be shown to stand


@pytest.mark.req("SRS-SVC-002")
def test_due_soon_is_told_and_overdue_blocks_while_the_process_runs() -> None:
    shop = bench(FT_401=0.2)

    def at(hours: float) -> set[str]:
        # both clocks go on together: nobody set the wall clock
        shop.now += hours * 3600.0 - (shop.now - 100.0)
        shop.run(2)
        return {c for c in shop.acting if c.startswith(("PROOF", "MAIN", "CLOCK"))}

    assert at(17.9) == set()
    assert at(18.1) == {"PROOF-DUE"}
    assert at(24.1) == {"PROOF-OVERDUE"}
    assert shop.state.shop.turns_utc_s is not None
    assert shop.state.shop.turns_utc_s > UTC_S + 86400.0


@pytest.mark.req("SRS-SVC-002")
def test_rest_without_flow_shows_the_valves_tight() -> None:
    shop = bench(outputs=0, FT_401=0.2)
    before = shop.state.shop.upkeep.given["VALVE-TIGHT", ""].serial
    shop.press(K.REPLACED, tag="TT-101")
    shop.run(1800)
    after = shop.state.shop.upkeep.given["VALVE-TIGHT", ""]
    assert (after.passed, after.by, after.serial > before) == (True, "supervisor", True)
    shop.run(600)
    assert shop.state.shop.upkeep.given["VALVE-TIGHT", ""] == after  # once is enough for half a day


def test_flow_although_shut_fails_the_test_of_the_valves() -> None:
    shop = bench(outputs=0, FT_401=30.0)
    shop.run(900)
    given = shop.state.shop.upkeep.given["VALVE-TIGHT", ""]
    assert (given.passed, given.note) == (False, "VALVE-STUCK")
    assert {"VALVE-STUCK", "PROOF-OVERDUE"} <= shop.acting


# --- configuration ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-SVC-007")
def test_what_is_not_accepted_closes_nitrogen_until_it_is_and_then_everything_is_tested() -> None:
    shop = Shop()
    changed = RECORD._replace(in_force={**RECORD.in_force, "profile.limits.exposure_s": "170.0"})
    fresh = initial(PROFILE, 100.0, mail_id=5, session_id=1, unknown_session=False, locked_out=False, upkeep=changed)
    shop.state = fresh
    shop.run(2)
    assert shop.press(K.CONFIRM_EMPTY) == []
    shop.run(1)
    assert (shop.state.cycle.state, shop.acting) == (C.FAULT, {"SEC-CONF"})
    mine = fingerprint(changed.in_force)
    assert shop.press(K.ACCEPT_CONFIGURATION, role=Role.OPERATOR, fingerprint=mine) == ["role_too_low"]
    assert shop.press(K.ACCEPT_CONFIGURATION, fingerprint=fingerprint(RECORD.in_force)) == ["other_configuration"]
    assert shop.press(K.ACCEPT_CONFIGURATION, fingerprint=mine) == []
    shop.run(1)
    assert shop.press(K.RESET) == ["clear_too_short"]
    shop.run(120)
    assert shop.press(K.RESET) == []
    shop.run(2)
    assert shop.acting == {"MAINTENANCE"}
    accepted = shop.state.shop.upkeep.accepted
    assert accepted is not None
    assert (accepted.by, dict(accepted.configuration)) == ("anna", dict(changed.in_force))


def test_a_first_start_ever_needs_acceptance_and_tests() -> None:
    shop = Shop()
    shop.state = initial(PROFILE, 100.0, mail_id=5, session_id=1, unknown_session=False, locked_out=False)
    shop.run(2)
    assert shop.acting == {"SEC-CONF", "PROOF-OVERDUE"}
    assert shop.press(K.ACCEPT_CONFIGURATION, fingerprint=fingerprint({})) == ["other_configuration"]  # nothing known, nothing accepted


# --- bypasses (FI-21) -------------------------------------------------------------------------------------------------------


def bypassed() -> Shop:
    shop = bench()
    shop.plc["contacts"] = KEY
    shop.run(2)
    assert shop.press(K.BYPASS, **BYPASS) == []
    shop.run(1)
    assert {"BYPASS-ACT", "MAINTENANCE"} <= shop.acting
    return shop


@pytest.mark.req("SRS-SVC-003")
def test_a_bypass_needs_service_and_key() -> None:
    shop = bench()
    assert shop.press(K.BYPASS, **BYPASS) == ["key_not_turned"]
    shop.plc["contacts"] = KEY
    shop.run(1)
    assert shop.press(K.BYPASS, role=Role.OPERATOR, **BYPASS) == ["role_too_low"]
    assert shop.press(K.BYPASS, **BYPASS | {"cause": "O2-CH-LL"}) == ["not_bypassable"]
    assert shop.press(K.END_BYPASS, cause="PWR-MAINS") == ["no_such_bypass"]


@pytest.mark.req("SRS-SVC-003")
def test_what_is_bypassed_does_not_act_and_nobody_gets_in() -> None:
    shop = bypassed()
    shop.plc["contacts"] = tuple(c for c in KEY if c != "ES-001")
    shop.run(10)
    assert "PWR-MAINS" not in shop.acting
    assert shop.press(K.END_BYPASS, role=Role.OPERATOR, cause="PWR-MAINS") == []
    shop.run(5)
    assert "PWR-MAINS" in shop.acting


@pytest.mark.req("SRS-SVC-003")
def test_a_bypass_reminds_and_ends_by_itself() -> None:
    shop = bypassed()
    told: list[tuple[float, str]] = []
    began = shop.now
    for _ in range(6100):
        told += [(shop.now - began, e.data["change"]) for e in shop.scan().events if e.kind is EventKind.BYPASS]
    assert [what for _, what in told] == ["ends_soon", "ended"]
    assert [t for t, _ in told] == [pytest.approx(300.0, abs=0.5), pytest.approx(600.0, abs=0.5)]
    assert "BYPASS-ACT" not in shop.acting


@pytest.mark.req("SRS-SVC-003")
@pytest.mark.parametrize("contacts", [(*KEY, "YS-101"), (*KEY, "YS-201"), CONTACTS])
def test_anybody_seen_inside_or_the_key_returned_ends_it_in_the_same_scan(contacts: tuple[str, ...]) -> None:
    shop = bypassed()
    shop.plc["contacts"] = contacts
    result = shop.scan()
    assert [e.data["change"] for e in result.events if e.kind is EventKind.BYPASS] == ["ended"]
    assert "BYPASS-ACT" not in shop.acting


@pytest.mark.req("SRS-SVC-003")
def test_no_bypass_survives_a_restart() -> None:
    shop = bypassed()
    old = shop.state
    shop.state = initial(PROFILE, shop.now, mail_id=9, session_id=1, unknown_session=False, locked_out=False, upkeep=old.shop.upkeep)
    shop.run(2)
    assert shop.state.shop.bypasses == {}
    assert "BYPASS-ACT" not in shop.acting
    assert "MAINTENANCE" in shop.acting  # the work is remembered, the bypass is not


# --- the clock (FI-11) ------------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-SVC-008")
def test_the_clock_may_jump_and_the_exposure_ends_at_the_same_instant(exposed: Day) -> None:
    calm, shaken = exposed.copy(), exposed.copy()
    for day, step_s in ((calm, 0.0), (shaken, 3600.0)):
        day.run(20.0)
        day.chamber.utc_offset_s += step_s
        day.run(20.0)
        day.chamber.utc_offset_s -= 2 * step_s
        day.until_state(C.EXIT, 200.0)
    assert calm.entered(C.EXIT) == shaken.entered(C.EXIT)
    session = shaken.chamber.state.session
    assert session is not None
    assert [(e.data["jump_s"], e.data["session"]) for e in shaken.told(EventKind.CLOCK)] == [(3600.0, session.id), (-7200.0, session.id)]
    assert calm.told(EventKind.CLOCK) == []
    assert shaken.told(EventKind.CAUSE, cause="CLOCK-JUMP", change="set")
    assert not shaken.told(EventKind.CAUSE, cause="CLOCK-JUMP", change="set")[0].t_s < exposed.now + 20.0
    shaken.assert_safe()


@pytest.mark.parametrize(("step_s", "seen"), [(2.1, True), (-2.1, True), (1.9, False), (-1.9, False)])
def test_two_seconds_are_a_jump(step_s: float, seen: bool) -> None:
    shop = bench()
    shop.scan(utc_s=UTC_S + shop.now + 0.1 + step_s)
    assert ("CLOCK-JUMP" in shop.acting) == seen


# --- the start-up checklist -------------------------------------------------------------------------------------------------

MIDNIGHT = UTC_S + 43_200.0


def on_day(shop: Shop, began: float) -> dict[str, Any]:
    return {"day_began_utc_s": began, "utc_s": UTC_S + shop.now + 0.1}


@pytest.mark.req("SRS-PPL-008")
def test_a_checklist_is_signed_kept_and_holds_until_midnight() -> None:
    shop = bench()
    result = shop.scan(press(K.SIGN_CHECKLIST, "sign", confirmed=list(BY_PERSON), note="new bulb"), **on_day(shop, UTC_S))
    assert [a.outcome for a in result.outputs.answers] == [Outcome.ACCEPTED]
    (told,) = [e.data for e in result.events if e.kind is EventKind.UPKEEP]
    assert (told["entry"], told["subject"], told["passed"], told["user"], told["note"]) == ("checklist", "daily", True, "anna", "new bulb")
    assert told["configuration"]["LIGHTS"] == "confirmed"
    assert told["configuration"]["DOORS"] == "in order 2 of 2 shut"
    shop.scan(**on_day(shop, UTC_S))
    assert shop.state.facts is not None
    assert shop.state.facts.day_checked
    shop.scan(**on_day(shop, MIDNIGHT))
    assert not shop.state.facts.day_checked
    shop.scan(day_began_utc_s=UTC_S, utc_s=None)
    assert not shop.state.facts.day_checked
    shop.state = initial(PROFILE, shop.now, mail_id=9, session_id=1, unknown_session=False, locked_out=False, upkeep=shop.state.shop.upkeep)
    shop.scan(**on_day(shop, UTC_S))
    assert shop.state.facts.day_checked  # it was on disk


def test_something_wrong_on_the_list_takes_the_signature_back() -> None:
    shop = bench()
    shop.scan(press(K.SIGN_CHECKLIST, "s1", confirmed=list(BY_PERSON)), **on_day(shop, UTC_S))
    shop.scan(press(K.SIGN_CHECKLIST, "s2", failed=["INTERCOM"], note="dead inside"), **on_day(shop, UTC_S))
    shop.scan(**on_day(shop, UTC_S))
    assert shop.state.facts is not None
    assert not shop.state.facts.day_checked
    shown = upkeep_view(shop.state, shop.now, UTC_S).checklist
    assert (shown.signed, shown.in_order, shown.by, shown.note) == (False, False, "anna", "dead inside")
    assert [p.id for p in shown.points if p.ok is None] == list(BY_PERSON)
    assert {p.answered_by for p in shown.points} == {"person", "proof_test", "measured"}
    assert all(p.ok for p in shown.points if p.ok is not None)


def test_without_a_date_nothing_is_signed() -> None:
    shop = bench()
    result = shop.scan(press(K.SIGN_CHECKLIST, "s1", failed=["LIGHTS"], note="lamp dead"), utc_s=None)
    assert [r.code for a in result.outputs.answers for r in a.reasons] == ["no_date"]


@pytest.mark.req("SRS-PPL-008")
def test_the_first_boarding_of_a_day_waits_for_it(ready: Day) -> None:
    """With plant, PLC and guests: yesterday's signature lets nobody in."""
    ready.operator = None
    ready.chamber.utc_offset_s += 86_400.0
    ready.run(1.0)
    assert "checklist_due" in [r.code for r in ready.press_boarding().reasons]


@pytest.mark.parametrize(
    ("zone_name", "utc", "began"),
    [
        ("UTC", "2026-01-05T08:00:00+00:00", "2026-01-05T00:00:00+00:00"),
        ("Europe/Warsaw", "2026-01-04T23:30:00+00:00", "2026-01-04T23:00:00+00:00"),
        ("Europe/Warsaw", "2026-03-29T12:00:00+00:00", "2026-03-28T23:00:00+00:00"),  # summer time began at 1 h UTC
        ("Europe/Warsaw", "2026-10-25T12:00:00+00:00", "2026-10-24T22:00:00+00:00"),
    ],
)
def test_when_the_day_began(zone_name: str, utc: str, began: str) -> None:
    assert day_began(datetime.fromisoformat(utc).timestamp(), zone(zone_name)) == datetime.fromisoformat(began).timestamp()


def test_the_day_of_this_machine_and_of_no_place() -> None:
    noon = datetime(2026, 1, 5, 12).astimezone().timestamp()
    assert noon - day_began(noon, zone("local")) == 43_200.0
    with pytest.raises(UnknownZoneError, match=r"Europe/Atlantis.*'local'"):
        zone("Europe/Atlantis")


# --- the whole chamber ------------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-SVC-001")
def test_nobody_gets_in_after_the_key_until_the_tests_are_recorded(ready: Day) -> None:
    """FI-26 with plant, PLC, guests and operator: the key is turned and returned in READY."""
    ready.operator = None
    key = ready.inject("service_key", "cabinet")
    ready.run(2.0)
    ready.mend(key)
    ready.run(2.0)
    assert "MAINTENANCE" in ready.acting
    assert ready.press_boarding().outcome is Outcome.REJECTED
    profile = load_profile()
    for test in PROOF_TESTS:
        for instrument in instruments(test, profile) if test.id in BY_HAND else ():
            args: dict[str, Any] = {"test": test.id, "instrument": instrument, "result": "pass"}
            assert ready.press(K.RECORD_PROOF_TEST, role=SERVICE, **args).outcome is Outcome.ACCEPTED
    assert "MAINTENANCE" in ready.acting  # fresh air is still to be shown
    assert ready.press(K.SHUT_DOWN).outcome is Outcome.ACCEPTED  # the key had held the cooling
    assert ready.press(K.START_UP).outcome is Outcome.ACCEPTED
    ready.until_state(C.IDLE, 20.0)
    ready.run(0.2)
    assert "MAINTENANCE" not in ready.acting


def test_the_record_given_to_the_scan_is_the_one_it_keeps() -> None:
    shop = bench()
    assert shop.state.shop.upkeep.in_force == RECORD.in_force
    assert isinstance(shop.state.shop.upkeep, Upkeep)


def test_what_the_world_sees_of_it() -> None:
    shop = bypassed()
    view = upkeep_view(shop.state, shop.now, UTC_S + shop.now)
    standing = {(t.test, t.instrument): t.standing for t in view.tests}
    assert standing["UPS", ""] == "after_work"
    assert standing["O2-CAL", "AT-301"] == "ok"
    assert view.work is not None
    assert view.work.reason == "service_key"
    assert [(b.cause, round(b.remaining_s), b.ends_soon) for b in view.bypasses] == [("PWR-MAINS", 600, False)]
    assert view.without_names().configuration.accepted_by is None
    assert {t.by for t in view.without_names().tests} == {None}
    changed = shop.state.shop.upkeep._replace(in_force={"a": "1"})
    other = upkeep_view(shop.state._replace(shop=shop.state.shop._replace(upkeep=changed)), shop.now, UTC_S)
    assert other.configuration.fingerprint != other.configuration.accepted_fingerprint
    assert other.configuration.changed[0] == "a: (none) -> 1"
