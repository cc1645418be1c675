"""The report on an exercise: what was broken, what the operator did, how long it took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.answers import ANSWERS, NOBODY_IN
from api.debrief import Broken, Line, debrief, summary
from chamber.alarm_list import ALARMS
from chamber.commands import CommandKind

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


def state(seconds: float, to: str, cause: str = "cause:PWR-MAINS") -> Line:
    return Line(at(seconds), "state", {"from": "exposure", "to": to, "cause": cause}, None)


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
    (f,) = debrief([broken("f1", 0.0)], [alarm(2.0, "PWR-MAINS", "unack")], at(3.0))
    assert (f.in_time, f.allowed_s) == (None, ALARMS["PWR-MAINS"].time_to_respond_s)  # there is still time


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


# -- right and wrong -----------------------------------------------------------------------------------------------------


def test_every_alarm_has_an_answer_that_fits_its_action() -> None:
    """Who is told to send people out has a button for it; who is told to let nobody in is measured by that, too."""
    assert set(ANSWERS) == set(ALARMS)
    for name, info in ALARMS.items():
        if any(words in info.action for words in ("verybody out", "nd the session", "guests come out", "vacuate the room", "uests out")):
            assert ANSWERS[name] & {CommandKind.END_SESSION, CommandKind.EVACUATE} or "Keep everybody out" in info.action, name
        if any(words in info.action for words in ("No new session", "No session", "Keep everybody out", "Finish this session")):
            assert name in NOBODY_IN, name
        if info.action.startswith(("See everybody out", "Call everybody out", "Evacuate the room", "Everybody out")):
            assert CommandKind.EVACUATE in ANSWERS[name], name


@pytest.mark.parametrize(
    ("name", "outcome", "verdict"),
    [
        ("evacuate", "accepted", "right"),
        ("end_session", "accepted", "right"),
        ("end_session", "rejected", None),
        ("audio_pause", "accepted", None),
        ("start_session", "accepted", "wrong"),
        ("begin_boarding", "rejected", "wrong"),
        ("operator_present", "accepted", "absent"),
    ],
)
def test_an_act_is_measured_by_the_alarm_that_stands(name: str, outcome: str, verdict: str | None) -> None:
    """With the mains lost everybody has to come out: a refused order of the right kind is no answer, a refused wrong one was tried."""
    (f,) = debrief([broken("f1", 0.0)], [alarm(2.0, "PWR-MAINS", "unack"), command(5.0, name, outcome)], at(20.0))
    acts = [(a.verdict, a.alarm) for a in f.acts]
    assert acts == ([] if verdict == "absent" else [(verdict, None if verdict is None else "PWR-MAINS")])
    assert f.alarms[0].answered_in_s == (3.0 if verdict == "right" else None)


def test_an_alarm_that_is_over_measures_nothing() -> None:
    lines = [
        alarm(2.0, "PWR-MAINS", "unack"),
        alarm(3.0, "PWR-MAINS", "ack"),
        alarm(4.0, "PWR-MAINS", "normal"),
        command(5.0, "start_session"),
    ]
    (f,) = debrief([broken("f1", 0.0)], lines, at(20.0))
    assert [a.verdict for a in f.acts] == [None]


def test_a_sign_of_life_answers_the_alarm_that_asks_for_one() -> None:
    (f,) = debrief([broken("f1", 0.0)], [alarm(2.0, "OP-ABSENT", "unack"), command(4.0, "operator_present")], at(60.0))
    assert [(a.what, a.verdict) for a in f.acts] == [("operator_present", "right")]
    assert (f.reaction_s, f.alarms[0].answer) == (2.0, "operator")


def test_who_answered_an_alarm() -> None:
    """The operator, the chamber by itself, nobody, or hands that no journal sees."""
    (f,) = debrief([broken("f1", 0.0)], [alarm(2.0, "O2-CH-L", "unack"), alarm(3.0, "LN2-LOW", "unack")], at(20.0))
    assert [(a.alarm, a.answer) for a in f.alarms] == [("O2-CH-L", "none"), ("LN2-LOW", "hand")]
    (f,) = debrief([broken("f1", 0.0)], [alarm(2.0, "O2-CH-L", "unack"), state(2.5, "exit")], at(20.0))
    assert f.alarms[0].answer == "chamber"
    (f,) = debrief(
        [broken("f1", 0.0)],
        [alarm(2.0, "O2-CH-L", "unack"), command(3.0, "end_session"), state(3.0, "exit", "command:end_session")],
        at(20.0),
    )
    assert (f.alarms[0].answer, f.alarms[0].answered_in_s) == ("operator", 1.0)


def test_an_alarm_is_missed_when_its_time_is_over_and_only_then() -> None:
    allowed = ALARMS["O2-CH-L"].time_to_respond_s
    heard = alarm(0.0, "O2-CH-L", "unack")
    for lines, until, missed in (
        ([heard], allowed - 1.0, False),  # the exercise ended before
        ([heard], allowed, True),
        ([heard, alarm(allowed, "O2-CH-L", "ack")], 2.0 * allowed, False),
        ([heard, alarm(allowed + 1.0, "O2-CH-L", "ack")], 2.0 * allowed, True),
        ([heard, command(5.0, "end_session")], 2.0 * allowed, False),
    ):
        (f,) = debrief([broken("f1", 0.0)], lines, at(until))
        assert f.alarms[0].missed is missed


def test_summary_of_an_exercise() -> None:
    report = debrief(
        [broken("f1", 0.0), broken("f2", 100.0), broken("f3", None)],
        [
            alarm(2.0, "O2-CH-L", "unack"),
            command(6.0, "end_session"),
            alarm(102.0, "PWR-MAINS", "unack"),
            command(110.0, "start_session", "rejected"),
            command(112.0, "acknowledge"),
        ],
        at(400.0),
    )
    found = summary(report)
    assert (found.faults, found.alarms, found.missed, found.right, found.wrong) == (2, 2, 1, 1, 1)
    assert (found.mean_reaction_s, found.worst_reaction_s) == (7.0, 10.0)
    assert summary([]).mean_reaction_s is None
