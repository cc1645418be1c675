"""The life of each annunciated alarm (ISA-18.2). Conditions come from the cause table; nothing is decided here.

Hiding an alarm hides its annunciation and nothing else: causes and effects never read what is in here, but for one row
that blocks new sessions while a safety-class alarm is out of service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chamber.alarm_list import ALARMS, SUPPRESSED, AlarmClass, AlarmInfo, Priority
from chamber.alarm_states import UNSEEN, AlarmEvent, AlarmState, after
from chamber.states import CycleState


class Alarm(NamedTuple):
    """A live or hidden alarm. Times are monotonic seconds.

    ``since_s``: last activation; ``activations`` counts them since it left NORMAL. ``active``: its condition is on, or has
    been gone for less than the off-delay (``gone_s``). ``until_s``: end of the shelving. ``why``: reason of the hiding.
    """

    id: str
    state: AlarmState
    priority: Priority
    detail: str
    since_s: float
    activations: int
    active: bool = True
    gone_s: float | None = None
    acked_s: float | None = None
    until_s: float | None = None
    why: str = ""

    @property
    def out_of_safety(self) -> bool:
        """Of safety class, and out of service: the chamber is blocked meanwhile."""
        return self.state is AlarmState.OUT_OF_SERVICE and ALARMS[self.id].klass is AlarmClass.SAFETY


class AlarmChange(NamedTuple):
    alarm: Alarm
    before: AlarmState
    user: str | None
    reason: str
    event: AlarmEvent
    second: str | None = None  # another person who signed

    @property
    def announces(self) -> bool:
        """Somebody has to look now."""
        return self.alarm.state is AlarmState.UNACK and self.before is not AlarmState.UNACK


Alarms = Mapping[str, Alarm]


class Condition(NamedTuple):
    detail: str
    occupied: bool


class Scene(NamedTuple):
    """What the chamber does while the conditions are judged. ``day_start``: it was started up in this scan."""

    now_s: float
    state: CycleState
    occupied: bool
    day_start: bool = False


def step(
    alarms: Alarms, conditions: Mapping[str, Condition], held: frozenset[str], scene: Scene
) -> tuple[dict[str, Alarm], list[AlarmChange]]:
    """Apply this scan's conditions.

    ``held``: alarms whose cause row is latched: gone, they stay latched, whatever the list says of them, for what holds the chamber
    is to be seen (H-23). A latched alarm is reset, once acknowledged and its condition gone, as soon as no latched row holds it: by the
    operator's reset of the row, or at once for a row that does not latch.
    """
    new: dict[str, Alarm] = {}
    changes: list[AlarmChange] = []
    for alarm_id in {**alarms, **conditions}:  # in order of appearance, the same on every machine
        alarm = _seen(alarms.get(alarm_id), alarm_id, conditions.get(alarm_id), scene.now_s)
        latched = alarm_id in held
        for event, reason in _events(alarm, latched, scene):
            alarm = _apply(alarm, event, None, reason, scene.now_s, changes, latched=latched)
        if alarm.state is not AlarmState.NORMAL:
            new[alarm_id] = alarm
    return new, changes


def _seen(old: Alarm | None, alarm_id: str, condition: Condition | None, now_s: float) -> Alarm:
    info = ALARMS[alarm_id]
    if condition is not None:
        priority = info.priority_occupied if condition.occupied else info.priority
        if old is None:
            return Alarm(alarm_id, AlarmState.NORMAL, priority, condition.detail, now_s, 0)
        if old.active:
            priority = max(priority, old.priority)  # an alarm never gets quieter while it lasts
        return old._replace(priority=priority, detail=condition.detail, active=True, gone_s=None)
    if old is None:
        raise ValueError(f"alarm {alarm_id} has neither state nor condition")
    if not old.active:
        return old
    gone_s = now_s if old.gone_s is None else old.gone_s
    return old._replace(active=now_s - gone_s < info.off_delay_s, gone_s=gone_s)


def _events(alarm: Alarm, held: bool, scene: Scene) -> list[tuple[AlarmEvent, str]]:
    """What this scan does to the alarm, in the order of the checks. Events a state does not know leave it alone."""
    info, suppressed = ALARMS[alarm.id], SUPPRESSED.get(alarm.id)
    events: list[tuple[AlarmEvent, str]] = []
    if suppressed is not None and scene.state in suppressed.states:
        if alarm.active:
            events.append((AlarmEvent.SUPPRESS, suppressed.reason))
    elif alarm.state is AlarmState.SUPPRESSED:
        events.append((AlarmEvent.RELEASE, f"in {scene.state.name.lower()}"))
    if alarm.until_s is not None and (scene.day_start or scene.now_s >= alarm.until_s):
        events.append((AlarmEvent.UNSHELVE, "started up" if scene.day_start else "time over"))
    if alarm.out_of_safety and scene.occupied:
        events.append((AlarmEvent.RETURN, "somebody may be inside"))
    events.append((AlarmEvent.ON, "condition") if alarm.active else (AlarmEvent.OFF, "condition gone"))
    if not alarm.active and not held:
        events.append((AlarmEvent.RESET, "reset"))
    if alarm.acked_s is not None and info.re_alarm_s is not None and scene.now_s - alarm.acked_s >= info.re_alarm_s:
        events.append((AlarmEvent.AGAIN, "condition lasts"))
    return events


def _target(alarm: Alarm, info: AlarmInfo, event: AlarmEvent, *, latched: bool = False) -> AlarmState | None:
    safety = info.klass is AlarmClass.SAFETY
    return after(alarm.state, event, latching=info.latching or latched, safety=safety, active=alarm.active or latched)


def _apply(
    alarm: Alarm, event: AlarmEvent, user: str | None, reason: str, now_s: float, changes: list[AlarmChange], *, latched: bool = False
) -> Alarm:
    info = ALARMS[alarm.id]
    to = _target(alarm, info, event, latched=latched)
    if to is None or to is alarm.state:
        return alarm
    activated = to is AlarmState.UNACK and event is not AlarmEvent.AGAIN
    moved = alarm._replace(
        state=to,
        since_s=now_s if activated else alarm.since_s,
        activations=alarm.activations + activated,
        acked_s=now_s if to is AlarmState.ACK else None,
        until_s=None,
        why=reason if to is AlarmState.SUPPRESSED else "",
    )
    changes.append(AlarmChange(moved, alarm.state, user, reason, event))
    return moved


def acknowledge(alarms: Alarms, alarm_id: str | None, user: str, now_s: float) -> tuple[dict[str, Alarm], list[AlarmChange]]:
    """Acknowledge one alarm, or all when ``alarm_id`` is None. Unknown, acknowledged or hidden ones change nothing."""
    new = dict(alarms)
    changes: list[AlarmChange] = []
    for alarm in alarms.values():
        if alarm_id not in (None, alarm.id) or alarm.state not in UNSEEN:
            continue
        new[alarm.id] = _apply(alarm, AlarmEvent.ACK, user, "acknowledged", now_s, changes)
        if new[alarm.id].state is AlarmState.NORMAL:
            del new[alarm.id]
    return new, changes


def takes(alarms: Alarms, alarm_id: str, event: AlarmEvent) -> bool:
    """Whether an order to hide or to show an alarm would change it, or lengthen its shelving."""
    alarm = alarms.get(alarm_id, _quiet(alarm_id, 0.0))
    to = _target(alarm, ALARMS[alarm_id], event)
    return to is not None and (to is not alarm.state or event is AlarmEvent.SHELVE)


def order(
    alarms: Alarms,
    alarm_id: str,
    event: AlarmEvent,
    user: str,
    reason: str,
    now_s: float,
    until_s: float | None = None,
    second: str | None = None,
    *,
    latched: bool = False,
) -> tuple[dict[str, Alarm], list[AlarmChange]]:
    """Carry out a person's order: SHELVE (with ``until_s``), UNSHELVE, TAKE_OUT or RETURN. ``latched``: the alarm's row is.

    Raises ValueError when the state of the alarm refuses it: ask ``takes`` first.
    """
    if not takes(alarms, alarm_id, event):
        raise ValueError(f"alarm {alarm_id} does not take {event}")
    alarm = alarms.get(alarm_id, _quiet(alarm_id, now_s))
    changes: list[AlarmChange] = []
    moved = _apply(alarm, event, user, reason, now_s, changes, latched=latched)
    if event in (AlarmEvent.SHELVE, AlarmEvent.TAKE_OUT):
        moved = moved._replace(until_s=until_s, why=reason)
        changes = [AlarmChange(moved, alarm.state, user, reason, event, second)]
    new = {**alarms, alarm_id: moved}
    if moved.state is AlarmState.NORMAL:
        del new[alarm_id]
    return new, changes


def _quiet(alarm_id: str, now_s: float) -> Alarm:
    return Alarm(alarm_id, AlarmState.NORMAL, ALARMS[alarm_id].priority, "", now_s, 0, active=False)
