"""Decision vectors made from the rule table, played on the simulated PLC."""

from __future__ import annotations

import pytest

from chamber.states import CycleState
from plc_bridge.contract import Trip
from plc_bridge.plc_rules import ROWS
from plc_bridge.program.vectors import Vector
from tests.plc_program.player import FILE, SimulatedRig, play
from tests.simulator.cards import Bench

OXYGEN = ("AT-101A", "AT-101B", "AT-101C")


@pytest.mark.req("SRS-LNK-009")
@pytest.mark.parametrize("vector", [pytest.param(v, id=v["name"].replace(" ", "-")) for v in FILE["vectors"]])
def test_simulated_plc_decides_as_the_table_says(vector: Vector) -> None:
    assert play(vector, SimulatedRig()) == []


def test_every_criterion_has_a_vector_that_trips_and_names_are_unique() -> None:
    names = [v["name"] for v in FILE["vectors"]]
    assert len(set(names)) == len(names)
    for row in ROWS:
        for n, c in enumerate(row.criteria):
            own = [v for v in FILE["vectors"] if v["name"].startswith(f"{row.trip.name}-{n + 1} {c.test.value}")]
            assert any(step.get("latched") is True for v in own for step in v["steps"])


def test_a_wrong_expectation_is_noticed() -> None:
    vector = next(v for v in FILE["vectors"] if v["trip"] == "ESTOP")
    wrong = Vector(name="wrong", trip="ESTOP", steps=[{**step, "latched": False} for step in vector["steps"]])
    assert play(wrong, SimulatedRig()) == ["step 0: ESTOP latched: True"]


# -- limits met exactly, where the last bit of a float must not decide ------------------------------------------------


@pytest.mark.parametrize("start", [20.95, 20.9, 21.0, 20.83])
def test_oxygen_falling_by_exactly_the_limit_trips(start: float) -> None:
    bench = Bench()
    bench.occupy()
    for value, scans in ((start, 130), (round(start - 0.3, 2), 20)):
        for tag in OXYGEN:
            bench.value(tag, value)
        bench.scan(scans)
    assert bench.trips == {Trip.O2_FALLING}


@pytest.mark.parametrize("setpoint_c", [4.1, 5.1, -60.7, -80.1, -110.0])
@pytest.mark.parametrize(("beyond_c", "trips"), [(0.0, False), (0.1, True)])
def test_overcold_begins_beyond_15_k_whatever_the_set_point(setpoint_c: float, beyond_c: float, trips: bool) -> None:
    bench = Bench()
    bench.occupy(CycleState.EXPOSURE)
    bench.tell(setpoint_main=setpoint_c)
    for tag in ("TT-101", "TT-102", "TT-103"):
        bench.value(tag, round(setpoint_c - 15.0 - beyond_c, 1))
    bench.scan(40)
    assert (Trip.OVERCOLD in bench.trips) is trips
