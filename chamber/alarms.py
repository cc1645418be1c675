"""Alarm states of ISA-18.2 for the annunciated alarms. Conditions come from the cause table; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from chamber.alarm_list import ALARMS, Priority


class AlarmState(StrEnum):
    """Letters as in ISA-18.2-2016. A is the absence of an entry."""

    NORMAL = "normal"  # A
    UNACK = "unack"  # B
    ACK = "ack"  # C
    RTN_UNACK = "rtn_unack"  # D
    LATCHED_UNACK = "latched_unack"  # E
    LATCHED_ACK = "latched_ack"  # F


class AlarmEvent(StrEnum):
    ON = "on"
    OFF = "off"
    ACK = "ack"
    RESET = "reset"


_S = AlarmState
_E = AlarmEvent

TRANSITIONS: dict[tuple[AlarmState, AlarmEvent, bool], AlarmState] = {
    # (from, event, latching) -> to; a pair that is not listed leaves the state as it is
    **{(_S.NORMAL, _E.ON, latching): _S.UNACK for latching in (False, True)},
    **{(_S.UNACK, _E.ACK, latching): _S.ACK for latching in (False, True)},
    (_S.UNACK, _E.OFF, False): _S.RTN_UNACK,
    (_S.UNACK, _E.OFF, True): _S.LATCHED_UNACK,
    (_S.ACK, _E.OFF, False): _S.NORMAL,
    (_S.ACK, _E.OFF, True): _S.LATCHED_ACK,
    (_S.RTN_UNACK, _E.ON, False): _S.UNACK,
    (_S.RTN_UNACK, _E.ACK, False): _S.NORMAL,
    (_S.LATCHED_UNACK, _E.ON, True): _S.UNACK,
    (_S.LATCHED_UNACK, _E.ACK, True): _S.LATCHED_ACK,
    (_S.LATCHED_ACK, _E.ON, True): _S.UNACK,  # re-annunciate
    (_S.LATCHED_ACK, _E.RESET, True): _S.NORMAL,
}


class Alarm(NamedTuple):
    """A live alarm. ``since_s`` is monotonic, of the last activation; ``activations`` counts them since it left NORMAL."""

    id: str
    state: AlarmState
    priority: Priority
    detail: str
    since_s: float
    activations: int


class AlarmChange(NamedTuple):
    alarm: Alarm
    before: AlarmState
    user: str | None


Alarms = Mapping[str, Alarm]


class Condition(NamedTuple):
    detail: str
    occupied: bool


def step(
    alarms: Alarms, conditions: Mapping[str, Condition], held: frozenset[str], now_s: float
) -> tuple[dict[str, Alarm], list[AlarmChange]]:
    """Apply this scan's conditions.

    ``held``: alarms whose cause row is latched. A latched alarm is reset, once acknowledged and its condition gone, as
    soon as no latched row holds it: by the operator's reset of the row, or at once for a row that does not latch.
    """
    new: dict[str, Alarm] = {}
    changes: list[AlarmChange] = []
    for alarm_id in alarms.keys() | conditions.keys():
        info = ALARMS[alarm_id]
        old = alarms.get(alarm_id)
        condition = conditions.get(alarm_id)
        before = AlarmState.NORMAL if old is None else old.state
        after = TRANSITIONS.get((before, AlarmEvent.OFF if condition is None else AlarmEvent.ON, info.latching), before)
        if condition is None and alarm_id not in held:
            after = TRANSITIONS.get((after, AlarmEvent.RESET, info.latching), after)
        alarm = _entry(old, alarm_id, after, condition, now_s, activated=after is AlarmState.UNACK and before is not AlarmState.UNACK)
        if after is not AlarmState.NORMAL:
            new[alarm_id] = alarm
        if after is not before:
            changes.append(AlarmChange(alarm, before, None))
    return new, changes


def _entry(old: Alarm | None, alarm_id: str, state: AlarmState, condition: Condition | None, now_s: float, *, activated: bool) -> Alarm:
    info = ALARMS[alarm_id]
    if condition is not None:
        priority = info.priority_occupied if condition.occupied else info.priority
        if old is not None and not activated:
            priority = max(priority, old.priority)  # an alarm never gets quieter while it lasts
        since = now_s if old is None or activated else old.since_s
        return Alarm(alarm_id, state, priority, condition.detail, since, (0 if old is None else old.activations) + activated)
    if old is None:
        raise ValueError(f"alarm {alarm_id} has neither state nor condition")
    return old._replace(state=state)


def acknowledge(alarms: Alarms, alarm_id: str | None, user: str) -> tuple[dict[str, Alarm], list[AlarmChange]]:
    """Acknowledge one alarm, or all when ``alarm_id`` is None. Unknown or already acknowledged ids change nothing."""
    new = dict(alarms)
    changes: list[AlarmChange] = []
    for alarm in alarms.values():
        if alarm_id not in (None, alarm.id):
            continue
        after = TRANSITIONS.get((alarm.state, AlarmEvent.ACK, ALARMS[alarm.id].latching), alarm.state)
        if after is alarm.state:
            continue
        updated = alarm._replace(state=after)
        changes.append(AlarmChange(updated, alarm.state, user))
        if after is AlarmState.NORMAL:
            del new[alarm.id]
        else:
            new[alarm.id] = updated
    return new, changes
