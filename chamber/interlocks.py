"""The cause-and-effect engine: delays, latches, first-out, arbitration. It knows no cause by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chamber.cause_effect import Action, Cause, Clear, Effect
from chamber.causes import CAUSES
from chamber.causes.house import DATA_STALE_S
from chamber.causes.oxygen import oxygen_quiet
from chamber.facts import STANDING, Facts

RESET_CLEAR_S = 10.0  # H-16, H-23: a cause must have been gone this long before a reset is taken (safety reference, 2.2)


class CauseState(NamedTuple):
    """Only causes that are present, acting or latched have one."""

    present_since_s: float | None
    acting_since_s: float | None  # set once the delay has run
    latched: bool
    acted_occupied: bool  # somebody may have been inside while it acted
    clear_since_s: float | None

    @property
    def acting(self) -> bool:
        return self.acting_since_s is not None


class Change(NamedTuple):
    cause: Cause
    what: str  # set, cleared, latched, reset
    detail: str


class Verdict(NamedTuple):
    """Result of one evaluation: the strongest action, all effects, and the causes behind them, first-out first."""

    action: Action
    effects: frozenset[Effect]
    acting: tuple[tuple[Cause, CauseState], ...]
    first_out: str | None

    @property
    def latched(self) -> bool:
        """Something waits for a reset, here or in the PLC."""
        return any(s.latched or c.clear is Clear.PLC_RESET for c, s in self.acting)

    @property
    def held(self) -> frozenset[str]:
        """Alarms whose row is latched here."""
        return frozenset(c.alarm for c, s in self.acting if s.latched and c.alarm is not None)


NOTHING_ACTS = Verdict(Action.NONE, frozenset(), (), None)
CauseStates = Mapping[str, CauseState]

for _cause in CAUSES:
    if len(_cause.effects) != len(Effect) or set(_cause.effects) - set("Xo-"):
        raise ValueError(f"cause {_cause.id}: effects {_cause.effects!r} is not {len(Effect)} cells of X, o, -")


_MOVING = tuple(c for c in CAUSES if not c.stands)
_MOVING_BUT_OXYGEN = tuple(c for c in _MOVING if not c.oxygen)
_STANDING_IDS = frozenset(c.id for c in CAUSES if c.stands)
_STANDING_OR_OXYGEN = frozenset(c.id for c in CAUSES if c.stands or c.oxygen)


def evaluate(states: CauseStates, facts: Facts, before: Facts | None = None) -> tuple[dict[str, CauseState], list[Change]]:
    """One scan of every row. Returns the new sparse states and what changed.

    ``before``: the facts of the scan that left ``states``. It never changes the answer; with it, rows that look only at what
    stands are asked when something of that has changed.
    """
    blind = _blind(facts)
    new: dict[str, CauseState] = {}
    changes: list[Change] = []
    # what is neither before nor now, the ordinary row of the ordinary scan, goes no further
    for cause, seen in [(c, seen) for c in to_ask(states, facts, before) if (seen := c.present(facts)) or c.id in states]:
        old = states.get(cause.id)
        if cause.needs and not facts.not_fitted.isdisjoint(cause.needs):
            continue
        if blind and cause.needs_plc:
            if old is not None:
                new[cause.id] = old
            continue
        bypassed = cause.bypassable and cause.id in facts.bypassed  # H-19: the row decides
        present = seen and not bypassed
        if not present:
            if old is None:
                continue
            present = not bypassed and _still(cause, old, facts)
        state = _advance(cause, old, facts, present=present)
        if state is not None:
            new[cause.id] = state
        change = _change(cause, old, state, facts)
        if change is not None:
            changes.append(change)
    return new, changes


def _blind(facts: Facts) -> bool:
    return facts.block_age_s is None or facts.block_age_s >= DATA_STALE_S


def to_ask(states: CauseStates, facts: Facts, before: Facts | None) -> Iterable[Cause]:
    """Rows whose answer may not be as before. A row without a state was not present before, unless it was not listened to:
    PLC unheard then, bypassed or not fitted, and these two stand among the facts compared. Rows on oxygen are present neither then nor
    now while the oxygen is quiet."""
    if before is None or _blind(facts) or _blind(before) or facts[STANDING] != before[STANDING]:
        return CAUSES
    rows, left_out = (_MOVING_BUT_OXYGEN, _STANDING_OR_OXYGEN) if oxygen_quiet(facts) else (_MOVING, _STANDING_IDS)
    return rows if left_out.isdisjoint(states) else [c for c in CAUSES if c.id not in left_out or c.id in states]


def _still(cause: Cause, old: CauseState, facts: Facts) -> bool:
    """A cause that acts and has not come back through its deadband is not gone: no chatter at a noisy limit (H-23)."""
    if cause.deadband is None or old.present_since_s is None or not old.acting:
        return False
    return cause.deadband.still(facts, cause.deadband.value)


def _advance(cause: Cause, old: CauseState | None, facts: Facts, *, present: bool) -> CauseState | None:
    now = facts.now_s
    latches = (facts.occupied and cause.effects[8] == "o") or cause.effects[8] == "X"
    if present:
        since = now if old is None or old.present_since_s is None else old.present_since_s
        acting_since = None if old is None else old.acting_since_s
        if acting_since is None and now - since >= cause.delay_s:
            acting_since = now
        acting = acting_since is not None
        latched = (old is not None and old.latched) or (acting and latches)
        occupied = (old is not None and old.acted_occupied) or (acting and facts.occupied)
        return CauseState(since, acting_since, latched, occupied, None)
    if old is None or not old.latched:
        return None
    return old._replace(present_since_s=None, clear_since_s=now if old.clear_since_s is None else old.clear_since_s)


def _change(cause: Cause, old: CauseState | None, new: CauseState | None, facts: Facts) -> Change | None:
    was = old is not None and old.acting
    is_now = new is not None and new.acting
    if is_now and not was:
        return Change(cause, "set", cause.detail(facts))
    if was and not is_now:
        return Change(cause, "cleared", "")
    if was and new is not None and old is not None and old.present_since_s is not None and new.present_since_s is None:
        return Change(cause, "latched", "cause gone, reset needed")
    return None


def judge(states: CauseStates, *, occupied: bool) -> Verdict:
    """Arbitrate: the strongest action wins, effects add up. First-out is the one that acted first."""
    if not states:
        return NOTHING_ACTS
    acting = [(c, s) for c in CAUSES if c.id in states and (s := states[c.id]).acting]
    acting.sort(key=_rank)
    action = Action.NONE
    effects: set[Effect] = set()
    first_out: str | None = None
    for cause, state in acting:
        # a latched row keeps the cells it acted with, even once the chamber is empty
        was_occupied = occupied or (state.latched and state.acted_occupied)
        action = max(action, cause.action_when(occupied=occupied))
        effects |= cause.effects_when(occupied=was_occupied)
        if first_out is None and cause.action_when(occupied=occupied) >= Action.END_SESSION:
            first_out = cause.id
    return Verdict(action, frozenset(effects), tuple(acting), first_out)


def _rank(item: tuple[Cause, CauseState]) -> tuple[float, int]:
    cause, state = item
    return (state.acting_since_s if state.acting_since_s is not None else float("inf"), -cause.occupied)


def reset_blockers(states: CauseStates, facts: Facts, *, door_opened_since_trip: bool) -> list[tuple[str, Cause]]:
    """Why a reset is refused, as (code, cause): cause_present, clear_too_short, door_not_opened. Empty: reset is possible."""
    blockers: list[tuple[str, Cause]] = []
    for cause in CAUSES:
        state = states.get(cause.id)
        if state is None or not state.acting or cause.clear in (Clear.WHEN_CLEAR, Clear.PLC_RESET):
            continue
        if state.present_since_s is not None or state.clear_since_s is None:
            blockers.append(("cause_present", cause))
        elif facts.now_s - state.clear_since_s < RESET_CLEAR_S:
            blockers.append(("clear_too_short", cause))
        elif cause.clear is Clear.DOOR_OPENED_AND_RESET and state.acted_occupied and not door_opened_since_trip:
            blockers.append(("door_not_opened", cause))
    return blockers


def reset(states: CauseStates) -> tuple[dict[str, CauseState], list[Change]]:
    """Drop every latched row whose cause is gone; a row that ends by itself and is still present goes on without its latch, or it would
    ask for a second reset when it ends. Call only when ``reset_blockers`` is empty."""
    kept = {k: s for k, s in states.items() if s.present_since_s is not None or not s.latched}
    kept |= {c.id: kept[c.id]._replace(latched=False, acted_occupied=False) for c in CAUSES if c.clear is Clear.WHEN_CLEAR and c.id in kept}
    dropped = [Change(c, "reset", "") for c in CAUSES if c.id in states and c.id not in kept]
    return kept, dropped
