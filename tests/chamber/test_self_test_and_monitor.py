"""The self-test, the independent monitor, and what the panel is told next."""

from __future__ import annotations

import string
from typing import Any

import pytest

from chamber import guidance, monitor, self_test, texts
from chamber.cause_effect import Action
from chamber.commands import CommandKind, Reason
from chamber.facts import Door
from chamber.guidance import guide
from chamber.interlocks import Verdict
from chamber.monitor import Watched, broken
from chamber.session import Session
from chamber.states import COOLING
from chamber.states import CycleState as C
from tests.chamber.asking import NO_VERDICT, STANDARD
from tests.chamber.facts_factory import PLC_WELL, facts

K = CommandKind
AT_REST: dict[str, Any] = {"state": C.SELF_TEST, "ln2_closed": True}
FAILING: list[tuple[str, dict[str, Any]]] = [
    ("link", {"block_age_s": 0.5}),
    ("link", {"block_age_s": None}),
    ("lease", {"plc": PLC_WELL._replace(lease_alive=False)}),
    ("trips", {"plc": PLC_WELL._replace(trips=frozenset({"estop"}))}),
    ("estop", {"estop_released": False}),
    ("estop", {"estop_released": None}),
    ("oxygen", {"o2_main": (20.9, 20.9, 20.39)}),
    ("oxygen", {"o2_pre": (20.9, 21.41)}),
    ("oxygen", {"o2_floor": None}),
    ("temperature", {"main": (None, -110.0, -110.0)}),
    ("temperature", {"pre": (None, -60.0)}),
    ("sample", {"sample_flow": False}),
    ("sample", {"sample_flow": None}),
    ("extract", {"extract_flow": False}),
    ("mains", {"mains": None}),
    ("nitrogen", {"ln2_closed": False}),
    ("nitrogen", {"ln2_closed": None}),
    ("empty", {"presence_main": True}),
    ("empty", {"presence_pre": None}),
    ("records", {"records_ok": False}),
]


def test_self_test_passes_in_order() -> None:
    assert self_test.failing(facts(**AT_REST)) == ()
    assert self_test.failing(facts(**AT_REST, o2_main=(20.41, 21.39, 20.9))) == ()


@pytest.mark.parametrize(("check", "changes"), FAILING)
def test_each_check_fails_alone(check: str, changes: dict[str, Any]) -> None:
    assert self_test.failing(facts(**(AT_REST | changes))) == (check,)


def test_no_check_is_without_a_test() -> None:
    assert {c.id for c in self_test.CHECKS} == {c for c, _ in FAILING}
    assert set(self_test.failing(facts(**(AT_REST | {"plc": None})))) == {"link", "lease", "trips"}


def watched(**changes: Any) -> Watched:
    base = Watched(
        facts=facts(),
        before=C.READY,
        after=C.READY,
        ln2_requested=True,
        valve_main_pct=30.0,
        valve_pre_pct=20.0,
        voice_leave=False,
        setpoint_main_c=-110.0,
        commanded=False,
        doors_not_shut_s=0.0,
        oxygen_low_s=0.0,
        sensors_bad_s=0.0,
        unexpected_s=0.0,
        written=True,
        elapsed_before_s=None,
        limit_before_s=None,
        bypassing=False,
        stop_refused=False,
        safety_hidden=False,
        safety_out=False,
    )
    return base._replace(**changes)


