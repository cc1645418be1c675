"""The cycle as data: which command and which trigger lead from which state to which.

Nothing here acts. What a command needs before it is taken is in ``chamber.permissives``.
"""

from __future__ import annotations

from enum import StrEnum

from chamber import alarm_orders
from chamber.cause_effect import Action, Effect
from chamber.commands import CommandKind
from chamber.interlocks import Verdict
from chamber.states import MAY_BE_OCCUPIED, CycleState

C = CycleState
K = CommandKind


class Trigger(StrEnum):
    """Conditions that move the cycle without a command."""

    TESTED = "tested"  # self-test passed
    TEST_FAILED = "test_failed"
    IN_BAND = "in_band"  # at temperature and steady
    OUT_OF_BAND = "out_of_band"
    BOARDING_LAPSED = "boarding_lapsed"  # record not durable in time, or nobody came
    IN_MAIN = "in_main"  # guests are in the main room, doors shut
    PURGED = "purged"
    DRIED = "dried"  # warm throughout, or long enough
    PLANNED = "planned"  # the day plan: time for a set-back
    DAY_DONE = "day_done"  # the day plan: nobody is expected any more
    KEY_BACK = "key_back"  # service key turned back
    NO_RUN = "no_run"  # the PLC does not run although it was asked to


_NOBODY_INSIDE = tuple(s for s in C if s not in MAY_BE_OCCUPIED)
_INSIDE = (C.BOARDING, C.PRE_CHAMBER, C.EXPOSURE)
_TO_STOPPED = (C.SELF_TEST, C.IDLE, C.PRECOOL, C.READY, C.RECOOL, C.HELD, C.SUSPENDED, C.DRYING, C.SERVICE)

_SIGNED_IN = (C.IDLE, C.PRECOOL, C.READY, C.RECOOL)  # after the self-test, which answers a part of the list

COMMANDED: dict[CommandKind, dict[CycleState, CycleState]] = {
    K.CONFIRM_EMPTY: {C.RECOVERY: C.STOPPED, C.EXIT: C.RECOOL, C.EVACUATE: C.FAULT, C.ESTOP: C.ESTOP, C.FAULT: C.FAULT},
    K.START_UP: {C.STOPPED: C.SELF_TEST, C.SERVICE: C.SELF_TEST},
    K.DRY: {C.IDLE: C.DRYING},
    K.SERVICE: {C.STOPPED: C.SERVICE},
    K.FORCE: {C.SERVICE: C.SERVICE},
    K.PRECOOL: {C.IDLE: C.PRECOOL, C.READY: C.PRECOOL},
    K.BEGIN_BOARDING: {C.READY: C.BOARDING},
    K.CANCEL_BOARDING: {C.BOARDING: C.READY},
    K.START_SESSION: {C.BOARDING: C.PRE_CHAMBER},
    K.END_SESSION: {C.BOARDING: C.EXIT, C.PRE_CHAMBER: C.EXIT, C.EXPOSURE: C.EXIT},
    K.OPERATOR_PRESENT: {s: s for s in (C.BOARDING, C.PRE_CHAMBER, C.EXPOSURE, C.EXIT)},
    K.RESUME: {C.HELD: C.PRECOOL, C.SUSPENDED: C.PRECOOL},
    K.RESET: {C.FAULT: C.PURGE, C.EVACUATE: C.PURGE, C.ESTOP: C.PURGE, C.LOCKED_OUT: C.RECOVERY},
    K.SHUT_DOWN: dict.fromkeys(_TO_STOPPED, C.STOPPED),
    **{k: {s: s for s in C} for k in (K.ACKNOWLEDGE, *alarm_orders.KINDS)},
    K.RECORD_PROOF_TEST: {s: s for s in _NOBODY_INSIDE},
    K.SIGN_CHECKLIST: {s: s for s in _SIGNED_IN},
    K.REPLACED: {s: s for s in _NOBODY_INSIDE},
    K.ACCEPT_CONFIGURATION: {s: s for s in _NOBODY_INSIDE},
    K.BYPASS: {s: s for s in _NOBODY_INSIDE if s not in (C.RECOVERY, C.LOCKED_OUT)},
    K.END_BYPASS: {s: s for s in C},
    K.SET_BACK: {C.READY: C.RECOOL, C.RECOOL: C.RECOOL},
    K.FOLLOW_PLAN: {s: s for s in (C.PRECOOL, C.READY, C.RECOOL)},
    K.END_PLAN: {s: s for s in C},
    K.TUNE: {s: s for s in (C.PRECOOL, C.READY, C.RECOOL)},
    K.END_TUNING: {s: s for s in C},
    K.ACCEPT_TUNING: {s: s for s in _NOBODY_INSIDE if s not in (C.RECOVERY, C.LOCKED_OUT)},
    K.REVERT_TUNING: {s: s for s in _NOBODY_INSIDE if s not in (C.RECOVERY, C.LOCKED_OUT)},
    K.STOP: {**dict.fromkeys(_TO_STOPPED, C.STOPPED), **dict.fromkeys(_INSIDE, C.EXIT)},
    K.EVACUATE: {s: C.EVACUATE for s in C if s not in (C.ESTOP, C.LOCKED_OUT)},
}
"""Command -> {state it is taken in: state it leads to}. STOP and EVACUATE are accepted in every state; where they are not
listed the state is already at least as safe."""

