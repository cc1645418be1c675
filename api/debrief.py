"""After an exercise: what was broken in the simulated plant, what the operator did about it, and how long it took.

Pure: faults and journal lines in, report out. A fault answers for what happened from its beginning until the next one began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from api.answers import ANSWERS, NEW_SESSION, NOBODY_IN
from api.simulator_models import DebriefAct, DebriefAlarm, DebriefFault, DebriefSummary
from chamber.alarm_list import ALARMS
from chamber.commands import CommandKind
from chamber.events import EventKind

KINDS = (EventKind.ALARM, EventKind.COMMAND, EventKind.STATE)
_PRESENCE = CommandKind.OPERATOR_PRESENT.value  # a sign of life, no answer to anything
_SAFE_STATES = frozenset({"exit", "evacuate", "estop", "fault", "held", "suspended", "purge", "stopped"})
_UNSEEN, _SEEN = frozenset({"unack", "rtn_unack", "latched_unack"}), frozenset({"ack", "latched_ack"})


class Broken(NamedTuple):
    """A fault of the exercise with its times on the wall's clock; ``began`` None: still to come, or refused."""

    id: str
    kind: str
    target: str
    text: str
    surprise: bool
    due: datetime
    began: datetime | None
    ended: datetime | None
    refused: str


class Line(NamedTuple):
    """A line of the journal."""

    at: datetime
    kind: str
    data: dict[str, Any]
    user: str | None


def debrief(broken: Sequence[Broken], lines: Sequence[Line], until: datetime) -> list[DebriefFault]:
    """One entry for each fault, in the order of their beginnings; those that never began come last. ``lines``: oldest first."""
    begun = sorted(((b.began, b) for b in broken if b.began is not None), key=lambda pair: pair[0])
    ends = [began for began, _ in begun[1:]] + [until]
    report = [_one(b, began, [x for x in lines if began <= x.at < end], end) for (began, b), end in zip(begun, ends, strict=False)]
    return report + [_one(b, None, [], until) for b in broken if b.began is None]


def summary(faults: Sequence[DebriefFault]) -> DebriefSummary:
    """The exercise in a few figures."""
    reactions = [f.reaction_s for f in faults if f.reaction_s is not None]
    verdicts = [a.verdict for f in faults for a in f.acts]
    return DebriefSummary(
        faults=sum(f.began is not None for f in faults),
        alarms=sum(len(f.alarms) for f in faults),
        missed=sum(a.missed for f in faults for a in f.alarms),
        right=verdicts.count("right"),
        wrong=verdicts.count("wrong"),
        mean_reaction_s=round(sum(reactions) / len(reactions), 1) if reactions else None,
        worst_reaction_s=max(reactions, default=None),
    )


def _one(b: Broken, began: datetime | None, lines: Sequence[Line], end: datetime) -> DebriefFault:
    def after(at: datetime | None) -> float | None:
        return None if at is None or began is None else round((at - began).total_seconds(), 1)

    alarms = [x for x in lines if x.kind == EventKind.ALARM and x.data["to"] == "unack"]
    first = alarms[0] if alarms else None
    judged = [(x, _judge(x, lines)) for x in lines if x.kind == EventKind.COMMAND]
    judged = [(x, measured) for x, measured in judged if measured.verdict is not None or x.data["command"] != _PRESENCE]
    taken = [x for x, _ in judged if x.data["outcome"] == "accepted"]
    moved = [x for x in lines if x.kind == EventKind.STATE]
    action = next((x for x in taken if first is None or x.at >= first.at), None)
    seen = next((x for x in lines if _acknowledges(x)), None)
    empty = next((x for x in taken if x.data["command"] == CommandKind.CONFIRM_EMPTY), None)
    reaction = None if first is None or action is None else round((action.at - first.at).total_seconds(), 1)
    allowed = None if first is None or first.data["alarm"] not in ALARMS else ALARMS[first.data["alarm"]].time_to_respond_s
    return DebriefFault(
        id=b.id,
        kind=b.kind,
        target=b.target,
        text=b.text,
        surprise=b.surprise,
        due=b.due,
        began=began,
        refused=b.refused,
        alarms=[_alarm(x, lines, after(x.at), end) for x in _first_of_each(alarms)],
        acts=[_act(x, after(x.at), measured) for x, measured in judged],
        states=[DebriefAct(after_s=after(x.at) or 0.0, what=str(x.data["to"]), outcome=str(x.data["cause"]), user=None) for x in moved],
        first_alarm_s=after(None if first is None else first.at),
        first_action_s=after(None if action is None else action.at),
        acknowledged_s=after(None if seen is None else seen.at),
        safe_s=after(next((x.at for x in moved if x.data["to"] in _SAFE_STATES), None)),
        empty_s=after(None if empty is None else empty.at),
        mended_s=after(b.ended),
        reaction_s=reaction,
        allowed_s=allowed,
        in_time=_in_time(reaction, allowed, None if first is None else (end - first.at).total_seconds()),
    )


