"""Alarm states: all triples of (state, event, latching), the step over a scan, acknowledgement, and the list itself."""

from __future__ import annotations

from itertools import product

import pytest

from chamber.alarm_list import ALARMS, Priority
from chamber.alarms import TRANSITIONS, Alarm, AlarmEvent, AlarmState, Condition, _entry, acknowledge, step
from chamber.causes import CAUSES

S, E = AlarmState, AlarmEvent
NOTHING: frozenset[str] = frozenset()
# ISA-18.2 by hand: state -> (cond on, cond off, ack, reset); None: stays. Left: not latching, right: latching.
PLAIN: dict[AlarmState, tuple[AlarmState | None, AlarmState | None, AlarmState | None, AlarmState | None]] = {
    S.NORMAL: (S.UNACK, None, None, None),
    S.UNACK: (None, S.RTN_UNACK, S.ACK, None),
    S.ACK: (None, S.NORMAL, None, None),
    S.RTN_UNACK: (S.UNACK, None, S.NORMAL, None),
    S.LATCHED_UNACK: (None, None, None, None),  # not reachable without latch
    S.LATCHED_ACK: (None, None, None, None),
}
LATCHED: dict[AlarmState, tuple[AlarmState | None, AlarmState | None, AlarmState | None, AlarmState | None]] = {
    S.NORMAL: (S.UNACK, None, None, None),
    S.UNACK: (None, S.LATCHED_UNACK, S.ACK, None),
    S.ACK: (None, S.LATCHED_ACK, None, None),
    S.RTN_UNACK: (None, None, None, None),  # not reachable with latch
    S.LATCHED_UNACK: (S.UNACK, None, S.LATCHED_ACK, None),  # reset refused until acknowledged
    S.LATCHED_ACK: (S.UNACK, None, None, S.NORMAL),  # re-annunciate
}
HIGH, LOW = "OVERCOLD", "LN2-LOW"  # latching and not


@pytest.mark.req("SRS-ALM-003")
@pytest.mark.parametrize(("state", "event", "latching"), list(product(S, E, (False, True))))
def test_every_triple(state: AlarmState, event: AlarmEvent, latching: bool) -> None:
    expected = (LATCHED if latching else PLAIN)[state][list(E).index(event)]
    assert TRANSITIONS.get((state, event, latching), state) is (state if expected is None else expected)


def alarm(alarm_id: str, state: AlarmState) -> Alarm:
    return Alarm(alarm_id, state, ALARMS[alarm_id].priority, "detail", 1.0, 1)


@pytest.mark.parametrize("alarm_id", [HIGH, LOW])
def test_life_of_an_alarm(alarm_id: str) -> None:
    alarms, changes = step({}, {alarm_id: Condition("cold", False)}, NOTHING, 10.0)
    assert (alarms[alarm_id].state, alarms[alarm_id].since_s, alarms[alarm_id].activations) == (S.UNACK, 10.0, 1)
    assert [(c.before, c.alarm.state, c.user) for c in changes] == [(S.NORMAL, S.UNACK, None)]
    alarms, changes = step(alarms, {alarm_id: Condition("colder", False)}, NOTHING, 11.0)
    assert changes == []
    assert (alarms[alarm_id].detail, alarms[alarm_id].since_s) == ("colder", 10.0)
    alarms, changes = acknowledge(alarms, alarm_id, "anna")
    assert [(c.before, c.alarm.state, c.user) for c in changes] == [(S.UNACK, S.ACK, "anna")]
    alarms, changes = step(alarms, {}, NOTHING, 12.0)
    assert alarms == {}
    assert [c.alarm.state for c in changes] == [S.NORMAL]


