"""Figures of the alarms over histories made by hand, at their edges, and that the counts add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.alarm_figures import Change, Figure, Figures, Flood, figures, floods

DAY = 24 * 3600.0


def on(t: float, alarm: str = "A", priority: str = "low", before: str = "normal") -> Change:
    return Change(t, alarm, priority, before, "unack", "on")


def off(t: float, alarm: str = "A", priority: str = "low") -> Change:
    return Change(t, alarm, priority, "unack", "rtn_unack", "off")


def ack(t: float, alarm: str = "A", priority: str = "low") -> Change:
    return Change(t, alarm, priority, "unack", "ack", "ack")


def of(*changes: Change, until_s: float = DAY, sessions: int = 0, restarts: tuple[float, ...] = ()) -> Figures:
    return figures(changes, 0.0, until_s, sessions=sessions, restarts=restarts)


def value(f: Figures, name: str) -> float | None:
    return next(x for x in f.figures if x.id == name).value


def test_nothing_happened() -> None:
    f = of()
    assert (f.announced, f.top, f.floods, f.priorities) == (0, (), (), {"high": 0, "medium": 0, "low": 0})
    assert {x.id for x in f.figures if x.value is None} == {"per_10_sessions", "high_share", "top_share"}
    assert {x.value for x in f.figures} == {None, 0.0}
    assert all(x.met is not False for x in f.figures)


def test_time_must_go_on() -> None:
    with pytest.raises(ValueError, match="is not after"):
        figures([], 5.0, 5.0, sessions=0)


def test_rate_and_peak() -> None:
    f = of(*(on(t) for t in (0.0, 1.0, 599.9, 600.0, 1300.0)), until_s=6000.0)
    assert value(f, "rate") == pytest.approx(0.5)
    assert value(f, "peak") == 3.0  # the one at 0 has left when the one at 600 comes
    assert value(of(on(1.0), until_s=599.9), "rate") is None  # shorter than the window: nothing to say
    assert value(of(on(1.0), until_s=600.0), "rate") == 1.0


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([float(t) for t in range(10)], ()),  # ten are not more than ten
        ([float(t) for t in range(11)], (Flood(10.0, 606.0, 11),)),  # the fifth youngest is the one at 6
        ([60.0 * t for t in range(11)], ()),  # the first has left when the eleventh comes
        ([59.9 * t for t in range(11)], (Flood(599.0, 59.9 * 6 + 600.0, 11),)),
        ([*map(float, range(11)), 605.9], (Flood(10.0, 607.0, 12),)),  # one more just before the end draws it out
        ([*map(float, range(11)), 606.0], (Flood(10.0, 606.0, 11),)),
        ([*map(float, range(11)), *(5000.0 + t for t in range(11))], (Flood(10.0, 606.0, 11), Flood(5010.0, 5606.0, 11))),
        ([90000.0 + t for t in range(11)], (Flood(90010.0, 90100.0, 11),)),  # it went on when the time was over
    ],
)
def test_floods(times: list[float], expected: tuple[Flood, ...]) -> None:
    found = floods(times, 90100.0)
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        assert a == pytest.approx(b)


def test_share_of_time_in_flood() -> None:
    f = of(*(on(float(t)) for t in range(11)), until_s=6060.0)
    assert value(f, "flood") == pytest.approx(100.0 * 596.0 / 6060.0)
    assert next(x for x in f.figures if x.id == "flood").met is False


def test_chattering() -> None:
    assert of(on(0.0), on(30.0), on(60.0)).chattering == ("A",)
    assert of(on(0.0), on(30.0), on(60.1)).chattering == ()
    assert of(on(0.0), on(30.0, "B"), on(60.0)).chattering == ()


def test_fleeting_is_gone_by_itself_within_seconds() -> None:
    assert value(of(on(0.0), off(5.0)), "fleeting") == 1.0
    assert value(of(on(0.0), off(5.1)), "fleeting") == 0.0
    assert value(of(on(0.0), ack(2.0), off(5.0)), "fleeting") == 0.0
    hidden = Change(3.0, "A", "low", "unack", "shelved", "shelve")
    assert value(of(on(0.0), hidden), "fleeting") == 0.0
    assert value(of(on(0.0), on(100.0, "B"), restarts=(3.0,)), "fleeting") == 0.0  # nobody can tell


def test_stale() -> None:
    assert of(on(0.0), until_s=DAY).stale == ()
    assert of(on(0.0), until_s=DAY + 1).stale == ("A",)
    assert of(on(0.0), ack(5.0), until_s=DAY + 1).stale == ("A",)
    assert of(on(0.0), off(DAY), until_s=2 * DAY).stale == ()
    assert of(on(0.0), until_s=2 * DAY, restarts=(DAY,)).stale == ()  # the process that knew it ended
    assert of(on(0.0), on(DAY, "B"), until_s=1.5 * DAY, restarts=(5.0,)).stale == ()


def test_high_alarms_nobody_answered() -> None:
    high = on(0.0, priority="high")
    assert of(high).unanswered == ("A",)
    assert of(high, ack(50.0)).unanswered == ()
    assert of(high, off(1.0), ack(50.0)).unanswered == ()  # gone, but somebody looked
    assert of(high, on(10.0, priority="high"), ack(50.0)).unanswered == ("A",)
    assert of(on(0.0), until_s=DAY).unanswered == ()
    assert of(high, until_s=60.0).unanswered == ()  # may still be answered
    assert of(high, until_s=60.1).unanswered == ("A",)
    assert of(on(DAY - 60.0, priority="high"), until_s=DAY).unanswered == ()
    assert of(high, ack(50.0), restarts=(20.0,)).unanswered == ("A",)
    assert of(high, ack(50.0), restarts=(50.0,)).unanswered == ("A",)  # the new process knows nothing of it


def test_an_alarm_announced_again_is_not_a_new_one() -> None:
    again = Change(60.0, "A", "high", "ack", "unack", "again")
    f = of(on(0.0, priority="high"), ack(1.0), again)
    assert f.announced == 1
    assert f.unanswered == ()


def test_top_ten_and_sessions() -> None:
    f = of(*(on(1000.0 * n + m, f"A{n:02d}") for n in range(12) for m in range(n + 1)), until_s=10 * DAY, sessions=20)
    assert f.top[:2] == (("A11", 12), ("A10", 11))
    assert of(on(0.0, "B"), on(1.0, "A")).top == (("A", 1), ("B", 1))
    assert len(f.top) == 10
    assert value(f, "per_10_sessions") == pytest.approx(78 / 2)
    assert value(f, "top_share") == pytest.approx(100.0 * (78 - 3) / 78)
    assert next(x for x in f.figures if x.id == "top_share").met is None


def test_shares() -> None:
    f = of(on(0.0, "A", "high"), on(1000.0, "B", "medium"), on(2000.0), on(3000.0), sessions=1)
    assert (value(f, "high_share"), value(f, "top_share"), value(f, "per_10_sessions")) == (25.0, 100.0, 40.0)


def test_targets_are_those_published() -> None:
    """Safety reference, 1.3."""
    targets = {x.id: x.most for x in of().figures}
    assert targets == {
        "rate": 1.0,
        "peak": 10.0,
        "flood": 1.0,
        "chattering": 0.0,
        "fleeting": 0.0,
        "stale": 0.0,
        "unanswered": 0.0,
        "per_10_sessions": 1.0,
        "high_share": 5.0,
        "top_share": None,
    }
    assert Figure("x", 1.0, "", 1.0).met is True
    assert Figure("x", 1.1, "", 1.0).met is False


MOVES = st.lists(
    st.tuples(
        st.floats(0.0, 300.0),
        st.sampled_from("ABCDEFGHIJKLMNO"),
        st.sampled_from(["high", "medium", "low"]),
        st.sampled_from(["on", "off", "ack", "again", "shelve"]),
    ),
    max_size=80,
)


@given(MOVES, st.lists(st.floats(0.0, 30000.0), max_size=3))
def test_counts_add_up(moves: list[tuple[float, str, str, str]], restarts: list[float]) -> None:
    to = {"on": "unack", "off": "rtn_unack", "ack": "ack", "again": "unack", "shelve": "shelved"}
    now, changes = 0.0, []
    for dt, alarm, priority, event in moves:
        now += dt
        changes.append(Change(now, alarm, priority, "", to[event], event))
    f = figures(changes, 0.0, now + 600.0, sessions=3, restarts=restarts)
    new = [c for c in changes if c.event == "on"]
    assert f.announced == len(new) == sum(f.priorities.values())
    assert sum(n for _, n in f.top) <= f.announced
    assert len({c.alarm for c in new}) > 10 or sum(n for _, n in f.top) == f.announced
    assert len(f.unanswered) <= f.priorities["high"]
    assert set(f.chattering) | set(f.stale) <= {c.alarm for c in new}
    assert sum(x.alarms for x in f.floods) <= f.announced or len(f.floods) > 1
    assert all(a.until_s <= b.from_s for a, b in zip(f.floods, f.floods[1:], strict=False))
    assert all(x.until_s > x.from_s and x.alarms > 10 for x in f.floods)
    assert (value(f, "peak") or 0.0) > 10.0 or not f.floods


def test_figures_do_not_depend_on_when_it_was() -> None:
    """The same history a whole number of seconds later: the same figures, every time moved."""
    moves = [
        on(0.0, "A", "high"),
        off(3.0),
        on(100.0),
        ack(102.0),
        off(104.0),
        on(140.0),
        on(160.0),
        *(on(5000.0 + n, "B") for n in range(12)),
    ]
    moves += [on(9000.0, "C", "high"), on(DAY, "D")]
    first = figures(moves, 0.0, 2 * DAY, sessions=2, restarts=(9500.0,))
    late = 1_700_000_000.0
    later = figures([c._replace(t_s=c.t_s + late) for c in moves], late, 2 * DAY + late, sessions=2, restarts=(9500.0 + late,))
    back = [Flood(f.from_s - late, f.until_s - late, f.alarms) for f in later.floods]
    assert later._replace(from_s=0.0, until_s=2 * DAY, floods=tuple(back)) == first
    assert (first.chattering, first.unanswered, value(first, "fleeting"), len(first.floods)) == (("A", "B"), ("A", "C"), 1.0, 1)
