"""A PLC scans several times between two looks of the supervisor: what the supervisor waits for must last, not flash by."""

from __future__ import annotations

import pytest

from chamber.states import CycleState
from tests.control.day import Day


@pytest.mark.parametrize("unseen", [1, 4])
def test_confirmed_empty_lasts_in_a_plc_that_scans_more_often(exposed: Day, unseen: int) -> None:
    exposed.until_state(CycleState.EXIT, 200.0)
    before = len(exposed.answers)
    for _ in range(300):
        for _ in range(unseen):
            exposed.chamber.hang()
        exposed.scan()
        if exposed.state is not CycleState.EXIT:
            break
    assert exposed.state is CycleState.RECOOL
    for _ in range(unseen):
        exposed.chamber.hang()
    assert not exposed.chamber.world.plc.retentive.occupied
    assert [a.outcome for a in exposed.answers[before:] if a.kind.value == "confirm_empty"] == ["accepted"]
