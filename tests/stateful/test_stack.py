"""Random histories of the running control process, judged on every scan. See ``judge`` and docs/verification.md."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from chamber.commands import CommandKind
from tests.stateful.judge import Judge
from tests.stateful.stack import ARGS, MOMENTS, Stack

FAULTS: tuple[tuple[str, str | None, dict[str, float]], ...] = (
    ("sensor_open", "AT-101A", {}),
    ("sensor_open", "AT-101B", {}),
    ("sensor_short", "TT-101", {}),
    ("sensor_open", "TT-102", {}),
    ("sensor_frozen", "TT-103", {}),
    ("sensor_open", "AT-301", {}),
    ("contact_stuck", "ZS-101A", {"closed": 0.0}),
    ("contact_stuck", "ZS-201A", {"closed": 1.0}),
    ("contact_stuck", "FS-301", {"closed": 0.0}),
    ("contact_stuck", "YS-101", {"closed": 1.0}),
    ("valve_stuck", None, {"position": 60.0}),
    ("door_stuck", "inner", {}),
    ("door_stuck", "outer", {}),
    ("room_emergency", None, {}),
    ("plc_silent", None, {}),
    ("plc_reboot", None, {"off_s": 2.0}),
    ("guest_slow", None, {"factor": 4.0}),
    ("guest_faints", None, {}),
)
COUNTED: Counter[str] = Counter()
ROUNDS_HOME = 25
PIECES = 80
RESCUE = ("stop", "cancel_boarding", "confirm_empty", "reset", "shut_down", "stop")
SHORT_S = st.sampled_from((0.1, 0.3, 1.0, 2.5, 5.0))


class ChamberDay(RuleBasedStateMachine):
    """Hands, people, faults, link, disk, panel and restarts, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.judge = Judge()
        self.stack: Stack | None = None

    @initialize(at=st.sampled_from(MOMENTS))
    def begin(self, at: str) -> None:
        self.stack = self.judge.stack = Stack(at, self.judge.watch, self.judge.look)
        self.stack.run(0.5)

    @property
    def s(self) -> Stack:
        assert self.stack is not None
        return self.stack

    # --- time ------------------------------------------------------------------------------------------------------------

    @rule(seconds=SHORT_S)
    def wait(self, seconds: float) -> None:
        self.s.run(seconds)

    @rule(seconds=st.integers(6, 40))
    def attended(self, seconds: int) -> None:
        """Time with an operator who keeps saying "I am here"."""
        for _ in range(0, seconds, 6):
            if self.s.running:
                self.s.ask("operator_present")
            self.s.run(6.0)

    # --- buttons ---------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.s.running)
    @rule(kind=st.sampled_from(list(CommandKind)), role=st.sampled_from(("operator", "operator", "operator", "service", "anonymous")))
    def press(self, kind: CommandKind, role: str) -> None:
        self.s.ask(kind.value, role, **ARGS.get(kind.value, {}))
        self.s.run(0.3)

    @precondition(lambda self: self.s.running and bool(self.s.offered))
    @rule(data=st.data())
    def press_what_is_offered(self, data: st.DataObject) -> None:
        """What the panel shows as possible now: the way through a session."""
        kind = data.draw(st.sampled_from(self.s.offered))
        self.s.ask(kind, "operator", **ARGS.get(kind, {}))
        self.s.run(1.0)

    @precondition(lambda self: self.s.running)
    @rule(kind=st.sampled_from(("stop", "evacuate")))
    def stop(self, kind: str) -> None:
        self.s.ask(kind, "anonymous")
        self.s.run(0.5)

    @rule(pressed=st.booleans())
    def emergency_stop(self, pressed: bool) -> None:
        self.s.world.press_estop(pressed)
        self.s.run(0.2)

    @rule(pressed=st.booleans())
    def call_button(self, pressed: bool) -> None:
        self.s.world.press_call(pressed)
        self.s.run(0.2)

    # --- doors and people ------------------------------------------------------------------------------------------------

    @rule(door=st.sampled_from(("inner", "outer")), is_open=st.booleans())
    def hold_door(self, door: str, is_open: bool) -> None:
        self.s.world.hold_door(door, is_open)
        self.s.run(1.5)

    @rule(to=st.sampled_from(("pre", "main", "outside", "outside")), obedient=st.booleans())
    def walk(self, to: str, obedient: bool) -> None:
        self.s.world.guests.autopilot = obedient
        self.s.world.walk(to)
        self.s.run(3.0)

    # --- what breaks -----------------------------------------------------------------------------------------------------

    @rule(fault=st.sampled_from(FAULTS), seconds=SHORT_S)
    def break_something(self, fault: tuple[str, str | None, dict[str, float]], seconds: float) -> None:
        self.s.inject(*fault)
        self.s.run(seconds)

    @precondition(lambda self: bool(self.s.world.faults.active))
    @rule(seconds=SHORT_S)
    def mend(self, seconds: float) -> None:
        self.s.world.faults.clear_all()
        self.s.run(seconds)

    @rule(latency_s=st.sampled_from((0.001, 0.02, 0.045)), cut=st.booleans(), seconds=SHORT_S)
    def network(self, latency_s: float, cut: bool, seconds: float) -> None:
        self.s.loop.network.latency_s, self.s.loop.network.cut = latency_s, cut
        self.s.run(seconds)

    @rule(broken=st.booleans())
    def disk(self, broken: bool) -> None:
        self.s.disk.broken = broken
        self.s.run(1.0)

    @rule(alive=st.booleans())
    def panel(self, alive: bool) -> None:
        self.s.alive = alive
        self.s.run(6.0)

    @precondition(lambda self: self.s.running)
    @rule(seconds=SHORT_S)
    def kill_and_start(self, seconds: float) -> None:
        self.s.kill()
        self.s.run(seconds)
        self.judge.restarted()
        self.s.start()
        self.s.run(1.0)

    @invariant()
    def it_goes_on(self) -> None:
        if self.stack is not None and self.stack.running:
            assert self.stack.loop.time() - self.stack.last["mono_s"] < 0.5, "no snapshot any more"

    # --- the end ---------------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        if self.stack is None:
            return
        try:
            if self.judge.failed is None:
                self._home()
        finally:
            COUNTED["examples"] += 1
            COUNTED["scans judged"] += self.judge.judged
            COUNTED.update(f"in {state}" for state in self.judge.states)
            self.stack.close()

    def _home(self) -> None:
        """I13: everything is mended, everybody walks out, the operator looks and presses what is offered."""
        s = self.s
        s.mend_all()
        for _ in range(ROUNDS_HOME):
            if s.last["cycle"]["state"] == "stopped":
                return
            s.world.guests.revive()
            s.world.walk("outside")
            s.run(4.0 if s.inside else 0.5)
            for is_open in (True, False):
                for door in ("inner", "outer"):
                    s.world.hold_door(door, is_open)
                s.run(1.5)
            for kind in RESCUE:
                s.ask(kind, "service", **ARGS.get(kind, {}))
                s.run(0.3)
            s.run(2.0)
        raise AssertionError(f"I13: no way to STOPPED from {s.last['cycle']['state']}: {s.last['causes']}, {s.last['commands']}")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """The control process logs what happens to it: thousands of lines here."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_whatever_happens_the_invariants_hold() -> None:
    _explore(examples=8, steps=20, shrink=False)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("piece", range(PIECES))
def test_whatever_happens_the_invariants_hold_at_length(piece: int, seed: int) -> None:
    """Pieces with seeds of their own: one that fails, or a run broken off, costs that piece and not the others."""
    given(seed + piece)(ChamberDay)
    _explore(examples=2000 // PIECES, steps=40, shrink=True)


def _explore(examples: int, steps: int, *, shrink: bool) -> None:
    """Shrinking a history takes minutes: at length it is worth them, in the fast cut the history found is printed as it is."""
    COUNTED.clear()
    run_state_machine_as_test(
        ChamberDay,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            database=None,
        ),
    )
    print(", ".join(f"{n} {what}" for what, n in sorted(COUNTED.items())))
