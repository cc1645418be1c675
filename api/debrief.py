"""After an exercise: what was broken in the simulated plant, what the operator did about it, and how long it took.

Pure: faults and journal lines in, report out. A fault answers for what happened from its beginning until the next one began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from api.models import DebriefAct, DebriefAlarm, DebriefFault
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
    report = [_one(b, began, [x for x in lines if began <= x.at < end]) for (began, b), end in zip(begun, ends, strict=False)]
    return report + [_one(b, None, []) for b in broken if b.began is None]


def _one(b: Broken, began: datetime | None, lines: Sequence[Line]) -> DebriefFault:
    def after(at: datetime | None) -> float | None:
        return None if at is None or began is None else round((at - began).total_seconds(), 1)

    alarms = [x for x in lines if x.kind == EventKind.ALARM and x.data["to"] == "unack"]
    first = alarms[0] if alarms else None
    pressed = [x for x in lines if x.kind == EventKind.COMMAND and x.data["command"] != _PRESENCE]
    taken = [x for x in pressed if x.data["outcome"] == "accepted"]
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
        alarms=[_alarm(x, lines, after(x.at)) for x in _first_of_each(alarms)],
        acts=[_act(x, after(x.at)) for x in pressed],
        states=[DebriefAct(after_s=after(x.at) or 0.0, what=str(x.data["to"]), outcome=str(x.data["cause"]), user=None) for x in moved],
        first_alarm_s=after(None if first is None else first.at),
        first_action_s=after(None if action is None else action.at),
        acknowledged_s=after(None if seen is None else seen.at),
        safe_s=after(next((x.at for x in moved if x.data["to"] in _SAFE_STATES), None)),
        empty_s=after(None if empty is None else empty.at),
        mended_s=after(b.ended),
        reaction_s=reaction,
        allowed_s=allowed,
        in_time=None if allowed is None else reaction is not None and reaction <= allowed,
    )


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


def _alarm(x: Line, lines: Sequence[Line], after_s: float | None) -> DebriefAlarm:
    name = str(x.data["alarm"])
    acked = next((y for y in lines if _acknowledges(y) and y.data["alarm"] == name), None)
    info = ALARMS.get(name)
    return DebriefAlarm(
        alarm=name,
        title=name if info is None else info.title,
        after_s=after_s or 0.0,
        acknowledged_in_s=None if acked is None else round((acked.at - x.at).total_seconds(), 1),
        allowed_s=None if info is None else info.time_to_respond_s,
    )


def _act(x: Line, after_s: float | None) -> DebriefAct:
    return DebriefAct(
        after_s=after_s or 0.0, what=str(x.data["command"]), outcome=str(x.data["outcome"]), user=x.user or x.data.get("user")
    )
