"""The report on an exercise: what was broken, what the operator did, how long it took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from api.debrief import Broken, Line, debrief
from chamber.alarm_list import ALARMS

START = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def broken(name: str, began_s: float | None, ended_s: float | None = None, **more: Any) -> Broken:
    began, ended = (None if s is None else at(s) for s in (began_s, ended_s))
    return Broken(name, "mains_lost", "supply", "Mains lost", False, at(began_s or 0.0), began, ended, "")._replace(**more)


def alarm(seconds: float, name: str, to: str, was: str | None = None) -> Line:
    return Line(at(seconds), "alarm", {"alarm": name, "from": was or ("normal" if to == "unack" else "unack"), "to": to}, None)


def command(seconds: float, name: str, outcome: str = "accepted", user: str | None = "anna") -> Line:
    return Line(at(seconds), "command", {"command": name, "outcome": outcome, "user": "x"}, user)


def state(seconds: float, to: str) -> Line:
    return Line(at(seconds), "state", {"from": "exposure", "to": to, "cause": "cause:PWR-MAINS"}, None)


def test_reaction_counts_from_the_first_alarm_and_a_sign_of_life_is_none() -> None:
    (f,) = debrief(
        [broken("f1", 0.0, 60.0)],
        [
            command(1.0, "start_session"),
            alarm(2.0, "PWR-MAINS", "unack"),
            command(3.0, "operator_present"),
            command(4.0, "reset", "refused"),
            state(5.0, "exit"),
            command(9.5, "acknowledge"),
            alarm(9.5, "PWR-MAINS", "ack"),
            command(30.0, "confirm_empty"),
        ],
        at(100.0),
    )
    assert (f.first_alarm_s, f.first_action_s, f.acknowledged_s, f.safe_s, f.empty_s, f.mended_s) == (2.0, 9.5, 9.5, 5.0, 30.0, 60.0)
    assert (f.reaction_s, f.allowed_s) == (7.5, ALARMS["PWR-MAINS"].time_to_respond_s)
    assert f.in_time is (ALARMS["PWR-MAINS"].time_to_respond_s >= 7.5)
    assert [(a.what, a.outcome, a.user) for a in f.acts] == [
        ("start_session", "accepted", "anna"),
        ("reset", "refused", "anna"),
        ("acknowledge", "accepted", "anna"),
        ("confirm_empty", "accepted", "anna"),
    ]
    assert [(a.alarm, a.acknowledged_in_s) for a in f.alarms] == [("PWR-MAINS", 7.5)]


def test_who_does_nothing_is_late() -> None:
    (f,) = debrief([broken("f1", 0.0)], [alarm(2.0, "PWR-MAINS", "unack")], at(900.0))
    assert (f.reaction_s, f.in_time, f.mended_s) == (None, False, None)


def test_a_fault_nobody_was_told_of_has_no_verdict() -> None:
    (f,) = debrief([broken("f1", 0.0)], [command(5.0, "stop")], at(60.0))
    assert (f.first_alarm_s, f.first_action_s, f.in_time) == (None, 5.0, None)


def test_each_fault_answers_until_the_next_and_what_never_began_comes_last() -> None:
    told = debrief(
        [broken("f2", 50.0), broken("f3", None, refused="taken back"), broken("f1", 0.0)],
        [alarm(2.0, "PWR-MAINS", "unack"), alarm(55.0, "O2-CH-L", "unack"), command(60.0, "evacuate")],
        at(100.0),
    )
    assert [(f.id, [a.alarm for a in f.alarms], f.first_action_s) for f in told] == [
        ("f1", ["PWR-MAINS"], None),
        ("f2", ["O2-CH-L"], 10.0),
        ("f3", [], None),
    ]
    assert told[2].refused == "taken back"


def test_an_alarm_that_had_gone_is_acknowledged_all_the_same() -> None:
    lines = [alarm(2.0, "COMM-PLC", "unack"), alarm(4.0, "COMM-PLC", "rtn_unack", "unack"), alarm(9.0, "COMM-PLC", "normal", "rtn_unack")]
    (f,) = debrief([broken("f1", 0.0)], lines, at(60.0))
    assert (f.acknowledged_s, f.alarms[0].acknowledged_in_s) == (9.0, 7.0)


def test_an_exercise_in_which_nothing_has_begun_yet() -> None:
    assert debrief([], [], at(1.0)) == []
    assert [f.began for f in debrief([broken("f1", None)], [], at(1.0))] == [None]
