"""What is kept of a session's skin estimate between two steps, and how people are taken to walk in."""

from __future__ import annotations

from typing import NamedTuple

from chamber.voting import Vote
from control.skin.air import NOT_SEEN, Zone, seen
from control.skin.model import Estimate, Slabs, Where, at_rest, estimates, known, stepped
from control.skin.tissue import STEP_S

ONE_BY_ONE_S = 2.0  # between two people through a door that stays open (proposed)
LATE_STEPS = 300  # a process that slept for ten minutes has no session any more


class Look(NamedTuple):
    """What was measured at a step. ``pre`` and ``main``: votes over the thermometers of each zone, from the lowest up.

    ``regulated_c``: set points of pre-chamber and main room, None where the gas about people is not what is regulated.
    """

    pre: tuple[Vote, ...]
    main: tuple[Vote, ...]
    regulated_c: tuple[float | None, float | None]
    presence_pre: bool | None
    presence_main: bool | None
    outer_shut: bool
    inner_shut: bool
    leaving: bool


class Skin(NamedTuple):
    """``now``: estimates by person and site, empty before anybody is inside or without any reading; ``least``: the coldest of each person
    so far. ``low_c``: lowest lower bound so far: it only ever falls. ``gone``: everybody is out."""

    session: int
    persons: int
    head_out: bool
    at_s: float
    slabs: Slabs
    pre: tuple[Zone, ...]
    main: tuple[Zone, ...]
    from_s: float | None = None
    main_from_s: float | None = None
    where: Where = Where()
    now: tuple[tuple[Estimate, ...], ...] = ()
    least: tuple[Estimate, ...] = ()
    low_c: float | None = None
    gone: bool = False

    @property
    def unread(self) -> bool:
        """Somebody stands in gas that is not measured now."""
        zones = self.main if self.where.main > 0 else self.pre
        return self.where.inside > 0 and not all(z.read for z in zones)


def begin(session: int, persons: int, zones: tuple[int, int], now_s: float, *, head_out: bool) -> Skin:
    """A group that has not gone in yet. ``zones``: how many pre-chamber and main room have."""
    return Skin(session, persons, head_out, now_s, at_rest(persons, head_out=head_out), (NOT_SEEN,) * zones[0], (NOT_SEEN,) * zones[1])


def follow(s: Skin, look: Look, now_s: float) -> Skin:
    """Up to ``now_s``, in whole steps."""
    steps = min(LATE_STEPS, int((now_s - s.at_s) / STEP_S + 1e-6))
    if steps <= 0 or s.gone:
        return s
    seconds = steps * STEP_S
    pre = tuple([seen(z, v, look.regulated_c[0], seconds) for z, v in zip(s.pre, look.pre, strict=True)])
    main = tuple([seen(z, v, look.regulated_c[1], seconds) for z, v in zip(s.main, look.main, strict=True)])
    s = _walk(s._replace(at_s=s.at_s + seconds, pre=pre, main=main), look)
    if s.where.inside == 0 or s.gone:
        return s
    slabs = s.slabs
    for _ in range(steps):
        slabs = stepped(slabs, s.where, pre, main, head_out=s.head_out)
    s = s._replace(slabs=slabs)
    if not known(main if s.where.main > 0 else pre) and not s.now:
        return s
    now = estimates(slabs, head_out=s.head_out)
    coldest = [min(of, key=lambda e: e.c) for of in now]
    least = tuple([e if not s.least or e.c < s.least[i].c else s.least[i] for i, e in enumerate(coldest)])
    low = min([e.low_c for of in now for e in of])
    return s._replace(now=now, least=least, low_c=low if s.low_c is None else min(low, s.low_c))


def _walk(s: Skin, look: Look) -> Skin:
    """Where people are: the first when somebody is seen, the others after them while the door stays open, all when it is shut."""
    somebody_main = look.presence_main is True
    if look.leaving and look.presence_main is False:
        if not s.pre or look.presence_pre is False:
            return s._replace(where=Where(), gone=True)
        return s._replace(where=s.where._replace(main=0))
    from_s = s.at_s if s.from_s is None and (somebody_main or look.presence_pre is True) else s.from_s
    main_from_s = s.at_s if s.main_from_s is None and somebody_main else s.main_from_s
    if from_s is None:
        return s
    inside = _through(s.where.inside, s.persons, s.at_s - from_s, look.outer_shut)
    main = 0 if main_from_s is None else _through(s.where.main, s.persons, s.at_s - main_from_s, look.inner_shut)
    return s._replace(from_s=from_s, main_from_s=main_from_s, where=Where(max(inside, main), main))


def _through(before: int, persons: int, since_s: float, shut: bool) -> int:
    return persons if shut else max(before, min(persons, 1 + int(since_s / ONE_BY_ONE_S)))
