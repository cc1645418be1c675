"""Two moments that most scenarios begin from, made once."""

from __future__ import annotations

import pytest

from chamber.states import CycleState
from tests.control.day import Day


@pytest.fixture(scope="session")
def _ready() -> Day:
    day = Day()
    operator, day.operator = day.operator, None
    assert operator is not None
    planned = operator._plan.copy()
    operator._plan.clear()
    day.operator = operator
    day.until_state(CycleState.READY, 60.0)
    day.until(lambda d: d.chamber.state.facts is not None and d.chamber.state.facts.o2_entry_good_s >= 61.0, 80.0)
    operator._plan.extend(planned)
    return day


@pytest.fixture(scope="session")
def _exposed(_ready: Day) -> Day:
    day = _ready.copy()
    day.until_state(CycleState.EXPOSURE, 120.0)
    day.run(10.0)
    return day


@pytest.fixture
def ready(_ready: Day) -> Day:
    """READY, oxygen proven, a group of three waiting outside for a session of 180 s."""
    return _ready.copy()


@pytest.fixture
def idle(_ready: Day) -> Day:
    """READY, oxygen proven, nobody comes: the operator only answers."""
    day = _ready.copy()
    assert day.operator is not None
    day.operator._plan.clear()
    return day


@pytest.fixture
def exposed(_exposed: Day) -> Day:
    """Ten seconds into the exposure of three guests."""
    return _exposed.copy()
