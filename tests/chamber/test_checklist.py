"""The start-up checklist: what each point goes by, what is kept, how long it holds."""

from __future__ import annotations

from typing import Any

import pytest

from chamber import checklist
from chamber.causes import BY_ID as CAUSE
from chamber.checklist import BY_PERSON, POINTS, Found, evidence, holds, not_met
from chamber.commands import CommandKind, Role
from chamber.facts import Door
from chamber.guidance import guide
from chamber.hazards import HAZARDS
from chamber.interlocks import CauseState, judge
from chamber.permissives import refusals
from chamber.proof_tests import BY_ID as PROOF
from chamber.states import CycleState as C
from chamber.upkeep import Entry, Kind, Signed, Upkeep, UpkeepFacts, event_data, fold
from tests.chamber.asking import NO_VERDICT, ask, command
from tests.chamber.facts_factory import facts

K = CommandKind
DAY_BEGAN, NOON = 1_767_600_000.0, 1_767_643_200.0
BLOCKED = judge({"LN2-LOW": CauseState(1.0, 1.0, latched=False, acted_occupied=False, clear_since_s=None)}, occupied=False)
# point -> (what spoils it alone, what is shown of it then)
SPOILT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "ESTOP": ({"upkeep": UpkeepFacts(missing=("ESTOP",))}, {}),
    "DOOR-RELEASE": ({"upkeep": UpkeepFacts(after_work=("DOOR-RELEASE",))}, {}),
    "CALL-BUTTON": ({"upkeep": UpkeepFacts(missing=("UPS", "CALL-BUTTON"))}, {}),
    "VALVE-TIGHT": ({"upkeep": UpkeepFacts(missing_by_itself=("VALVE-TIGHT",))}, {}),
    "OXYGEN": ({"o2_main": (None, 20.9, 20.9)}, {"good": 6, "all": 7}),
    "VOICE": ({"voice_failed": True}, {}),
    "DOORS": ({"outer_door": Door.FAULT}, {"shut": 1, "doors": 2}),
    "EXTRACT": ({"extract_flow": None}, {}),
    "LN2": ({"tank_kg": 24.9}, {"kg": 25}),
}


def test_every_point_names_hazards_and_tests_that_exist() -> None:
    assert len({p.id for p in POINTS}) == len(POINTS)
    assert BY_PERSON == ("EXIT-PATH", "LIGHTS", "INTERCOM", "ALARM-SOUND", "CLOTHING", "SECOND-PERSON")
    for p in POINTS:
        assert p.hazards
        assert set(p.hazards) <= set(HAZARDS)
        assert p.text
        assert p.how
        assert p.proof == "" or p.proof in PROOF
    assert {*SPOILT, "NO-FAULT", *BY_PERSON} == {p.id for p in POINTS}


def test_a_chamber_in_order_meets_every_point() -> None:
    assert not_met(facts(), NO_VERDICT) == ()


@pytest.mark.parametrize("point", SPOILT)
def test_each_point_alone(point: str) -> None:
    spoil, shown = SPOILT[point]
    f = facts(**spoil)
    assert not_met(f, NO_VERDICT) == (point,)
    look = next(p.look for p in POINTS if p.id == point)
    assert look is not None
    assert look(f, NO_VERDICT) == Found(False, shown)


@pytest.mark.parametrize(
    ("point", "changes"),
    [
        ("VOICE", {"voice_age_s": None}),  # no self-test since the start
        ("OXYGEN", {"upkeep": UpkeepFacts(missing_by_itself=("FRESH-AIR AT-301",))}),
        ("OXYGEN", {"upkeep": UpkeepFacts(after_work=("FRESH-AIR AT-101A",))}),
        ("LN2", {"tank_kg": None}),
        ("DOORS", {"inner_door": Door.OPEN, "outer_door": Door.UNKNOWN}),
        ("EXTRACT", {"extract_flow": False}),
    ],
)
def test_what_is_not_known_is_not_in_order(point: str, changes: dict[str, Any]) -> None:
    assert not_met(facts(**changes), NO_VERDICT) == (point,)


def test_what_is_not_fitted_is_not_asked_for() -> None:
    bare = facts(tank_kg=None, voice_age_s=None, voice_failed=False, not_fitted=frozenset({"LT-401", "YS-102"}))
    assert not_met(bare, NO_VERDICT) == ()


def test_the_tank_at_its_limit_is_enough() -> None:
    assert not_met(facts(tank_kg=25.0), NO_VERDICT) == ()


def test_whatever_keeps_guests_out_is_a_fault() -> None:
    assert CAUSE["LN2-LOW"].action_when(occupied=False).name == "BLOCK_NEW"
    assert not_met(facts(), BLOCKED) == ("NO-FAULT",)
    assert evidence(facts(), BLOCKED)["NO-FAULT"] == "not in order 1 in the way"
    note = judge({"T-SENS-BAD": CauseState(1.0, 1.0, latched=False, acted_occupied=False, clear_since_s=None)}, occupied=False)
    assert not_met(facts(), note) == ()


