"""Ways in which somebody could be forgotten inside: each once a gap in the rules, found by reading them."""

from __future__ import annotations

from functools import cache

import pytest

from chamber.commands import Answer, CommandKind, Outcome
from chamber.states import COOLING, CycleState
from tests.explore.moves import Node, command
from tests.explore.plant import Env, Place, World, tick
from tests.explore.search import spine

C = CycleState
K = CommandKind
WALK_S = 0.5


@cache
def _ordinary() -> tuple[Node, ...]:
    return tuple(spine())


class Play:
    """A world from the ordinary session on: people, doors and buttons, scan by scan."""

    def __init__(self, state: CycleState) -> None:
        self.world: World = next(n.world for n in reversed(_ordinary()) if n.world.state.cycle.state is state)
        self.answers: list[Answer] = []

    def scan(self, *kinds: CommandKind, dt_s: float = 0.1) -> None:
        self.world, result = tick(self.world, dt_s, tuple(command(self.world, k) for k in kinds))
        self.answers += result.outputs.answers

    def run(self, seconds: float, *, attended: bool = False) -> None:
        for n in range(round(10.0 * seconds)):
            self.scan(*((K.OPERATOR_PRESENT,) if attended and n % 100 == 0 else ()))

    def press(self, kind: CommandKind) -> Outcome:
        """Press, wait for the answer and for the mailbox."""
        self.answers.clear()
        self.scan(kind)
        while self.world.state.pending is not None or not self.answers:
            self.scan()
        return self.answers[-1].outcome

    def be(self, **env: object) -> None:
        self.world = self.world._replace(env=Env(**(self.world.env._asdict() | env)))  # type: ignore[arg-type]

    def then(self, **env: object) -> None:
        self.be(**env)
        self.run(WALK_S)

    @property
    def state(self) -> CycleState:
        return self.world.state.cycle.state

    @property
    def acting(self) -> set[str]:
        return {name for name, s in self.world.state.causes.items() if s.acting}


def _boarded() -> Play:
    """A guest in the pre-chamber, the door shut behind them, the session not yet started."""
    p = Play(C.READY)
    assert p.press(K.BEGIN_BOARDING) is Outcome.ACCEPTED
    for env in ({"outer_open": True}, {"place": Place.PRE}, {"outer_open": False}):
        p.then(**env)
    assert p.state is C.BOARDING
    return p


@pytest.mark.req("SRS-PPL-009")
@pytest.mark.parametrize("kind", [K.CANCEL_BOARDING, K.END_SESSION, K.STOP])
def test_who_fell_out_of_sight_before_the_start_is_seen_out(kind: CommandKind) -> None:
    """The sensors see nobody, the PLC has seen nobody leave: never back to the cold, nor to STOPPED, without opening the door (H-13)."""
    p = _boarded()
    p.then(place=Place.DOWN)
    p.press(kind)
    assert p.state is (C.BOARDING if kind is K.CANCEL_BOARDING else C.EXIT)
    assert p.press(K.CONFIRM_EMPTY) is Outcome.REJECTED


@pytest.mark.req("SRS-PPL-009")
def test_a_boarding_nobody_comes_to_is_no_standing_invitation() -> None:
    p = Play(C.READY)
    p.press(K.BEGIN_BOARDING)
    p.scan(dt_s=298.0)
    assert p.state is C.BOARDING
    p.run(3.0)
    assert p.state is C.READY
    assert p.world.state.session is None


@pytest.mark.req("SRS-PPL-009")
def test_a_moment_unseen_starts_no_clock_anew() -> None:
    """A presence sensor that lets go for a moment gives no second two minutes in the cold (H-10)."""
    p = _boarded()
    p.run(60.0)
    p.be(place=Place.NONE)
    p.scan()
    p.be(place=Place.PRE)
    p.run(61.0)
    assert p.state is C.EXIT
    assert p.world.state.session is not None
    assert p.world.state.session.ended_by == "cause:BOARD-LIMIT"


@pytest.mark.req("SRS-PPL-009", "SRS-TIM-001")
def test_who_went_on_before_the_start_is_on_the_clock() -> None:
    p = _boarded()
    for env in ({"inner_open": True}, {"place": Place.MAIN}, {"inner_open": False}):
        p.then(**env)
    went_on = p.world.now_s
    p.run(60.0)
    for env in ({"inner_open": True}, {"place": Place.PRE}, {"inner_open": False}):
        p.then(**env)
    assert p.press(K.START_SESSION) is Outcome.ACCEPTED
    p.run(0.1)
    session = p.world.state.session
    assert session is not None
    elapsed = session.exposure_elapsed_s(p.world.now_s)
    assert elapsed is not None
    assert elapsed >= p.world.now_s - went_on


@pytest.mark.req("SRS-DOR-004")
def test_a_door_that_stays_shut_after_the_emergency_stop_is_told() -> None:
    """Whoever pressed it may stand behind a frozen door (H-11)."""
    p = Play(C.EXPOSURE)
    p.then(faults=frozenset({"estop"}))
    p.run(11.0)
    assert p.state is C.ESTOP
    assert "DOOR-STUCK" in p.acting
    p.run(5.0)
    assert "EXIT-EVACUATE" in p.acting


@pytest.mark.req("SRS-PPL-010")
@pytest.mark.parametrize("latest", [K.RESET, K.STOP])
@pytest.mark.parametrize("scans", [0, 1])
def test_nothing_takes_the_place_of_an_evacuation_on_its_way(latest: CommandKind, scans: int) -> None:
    p = Play(C.READY)
    if scans == 0:
        p.scan(K.EVACUATE, latest)
    else:
        p.scan(K.EVACUATE)
        p.scan(latest)
    p.run(1.0)
    assert p.state is C.EVACUATE
    assert p.world.plc.trips != 0


@pytest.mark.req("SRS-PPL-010")
def test_somebody_who_goes_in_while_the_plc_confirms_is_not_shut_in() -> None:
    """The PLC's answer comes late; who was not there when the button was pressed is there now (H-13)."""
    p = Play(C.EXPOSURE)
    p.press(K.END_SESSION)
    for env in ({"inner_open": True}, {"place": Place.PRE, "outer_open": True}, {"place": Place.NONE}):
        p.then(**env)
    p.run(2.0)
    p.scan(K.CONFIRM_EMPTY)
    p.then(faults=frozenset({"silence"}), place=Place.NONE)
    p.answers.clear()
    p.be(faults=frozenset(), place=Place.PRE)
    while not p.answers:
        p.scan()
    assert p.answers[-1].outcome is not Outcome.ACCEPTED
    assert p.state not in COOLING


@pytest.mark.req("SRS-PPL-011")
def test_who_falls_out_of_sight_is_looked_for_before_the_time_is_over() -> None:
    p = Play(C.EXPOSURE)
    p.then(place=Place.DOWN)
    p.run(9.0, attended=True)
    assert p.state is C.EXPOSURE
    p.run(1.0)
    assert p.state is C.EXIT
    p.run(16.0)
    assert p.state is C.EVACUATE  # nobody opens from inside: help is called


@pytest.mark.req("SRS-PPL-002")
def test_nobody_stays_in_a_chamber_that_is_stopped_but_still_cold() -> None:
    p = Play(C.READY)
    assert p.press(K.STOP) is Outcome.ACCEPTED
    for env in ({"outer_open": True}, {"place": Place.PRE}, {"outer_open": False}):
        p.then(**env)
    p.scan(dt_s=118.0)
    assert p.state is C.STOPPED
    p.run(1.5)
    assert p.state is C.EVACUATE
