"""What the panel says next: one code for each situation, decided here so that every panel and client says the same."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import NamedTuple, assert_never

from chamber.causes.house import DATA_STALE_S
from chamber.commands import CommandKind, Reason
from chamber.facts import Door, Facts
from chamber.interlocks import Verdict
from chamber.session import Session
from chamber.states import CycleState

C = CycleState
K = CommandKind
PROMPT_SHARE = 0.5  # row 27: prompt at 15 s of 30 s


class Guidance(NamedTuple):
    code: str
    params: dict[str, float | int | str] = {}
    command: CommandKind | None = None


def guide(
    facts: Facts,
    verdict: Verdict,
    session: Session | None,
    refused: Mapping[CommandKind, tuple[Reason, ...]],
    *,
    durable: bool,
    ready_in_s: float | None,
    self_test: tuple[int, int],
    going_to_main: bool,
    set_back: bool = False,
    expected: bool = True,
) -> Guidance:
    """``refused`` tells for each command why it would be refused now (empty: it would be accepted).

    ``expected``: somebody is still booked.
    """
    if facts.block_age_s is None or facts.block_age_s >= DATA_STALE_S:
        return Guidance("plc_silent")
    match facts.state:
        case C.RECOVERY:
            return Guidance("look_inside_confirm_empty", {}, K.CONFIRM_EMPTY)
        case C.LOCKED_OUT:
            return Guidance("locked_out", {}, K.RESET)
        case C.STOPPED if facts.service_key is True:
            return Guidance("turn_key_back")
        case C.STOPPED:
            return Guidance("press_start_up", {}, K.START_UP)
        case C.SELF_TEST:
            return Guidance("self_test", {"done": self_test[0], "total": self_test[1]})
        case C.IDLE:
            return Guidance("choose_precool", {}, K.PRECOOL)
        case C.PRECOOL:
            return Guidance("cooling_down", _eta(ready_in_s))
        case C.RECOOL if not expected:
            return Guidance("day_done", {}, K.SHUT_DOWN)
        case C.RECOOL if set_back:
            return Guidance("set_back", _eta(ready_in_s))
        case C.RECOOL:
            return Guidance("recooling", _eta(ready_in_s))
        case C.READY:
            if facts.cool_off_left_s > 0.0:
                return Guidance("cooling_off", {"left_s": ceil(facts.cool_off_left_s)})
            if not facts.day_checked:
                return Guidance("sign_checklist", {}, K.SIGN_CHECKLIST)
            return Guidance("start_a_session", {}, K.BEGIN_BOARDING)
        case C.BOARDING:
            return _boarding(facts, session, durable=durable)
        case C.PRE_CHAMBER | C.EXPOSURE if presence_due(facts):
            return Guidance("confirm_presence", {"left_s": ceil(max(0.0, facts.confirm_left_s or 0.0))}, K.OPERATOR_PRESENT)
        case C.PRE_CHAMBER:
            if going_to_main:
                return Guidance("guests_go_to_main")
            left = None if facts.pre_elapsed_s is None or facts.pre_limit_s is None else facts.pre_limit_s - facts.pre_elapsed_s
            return Guidance("pre_chamber", {} if left is None else {"remaining_s": max(0.0, left)})
        case C.EXPOSURE:
            left = (
                None
                if facts.exposure_elapsed_s is None or facts.session_limit_s is None
                else facts.session_limit_s - facts.exposure_elapsed_s
            )
            return Guidance("exposure", {} if left is None else {"remaining_s": max(0.0, left)})
        case C.EXIT:
            return _exit(facts)
        case C.HELD | C.SUSPENDED:
            if not refused[K.RESUME]:
                return Guidance("resume_possible", {}, K.RESUME)
            if [r.code for r in refused[K.RESUME]] == ["nothing_to_resume"]:
                return Guidance("shut_down", {}, K.SHUT_DOWN)
            return Guidance("held", {"cause": verdict.first_out or _first_param(refused[K.RESUME])})
        case C.EVACUATE:
            return Guidance("evacuating", {}, K.CONFIRM_EMPTY)
        case C.FAULT | C.ESTOP:
            return _reset(facts, refused)
        case C.PURGE:
            return Guidance("purging")
        case C.DRYING:
            return Guidance("drying", {"to_c": facts.limits.drying_to_c})
        case C.SERVICE:
            return Guidance("in_service")
        case _:
            assert_never(facts.state)


def presence_due(facts: Facts) -> bool:
    """The operator is asked to confirm presence: half of the time is over (H-04, H-13)."""
    return facts.confirm_left_s is not None and facts.confirm_left_s <= PROMPT_SHARE * facts.limits.operator_confirm_s


def _eta(ready_in_s: float | None) -> dict[str, float | int | str]:
    return {} if ready_in_s is None else {"eta_s": ready_in_s}


def _boarding(facts: Facts, session: Session | None, *, durable: bool) -> Guidance:
    if not durable or session is None:
        return Guidance("writing_record")
    if facts.presence_pre is not True:
        return Guidance("let_guests_in", {"persons": session.persons})
    if facts.outer_door is not Door.SHUT:
        return Guidance("wait_door_shut", {"door": "outer"})
    if not facts.face_clear:
        return Guidance("raise_lift")
    return Guidance("start_when_inside", {"persons": session.persons}, K.START_SESSION)


def _exit(facts: Facts) -> Guidance:
    if facts.seen_empty and facts.outer_opened_since_exit:
        return Guidance("confirm_everybody_out", {}, K.CONFIRM_EMPTY)
    if not facts.exit_door_opened and facts.exit_age_s is not None and facts.exit_age_s >= facts.limits.exit_door_alarm_s:
        return Guidance("open_the_door", {"door": "inner" if facts.presence_main is not False else "outer"})
    return Guidance("guests_leave")


def _reset(facts: Facts, refused: Mapping[CommandKind, tuple[Reason, ...]]) -> Guidance:
    if facts.estop_released is False:
        return Guidance("release_estop")
    reasons = refused[K.RESET]
    if not reasons:
        return Guidance("reset_possible", {}, K.RESET)
    codes = {r.code for r in reasons}
    if codes & {"occupied", "not_counted_out"}:
        if refused[K.CONFIRM_EMPTY]:
            return Guidance("open_door_before_reset")
        return Guidance("look_inside_confirm_empty", {}, K.CONFIRM_EMPTY)
    if "door_not_opened" in codes:
        return Guidance("open_door_before_reset")
    return Guidance("reset_blocked", {"cause": _first_param(reasons)})


def _first_param(reasons: tuple[Reason, ...]) -> str:
    """What the refusals name first; there is at least one."""
    for reason in reasons:
        for value in reason.params.values():
            return str(value)
    return reasons[0].code