OVER = facts(occupied=True, exposure_elapsed_s=181.01)
SHUT: dict[str, Any] = {"ln2_requested": False, "valve_main_pct": 0.0, "valve_pre_pct": 0.0}
CLOCK: dict[str, Any] = {
    "facts": facts(occupied=True),
    "before": C.EXPOSURE,
    "after": C.EXPOSURE,
    "elapsed_before_s": 59.9,
    "limit_before_s": 180.0,
}
FORCED: dict[str, Any] = {"after": C.SERVICE, "valve_main_pct": 5.0, "facts": facts(service_key=True)}
# what holds, what breaks just beyond
MONITORED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("I1", {"oxygen_low_s": 5.0}, {"oxygen_low_s": 5.1}),
    ("I2", {"doors_not_shut_s": 0.5}, {"doors_not_shut_s": 0.6}),
    ("I2", {"doors_not_shut_s": 9.0, "valve_main_pct": 0.0, "valve_pre_pct": 0.0}, {"doors_not_shut_s": 9.0, "valve_main_pct": 0.0}),
    (
        "I3",
        {"facts": facts(occupied=True, exposure_elapsed_s=181.0), "after": C.EXPOSURE, "before": C.EXPOSURE},
        {"facts": OVER, "after": C.EXPOSURE, "before": C.EXPOSURE},
    ),
    (
        "I3",
        {"facts": OVER, "after": C.EXIT, "before": C.EXIT, "ln2_requested": False, "voice_leave": True},
        {"facts": OVER, "after": C.EXIT, "before": C.EXIT, "ln2_requested": False, "voice_leave": False},
    ),
    ("I4", {"unexpected_s": 1.0}, {"unexpected_s": 1.1}),
    ("I4", {"unexpected_s": 99.0, "after": C.BOARDING}, {"unexpected_s": 99.0, "after": C.RECOOL}),
    (
        "I5",
        {"before": C.PRE_CHAMBER, "after": C.EXPOSURE, "facts": facts(occupied=True)},
        {"before": C.BOARDING, "after": C.EXPOSURE, "facts": facts(occupied=True)},
    ),
    (
        "I5",
        {"before": C.EXPOSURE, "after": C.EXPOSURE, "facts": facts(occupied=True)},
        {"before": C.PRE_CHAMBER, "after": C.EXPOSURE, "facts": facts(occupied=True, confirm_left_s=0.0)},
    ),
    (
        "I5",
        {"before": C.PRE_CHAMBER, "after": C.EXPOSURE, "facts": facts(occupied=True, outer_door=Door.OPEN)},
        {"before": C.PRE_CHAMBER, "after": C.EXPOSURE, "facts": facts(occupied=True, inner_door=Door.FAULT)},
    ),
    (
        "I6",
        {"before": C.FAULT, "after": C.PURGE, "commanded": True, "ln2_requested": False},
        {"before": C.FAULT, "after": C.PURGE, "ln2_requested": False},
    ),
    (
        "I6",
        {"before": C.EVACUATE, "after": C.ESTOP, "ln2_requested": False},
        {"before": C.ESTOP, "after": C.STOPPED, "ln2_requested": False},
    ),
    ("I8", {"after": C.IDLE, "ln2_requested": False}, {"after": C.IDLE}),
    ("I8", FORCED | {"valve_main_pct": 20.0}, FORCED | {"valve_main_pct": 20.1}),
    ("I8", FORCED, FORCED | {"facts": facts(service_key=False)}),
    ("I8", FORCED, FORCED | {"facts": facts(service_key=True, presence_pre=None)}),
    ("I8", FORCED, FORCED | {"facts": facts(service_key=True, outer_door=Door.OPEN)}),
    ("I10", {"sensors_bad_s": 6.0}, {"sensors_bad_s": 6.1}),
    ("I12", {"safety_out": True}, {"safety_hidden": True}),
    ("I12", {"facts": facts(occupied=True)}, {"facts": facts(occupied=True), "safety_out": True}),
    ("I7", {"facts": facts(block_age_s=0.35)}, {"facts": facts(block_age_s=0.36)}),
    ("I7", {"written": False, "facts": facts(block_age_s=None)}, {"facts": facts(block_age_s=None)}),
    ("I9", CLOCK | {"elapsed_before_s": 60.0}, CLOCK | {"elapsed_before_s": 60.1}),
    ("I9", CLOCK | {"limit_before_s": 180.0}, CLOCK | {"limit_before_s": 179.9}),
    ("I11", {"bypassing": True}, {"bypassing": True, "facts": facts(occupied=True), "before": C.EXPOSURE, "after": C.EXPOSURE}),
    ("I14", {}, {"stop_refused": True}),
    (
        "I15",
        {"before": C.EXIT, "after": C.EVACUATE, "facts": facts(presence_main=True)} | SHUT,
        {"before": C.EVACUATE, "after": C.EXIT, "facts": facts(presence_main=True), "commanded": True} | SHUT,
    ),
    (
        "I15",
        {"before": C.EXIT, "after": C.STOPPED} | SHUT,
        {"before": C.EXIT, "after": C.STOPPED, "facts": facts(presence_main=True)} | SHUT,
    ),
    (
        "I15",
        {"before": C.EXIT, "after": C.RECOOL},
        {"before": C.EXIT, "after": C.RECOOL, "facts": facts(presence_main=True)},
    ),
    ("I16", {"setpoint_main_c": -140.0}, {"setpoint_main_c": -140.1}),
    ("I16", {"setpoint_main_c": None}, {"setpoint_main_c": -200.0}),
]


@pytest.mark.parametrize(("invariant", "holds", "breaks"), MONITORED)
def test_monitor_sees_each_invariant_break_alone(invariant: str, holds: dict[str, Any], breaks: dict[str, Any]) -> None:
    assert broken(watched(**holds)) == ()
    assert broken(watched(**breaks)) == (invariant,)


def test_no_invariant_is_without_a_test() -> None:
    assert {i.id for i in monitor.INVARIANTS} == {i for i, _, _ in MONITORED}
    assert set(monitor.CHECKED) == {f"I{n}" for n in range(1, 17)}


NOTHING_REFUSED: dict[CommandKind, tuple[Reason, ...]] = dict.fromkeys(K, ())
SESSION = Session(1, STANDARD, 3, "anna", 10.0, 180.0, "program", 10.0)


