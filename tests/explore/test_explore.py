"""Exhaustive and bounded explorations of ``control.step.step``, and broken rules that they must find. See docs/exploration.md."""

from __future__ import annotations

from functools import cache

import pytest

from chamber.states import CycleState
from tests.explore.abstraction import key
from tests.explore.moves import Move, Moves, Node, Run, make
from tests.explore.mutants import MUTANTS, STILL, Mutant
from tests.explore.plant import FAULTS, SCAN_S
from tests.explore.search import Explored, aside, explore, spine, starts

C = CycleState
ALL_FAULTS = tuple(FAULTS)


@cache
def _spine() -> tuple[Node, ...]:
    return tuple(spine())


def _once_a_state() -> list[Node]:
    """The last node of each state of the ordinary session: people and doors as they are when it matters."""
    return list({n.world.state.cycle.state: n for n in _spine()}.values())


def _clean(e: Explored) -> None:
    print(e.report())
    assert not e.found, "\n".join(str(f) for f in e.found.values())


@pytest.mark.req("SRS-SYS-002")
def test_each_fault_at_each_point_of_a_session() -> None:
    e = explore(STILL._replace(faults=ALL_FAULTS), _once_a_state(), depth=2)
    _clean(e)
    assert e.expanded > 200
    assert {C.FAULT, C.EVACUATE, C.ESTOP} <= set(e.states)


def test_every_state_is_met() -> None:
    roots = [*starts(), *_spine(), *aside(_spine())]
    assert {n.world.state.cycle.state for n in roots} == set(C)


@pytest.mark.parametrize("fault", ["", "oxygen_low", "silence"])
def test_a_jump_is_the_same_as_scanning_on(fault: str) -> None:
    """Where time jumps, ten scans a second lead to the same node."""
    compared = 0
    for root in _once_a_state():
        node = make(root, Move("fault", fault)).node if fault else root
        jumped = make(node, Move("wait", ""))
        slow = Run(node, "scan on")
        while jumped.world.now_s - slow.world.now_s > SCAN_S:
            slow.scan()
        slow.scan(jumped.world.now_s - slow.world.now_s)
        assert not slow.found
        assert key(*jumped.node) == key(*slow.node), node.world.state.cycle.state.name
        compared += 1
    assert compared > 8


def test_silence_of_the_plc_while_cold() -> None:
    """Link lost and back: SUSPENDED, resumed only by the operator."""
    cold = [n for n in _once_a_state() if n.world.state.cycle.state in (C.IDLE, C.PRECOOL, C.READY)]
    e = explore(STILL._replace(faults=("silence",)), cold, depth=4)
    _clean(e)
    assert C.SUSPENDED in e.states


def test_doors_people_and_restarts_around_a_session() -> None:
    e = explore(Moves(faults=(), both_doors=False), [*starts(), *_once_a_state()], depth=2)
    _clean(e)
    assert not e.lead_to_stopped(), [e.path(k) for k in e.stuck[:5]]
    assert {C.RECOVERY, C.LOCKED_OUT, C.EXPOSURE, C.EVACUATE, C.RECOOL} <= set(e.states)


@pytest.mark.req("SRS-SYS-002", "SRS-CYC-012")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_a_broken_rule_is_found(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = [n for n in _spine() if n.world.state.cycle.state is mutant.near]
    mutant.apply(monkeypatch)
    hit = explore(mutant.allowed, roots, depth=mutant.depth, stop_at_first=True)
    print(*hit.found.values(), sep="\n")
    assert set(hit.found) & mutant.claims, hit.report()
    monkeypatch.undo()
    _clean(explore(mutant.allowed, roots, depth=mutant.depth, nodes=hit.expanded))


@pytest.mark.req("SRS-CYC-010", "SRS-SYS-002")
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_everything_without_faults() -> None:
    """Closed: nothing is left unexpanded, every state that is built is met, every node leads to STOPPED."""
    e = explore(Moves(faults=(), restarts=False, fall=False, both_doors=False))
    _clean(e)
    print(e.report())
    assert e.closed
    assert not e.lead_to_stopped(), [e.path(k) for k in e.stuck[:5]]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_two_faults_may_meet() -> None:
    e = explore(Moves(meet=2), [*starts(), *_spine(), *aside(_spine())], seconds=300.0)
    _clean(e)
    assert set(e.states) == set(C)
