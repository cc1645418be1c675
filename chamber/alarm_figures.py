"""How well the alarms serve the people: figures of ISA-18.2 and IEC 62682 from the recorded changes.

Targets as in the safety reference, 1.3: the published ones, scaled to a chamber with one operator. H-23.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Sequence
from typing import NamedTuple

WINDOW_S = 600.0
FLOOD_BEGINS, FLOOD_ENDS = 10, 5  # more than 10 in ten minutes; fewer than 5
CHATTER_COUNT, CHATTER_S = 3, 60.0
FLEETING_S = 5.0  # gone by itself before anybody could act
STALE_S = 24 * 3600.0
TOP = 10
PENDING_S = 60.0  # a high alarm as young as this may still be answered


class Change(NamedTuple):
    """One recorded change of an alarm's state. ``t_s``: wall clock, s. ``event`` as in ``chamber.alarm_states``."""

    t_s: float
    alarm: str
    priority: str
    before: str
    to: str
    event: str

    @property
    def activation(self) -> bool:
        return self.to == "unack" and self.event != "again"


class Flood(NamedTuple):
    """``until_s``: end, or the end of the time looked at when it went on. ``alarms``: announced within."""

    from_s: float
    until_s: float
    alarms: int


class Figure(NamedTuple):
    """``value`` None: cannot be told. ``most``: the target; None: none, for orientation only."""

    id: str
    value: float | None
    unit: str
    most: float | None

    @property
    def met(self) -> bool | None:
        return None if self.value is None or self.most is None else self.value <= self.most


class Figures(NamedTuple):
    """Over ``from_s`` to ``until_s``. ``top``: (alarm, count), most frequent first. ``priorities``: announced, by priority."""

    from_s: float
    until_s: float
    announced: int
    figures: tuple[Figure, ...]
    top: tuple[tuple[str, int], ...]
    priorities: dict[str, int]
    floods: tuple[Flood, ...]
    chattering: tuple[str, ...]
    stale: tuple[str, ...]
    unanswered: tuple[str, ...]


def figures(changes: Sequence[Change], from_s: float, until_s: float, *, sessions: int, restarts: Sequence[float] = ()) -> Figures:
    """``changes``: in order of time, all within the time looked at. ``restarts``: starts of the control process, which
    forgets its alarms. Raises ValueError when ``until_s`` is not after ``from_s``.
    """
    if until_s <= from_s:
        raise ValueError(f"until {until_s} is not after from {from_s}")
    new = [c for c in changes if c.activation]
    times = [c.t_s for c in new]
    found_floods = floods(times, until_s)
    chatter = _chattering(new)
    lives = _lives(changes, until_s, restarts)
    stale = sorted({life.alarm for life in lives if life.until_s - life.from_s > STALE_S})
    unanswered = tuple(life.alarm for life in lives if life.unanswered and until_s - life.from_s > PENDING_S)
    counts = Counter(c.alarm for c in new)
    top = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP])
    in_flood = sum(f.until_s - f.from_s for f in found_floods)
    span = until_s - from_s
    return Figures(
        from_s,
        until_s,
        len(new),
        (
            Figure("rate", len(new) / (span / WINDOW_S) if span >= WINDOW_S else None, "per 10 min", 1.0),
            Figure("peak", float(_peak(times)), "in 10 min", float(FLOOD_BEGINS)),
            Figure("flood", 100.0 * in_flood / span, "%", 1.0),
            Figure("chattering", float(len(chatter)), "alarms", 0.0),
            Figure("fleeting", float(sum(life.fleeting for life in lives)), "", 0.0),
            Figure("stale", float(len(stale)), "alarms", 0.0),
            Figure("unanswered", float(len(unanswered)), "", 0.0),
            Figure("per_10_sessions", 10.0 * len(new) / sessions if sessions > 0 else None, "per 10 sessions", 1.0),
            Figure("high_share", 100.0 * sum(c.priority == "high" for c in new) / len(new) if new else None, "%", 5.0),
            Figure("top_share", 100.0 * sum(n for _, n in top) / len(new) if new else None, "%", None),
        ),
        top,
        {p: sum(c.priority == p for c in new) for p in ("high", "medium", "low")},
        found_floods,
        chatter,
        tuple(stale),
        unanswered,
    )


def _peak(times: Sequence[float]) -> int:
    return max((n + 1 - bisect_right(times, t - WINDOW_S) for n, t in enumerate(times)), default=0)


def floods(times: Sequence[float], until_s: float) -> tuple[Flood, ...]:
    """A flood begins with the eleventh alarm within ten minutes and ends when fewer than five are left in the ten behind."""
    found: list[Flood] = []
    recent: deque[float] = deque()
    flood: Flood | None = None  # that goes on
    for t in [*times, None]:
        if flood is not None:
            ends_s = recent[-FLOOD_ENDS] + WINDOW_S  # then the fifth youngest leaves the window
            if t is None or ends_s <= t:
                found.append(flood._replace(until_s=min(ends_s, until_s)))
                flood = None
        if t is None:
            continue  # the end of the time looked at
        while recent and recent[0] <= t - WINDOW_S:
            recent.popleft()
        recent.append(t)
        if flood is not None:
            flood = flood._replace(alarms=flood.alarms + 1)
        elif len(recent) > FLOOD_BEGINS:
            flood = Flood(t, until_s, len(recent))
    return tuple(found)


def _chattering(new: Sequence[Change]) -> tuple[str, ...]:
    found: set[str] = set()
    recent: dict[str, deque[float]] = {}
    for c in new:
        times = recent.setdefault(c.alarm, deque(maxlen=CHATTER_COUNT))
        times.append(c.t_s)
        if len(times) == CHATTER_COUNT and times[-1] - times[0] <= CHATTER_S:
            found.add(c.alarm)
    return tuple(sorted(found))


class _Life(NamedTuple):
    """One activation until its condition went, it was hidden, or nobody can tell any more."""

    alarm: str
    from_s: float
    until_s: float
    gone: bool
    answered: bool
    high: bool

    @property
    def fleeting(self) -> bool:
        return self.gone and not self.answered and self.until_s - self.from_s <= FLEETING_S

    @property
    def unanswered(self) -> bool:
        return self.high and not self.answered


def _lives(changes: Sequence[Change], until_s: float, restarts: Sequence[float]) -> list[_Life]:
    """An acknowledgement that comes after the condition has gone is an answer, too."""
    starts = sorted(restarts)
    lives: list[_Life] = []
    open_at: dict[str, int] = {}  # alarm -> its latest life, until it is answered and over

    def end(n: int, t_s: float, *, gone: bool) -> None:
        lives[n] = lives[n]._replace(until_s=min(lives[n].until_s, t_s), gone=lives[n].gone or gone)

    for c in changes:
        while starts and starts[0] <= c.t_s:
            t = starts.pop(0)
            for n in open_at.values():
                end(n, t, gone=False)
            open_at.clear()
        n = open_at.get(c.alarm)
        if n is not None and c.event == "ack":
            lives[n] = lives[n]._replace(answered=True)
        if n is not None and (c.event == "off" or c.to in ("shelved", "suppressed", "out_of_service")):
            end(n, c.t_s, gone=c.event == "off")
        if c.activation:
            open_at[c.alarm] = len(lives)
            lives.append(_Life(c.alarm, c.t_s, until_s, False, False, c.priority == "high"))
    for n in open_at.values():
        end(n, starts[0] if starts else until_s, gone=False)
    return lives
