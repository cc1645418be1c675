"""A cut of the twin's bench on simulated plants: the right alarm soon, with the right part named, and none on a healthy chamber."""

from __future__ import annotations

import pytest

from bench.twin.proof import FAULTS, Days, after_learning, broken, healthy

NAMED = {
    "valve worn": "flow of TCV-101",
    "valve clogged": "flow of TCV-101",
    "valve passes": "TCV-201 passes",
    "valve sticky": "TCV-101 off its demand",
    "tank loses": "loss of the tank",
}


@pytest.fixture(scope="module")
def learned() -> Days:
    return after_learning(0)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", NAMED)
def test_the_right_part_is_named(learned: Days, name: str) -> None:
    found = broken(learned, next(f for f in FAULTS if f.name == name))
    assert found.after_h is not None
    assert found.after_h < (6.0 if name == "tank loses" else 1.5)
    assert NAMED[name] in found.evidence
    assert ("TCV-201" in found.evidence) is (name == "valve passes")
    assert found.others == ()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_healthy_chamber_raises_nothing(seed: int) -> None:
    assert healthy(seed).alarms == ()
