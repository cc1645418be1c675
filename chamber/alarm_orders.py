"""A person's orders to hide an alarm or to pause the sound: what is taken, and why not (safety reference, 1.4).

H-23, H-24: hiding is limited in time, said in the journal with its reason, and never touches an interlock.
"""

from __future__ import annotations

from typing import NamedTuple

from chamber.alarm_list import ALARMS, AlarmClass
from chamber.alarm_states import AlarmEvent, AlarmState
from chamber.alarms import Alarms, takes
from chamber.annunciation import Annunciation, sounding
from chamber.commands import Command, CommandKind, Reason
from chamber.facts import Facts
from chamber.states import COOLING

K = CommandKind
EVENTS: dict[CommandKind, AlarmEvent] = {
    K.SHELVE: AlarmEvent.SHELVE,
    K.UNSHELVE: AlarmEvent.UNSHELVE,
    K.OUT_OF_SERVICE: AlarmEvent.TAKE_OUT,
    K.RETURN_TO_SERVICE: AlarmEvent.RETURN,
}
KINDS: tuple[CommandKind, ...] = (*EVENTS, K.AUDIO_PAUSE)
REASON_LENGTH = range(3, 201)


class Order(NamedTuple):
    """Arguments of ``chamber.alarms.order``."""

    alarm: str
    event: AlarmEvent
    user: str
    reason: str
    now_s: float
    until_s: float | None
    second: str | None


def refusal(command: Command, alarms: Alarms, annunciation: Annunciation, facts: Facts) -> Reason | None:
    """Why the order would be refused; None: it is taken."""
    if command.kind is K.AUDIO_PAUSE:
        return _pause(alarms, annunciation)
    alarm_id = command.args.get("alarm")
    if not isinstance(alarm_id, str) or alarm_id not in ALARMS:
        return Reason("no_such_alarm", {"alarm": str(alarm_id)})
    if command.kind is K.SHELVE:
        most_s = ALARMS[alarm_id].shelf_max_s
        if most_s is None:
            return Reason("not_shelvable", {"alarm": alarm_id})
        if not 0.0 < _minutes(command) * 60.0 <= most_s:
            return Reason("shelf_time", {"alarm": alarm_id, "most": most_s / 60.0})
    if command.kind in (K.SHELVE, K.OUT_OF_SERVICE) and len(_why(command)) not in REASON_LENGTH:
        return Reason("reason_missing")
    if command.kind is K.OUT_OF_SERVICE and ALARMS[alarm_id].klass is AlarmClass.SAFETY:
        problem = _safety_out(command, alarm_id, facts)
        if problem is not None:
            return problem
    if not takes(alarms, alarm_id, EVENTS[command.kind]):
        state = alarms[alarm_id].state if alarm_id in alarms else AlarmState.NORMAL
        return Reason("alarm_state", {"alarm": alarm_id, "state": state.value})
    return None


def _pause(alarms: Alarms, annunciation: Annunciation) -> Reason | None:
    if annunciation.paused_until_s is not None:
        return Reason("already_paused")  # lengthening would make it endless: it sounds at least once in between
    return Reason("nothing_sounds") if sounding(alarms, annunciation.first_out) is None else None


def _safety_out(command: Command, alarm_id: str, facts: Facts) -> Reason | None:
    """Two persons, nobody inside, nothing cold wanted; a row of the cause table then blocks the chamber."""
    if command.second is None or command.second == command.user:
        return Reason("second_person_needed", {"alarm": alarm_id})
    if facts.occupied:
        return Reason("somebody_may_be_inside")
    if facts.state in COOLING:
        return Reason("not_in_this_state", {"state": facts.state.name.lower()})
    return None


def _minutes(command: Command) -> float:
    minutes = command.args.get("minutes")
    return float(minutes) if isinstance(minutes, (int, float)) and not isinstance(minutes, bool) else 0.0


def _why(command: Command) -> str:
    why = command.args.get("reason")
    return why.strip() if isinstance(why, str) else ""


def order(command: Command, now_s: float) -> Order:
    """The order in an accepted command."""
    until_s = now_s + _minutes(command) * 60.0 if command.kind is K.SHELVE else None
    why = _why(command) or command.kind.value
    return Order(str(command.args["alarm"]), EVENTS[command.kind], command.user, why, now_s, until_s, command.second)
