"""The judge is not asleep: with a rule broken on purpose, a plain course of events is enough for it to object."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from chamber import monitor
from chamber.commands import Reason
from chamber.states import CycleState
from control import commanding, process, step
from control.scan import Scan
from tests.explore.mutants import MUTANTS
from tests.stateful.judge import BrokenError, Judge
from tests.stateful.stack import ARGS, Stack

C = CycleState
Patch = pytest.MonkeyPatch


class Broken(NamedTuple):
    """``apply`` breaks a rule (None: the course alone must be clean); ``course`` is what then happens from ``at``."""

    claim: str
    apply: Callable[[Patch], None]
    at: CycleState
    course: Callable[[Stack, Judge], None]


def _explored(name: str) -> Callable[[Patch], None]:
    return next(m.apply for m in MUTANTS if m.name == name)


def _open_door(s: Stack, _: Judge) -> None:
    s.world.hold_door("outer", True)
    s.run(4.0)


def _stop(s: Stack, _: Judge) -> None:
    s.ask("stop", "anonymous")
    s.run(5.0)


def _wait(s: Stack, _: Judge) -> None:
    s.run(3.0)


def _extract_lost_and_back(s: Stack, _: Judge) -> None:
    s.inject("contact_stuck", "FS-301", {"closed": 0.0})
    s.run(8.0)
    s.world.faults.clear_all()
    s.run(3.0)


def _kill_and_start(s: Stack, judge: Judge) -> None:
    s.kill()
    s.run(0.5)
    judge.restarted()
    s.start()
    s.run(1.0)


def _session_without_a_disk(s: Stack, _: Judge) -> None:
    s.run(62.0)  # until the oxygen has been good for long enough to enter
    s.disk.broken = True
    s.ask("begin_boarding", **ARGS["begin_boarding"])
    s.run(12.0)
    s.ask("start_session", **ARGS["start_session"])
    s.run(2.0)


def _resumes(patch: Patch) -> None:
    """A start that goes on where it was."""
    real = process.initial

    def initial(*args: object, **named: object) -> object:
        state = real(*args, **named)  # type: ignore[arg-type]
        return state._replace(cycle=state.cycle._replace(state=C.READY, unknown_session=False))

    patch.setattr(process, "initial", initial)


def _refuses_to_stop(patch: Patch) -> None:
    real = commanding.refusals
    patch.setattr(commanding, "refusals", lambda kind, asked: (Reason("no_link"),) if kind == "stop" else real(kind, asked))


def _fault_ends_by_itself(patch: Patch) -> None:
    real = step.force

    def force(scan: Scan) -> None:
        real(scan)
        if scan.cycle.state is C.FAULT and scan.now - scan.cycle.since_s > 1.0:
            scan.go(C.STOPPED, "condition:tired")

    patch.setattr(step, "force", force)


def _not_asked_for_the_record(patch: Patch) -> None:
    patch.setattr(Scan, "durable", property(lambda _self: True))
    patch.setattr(process.Control, "_inputs", _records_always_well(process.Control._inputs))


def _records_always_well(real: Callable[..., object]) -> Callable[..., object]:
    return lambda *args: real(*args)._replace(records_ok=True)  # type: ignore[attr-defined]


BROKEN = (
    Broken("I2", _explored("valve stays open with the door"), C.READY, _open_door),
    Broken("I14", _refuses_to_stop, C.EXPOSURE, _stop),
    Broken("I9", _explored("stay grows"), C.EXPOSURE, _wait),
    Broken("I12", _explored("alarms not raised"), C.READY, _extract_lost_and_back),
    Broken("I6", _fault_ends_by_itself, C.READY, _extract_lost_and_back),
    Broken("I8", _resumes, C.READY, _kill_and_start),
    Broken("record", _not_asked_for_the_record, C.READY, _session_without_a_disk),
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _play(at: CycleState, course: Callable[[Stack, Judge], None]) -> None:
    judge = Judge()
    stack = Stack(at, judge.watch, judge.look)
    judge.stack = stack
    try:
        stack.run(0.5)
        course(stack, judge)
    finally:
        stack.close()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda b: b.claim)
def test_a_broken_rule_is_seen(broken: Broken, monkeypatch: Patch) -> None:
    _play(broken.at, broken.course)
    broken.apply(monkeypatch)
    monkeypatch.setattr(monitor, "broken", lambda _watched: ())  # it would often be first
    with pytest.raises(BrokenError, match=rf"^{broken.claim}:"):
        _play(broken.at, broken.course)


def test_a_heartbeat_that_outlives_control_is_seen() -> None:
    """I7 is the PLC's to keep. Here somebody goes on beating for a control process that is dead."""

    def course(s: Stack, _: Judge) -> None:
        s.kill()
        for _ in range(80):
            s.memory.command[0] = (s.memory.command[0] + 1) & 0xFFFF
            s.memory.command[1] = s.nonce ^ 0xA5A5
            s.run(0.1)

    with pytest.raises(BrokenError, match=r"^I7:"):
        _play(C.READY, course)


@pytest.mark.req("SRS-ALM-011")
def test_a_panel_that_goes_dark_is_told_and_forgotten_when_it_is_back() -> None:
    judge = Judge()
    stack = judge.stack = Stack(C.READY, judge.watch, judge.look)
    try:
        stack.run(20.0)
        assert shown(stack) == set()
        stack.panel_age_s = None  # an API that was started anew and sees no panel
        stack.run(14.0)
        assert "NO-HMI" not in shown(stack)
        stack.run(3.0)
        assert "NO-HMI" in shown(stack)
        stack.panel_age_s = 0.0
        stack.run(5.0)
        assert "NO-HMI" not in {a["id"] for a in stack.last["alarms"] if a["active"]}
    finally:
        stack.close()


def shown(stack: Stack) -> set[str]:
    return {a["id"] for a in stack.last["alarms"]}