def ask_guide(changes: dict[str, Any], *, refused: dict[CommandKind, tuple[Reason, ...]] | None = None, **more: Any) -> guidance.Guidance:
    arguments: dict[str, Any] = {"durable": True, "ready_in_s": None, "self_test": (3, 12), "going_to_main": False}
    session = more.pop("session", SESSION)
    verdict = more.pop("verdict", NO_VERDICT)
    return guide(facts(**changes), verdict, session, NOTHING_REFUSED | (refused or {}), **(arguments | more))


GUIDED: list[tuple[dict[str, Any], dict[str, Any], str, CommandKind | None]] = [
    ({"state": C.READY, "block_age_s": None}, {}, "plc_silent", None),
    ({"state": C.READY, "block_age_s": 1.5}, {}, "plc_silent", None),
    ({"state": C.RECOVERY}, {}, "look_inside_confirm_empty", K.CONFIRM_EMPTY),
    ({"state": C.LOCKED_OUT}, {}, "locked_out", K.RESET),
    ({"state": C.STOPPED}, {}, "press_start_up", K.START_UP),
    ({"state": C.SELF_TEST}, {}, "self_test", None),
    ({"state": C.IDLE}, {}, "choose_precool", K.PRECOOL),
    ({"state": C.PRECOOL}, {"ready_in_s": 60.0}, "cooling_down", None),
    ({"state": C.RECOOL}, {}, "recooling", None),
    ({"state": C.RECOOL}, {"set_back": True, "ready_in_s": 900.0}, "set_back", None),
    ({"state": C.RECOOL}, {"set_back": True, "expected": False}, "day_done", K.SHUT_DOWN),
    ({"state": C.READY, "day_checked": False}, {}, "sign_checklist", K.SIGN_CHECKLIST),
    ({"state": C.READY}, {}, "start_a_session", K.BEGIN_BOARDING),
    ({"state": C.READY, "cool_off_left_s": 0.2}, {}, "cooling_off", None),
    ({"state": C.BOARDING}, {"durable": False}, "writing_record", None),
    ({"state": C.BOARDING}, {"session": None}, "writing_record", None),
    ({"state": C.BOARDING}, {}, "let_guests_in", None),
    ({"state": C.BOARDING, "presence_pre": True, "outer_door": Door.OPEN}, {}, "wait_door_shut", None),
    ({"state": C.BOARDING, "presence_pre": True}, {}, "start_when_inside", K.START_SESSION),
    ({"state": C.BOARDING, "presence_pre": True, "face_clear": False}, {}, "raise_lift", None),
    ({"state": C.PRE_CHAMBER, "pre_elapsed_s": 5.0, "pre_limit_s": 30.0}, {}, "pre_chamber", None),
    ({"state": C.PRE_CHAMBER}, {}, "pre_chamber", None),
    ({"state": C.PRE_CHAMBER}, {"going_to_main": True}, "guests_go_to_main", None),
    ({"state": C.EXPOSURE, "occupied": True}, {}, "exposure", None),
    ({"state": C.EXPOSURE, "confirm_left_s": 15.1}, {}, "exposure", None),
    ({"state": C.EXPOSURE, "confirm_left_s": 15.0}, {}, "confirm_presence", K.OPERATOR_PRESENT),
    ({"state": C.PRE_CHAMBER, "confirm_left_s": 3.0}, {"going_to_main": True}, "confirm_presence", K.OPERATOR_PRESENT),
    ({"state": C.EXIT, "confirm_left_s": 3.0}, {}, "guests_leave", None),
    ({"state": C.EXPOSURE}, {}, "exposure", None),
    ({"state": C.EXIT, "exit_age_s": 2.0, "presence_main": True}, {}, "guests_leave", None),
    ({"state": C.EXIT, "exit_age_s": 10.0, "presence_main": True}, {}, "open_the_door", None),
    ({"state": C.EXIT, "exit_age_s": 10.0, "presence_pre": True}, {}, "open_the_door", None),
    ({"state": C.EXIT, "exit_age_s": 12.0, "outer_opened_since_exit": True}, {}, "confirm_everybody_out", K.CONFIRM_EMPTY),
    ({"state": C.HELD}, {}, "resume_possible", K.RESUME),
    ({"state": C.SUSPENDED}, {"refused": {K.RESUME: (Reason("action_active", {"cause": "FAN-EXTRACT"}),)}}, "held", None),
    ({"state": C.HELD}, {"refused": {K.RESUME: (Reason("presence_unknown"),)}}, "held", None),
    ({"state": C.HELD}, {"refused": {K.RESUME: (Reason("nothing_to_resume"),)}}, "shut_down", K.SHUT_DOWN),
    ({"state": C.HELD}, {"refused": {K.RESUME: (Reason("no_lease"), Reason("nothing_to_resume"))}}, "held", None),
    (
        {"state": C.ESTOP},
        {"refused": {K.RESET: (Reason("not_counted_out", {"persons": 3}),)}},
        "look_inside_confirm_empty",
        K.CONFIRM_EMPTY,
    ),
    ({"state": C.EVACUATE}, {}, "evacuating", K.CONFIRM_EMPTY),
    ({"state": C.ESTOP, "estop_released": False}, {}, "release_estop", None),
    ({"state": C.FAULT}, {}, "reset_possible", K.RESET),
    ({"state": C.FAULT}, {"refused": {K.RESET: (Reason("occupied"),)}}, "look_inside_confirm_empty", K.CONFIRM_EMPTY),
    (
        {"state": C.FAULT},
        {"refused": {K.RESET: (Reason("occupied"),), K.CONFIRM_EMPTY: (Reason("door_not_opened"),)}},
        "open_door_before_reset",
        None,
    ),
    ({"state": C.FAULT}, {"refused": {K.RESET: (Reason("door_not_opened", {"cause": "ESTOP"}),)}}, "open_door_before_reset", None),
    ({"state": C.ESTOP}, {"refused": {K.RESET: (Reason("cause_present", {"cause": "ESTOP"}),)}}, "reset_blocked", None),
    ({"state": C.PURGE}, {}, "purging", None),
    ({"state": C.DRYING}, {}, "drying", None),
    ({"state": C.SERVICE}, {}, "in_service", None),
    ({"state": C.STOPPED, "service_key": True}, {}, "turn_key_back", None),
]