def _in_time(reaction_s: float | None, allowed_s: float | None, passed_s: float | None) -> bool | None:
    """None: nothing to react to, or the time is not over and nothing has been done yet."""
    if allowed_s is None or passed_s is None or (reaction_s is None and passed_s < allowed_s):
        return None
    return reaction_s is not None and reaction_s <= allowed_s


def _acknowledges(x: Line) -> bool:
    """Whether somebody has seen an alarm; one that had gone by then is over with it."""
    if x.kind != EventKind.ALARM:
        return False
    old, new = x.data["from"], x.data["to"]
    return (old in _UNSEEN and new in _SEEN) or (old == "rtn_unack" and new == "normal")


def _first_of_each(alarms: Sequence[Line]) -> list[Line]:
    known: dict[str, Line] = {}
    for x in alarms:
        known.setdefault(str(x.data["alarm"]), x)
    return list(known.values())


class _Measured(NamedTuple):
    verdict: Literal["right", "wrong"] | None = None
    alarm: str | None = None


def _judge(act: Line, lines: Sequence[Line]) -> _Measured:
    """A command measured by the alarms that stand as it is given, the oldest first."""
    standing: dict[str, None] = {}
    for x in lines:
        if x.at > act.at:
            break
        if x.kind == EventKind.ALARM:
            name = str(x.data["alarm"])
            if x.data["to"] == "normal":
                standing.pop(name, None)
            else:
                standing[name] = None
    command = str(act.data["command"])
    against = next((name for name in standing if name in NOBODY_IN), None)
    if command in NEW_SESSION and against is not None:
        return _Measured("wrong", against)
    answered = next((name for name in standing if command in ANSWERS.get(name, ())), None)
    if answered is not None and act.data["outcome"] == "accepted":
        return _Measured("right", answered)
    return _Measured()


def _alarm(x: Line, lines: Sequence[Line], after_s: float | None, end: datetime) -> DebriefAlarm:
    name = str(x.data["alarm"])
    info, answers = ALARMS.get(name), ANSWERS.get(name, frozenset[CommandKind]())

    def within(y: Line | None) -> float | None:
        return None if y is None else round((y.at - x.at).total_seconds(), 1)

    acked = within(next((y for y in lines if _acknowledges(y) and y.data["alarm"] == name), None))
    commands = (y for y in lines if y.kind == EventKind.COMMAND and y.at >= x.at and y.data["outcome"] == "accepted")
    answered = within(next((y for y in commands if y.data["command"] in answers), None))
    itself = any(y.kind == EventKind.STATE and y.data["to"] in _SAFE_STATES and str(y.data["cause"]).startswith("cause:") for y in lines)
    allowed = None if info is None else info.time_to_respond_s
    quickest = min((s for s in (acked, answered) if s is not None), default=None)
    lasted = allowed is not None and (end - x.at).total_seconds() >= allowed
    return DebriefAlarm(
        alarm=name,
        title=name if info is None else info.title,
        action="" if info is None else info.action,
        after_s=after_s or 0.0,
        acknowledged_in_s=acked,
        answered_in_s=answered,
        answer="operator" if answered is not None else "chamber" if itself and answers else "none" if answers else "hand",
        allowed_s=allowed,
        missed=allowed is not None and lasted and (quickest is None or quickest > allowed),
    )


def _act(x: Line, after_s: float | None, measured: _Measured) -> DebriefAct:
    user, what, outcome = x.user or x.data.get("user"), str(x.data["command"]), str(x.data["outcome"])
    return DebriefAct(after_s=after_s or 0.0, what=what, outcome=outcome, user=user, verdict=measured.verdict, alarm=measured.alarm)
