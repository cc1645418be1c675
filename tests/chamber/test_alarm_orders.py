"""Orders to hide an alarm or to pause the sound: what is taken and what is refused, and why."""

from __future__ import annotations

from typing import Any

import pytest

from chamber.alarm_list import ALARMS, AlarmClass
from chamber.alarm_orders import KINDS, Order, order, refusal
from chamber.alarm_states import AlarmEvent, AlarmState
from chamber.alarms import Alarm
from chamber.annunciation import Annunciation
from chamber.commands import MINIMUM_ROLE, Command, CommandKind, Reason, Role
from chamber.states import CycleState
from tests.chamber.facts_factory import facts

K = CommandKind
QUIET = Annunciation()
LOW, MEDIUM, SAFETY = "T-DEV-HI", "T-SENS-BAD", "OVERCOLD"


def ask(kind: CommandKind, second: str | None = None, **args: Any) -> Command:
    return Command("c1", kind, args, "anna", Role.SERVICE, "panel", second)


def shown(alarm_id: str, state: AlarmState = AlarmState.UNACK) -> dict[str, Alarm]:
    return {alarm_id: Alarm(alarm_id, state, ALARMS[alarm_id].priority, "", 0.0, 1)}


def refused(command: Command, alarms: dict[str, Alarm] | None = None, **changes: Any) -> Reason | None:
    stopped = facts(**({"state": CycleState.STOPPED} | changes))
    return refusal(command, {} if alarms is None else alarms, QUIET, stopped)


@pytest.mark.req("SRS-ALM-007")
@pytest.mark.parametrize(
    ("alarm_id", "minutes", "most"),
    [
        (LOW, 480, None),
        (LOW, 1, None),
        (LOW, 481, 480.0),
        (MEDIUM, 60, None),
        (MEDIUM, 60.1, 60.0),
        (LOW, 0.01, None),
        (MEDIUM, 0, 60.0),
        (MEDIUM, -5, 60.0),
    ],
)
def test_shelving_has_an_end(alarm_id: str, minutes: float, most: float | None) -> None:
    expected = None if most is None else Reason("shelf_time", {"alarm": alarm_id, "most": most})
    assert refused(ask(K.SHELVE, alarm=alarm_id, minutes=minutes, reason="seal is being changed")) == expected


@pytest.mark.parametrize("minutes", [None, "60", True, float("nan"), float("inf"), []])
def test_odd_minutes_are_refused(minutes: Any) -> None:
    reason = refused(ask(K.SHELVE, alarm=LOW, minutes=minutes, reason="seal"))
    assert reason is not None
    assert reason.code == "shelf_time"


@pytest.mark.req("SRS-ALM-006")
@pytest.mark.parametrize("alarm_id", [i for i, a in ALARMS.items() if a.klass is AlarmClass.SAFETY])
def test_no_safety_alarm_is_shelved(alarm_id: str) -> None:
    assert refused(ask(K.SHELVE, alarm=alarm_id, minutes=1, reason="because")) == Reason("not_shelvable", {"alarm": alarm_id})


@pytest.mark.parametrize("kind", [K.SHELVE, K.OUT_OF_SERVICE])
@pytest.mark.parametrize("why", [None, "", "  ab  ", 7, "x" * 201])
def test_hiding_needs_a_reason(kind: CommandKind, why: Any) -> None:
    args = {} if why is None else {"reason": why}
    assert refused(ask(kind, alarm=LOW, minutes=5, **args)) == Reason("reason_missing")


@pytest.mark.parametrize("why", ["abc", " abc ", "x" * 200])
def test_three_letters_are_a_reason(why: str) -> None:
    assert refused(ask(K.SHELVE, alarm=LOW, minutes=5, reason=why)) is None


@pytest.mark.parametrize("kind", [k for k in KINDS if k is not K.AUDIO_PAUSE])
@pytest.mark.parametrize("wanted", [None, 5, "NO-SUCH"])
def test_an_alarm_that_is_not_in_the_list(kind: CommandKind, wanted: Any) -> None:
    assert refused(ask(kind, alarm=wanted)) == Reason("no_such_alarm", {"alarm": str(wanted)})


@pytest.mark.req("SRS-ALM-006")
def test_a_safety_alarm_goes_out_of_service_with_two_persons_and_an_empty_chamber_at_rest() -> None:
    one = ask(K.OUT_OF_SERVICE, alarm=SAFETY, reason="sensor away")
    assert refused(one) == Reason("second_person_needed", {"alarm": SAFETY})
    assert refused(one._replace(second="anna")) == Reason("second_person_needed", {"alarm": SAFETY})
    claimed = ask(K.OUT_OF_SERVICE, alarm=SAFETY, reason="sensor away", second_person="bob")
    assert refused(claimed) == Reason("second_person_needed", {"alarm": SAFETY})
    two = one._replace(second="bob")
    assert refused(two) is None
    assert refused(two, occupied=True) == Reason("somebody_may_be_inside")
    assert refused(two, state=CycleState.READY) == Reason("not_in_this_state", {"state": "ready"})
    assert refused(ask(K.OUT_OF_SERVICE, alarm=LOW, reason="sensor away"), state=CycleState.READY) is None


def test_who_may() -> None:
    assert {k: MINIMUM_ROLE[k] for k in KINDS} == {
        K.SHELVE: Role.OPERATOR,
        K.UNSHELVE: Role.OPERATOR,
        K.OUT_OF_SERVICE: Role.SERVICE,
        K.RETURN_TO_SERVICE: Role.SERVICE,
        K.AUDIO_PAUSE: Role.OPERATOR,
    }


@pytest.mark.parametrize("kind", [K.UNSHELVE, K.RETURN_TO_SERVICE])
def test_what_is_not_hidden_cannot_be_shown_again(kind: CommandKind) -> None:
    assert refused(ask(kind, alarm=LOW)) == Reason("alarm_state", {"alarm": LOW, "state": "normal"})
    assert refused(ask(kind, alarm=LOW), shown(LOW)) == Reason("alarm_state", {"alarm": LOW, "state": "unack"})


def test_what_is_hidden_can_be_shown_again() -> None:
    assert refused(ask(K.UNSHELVE, alarm=LOW), shown(LOW, AlarmState.SHELVED)) is None
    assert refused(ask(K.RETURN_TO_SERVICE, alarm=LOW), shown(LOW, AlarmState.OUT_OF_SERVICE)) is None


def test_the_sound_is_paused_only_while_it_sounds_and_once() -> None:
    pause = ask(K.AUDIO_PAUSE)
    assert refusal(pause, {}, QUIET, facts()) == Reason("nothing_sounds")
    assert refusal(pause, shown(SAFETY), QUIET, facts()) is None
    assert refusal(pause, shown(SAFETY), QUIET._replace(paused_until_s=1.0), facts()) == Reason("already_paused")


def test_the_order_in_a_command() -> None:
    shelve = ask(K.SHELVE, alarm=LOW, minutes=10, reason="  seal  ")
    assert order(shelve, 5.0) == Order(LOW, AlarmEvent.SHELVE, "anna", "seal", 5.0, 605.0, None)
    out = ask(K.OUT_OF_SERVICE, "bob", alarm=SAFETY, reason="sensor away")
    assert order(out, 5.0) == Order(SAFETY, AlarmEvent.TAKE_OUT, "anna", "sensor away", 5.0, None, "bob")
    assert order(ask(K.UNSHELVE, alarm=LOW), 5.0) == Order(LOW, AlarmEvent.UNSHELVE, "anna", "unshelve", 5.0, None, None)
