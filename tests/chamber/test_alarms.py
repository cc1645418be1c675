"""Alarm states: the whole table against one typed by hand, the step over a scan, hiding, acknowledgement, the list itself."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.alarm_list import ALARMS, SHELF_MAX_S, SUPPRESSED, AlarmClass, Priority
from chamber.alarm_states import ANNUNCIATED, HIDDEN, AlarmEvent, AlarmState, after
from chamber.alarms import Alarm, Condition, Scene, _seen, acknowledge, order, step, takes
from chamber.causes import CAUSES
from chamber.states import COOLING, CycleState

S, E, C = AlarmState, AlarmEvent, CycleState
NOTHING: frozenset[str] = frozenset()
HIGH, LOW = "OVERCOLD", "LN2-LOW"  # latching and of safety class; neither
REFUSED = None
# ISA-18.2 by hand: state -> {event: where to}; what is not named stays. First without latch, then what a latch changes.
PLAIN: dict[AlarmState, dict[AlarmEvent, AlarmState | None]] = {
    S.NORMAL: {E.ON: S.UNACK, E.SHELVE: S.SHELVED, E.SUPPRESS: S.SUPPRESSED, E.TAKE_OUT: S.OUT_OF_SERVICE},
    S.UNACK: {
        E.OFF: S.RTN_UNACK,
        E.ACK: S.ACK,
        E.RESET: REFUSED,
        E.SHELVE: S.SHELVED,
        E.SUPPRESS: S.SUPPRESSED,
        E.TAKE_OUT: S.OUT_OF_SERVICE,
    },
    S.ACK: {
        E.OFF: S.NORMAL,
        E.RESET: REFUSED,
        E.SHELVE: S.SHELVED,
        E.SUPPRESS: S.SUPPRESSED,
        E.TAKE_OUT: S.OUT_OF_SERVICE,
        E.AGAIN: S.UNACK,
    },
    S.RTN_UNACK: {E.ON: S.UNACK, E.ACK: S.NORMAL, E.SHELVE: S.SHELVED, E.SUPPRESS: S.SUPPRESSED, E.TAKE_OUT: S.OUT_OF_SERVICE},
    S.LATCHED_UNACK: {
        E.ON: S.UNACK,
        E.ACK: S.LATCHED_ACK,
        E.RESET: REFUSED,
        E.SHELVE: REFUSED,
        E.SUPPRESS: REFUSED,
        E.TAKE_OUT: S.OUT_OF_SERVICE,
    },
    S.LATCHED_ACK: {E.ON: S.UNACK, E.RESET: S.NORMAL, E.SHELVE: REFUSED, E.SUPPRESS: REFUSED, E.TAKE_OUT: S.OUT_OF_SERVICE},
    S.SHELVED: {E.ACK: REFUSED, E.RESET: REFUSED, E.SUPPRESS: S.SUPPRESSED, E.TAKE_OUT: S.OUT_OF_SERVICE},
    S.SUPPRESSED: {E.ACK: REFUSED, E.RESET: REFUSED, E.SHELVE: REFUSED, E.TAKE_OUT: S.OUT_OF_SERVICE},
    S.OUT_OF_SERVICE: {E.ACK: REFUSED, E.RESET: REFUSED, E.SHELVE: REFUSED, E.SUPPRESS: REFUSED},
}
LATCH = {(S.UNACK, E.OFF): S.LATCHED_UNACK, (S.ACK, E.OFF): S.LATCHED_ACK}
SHOWN_AGAIN = {(S.SHELVED, E.UNSHELVE), (S.SUPPRESSED, E.RELEASE), (S.OUT_OF_SERVICE, E.RETURN)}


@pytest.mark.req("SRS-ALM-003")
@pytest.mark.req("SRS-ALM-003")
@pytest.mark.parametrize(("state", "event"), list(product(S, E)))
@pytest.mark.parametrize(("latching", "klass", "active"), list(product((False, True), AlarmClass, (False, True))))
def test_every_transition(state: AlarmState, event: AlarmEvent, latching: bool, klass: AlarmClass, active: bool) -> None:
    expected = PLAIN[state].get(event, state)
    if latching:
        expected = LATCH.get((state, event), expected)
    if (state, event) in SHOWN_AGAIN:
        expected = S.UNACK if active else S.NORMAL  # never straight to acknowledged: somebody has to see it
    safety = klass is AlarmClass.SAFETY
    if safety and event in (E.SHELVE, E.SUPPRESS) and state not in (S.SUPPRESSED, S.OUT_OF_SERVICE):
        expected = REFUSED
    if (state, event, safety) in ((S.SUPPRESSED, E.SHELVE, True), (S.OUT_OF_SERVICE, E.SHELVE, True), (S.OUT_OF_SERVICE, E.SUPPRESS, True)):
        expected = REFUSED
    assert after(state, event, latching=latching, safety=safety, active=active) is expected


@pytest.mark.req("SRS-ALM-006")
def test_nobody_gets_a_safety_alarm_hidden_but_by_taking_it_out_of_service() -> None:
    for state, event in product(set(S) - HIDDEN, set(E) - {E.TAKE_OUT}):
        assert after(state, event, latching=True, safety=True, active=True) not in HIDDEN


def scene(now_s: float, state: CycleState = C.READY, *, occupied: bool = False, day_start: bool = False) -> Scene:
    return Scene(now_s, state, occupied, day_start)


def alarm(alarm_id: str, state: AlarmState, **more: object) -> Alarm:
    return Alarm(alarm_id, state, ALARMS[alarm_id].priority, "detail", 1.0, 1)._replace(**more)


def on(*ids: str) -> dict[str, Condition]:
    return {i: Condition("cold", False) for i in ids}


@pytest.mark.parametrize("alarm_id", [HIGH, "T-DEV-HI"])
def test_life_of_an_alarm(alarm_id: str) -> None:
    alarms, changes = step({}, {alarm_id: Condition("cold", False)}, NOTHING, scene(10.0))
    assert (alarms[alarm_id].state, alarms[alarm_id].since_s, alarms[alarm_id].activations) == (S.UNACK, 10.0, 1)
    assert [(c.before, c.alarm.state, c.user, c.announces) for c in changes] == [(S.NORMAL, S.UNACK, None, True)]
    alarms, changes = step(alarms, {alarm_id: Condition("colder", False)}, NOTHING, scene(11.0))
    assert changes == []
    assert (alarms[alarm_id].detail, alarms[alarm_id].since_s) == ("colder", 10.0)
    alarms, changes = acknowledge(alarms, alarm_id, "anna", 11.5)
    assert [(c.before, c.alarm.state, c.user, c.announces) for c in changes] == [(S.UNACK, S.ACK, "anna", False)]
    alarms, _ = step(alarms, {}, NOTHING, scene(12.0))
    alarms, changes = step(alarms, {}, NOTHING, scene(12.0 + ALARMS[alarm_id].off_delay_s))
    assert alarms == {}


def test_latched_alarm_waits_for_acknowledgement_and_for_its_row() -> None:
    held = frozenset({HIGH})
    alarms, _ = step({}, on(HIGH), held, scene(10.0))
    alarms, _ = step(alarms, {}, held, scene(11.0))
    assert alarms[HIGH].state is S.LATCHED_UNACK
    alarms, _ = step(alarms, {}, NOTHING, scene(12.0))
    assert alarms[HIGH].state is S.LATCHED_UNACK  # the row is reset, nobody has acknowledged
    alarms, _ = acknowledge(alarms, None, "anna", 12.0)
    assert alarms[HIGH].state is S.LATCHED_ACK
    kept, changes = step(alarms, {}, held, scene(13.0))
    assert kept[HIGH].state is S.LATCHED_ACK  # acknowledged, the row still holds it
    assert changes == []
    gone, changes = step(alarms, {}, NOTHING, scene(13.0))
    assert gone == {}
    assert [(c.before, c.alarm.state) for c in changes] == [(S.LATCHED_ACK, S.NORMAL)]


def test_an_alarm_stays_as_long_as_its_row_is_latched_whether_it_latches_by_itself_or_not() -> None:
    held = frozenset({LOW})
    alarms, _ = step({}, on(LOW), held, scene(10.0))
    alarms, _ = acknowledge(alarms, LOW, "anna", 10.5)
    alarms, _ = step(alarms, {}, held, scene(11.0))
    alarms, _ = step(alarms, {}, held, scene(11.0 + ALARMS[LOW].off_delay_s))
    assert alarms[LOW].state is S.LATCHED_ACK
    gone, _ = step(alarms, {}, NOTHING, scene(100.0))
    assert gone == {}


@pytest.mark.parametrize("latched", [False, True])
def test_who_shows_an_alarm_again_sees_it_while_its_row_is_latched(latched: bool) -> None:
    hidden = {LOW: alarm(LOW, S.SHELVED, active=False, until_s=99.0)}
    shown, _ = order(hidden, LOW, E.UNSHELVE, "anna", "", 20.0, latched=latched)
    assert {i: a.state for i, a in shown.items()} == ({LOW: S.UNACK} if latched else {})


def test_an_alarm_that_comes_back_is_annunciated_again() -> None:
    alarms, _ = step({HIGH: alarm(HIGH, S.LATCHED_ACK, active=False)}, on(HIGH), frozenset({HIGH}), scene(20.0))
    assert (alarms[HIGH].state, alarms[HIGH].activations, alarms[HIGH].since_s) == (S.UNACK, 2, 20.0)


def test_an_alarm_never_gets_quieter_while_it_lasts() -> None:
    alarm_id = "T-ALL-BAD"  # medium, high while occupied, no off-delay
    alarms, _ = step({}, {alarm_id: Condition("", True)}, NOTHING, scene(1.0))
    assert alarms[alarm_id].priority is Priority.HIGH
    alarms, _ = step(alarms, {alarm_id: Condition("", False)}, NOTHING, scene(2.0))
    assert alarms[alarm_id].priority is Priority.HIGH
    alarms, _ = step(alarms, {}, NOTHING, scene(3.0))
    assert alarms[alarm_id].priority is Priority.HIGH  # gone, not yet seen
    alarms, _ = step(alarms, {alarm_id: Condition("", False)}, NOTHING, scene(4.0))
    assert alarms[alarm_id].priority is Priority.MEDIUM  # a new one, nobody inside


def test_an_alarm_gets_louder_when_somebody_is_inside() -> None:
    alarms, _ = step({}, {"O2-SENS-BAD": Condition("", False)}, NOTHING, scene(1.0))
    alarms, _ = step(alarms, {"O2-SENS-BAD": Condition("", True)}, NOTHING, scene(2.0))
    assert alarms["O2-SENS-BAD"].priority is Priority.HIGH


def test_acknowledge_one_all_and_none() -> None:
    three = {a: alarm(a, s) for a, s in ((HIGH, S.UNACK), (LOW, S.RTN_UNACK), ("ESTOP", S.ACK), ("T-DEV-LO", S.SHELVED))}
    one, changes = acknowledge(three, HIGH, "anna", 5.0)
    assert [c.alarm.id for c in changes] == [HIGH]
    assert one[HIGH].acked_s == 5.0
    assert one[LOW].state is S.RTN_UNACK
    every, changes = acknowledge(three, None, "anna", 5.0)
    assert {c.alarm.id for c in changes} == {HIGH, LOW}
    assert LOW not in every  # gone and seen
    assert every["T-DEV-LO"].state is S.SHELVED
    same, changes = acknowledge(three, "DOOR-STUCK", "anna", 5.0)
    assert (same, changes) == (three, [])
    assert three[HIGH].state is S.UNACK  # the old mapping is left alone


def test_a_state_without_alarm_and_condition_is_an_error() -> None:
    with pytest.raises(ValueError, match=HIGH):
        _seen(None, HIGH, None, 0.0)


# --- off-delay and re-alarm ---


def test_the_off_delay_bridges_a_gap_and_not_more() -> None:
    delay = ALARMS["T-DEV-LO"].off_delay_s
    assert delay == 15.0  # safety reference, 1.5
    alarms, _ = step({}, on("T-DEV-LO"), NOTHING, scene(100.0))
    alarms, changes = step(alarms, {}, NOTHING, scene(101.0))
    assert (alarms["T-DEV-LO"].active, changes) == (True, [])
    alarms, changes = step(alarms, on("T-DEV-LO"), NOTHING, scene(101.0 + delay - 0.1))
    assert (alarms["T-DEV-LO"].activations, changes) == (1, [])
    alarms, changes = step(alarms, {}, NOTHING, scene(200.0))
    alarms, changes = step(alarms, {}, NOTHING, scene(200.0 + delay - 0.1))
    assert changes == []
    alarms, changes = step(alarms, {}, NOTHING, scene(200.0 + delay))
    assert [(c.alarm.state, c.reason) for c in changes] == [(S.RTN_UNACK, "condition gone")]


def test_a_danger_that_lasts_is_announced_again() -> None:
    again = ALARMS["O2-CH-LL"].re_alarm_s
    assert again == 60.0  # safety reference, 1.2
    alarms, _ = step({}, on("O2-CH-LL"), NOTHING, scene(0.0))
    alarms, _ = acknowledge(alarms, None, "anna", 10.0)
    alarms, changes = step(alarms, on("O2-CH-LL"), NOTHING, scene(69.9))
    assert changes == []
    alarms, changes = step(alarms, on("O2-CH-LL"), NOTHING, scene(70.0))
    assert [(c.alarm.state, c.event, c.announces) for c in changes] == [(S.UNACK, E.AGAIN, True)]
    assert alarms["O2-CH-LL"].activations == 1
    assert alarms["O2-CH-LL"].since_s == 0.0
    alarms, _ = acknowledge(alarms, None, "anna", 80.0)
    alarms, changes = step(alarms, on("O2-CH-LL"), NOTHING, scene(139.9))
    assert changes == []


# --- shelving, suppression, out of service ---


def shelved(now_s: float = 0.0, until_s: float = 600.0, alarm_id: str = "T-DEV-HI") -> dict[str, Alarm]:
    return order({}, alarm_id, E.SHELVE, "anna", "door seal is being changed", now_s, until_s)[0]


@pytest.mark.req("SRS-ALM-007")
def test_a_shelved_alarm_is_quiet_and_comes_back_when_the_time_is_over() -> None:
    alarms = shelved()
    a = alarms["T-DEV-HI"]
    assert (a.state, a.until_s, a.why, a.active) == (S.SHELVED, 600.0, "door seal is being changed", False)
    alarms, changes = step(alarms, on("T-DEV-HI"), NOTHING, scene(1.0))
    assert (alarms["T-DEV-HI"].state, alarms["T-DEV-HI"].active, changes) == (S.SHELVED, True, [])
    alarms, changes = step(alarms, on("T-DEV-HI"), NOTHING, scene(599.9))
    assert changes == []
    alarms, changes = step(alarms, on("T-DEV-HI"), NOTHING, scene(600.0))
    assert [(c.before, c.alarm.state, c.reason, c.announces) for c in changes] == [(S.SHELVED, S.UNACK, "time over", True)]
    assert alarms["T-DEV-HI"].until_s is None


@pytest.mark.req("SRS-ALM-007")
def test_shelving_ends_at_the_start_of_the_day() -> None:
    alarms, changes = step(shelved(), {}, NOTHING, scene(5.0, C.SELF_TEST, day_start=True))
    assert alarms == {}
    assert [c.reason for c in changes] == ["started up"]


def test_an_acknowledged_alarm_that_was_shelved_comes_back_unacknowledged() -> None:
    alarms, _ = acknowledge({"T-DEV-HI": alarm("T-DEV-HI", S.UNACK)}, None, "anna", 1.0)
    alarms, changes = order(alarms, "T-DEV-HI", E.SHELVE, "anna", "seal", 2.0, 60.0)
    assert [(c.before, c.alarm.state, c.user, c.alarm.until_s) for c in changes] == [(S.ACK, S.SHELVED, "anna", 60.0)]
    alarms, changes = order(alarms, "T-DEV-HI", E.UNSHELVE, "anna", "unshelve", 3.0)
    assert [(c.before, c.alarm.state) for c in changes] == [(S.SHELVED, S.UNACK)]
    assert alarms["T-DEV-HI"].since_s == 3.0


def test_an_alarm_hidden_before_it_ever_came_has_never_come() -> None:
    alarms, _ = order({}, "T-DEV-LO", AlarmEvent.SHELVE, "anna", "because", 5.0, 605.0)
    assert (alarms["T-DEV-LO"].activations, alarms["T-DEV-LO"].since_s) == (0, 5.0)


def test_shelving_is_lengthened_and_told_each_time() -> None:
    alarms, changes = order(shelved(), "T-DEV-HI", E.SHELVE, "bob", "still at it", 500.0, 900.0)
    assert [(c.before, c.alarm.state, c.reason) for c in changes] == [(S.SHELVED, S.SHELVED, "still at it")]
    assert alarms["T-DEV-HI"].until_s == 900.0


def test_orders_the_state_refuses_are_errors() -> None:
    assert not takes({}, "T-DEV-HI", E.UNSHELVE)
    assert not takes({}, HIGH, E.SHELVE)
    with pytest.raises(ValueError, match="T-DEV-HI"):
        order({}, "T-DEV-HI", E.RETURN, "anna", "", 0.0)


@pytest.mark.parametrize("alarm_id", SUPPRESSED)
def test_every_suppression_by_design_ends(alarm_id: str) -> None:
    inside = sorted(SUPPRESSED[alarm_id].states)
    outside = sorted(set(C) - SUPPRESSED[alarm_id].states)
    assert inside
    assert outside
    for state in inside:
        alarms, changes = step({}, on(alarm_id), NOTHING, scene(1.0, state))
        assert [(c.before, c.alarm.state) for c in changes] == [(S.NORMAL, S.SUPPRESSED)]
        assert alarms[alarm_id].why == SUPPRESSED[alarm_id].reason
        for then in outside:
            shown, changes = step(alarms, on(alarm_id), NOTHING, scene(2.0, then))
            assert shown[alarm_id].state is S.UNACK
            assert [c.announces for c in changes] == [True]
            ended, _ = step({alarm_id: alarms[alarm_id]._replace(active=False)}, {}, NOTHING, scene(2.0, then))
            assert ended == {}
        for conditions in (on(alarm_id), {}):
            quiet, changes = step(alarms, conditions, NOTHING, scene(100.0, state))
            assert (quiet[alarm_id].state, changes) == (S.SUPPRESSED, [])
            again, changes = step(quiet, {}, NOTHING, scene(200.0, state))
            assert (again[alarm_id].state, changes) == (S.SUPPRESSED, [])


@pytest.mark.parametrize("alarm_id", SUPPRESSED)
def test_suppression_by_design_is_not_for_safety_and_says_why(alarm_id: str) -> None:
    assert ALARMS[alarm_id].klass is not AlarmClass.SAFETY
    assert len(SUPPRESSED[alarm_id].reason) >= 10


def test_cold_states_never_suppress_the_low_temperature() -> None:
    assert not SUPPRESSED["T-DEV-LO"].states & COOLING


def test_an_alarm_without_condition_makes_no_suppressed_entry() -> None:
    assert step({}, {}, NOTHING, scene(1.0, C.PURGE)) == ({}, [])


def test_a_safety_alarm_returns_to_service_when_somebody_may_be_inside() -> None:
    alarms, changes = order({}, HIGH, E.TAKE_OUT, "anna and bob", "sensor is being changed", 0.0)
    assert [(c.before, c.alarm.state, c.user) for c in changes] == [(S.NORMAL, S.OUT_OF_SERVICE, "anna and bob")]
    alarms, changes = step(alarms, on(HIGH), NOTHING, scene(1.0, C.STOPPED))
    assert (alarms[HIGH].state, changes) == (S.OUT_OF_SERVICE, [])
    alarms, changes = step(alarms, on(HIGH), NOTHING, scene(2.0, C.STOPPED, occupied=True))
    assert [(c.before, c.alarm.state, c.reason) for c in changes] == [(S.OUT_OF_SERVICE, S.UNACK, "somebody may be inside")]


def test_another_alarm_stays_out_of_service_with_guests_inside() -> None:
    alarms, _ = order({}, LOW, E.TAKE_OUT, "anna", "level sensor away", 0.0)
    alarms, _ = step(alarms, on(LOW), NOTHING, scene(1.0, C.EXPOSURE, occupied=True))
    assert alarms[LOW].state is S.OUT_OF_SERVICE
    alarms, _ = order(alarms, LOW, E.RETURN, "anna", "back", 2.0)
    assert alarms[LOW].state is S.UNACK


SOME = (HIGH, LOW, "T-DEV-LO", "T-DEV-HI", "O2-CH-L", "O2-CH-LL")
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["conditions", "ack", E.SHELVE, E.UNSHELVE, E.TAKE_OUT, E.RETURN]),
        st.sampled_from(SOME),
        st.frozensets(st.sampled_from(SOME)),
        st.sampled_from([C.STOPPED, C.READY, C.EXPOSURE, C.PURGE, C.SELF_TEST]),
        st.booleans(),
        st.sampled_from([0.1, 1.0, 20.0, 700.0]),
    ),
    max_size=40,
)


@pytest.mark.req("SRS-ALM-003", "SRS-ALM-006")
@given(MOVES)
def test_whatever_is_pressed_every_change_is_told_and_no_safety_alarm_is_hidden_from_people(moves: list[tuple[object, ...]]) -> None:
    """The changes of the journal, replayed, give the states; a safety alarm is only ever hidden out of service, and empty."""
    alarms: dict[str, Alarm] = {}
    told: dict[str, AlarmState] = {}
    now = 0.0
    for what, alarm_id, conditions, state, occupied, dt in moves:
        assert isinstance(alarm_id, str)
        assert isinstance(conditions, frozenset)
        assert isinstance(state, CycleState)
        assert isinstance(dt, float)
        now += dt
        if what == "conditions":
            alarms, changes = step(alarms, on(*sorted(conditions)), NOTHING, scene(now, state, occupied=bool(occupied)))
            for a in alarms.values():
                if ALARMS[a.id].klass is AlarmClass.SAFETY and a.state in HIDDEN:
                    assert a.state is S.OUT_OF_SERVICE
                    assert not occupied
                if a.id in conditions:
                    assert a.active
        elif what == "ack":
            alarms, changes = acknowledge(alarms, alarm_id, "anna", now)
        else:
            assert isinstance(what, AlarmEvent)
            if not takes(alarms, alarm_id, what):
                continue
            alarms, changes = order(alarms, alarm_id, what, "anna", "why", now, now + 600.0 if what is E.SHELVE else None)
            assert len(changes) == 1
        for c in changes:
            assert told.get(c.alarm.id, S.NORMAL) is c.before
            told[c.alarm.id] = c.alarm.state
            assert c.reason
        assert {k: v for k, v in told.items() if v is not S.NORMAL} == {k: a.state for k, a in alarms.items()}
        assert all(a.state in ANNUNCIATED | HIDDEN for a in alarms.values())


# --- the list ---


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
    assert info.off_delay_s >= 0.0
    assert info.re_alarm_s is None or info.re_alarm_s >= 60.0
    assert not (info.latching and info.off_delay_s), "a latched alarm does not chatter"
    if info.priority_occupied is Priority.HIGH:
        assert info.klass is AlarmClass.SAFETY


@pytest.mark.parametrize("alarm_id", ALARMS)
def test_safety_is_never_shelved_and_the_rest_for_a_time(alarm_id: str) -> None:
    info = ALARMS[alarm_id]
    expected = {Priority.MEDIUM: 3600.0, Priority.LOW: 28800.0}[info.priority_occupied] if info.klass is not AlarmClass.SAFETY else None
    assert info.shelf_max_s == expected
    assert SHELF_MAX_S[Priority.HIGH] is None


def test_hazards_of_an_alarm_cover_those_of_a_cause_in_part() -> None:
    for cause in CAUSES:
        if cause.alarm is not None and cause.alarm not in ("PLC-TRIP", "COMM-PLC"):
            assert set(cause.hazards) & set(ALARMS[cause.alarm].hazards), cause.id


def test_an_alarm_shelved_while_quiet_is_gone_when_taken_off_the_shelf() -> None:
    alarms, _ = order({}, "T-DEV-HI", E.SHELVE, "anna", "noisy sensor", 1.0, until_s=60.0)
    assert alarms["T-DEV-HI"].state is S.SHELVED
    alarms, changes = order(alarms, "T-DEV-HI", E.UNSHELVE, "anna", "mended", 2.0)
    assert alarms == {}
    assert changes[-1].alarm.state is S.NORMAL
