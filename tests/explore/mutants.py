"""Deliberately broken rules. Each is put in by replacing one name or one row; the exploration must find what it breaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from chamber import bypasses, causes, cycle, interlocks, permissives
from chamber.cause_effect import Action, Cause
from chamber.commands import CommandKind, Reason, Role
from chamber.facts import Facts
from chamber.permissives import Asked, Guard, _doors_shut, _seen_by_door
from chamber.states import CycleState
from control import advance, commanding
from control import demand as demands
from control import step as scan_step
from control.scan import Scan
from control.state import Demand
from plc_bridge.contract import Opcode, Output
from tests.explore.moves import Moves

C = CycleState
K = CommandKind
Patch = pytest.MonkeyPatch


class Mutant(NamedTuple):
    """``near``: state of the ordinary session to search from; ``claims``: at least one of these must be found broken."""

    name: str
    apply: Callable[[Patch], None]
    near: CycleState
    claims: frozenset[str]
    allowed: Moves
    depth: int


def _rows(patch: Patch, change: Callable[[Cause], Cause | None]) -> None:
    rows = tuple(c for row in causes.CAUSES if (c := change(row)) is not None)
    patch.setattr(interlocks, "CAUSES", rows)
    patch.setattr(interlocks, "_MOVING", tuple(c for c in rows if not c.stands))
    patch.setattr(interlocks, "_MOVING_BUT_OXYGEN", tuple(c for c in rows if not (c.stands or c.oxygen)))


def _no_latch(patch: Patch) -> None:
    def change(row: Cause) -> Cause:
        return dataclasses.replace(row, effects=row.effects[:-1] + "-") if row.id == "O2-CH-LL" else row

    _rows(patch, change)


def _without_row(row_id: str) -> Callable[[Patch], None]:
    return lambda patch: _rows(patch, lambda row: None if row.id == row_id else row)


def _without_guard(kind: CommandKind, *dropped: Guard) -> Callable[[Patch], None]:
    return lambda patch: patch.setitem(permissives.GUARDS, kind, tuple(g for g in permissives.GUARDS[kind] if g not in dropped))


def _exit_to_ready(patch: Patch) -> None:
    patch.setitem(cycle.COMMANDED[K.END_SESSION], C.EXIT, C.READY)


def _doors_always_shut(patch: Patch) -> None:
    patch.setattr(Facts, "doors_shut", property(lambda _self: True))


def _no_evacuation(patch: Patch) -> None:
    real = advance.forced

    def forced(state: CycleState, verdict: interlocks.Verdict, *, occupied: bool) -> CycleState:
        return state if occupied and verdict.action is Action.EVACUATE else real(state, verdict, occupied=occupied)

    patch.setattr(advance, "forced", forced)


def _valve_stays(patch: Patch) -> None:
    real = scan_step.demand

    def demand(*args: Any, **named: Any) -> Demand:
        d = real(*args, **named)
        return d._replace(valve_main_pct=30.0) if d.bits >> Output.XV_401 & 1 else d

    patch.setattr(scan_step, "demand", demand)


def _fault_ends_by_itself(patch: Patch) -> None:
    real = scan_step.force

    def force(scan: Scan) -> None:
        real(scan)
        if scan.cycle.state is C.FAULT and all(s.present_since_s is None for _, s in scan.verdict.acting):
            scan.go(C.PRECOOL, "condition:clear")

    patch.setattr(scan_step, "force", force)


def _start_again(patch: Patch) -> None:
    real = scan_step.plc_orders

    def plc_orders(scan: Scan) -> None:
        real(scan)
        if scan.cycle.state is C.READY and scan.cycle.since_s == scan.now and scan.pending is None:
            scan.post(Opcode.START_COOLING, None)

    patch.setattr(scan_step, "plc_orders", plc_orders)


def _early_reset(patch: Patch) -> None:
    patch.setattr(permissives, "reset_blockers", lambda *_args, **_named: [])


def _stop_refused(patch: Patch) -> None:
    real = commanding.refusals

    def refusals(kind: CommandKind, asked: Asked) -> tuple[Reason, ...]:
        return (Reason("session_running"),) if kind is K.STOP and asked.facts.state is C.EXPOSURE else real(kind, asked)

    patch.setattr(commanding, "refusals", refusals)


def _beats_blindly(patch: Patch) -> None:
    patch.setattr(scan_step, "FRESH_S", 10.0)


def _anybody_precools(patch: Patch) -> None:
    patch.setitem(permissives.MINIMUM_ROLE, K.PRECOOL, Role.ANONYMOUS)


def _no_alarms(patch: Patch) -> None:
    patch.setattr(scan_step, "_alarms", lambda _scan: None)


def _longer_stay(patch: Patch) -> None:
    patch.setattr(advance, "tightened", lambda session, _coldest: session._replace(limit_s=session.limit_s + 1.0))


def _forcing_stays(patch: Patch) -> None:
    patch.setattr(advance, "standing", lambda forcing, _facts: forcing)
    patch.setattr(demands, "nitrogen_allowed", lambda _facts: True)


def _bypass_stays(patch: Patch) -> None:
    patch.setattr(bypasses, "kept", lambda these, *_args, **_named: (dict(these), ()))


STILL = Moves(faults=(), restarts=False, walks=False, fall=False)


def _only(*faults: str) -> Moves:
    return STILL._replace(faults=faults)


WALK = STILL._replace(walks=True)
FALL = WALK._replace(fall=True)

MUTANTS: tuple[Mutant, ...] = (
    Mutant("O2-CH-LL does not latch", _no_latch, C.PRECOOL, frozenset({"I6-seal"}), _only("oxygen_low"), 7),
    Mutant("EXIT back to READY", _exit_to_ready, C.EXIT, frozenset({"I8", "I15"}), STILL, 2),
    Mutant("session starts with a door open", _without_guard(K.START_SESSION, _doors_shut), C.BOARDING, frozenset({"I5-start"}), WALK, 4),
    Mutant("doors taken as shut", _doors_always_shut, C.READY, frozenset({"I2", "I5-start"}), WALK, 2),
    Mutant("no evacuation while occupied", _no_evacuation, C.EXPOSURE, frozenset({"I4-evacuate"}), _only("oxygen_low"), 4),
    Mutant("valve stays open with the door", _valve_stays, C.READY, frozenset({"I2"}), WALK, 2),
    Mutant("FAULT ends by itself", _fault_ends_by_itself, C.READY, frozenset({"I6", "I8", "I6-seal"}), _only("extract_lost"), 5),
    Mutant("START_COOLING again in READY", _start_again, C.RECOOL, frozenset({"I8-start"}), STILL, 2),
    Mutant("'empty' without a door opened", _without_guard(K.CONFIRM_EMPTY, _seen_by_door), C.EXPOSURE, frozenset({"I6-door"}), FALL, 3),
    Mutant("reset while the cause lasts", _early_reset, C.READY, frozenset({"I6-cause"}), _only("extract_lost"), 4),
    Mutant("STOP refused in EXPOSURE", _stop_refused, C.EXPOSURE, frozenset({"I14"}), STILL, 1),
    Mutant("heartbeat without a fresh block", _beats_blindly, C.READY, frozenset({"I7", "monitor"}), _only("silence"), 3),
    Mutant("anybody may precool", _anybody_precools, C.IDLE, frozenset({"role"}), STILL, 1),
    Mutant("people unexpected and nobody minds", _without_row("OCC-UNEXPECTED"), C.READY, frozenset({"I4"}), WALK, 4),
    Mutant("no time limit", _without_row("TIME-LIMIT"), C.EXPOSURE, frozenset({"I3"}), STILL, 3),
    Mutant("stay grows", _longer_stay, C.EXPOSURE, frozenset({"I9"}), STILL, 1),
    Mutant("alarms not raised", _no_alarms, C.READY, frozenset({"I12"}), _only("extract_lost"), 3),
    Mutant("forcing outlives door and key", _forcing_stays, C.STOPPED, frozenset({"I2", "I8-force"}), WALK, 6),
    Mutant("a bypass outlives the key", _bypass_stays, C.STOPPED, frozenset({"I11"}), WALK, 5),
    Mutant("temperature unknown and nobody minds", _without_row("T-ALL-BAD"), C.PRECOOL, frozenset({"I10"}), _only("temperature_bad"), 4),
)