def test_what_is_kept() -> None:
    kept = evidence(facts(), NO_VERDICT, ("LIGHTS",))
    assert list(kept) == [p.id for p in POINTS]
    assert kept == {
        "EXIT-PATH": "confirmed",
        "LIGHTS": "not in order",
        "INTERCOM": "confirmed",
        "ALARM-SOUND": "confirmed",
        "CLOTHING": "confirmed",
        "SECOND-PERSON": "confirmed",
        "ESTOP": "in order",
        "DOOR-RELEASE": "in order",
        "CALL-BUTTON": "in order",
        "OXYGEN": "in order 7 of 7 good",
        "VALVE-TIGHT": "in order",
        "VOICE": "in order",
        "DOORS": "in order 2 of 2 shut",
        "EXTRACT": "in order",
        "LN2": "in order 3000 kg",
        "NO-FAULT": "in order",
    }
    assert evidence(facts(tank_kg=None), NO_VERDICT)["LN2"] == "not in order"
    assert evidence(facts(one_room=True), NO_VERDICT)["DOORS"] == "in order 1 of 1 shut"


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("", "result_incomplete"),
        ("  a ", "result_incomplete"),
        ("x" * 501, "result_incomplete"),
        (7, "result_incomplete"),
        ("abc", None),
        ("x" * 500, None),
    ],
)
def test_a_finding_says_what_is_wrong(note: object, code: str | None) -> None:
    reasons = refusals(K.SIGN_CHECKLIST, ask(K.SIGN_CHECKLIST, C.READY, arg__failed=["LIGHTS", "no such"], arg__note=note))
    assert [r.code for r in reasons] == ([] if code is None else [code])


def test_a_finding_can_be_written_down_while_other_points_are_open() -> None:
    spoilt = ask(K.SIGN_CHECKLIST, C.READY, facts__inner_door=Door.OPEN, arg__failed=["LIGHTS"], arg__note="lamp dead")
    assert refusals(K.SIGN_CHECKLIST, spoilt) == ()
    assert checklist.found_wanting(command(K.SIGN_CHECKLIST, failed=["LIGHTS", "EXIT-PATH", "no such"])) == ("EXIT-PATH", "LIGHTS")
    assert checklist.found_wanting(command(K.SIGN_CHECKLIST, failed="LIGHTS")) == ()


def test_a_refusal_names_the_points() -> None:
    (reason,) = refusals(K.SIGN_CHECKLIST, ask(K.SIGN_CHECKLIST, C.READY, facts__inner_door=Door.OPEN, facts__extract_flow=False))
    assert reason == ("checklist_not_met", {"points": "DOORS,EXTRACT"})
    (reason,) = refusals(K.SIGN_CHECKLIST, ask(K.SIGN_CHECKLIST, C.READY, arg__confirmed=list(BY_PERSON[:4])))
    assert reason == ("checklist_incomplete", {"points": "CLOTHING,SECOND-PERSON"})


def test_a_long_note_is_refused_even_when_all_is_in_order() -> None:
    assert [r.code for r in refusals(K.SIGN_CHECKLIST, ask(K.SIGN_CHECKLIST, C.READY, arg__note="x" * 501))] == ["result_incomplete"]
    assert [r.code for r in refusals(K.SIGN_CHECKLIST, ask(K.SIGN_CHECKLIST, C.READY, role=Role.VIEWER))] == ["role_too_low"]


SIGNED = Signed(NOON, "anna", True, "")


@pytest.mark.req("SRS-PPL-008")
@pytest.mark.parametrize(
    ("signed", "utc_s", "began", "stands"),
    [
        (None, NOON, DAY_BEGAN, False),
        (SIGNED, NOON, DAY_BEGAN, True),
        (SIGNED._replace(passed=False), NOON, DAY_BEGAN, False),
        (SIGNED._replace(utc_s=None), NOON, DAY_BEGAN, False),
        (SIGNED, None, DAY_BEGAN, False),
        (SIGNED, NOON, None, False),
        (SIGNED._replace(utc_s=DAY_BEGAN), NOON, DAY_BEGAN, True),
        (SIGNED._replace(utc_s=DAY_BEGAN - 0.1), NOON, DAY_BEGAN, False),  # yesterday's
        (SIGNED._replace(utc_s=NOON + 3600.0), NOON, DAY_BEGAN, True),
        (SIGNED._replace(utc_s=NOON + 3600.1), NOON, DAY_BEGAN, False),  # a clock was wrong
    ],
)
def test_for_how_long_it_holds(signed: Signed | None, utc_s: float | None, began: float | None, stands: bool) -> None:
    assert holds(signed, utc_s, began) is stands


def test_the_newest_entry_counts_and_is_no_work() -> None:
    done = Entry(Kind.CHECKLIST, NOON, "daily", by="anna", configuration={"LIGHTS": "confirmed"})
    upkeep = fold(Upkeep(), [done])
    assert (upkeep.checklist, upkeep.work, upkeep.serial) == (SIGNED, None, 1)
    assert event_data(done)["configuration"] == {"LIGHTS": "confirmed"}
    later = fold(upkeep, [done._replace(utc_s=NOON + 60.0, passed=False, by="ben", note="lamp dead")])
    assert later.checklist == Signed(NOON + 60.0, "ben", False, "lamp dead")


def test_the_panel_leads_to_it_before_the_first_session() -> None:
    def told(**changes: Any) -> tuple[str, K | None]:
        g = guide(facts(**changes), NO_VERDICT, None, {}, durable=True, ready_in_s=None, self_test=(0, 0), going_to_main=False)
        return g.code, g.command

    assert told(day_checked=False) == ("sign_checklist", K.SIGN_CHECKLIST)
    assert told(day_checked=True) == ("start_a_session", K.BEGIN_BOARDING)
    assert told(day_checked=False, cool_off_left_s=1.0) == ("cooling_off", None)
