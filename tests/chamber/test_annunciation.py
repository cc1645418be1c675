"""One sound, a pause with an end, and first-out with its followers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.alarm_list import ALARMS, Priority
from chamber.alarm_states import AlarmEvent, AlarmState
from chamber.alarms import Alarm, AlarmChange
from chamber.annunciation import Annunciation, follow, followers, pause, sounding

S = AlarmState
FIRST, LOUDER, SAME, QUIET, ALONE = "FAN-EXTRACT", "O2-RM-LL", "T-SENS-BAD", "T-DEV-HI", "LN2-LOW"


def alarm(alarm_id: str, since_s: float = 0.0, state: AlarmState = S.UNACK, priority: Priority | None = None) -> Alarm:
    return Alarm(alarm_id, state, ALARMS[alarm_id].priority if priority is None else priority, "", since_s, 1)


def book(*alarms: Alarm) -> dict[str, Alarm]:
    return {a.id: a for a in alarms}


def announced(a: Alarm) -> AlarmChange:
    return AlarmChange(a, S.NORMAL, None, "condition", AlarmEvent.ON)


def test_the_highest_sounds_then_the_first_out_then_the_newest() -> None:
    assert sounding({}, None) is None
    medium, high = alarm(FIRST, 1.0), alarm(LOUDER, 0.5)
    heard = sounding(book(medium, high), FIRST)
    assert heard is high
    later = alarm(SAME, 2.0)
    assert sounding(book(medium, later), FIRST) is medium
    assert sounding(book(medium, later), None) is later


def test_what_is_seen_gone_or_hidden_makes_no_sound() -> None:
    for state in set(S) - {S.UNACK, S.LATCHED_UNACK}:
        assert sounding(book(alarm(FIRST, state=state)), None) is None
    assert sounding(book(alarm(FIRST, state=S.LATCHED_UNACK)), None) is not None


@pytest.mark.req("SRS-ALM-002")
def test_followers_came_after_and_are_not_louder() -> None:
    now = Annunciation(FIRST, 10.0)
    alarms = book(
        alarm(FIRST, 10.0), alarm(SAME, 10.0), alarm(QUIET, 12.0), alarm(LOUDER, 12.0), alarm("DOOR-FAULT", 9.9), alarm(ALONE, 13.0)
    )
    assert followers(alarms, now) == {SAME, QUIET}
    assert followers(alarms, Annunciation()) == frozenset()
    assert followers(book(alarm(SAME, 11.0)), now) == frozenset()
    assert followers(book(alarm(FIRST, 10.0), alarm(QUIET, 12.0, S.SHELVED)), now) == frozenset()


def test_the_first_out_stays_while_its_alarm_is_shown() -> None:
    alarms = book(alarm(FIRST, 5.0))
    now, _ = follow(Annunciation(), alarms, [], None, 5.0)
    assert now == Annunciation()
    now, _ = follow(now, alarms, [], LOUDER, 5.0)  # its alarm is not there
    assert now == Annunciation()
    now, _ = follow(now, alarms, [], FIRST, 5.0)
    assert (now.first_out, now.first_out_s) == (FIRST, 5.0)
    both = book(alarm(FIRST, 5.0, S.RTN_UNACK), alarm(LOUDER, 6.0))
    now, _ = follow(now, both, [], LOUDER, 7.0)
    assert now.first_out == FIRST
    now, _ = follow(now, book(alarm(LOUDER, 6.0)), [], LOUDER, 8.0)
    assert (now.first_out, now.first_out_s) == (LOUDER, 8.0)
    hidden, _ = follow(now, book(alarm(LOUDER, 6.0, S.OUT_OF_SERVICE)), [], LOUDER, 9.0)
    assert hidden.first_out is None
    assert hidden.first_out_s is None


def test_a_pause_ends_by_time() -> None:
    alarms = book(alarm(FIRST))
    now = pause(Annunciation(), alarms, 10.0)
    assert now.paused_until_s == 130.0  # 120 s
    now, why = follow(now, alarms, [], None, 129.9)
    assert why is None
    now, why = follow(now, alarms, [], None, 130.0)
    assert (now.paused_until_s, why) == (None, "time over")
    assert follow(now, alarms, [], None, 131.0)[1] is None  # told once


@pytest.mark.req("SRS-ALM-008")
def test_a_pause_is_never_longer_than_the_table_says() -> None:
    assert pause(Annunciation(), book(alarm(FIRST)), 0.0, 1e9).paused_until_s == 120.0
    assert pause(Annunciation(), book(alarm(FIRST)), 0.0, 30.0).paused_until_s == 30.0


@pytest.mark.req("SRS-ALM-008")
def test_a_new_alarm_ends_the_pause_at_once() -> None:
    alarms = book(alarm(FIRST), alarm(QUIET, 20.0))
    now = pause(Annunciation(), book(alarm(FIRST)), 10.0)
    now, why = follow(now, alarms, [announced(alarms[QUIET])], None, 20.0)
    assert (now.paused_until_s, why) == (None, "new alarm")


def test_an_alarm_that_gets_louder_ends_the_pause() -> None:
    now = pause(Annunciation(), book(alarm(FIRST)), 10.0)
    _, why = follow(now, book(alarm(FIRST, priority=Priority.HIGH)), [], None, 11.0)
    assert why == "new alarm"


def test_a_pause_of_nothing_ends() -> None:
    now = pause(Annunciation(), book(alarm(FIRST)), 10.0)
    seen = alarm(FIRST, state=S.ACK)
    change = AlarmChange(seen, S.UNACK, "anna", "acknowledged", AlarmEvent.ACK)
    now, why = follow(now, book(seen), [change], None, 11.0)
    assert (now.paused_until_s, why) == (None, "nothing sounds")


@pytest.mark.req("SRS-ALM-002")
@given(st.dictionaries(st.sampled_from(list(ALARMS)), st.tuples(st.sampled_from(list(S)), st.floats(0.0, 2.0)), min_size=1))
def test_forty_at_once_make_one_sound_of_the_highest_priority(shown: dict[str, tuple[AlarmState, float]]) -> None:
    alarms = {i: alarm(i, t, s) for i, (s, t) in shown.items()}
    unseen = [a for a in alarms.values() if a.state in (S.UNACK, S.LATCHED_UNACK)]
    heard = sounding(alarms, None)
    assert (heard is None) is (not unseen)
    assert heard is None or heard.priority is max(a.priority for a in unseen)
    now, _ = follow(Annunciation(), alarms, [], next(iter(alarms)), 0.0)
    under = followers(alarms, now)
    assert now.first_out not in under
    for i in under:  # nothing louder than the first-out ever stands under it
        assert now.first_out is not None
        assert alarms[i].priority <= alarms[now.first_out].priority