def test_latched_alarm_waits_for_acknowledgement_and_for_its_row() -> None:
    held = frozenset({HIGH})
    alarms, _ = step({}, {HIGH: Condition("", False)}, held, 10.0)
    alarms, _ = step(alarms, {}, held, 11.0)
    assert alarms[HIGH].state is S.LATCHED_UNACK
    alarms, _ = step(alarms, {}, NOTHING, 12.0)
    assert alarms[HIGH].state is S.LATCHED_UNACK  # the row is reset, nobody has acknowledged
    alarms, _ = acknowledge(alarms, None, "anna")
    assert alarms[HIGH].state is S.LATCHED_ACK
    kept, changes = step(alarms, {}, held, 13.0)
    assert kept[HIGH].state is S.LATCHED_ACK  # acknowledged, the row still holds it
    assert changes == []
    gone, changes = step(alarms, {}, NOTHING, 13.0)
    assert gone == {}
    assert [(c.before, c.alarm.state) for c in changes] == [(S.LATCHED_ACK, S.NORMAL)]


def test_an_alarm_that_comes_back_is_annunciated_again() -> None:
    alarms, _ = step({HIGH: alarm(HIGH, S.LATCHED_ACK)}, {HIGH: Condition("again", False)}, frozenset({HIGH}), 20.0)
    assert (alarms[HIGH].state, alarms[HIGH].activations, alarms[HIGH].since_s) == (S.UNACK, 2, 20.0)


def test_an_alarm_never_gets_quieter_while_it_lasts() -> None:
    alarms, _ = step({}, {"O2-SENS-BAD": Condition("", True)}, NOTHING, 1.0)
    assert alarms["O2-SENS-BAD"].priority is Priority.HIGH
    alarms, _ = step(alarms, {"O2-SENS-BAD": Condition("", False)}, NOTHING, 2.0)
    assert alarms["O2-SENS-BAD"].priority is Priority.HIGH
    alarms, _ = step(alarms, {}, NOTHING, 3.0)
    alarms, _ = step(alarms, {"O2-SENS-BAD": Condition("", False)}, NOTHING, 4.0)
    assert alarms["O2-SENS-BAD"].priority is Priority.MEDIUM  # a new one, nobody inside


def test_an_alarm_gets_louder_when_somebody_is_inside() -> None:
    alarms, _ = step({}, {"O2-SENS-BAD": Condition("", False)}, NOTHING, 1.0)
    alarms, _ = step(alarms, {"O2-SENS-BAD": Condition("", True)}, NOTHING, 2.0)
    assert alarms["O2-SENS-BAD"].priority is Priority.HIGH


def test_acknowledge_one_all_and_none() -> None:
    three = {a: alarm(a, s) for a, s in ((HIGH, S.UNACK), (LOW, S.RTN_UNACK), ("ESTOP", S.ACK))}
    one, changes = acknowledge(three, HIGH, "anna")
    assert [c.alarm.id for c in changes] == [HIGH]
    assert one[LOW].state is S.RTN_UNACK
    every, changes = acknowledge(three, None, "anna")
    assert {c.alarm.id for c in changes} == {HIGH, LOW}
    assert LOW not in every  # gone and seen
    same, changes = acknowledge(three, "DOOR-STUCK", "anna")
    assert (same, changes) == (three, [])
    assert three[HIGH].state is S.UNACK  # the old mapping is left alone


def test_a_state_without_alarm_and_condition_is_an_error() -> None:
    with pytest.raises(ValueError, match=HIGH):
        _entry(None, HIGH, S.UNACK, None, 0.0, activated=False)


@pytest.mark.req("SRS-ALM-001")
@pytest.mark.parametrize("alarm_id", ALARMS)
def test_every_alarm_is_rationalised(alarm_id: str) -> None:
    info = ALARMS[alarm_id]
    for text in (info.title, info.cause, info.consequence, info.action):
        assert len(text) >= 6, f"{alarm_id}: an alarm without {text!r} tells nobody what to do"
    assert info.time_to_respond_s > 0.0
    assert info.hazards
    assert all(h.startswith("H-") and h[2:].isdigit() for h in info.hazards)
    assert info.priority_occupied >= info.priority
    assert info.latching is (info.priority is Priority.HIGH)


def test_hazards_of_an_alarm_cover_those_of_a_cause_in_part() -> None:
    for cause in CAUSES:
        if cause.alarm is not None and cause.alarm not in ("PLC-TRIP", "COMM-PLC"):
            assert set(cause.hazards) & set(ALARMS[cause.alarm].hazards), cause.id
