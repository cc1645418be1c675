"""What the panel says next, with its numbers."""

from __future__ import annotations

from typing import Any

import pytest

from chamber.commands import CommandKind
from chamber.guidance import guide
from chamber.states import CycleState
from tests.chamber.asking import NO_VERDICT
from tests.chamber.facts_factory import facts

C = CycleState
K = CommandKind


def _guided(**changes: Any) -> tuple[str, dict[str, Any]]:
    g = guide(
        facts(**changes), NO_VERDICT, None, dict.fromkeys(K, ()), durable=True, ready_in_s=600.0, self_test=(3, 17), going_to_main=False
    )
    return g.code, g.params


def test_guidance_counts_down() -> None:
    pre = {"state": C.PRE_CHAMBER, "confirm_left_s": None}
    assert _guided(**pre, pre_elapsed_s=12.0, pre_limit_s=30.0) == ("pre_chamber", {"remaining_s": 18.0})
    assert _guided(**pre, pre_elapsed_s=31.0, pre_limit_s=30.0) == ("pre_chamber", {"remaining_s": 0.0})
    for missing in ({"pre_elapsed_s": None, "pre_limit_s": 30.0}, {"pre_elapsed_s": 12.0, "pre_limit_s": None}):
        assert _guided(**pre, **missing) == ("pre_chamber", {})
    inside = {"state": C.EXPOSURE, "confirm_left_s": None}
    assert _guided(**inside, exposure_elapsed_s=100.0, session_limit_s=180.0) == ("exposure", {"remaining_s": 80.0})
    assert _guided(**inside, exposure_elapsed_s=181.0, session_limit_s=180.0) == ("exposure", {"remaining_s": 0.0})
    for missing in ({"exposure_elapsed_s": None, "session_limit_s": 180.0}, {"exposure_elapsed_s": 12.0, "session_limit_s": None}):
        assert _guided(**inside, **missing) == ("exposure", {})


@pytest.mark.parametrize(("left_s", "shown_s"), [(15.0, 15), (12.3, 13), (0.1, 1), (0.0, 0), (-0.5, 0)])
def test_guidance_asks_for_the_operator(left_s: float, shown_s: int) -> None:
    for state in (C.PRE_CHAMBER, C.EXPOSURE):
        assert _guided(state=state, confirm_left_s=left_s) == ("confirm_presence", {"left_s": shown_s})
    assert _guided(state=C.EXPOSURE, confirm_left_s=15.1)[0] == "exposure"


def test_guidance_at_the_exit() -> None:
    leaving = {"state": C.EXIT, "exit_age_s": 1.0}
    assert _guided(**leaving, outer_opened_since_exit=True)[0] == "confirm_everybody_out"
    assert _guided(**leaving, outer_opened_since_exit=False)[0] == "guests_leave"
    assert _guided(**leaving, outer_opened_since_exit=True, presence_main=True)[0] == "guests_leave"


def test_guidance_through_the_day() -> None:
    assert _guided(state=C.SELF_TEST) == ("self_test", {"done": 3, "total": 17})
    assert _guided(state=C.PRECOOL) == ("cooling_down", {"eta_s": 600.0})
    assert _guided(state=C.RECOOL) == ("recooling", {"eta_s": 600.0})
    assert _guided(state=C.READY, cool_off_left_s=0.1) == ("cooling_off", {"left_s": 1})
    assert _guided(state=C.READY, cool_off_left_s=0.0) == ("start_a_session", {})
    assert _guided(state=C.DRYING) == ("drying", {"to_c": facts().limits.drying_to_c})