COMMANDED_EMPTY: dict[tuple[CommandKind, CycleState], CycleState] = {
    (K.END_SESSION, C.BOARDING): C.READY,
    (K.STOP, C.BOARDING): C.STOPPED,
}
"""Where nobody is inside yet there is nobody to see out."""

AFTER_UNKNOWN: dict[CycleState, CycleState] = {C.RECOVERY: C.PURGE}
"""CONFIRM_EMPTY when a session had been open as control stopped: air first (safety reference, section 8, step 5)."""

NOT_LOOKED: dict[CycleState, CycleState] = dict.fromkeys((C.FAULT, C.EVACUATE, C.ESTOP), C.RECOVERY)
"""RESET when a trip came before anybody confirmed since the start that the chamber is empty: the question is asked after all (H-16)."""

TRIGGERED: dict[CycleState, dict[Trigger, CycleState]] = {
    C.SELF_TEST: {Trigger.TESTED: C.IDLE, Trigger.TEST_FAILED: C.FAULT},
    C.PRECOOL: {Trigger.IN_BAND: C.READY, Trigger.NO_RUN: C.HELD},
    C.READY: {Trigger.OUT_OF_BAND: C.RECOOL, Trigger.NO_RUN: C.HELD, Trigger.PLANNED: C.RECOOL},
    C.BOARDING: {Trigger.BOARDING_LAPSED: C.READY},
    C.PRE_CHAMBER: {Trigger.IN_MAIN: C.EXPOSURE},
    C.RECOOL: {Trigger.IN_BAND: C.READY, Trigger.NO_RUN: C.HELD, Trigger.DAY_DONE: C.STOPPED},
    C.PURGE: {Trigger.PURGED: C.STOPPED},
    C.DRYING: {Trigger.DRIED: C.STOPPED},
    C.SERVICE: {Trigger.KEY_BACK: C.SELF_TEST},
}

ENDS_SERVICE = frozenset({K.PRECOOL, K.BEGIN_BOARDING, K.START_SESSION})
"""Whoever asks for these in SERVICE takes the work there for finished: refused, and SERVICE ends in STOPPED."""

_WORKING = (C.SELF_TEST, C.IDLE, C.PRECOOL, C.READY, C.RECOOL)
_QUIET = (C.STOPPED, C.PURGE, C.HELD, C.SUSPENDED, C.DRYING, C.SERVICE)


def forced(state: CycleState, verdict: Verdict, *, occupied: bool) -> CycleState:
    """Where the strongest action sends the cycle. Never to a state that permits more than the one it leaves (I15)."""
    action = verdict.action
    if state in (C.LOCKED_OUT, C.ESTOP):
        return state
    if action is Action.ESTOP:
        return C.ESTOP
    if action is Action.EVACUATE and (occupied or state not in (C.FAULT, C.RECOVERY)):
        # nobody inside: the same safe outputs, latched, without the hunt for people
        return C.EVACUATE if occupied else (state if state is C.EVACUATE else C.FAULT)
    boarding_empty = state is C.BOARDING and not occupied and action >= Action.STOP_COOLING  # nobody to see out
    if action >= Action.END_SESSION and state in _INSIDE and not boarding_empty:
        return C.EXIT
    working = state in _WORKING or boarding_empty
    if working and verdict.latched and Effect.CLOSE_LN2 in verdict.effects:
        return C.FAULT  # a latched row holds the nitrogen shut, however weak its action by now: to where a reset is taken
    if action >= Action.STOP_COOLING and working:
        return (
            C.SUSPENDED if all(c.external for c, _ in verdict.acting if c.action_when(occupied=occupied) >= Action.STOP_COOLING) else C.HELD
        )
    if action >= Action.STOP_COOLING and state in _QUIET and verdict.latched:
        return C.FAULT
    if action >= Action.STOP_COOLING and state is C.DRYING:
        return C.STOPPED  # nothing to resume
    return state


def target(kind: CommandKind, state: CycleState, *, empty: bool = False) -> CycleState:
    """State an accepted command leads to; ``empty``: neither the presence sensors nor the PLC know of anybody inside."""
    if empty and (kind, state) in COMMANDED_EMPTY:
        return COMMANDED_EMPTY[kind, state]
    return COMMANDED[kind].get(state, state)
