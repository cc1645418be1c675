"""What an operator, an integrator or the panel may ask for, and how it is answered."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """Roles in rising order of permission. ANONYMOUS is whoever stands at the panel without having signed in."""

    ANONYMOUS = "anonymous"
    VIEWER = "viewer"
    OPERATOR = "operator"
    SERVICE = "service"


ROLE_RANK: dict[Role, int] = {role: rank for rank, role in enumerate(Role)}


class CommandKind(StrEnum):
    CONFIRM_EMPTY = "confirm_empty"  # looked, nobody inside; with a session open, args: count (people counted out)
    START_UP = "start_up"  # STOPPED, SERVICE -> SELF_TEST -> IDLE
    PRECOOL = "precool"  # IDLE -> PRECOOL, args: program
    BEGIN_BOARDING = "begin_boarding"  # READY -> BOARDING, args: program, persons, checks
    CANCEL_BOARDING = "cancel_boarding"  # BOARDING -> READY, nobody inside
    START_SESSION = "start_session"  # BOARDING -> PRE_CHAMBER, args: persons (counted inside)
    END_SESSION = "end_session"  # PRE_CHAMBER, EXPOSURE -> EXIT
    OPERATOR_PRESENT = "operator_present"  # "I am here"
    RESUME = "resume"  # HELD, SUSPENDED -> READY through PRECOOL, when the cause is gone
    DRY = "dry"  # IDLE -> DRYING
    SERVICE = "service"  # STOPPED -> SERVICE, service key turned
    FORCE = "force"  # SERVICE, args: output, value (0 ends it), seconds
    RESET = "reset"  # FAULT, EVACUATE, ESTOP -> PURGE
    SHUT_DOWN = "shut_down"  # any empty state -> STOPPED
    RECORD_PROOF_TEST = "record_proof_test"  # args: test, instrument, result (pass, fail), note
    SIGN_CHECKLIST = "sign_checklist"  # start-up checklist of the day, args: confirmed, failed (points), note
    REPLACED = "replaced"  # an instrument was replaced, args: tag, note
    ACCEPT_CONFIGURATION = "accept_configuration"  # args: fingerprint of what is accepted
    BYPASS = "bypass"  # args: cause, reason, measure, minutes
    END_BYPASS = "end_bypass"  # args: cause
    SET_BACK = "set_back"  # READY, RECOOL: held warmer until it is time to cool, args: minutes until ready (0: cool now)
    FOLLOW_PLAN = "follow_plan"  # PRECOOL, READY, RECOOL: set back between today's appointments, each time ready for the next
    END_PLAN = "end_plan"  # cool now, and stay so
    TUNE = "tune"  # automatic tuning of a regulator, args: room (main, pre)
    END_TUNING = "end_tuning"  # ends the test, or puts the proposal away
    ACCEPT_TUNING = "accept_tuning"  # args: fingerprint of the proposal
    REVERT_TUNING = "revert_tuning"  # the regulator before the last acceptance, args: room
    ACKNOWLEDGE = "acknowledge"  # args: alarm (id) or none for all
    SHELVE = "shelve"  # args: alarm, minutes, reason
    UNSHELVE = "unshelve"  # args: alarm
    OUT_OF_SERVICE = "out_of_service"  # args: alarm, reason; safety class: a second person signs, too
    RETURN_TO_SERVICE = "return_to_service"  # args: alarm
    AUDIO_PAUSE = "audio_pause"  # the sound of the alarms, for a time; light and text stay
    STOP = "stop"  # any state: close nitrogen; people inside: everybody out. Never refused.
    EVACUATE = "evacuate"  # any state. Never refused.


NEVER_REFUSED = frozenset({CommandKind.STOP, CommandKind.EVACUATE})
MINIMUM_ROLE: dict[CommandKind, Role] = {
    **{kind: Role.ANONYMOUS if kind in NEVER_REFUSED else Role.OPERATOR for kind in CommandKind},
    CommandKind.SERVICE: Role.SERVICE,
    CommandKind.FORCE: Role.SERVICE,
    CommandKind.OUT_OF_SERVICE: Role.SERVICE,
    CommandKind.RETURN_TO_SERVICE: Role.SERVICE,
    CommandKind.REPLACED: Role.SERVICE,
    CommandKind.ACCEPT_CONFIGURATION: Role.SERVICE,
    CommandKind.BYPASS: Role.SERVICE,
    CommandKind.TUNE: Role.SERVICE,
    CommandKind.ACCEPT_TUNING: Role.SERVICE,
    CommandKind.REVERT_TUNING: Role.SERVICE,
}

CHECKLIST: tuple[str, ...] = ("dry_skin", "no_jewellery", "socks_shoes", "gloves", "mask", "headband", "no_contraindication")
"""H-29, H-22: what the operator confirms for everybody before boarding. All are required."""


class Reason(NamedTuple):
    """Typed reason of a refusal: a code the panel translates, and the numbers it names."""

    code: str
    params: dict[str, float | int | str] = {}


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"  # sent to the PLC, effect not seen in time


class Command(NamedTuple):
    """A request. ``id`` is chosen by the sender: the same id again gets the same answer.

    ``second``: another person who signed for it, checked as the first one was; never taken from ``args``.
    """

    id: str
    kind: CommandKind
    args: dict[str, str | int | float | list[str]]
    user: str
    role: Role
    origin: str  # panel or client name, for the journal
    second: str | None = None


class Answer(NamedTuple):
    id: str
    kind: CommandKind
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
