"""What of the alarms is heard and how they stand together: one sound, a pause with an end, first-out and its followers.

H-23: a flood must not hide its cause. H-24: silence must never last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chamber.alarm_list import ALARMS, Priority
from chamber.alarm_signals import AUDIO_PAUSE_MAX_S
from chamber.alarm_states import ANNUNCIATED, AlarmState
from chamber.alarms import Alarm, AlarmChange, Alarms

_SOUNDING = frozenset({AlarmState.UNACK, AlarmState.LATCHED_UNACK})


class Annunciation(NamedTuple):
    """``first_out``: the alarm that began the episode, ``first_out_s`` when. ``paused_priority``: what sounded at the pause."""

    first_out: str | None = None
    first_out_s: float | None = None
    paused_until_s: float | None = None
    paused_priority: Priority | None = None


def sounding(alarms: Alarms, first_out: str | None) -> Alarm | None:
    """The one alarm that is heard: of the highest priority not acknowledged the first-out, else the newest."""
    candidates = [a for a in alarms.values() if a.state in _SOUNDING]
    return max(candidates, key=lambda a: (a.priority, a.id == first_out, a.since_s), default=None)


def followers(alarms: Alarms, now: Annunciation) -> frozenset[str]:
    """Consequential alarms: set within the episode after its first-out, not of higher priority, not ``alone``."""
    first = None if now.first_out is None else alarms.get(now.first_out)
    if first is None or now.first_out_s is None:
        return frozenset()
    began_s = now.first_out_s
    return frozenset(
        a.id
        for a in alarms.values()
        if a.id != first.id and a.state in ANNUNCIATED and a.since_s >= began_s and a.priority <= first.priority and not ALARMS[a.id].alone
    )


def pause(now: Annunciation, alarms: Alarms, now_s: float, seconds: float = AUDIO_PAUSE_MAX_S) -> Annunciation:
    """Silence for ``seconds``, at most AUDIO_PAUSE_MAX_S. Light, text and the PLC's own sounder go on."""
    heard = sounding(alarms, now.first_out)
    return now._replace(paused_until_s=now_s + min(seconds, AUDIO_PAUSE_MAX_S), paused_priority=None if heard is None else heard.priority)


def follow(
    old: Annunciation, alarms: Alarms, changes: Sequence[AlarmChange], first: str | None, now_s: float
) -> tuple[Annunciation, str | None]:
    """One scan. ``first``: alarm of the cause that acted first, as the causes stand now. Also says why a pause ended.

    The first-out of an episode stays while its alarm is shown, even when its cause comes and goes.
    """
    new = old
    if old.first_out is None or old.first_out not in alarms or alarms[old.first_out].state not in ANNUNCIATED:
        shown = first is not None and first in alarms and alarms[first].state in ANNUNCIATED
        new = old._replace(first_out=first if shown else None, first_out_s=now_s if shown else None)
    if old.paused_until_s is None:
        return new, None
    heard = sounding(alarms, new.first_out)
    ended: str | None = None
    if heard is None:
        ended = "nothing sounds"
    elif any(c.announces for c in changes) or old.paused_priority is None or heard.priority > old.paused_priority:
        ended = "new alarm"
    elif now_s >= old.paused_until_s:
        ended = "time over"
    return (new, None) if ended is None else (new._replace(paused_until_s=None, paused_priority=None), ended)