@pytest.mark.parametrize(("changes", "more", "code", "command"), GUIDED)
def test_guidance(changes: dict[str, Any], more: dict[str, Any], code: str, command: CommandKind | None) -> None:
    g = ask_guide(dict(changes), **more)
    assert (g.code, g.command) == (code, command)
    assert texts.say(texts.GUIDANCE, g.code, g.params)


def test_guidance_covers_every_state() -> None:
    assert {c["state"] for c, _, _, _ in GUIDED} == set(C)


def test_guidance_names_numbers_and_doors() -> None:
    assert ask_guide({"state": C.EXPOSURE, "occupied": True}).params == {"remaining_s": 120.0}
    assert ask_guide({"state": C.EXPOSURE, "occupied": True, "exposure_elapsed_s": 185.0}).params == {"remaining_s": 0.0}
    assert ask_guide({"state": C.PRECOOL}, ready_in_s=0.0).params == {"eta_s": 0.0}
    assert ask_guide({"state": C.EXIT, "exit_age_s": 10.0, "presence_main": True}).params == {"door": "inner"}
    assert ask_guide({"state": C.EXIT, "exit_age_s": 10.0, "presence_main": None}).params == {"door": "inner"}  # unknown counts
    assert ask_guide({"state": C.EXIT, "exit_age_s": 10.0, "presence_pre": True}).params == {"door": "outer"}
    first = Verdict(Action.STOP_COOLING, frozenset(), (), "OVERCOLD")
    refused: dict[CommandKind, tuple[Reason, ...]] = {K.RESUME: (Reason("action_active", {"cause": "FAN-EXTRACT"}),)}
    assert ask_guide({"state": C.HELD}, verdict=first, refused=refused).params == {"cause": "OVERCOLD"}
    assert guidance._first_param((Reason("door_not_opened"),)) == "door_not_opened"


def test_every_code_of_the_source_has_its_sentence() -> None:
    """Codes that are written in the sources as Reason("...") or Guidance("...") must have a text."""
    import re
    from pathlib import Path

    root = Path(texts.__file__).parent.parent
    sources = [p.read_text() for folder in ("chamber", "control") for p in (root / folder).glob("*.py")]
    reasons = {m for s in sources for m in re.findall(r'Reason\(\s*"(\w+)"', s)}
    codes = {m for s in sources for m in re.findall(r'Guidance\(\s*"(\w+)"', s)}
    assert reasons
    assert codes
    assert reasons <= set(texts.REASONS)
    assert codes == set(texts.GUIDANCE)


def test_texts_need_no_more_than_they_are_given() -> None:
    assert texts.say(texts.REASONS, "persons_range", {"low": 1, "high": 3}) == "The number of people must be 1 to 3."
    with pytest.raises(KeyError):
        texts.say(texts.REASONS, "no_such_code", {})
    for text in (*texts.REASONS.values(), *texts.GUIDANCE.values()):
        assert all(name is None or name for _, name, _, _ in string.Formatter().parse(text))


def test_cooling_states_are_the_ones_that_say_so() -> None:
    assert {s for s in C if s in COOLING}.isdisjoint({C.EXIT, C.IDLE, C.PURGE, C.EVACUATE})
