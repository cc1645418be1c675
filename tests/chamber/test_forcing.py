"""Forcing in SERVICE: what stands, and what makes it fall."""

from __future__ import annotations

from typing import Any

import pytest

from chamber.commands import CommandKind, Reason
from chamber.facts import Door
from chamber.forcing import NITROGEN, NITROGEN_MAX_PCT, OUTPUTS, VALVES, Forced, forced, refusal, standing
from chamber.states import CycleState as C
from plc_bridge.contract import SERVICE_VALVE_MAX_PCT, Output
from tests.chamber.asking import command
from tests.chamber.facts_factory import facts

ALL = {name: Forced(1.0, 130.0) for name in (*OUTPUTS, *VALVES)}


def in_service(**changes: Any) -> Any:
    return facts(**({"state": C.SERVICE, "service_key": True} | changes))


def test_every_output_of_the_plc_can_be_forced() -> None:
    assert set(OUTPUTS) == {o.name for o in Output}
    assert NITROGEN_MAX_PCT == SERVICE_VALVE_MAX_PCT


def test_it_stands_while_all_is_well_and_runs_out() -> None:
    assert standing(ALL, in_service()) is ALL
    assert standing(ALL, in_service(now_s=129.9)) == ALL
    assert standing(ALL, in_service(now_s=130.0)) == {}
    assert standing({}, in_service(service_key=False)) == {}


@pytest.mark.parametrize(
    "spoiled", [{"service_key": False}, {"service_key": None}, {"presence_main": True}, {"presence_pre": True}, {"presence_pre": None}]
)
def test_all_of_it_falls_with_the_key_or_somebody_inside(spoiled: dict[str, Any]) -> None:
    assert standing(ALL, in_service(**spoiled)) == {}


@pytest.mark.parametrize("spoiled", [{"inner_door": Door.OPEN}, {"outer_door": Door.FAULT}, {"o2_entry_good_s": 59.9}])
def test_the_nitrogen_falls_with_a_door_or_the_oxygen(spoiled: dict[str, Any]) -> None:
    left = standing(ALL, in_service(**spoiled))
    assert set(left) == set(ALL) - set(NITROGEN)


def test_asked_again_it_begins_anew_and_zero_ends_it() -> None:
    again = forced({"PURGE_FAN": Forced(1.0, 105.0)}, command(CommandKind.FORCE), 100.0)
    assert again == {"PURGE_FAN": Forced(1.0, 130.0)}
    assert forced(again, command(CommandKind.FORCE, value=0), 101.0) == {}
    both = forced(again, command(CommandKind.FORCE, output="TCV-101", value=12.5, seconds=60), 101.0)
    assert both == again | {"TCV-101": Forced(12.5, 161.0)}


RANGE_VALVE, RANGE_OUTPUT = Reason("force_range", {"low": 0, "high": 20.0}), Reason("force_range", {"low": 0, "high": 1})
TIME = Reason("force_time", {"high": 60.0})


@pytest.mark.parametrize(
    ("asked_for", "reason"),
    [
        *[({"output": v, "value": value}, None) for v in VALVES for value in (0, 0.1, 1, 20, 20.0)],
        *[({"output": v, "value": value}, RANGE_VALVE) for v in VALVES for value in (-0.1, 20.1, float("nan"), True, "5", None)],
        *[({"value": value}, None) for value in (0, 1, 1.0)],
        *[({"value": value}, RANGE_OUTPUT) for value in (0.5, 2, -1, True, False, None)],
        *[({"seconds": s}, None) for s in (1, 1.5, 60, 60.0)],
        *[({"seconds": s}, TIME) for s in (0, 0.9, 60.1, float("nan"), True, "9", None)],
        ({"output": "XV_999"}, Reason("unknown_output", {"output": "XV_999"})),
        ({"output": 7}, Reason("unknown_output", {"output": "7"})),
    ],
)
def test_what_may_be_forced(asked_for: dict[str, Any], reason: Reason | None) -> None:
    """To the last value on either side; what is refused is told with its range."""
    assert refusal(command(CommandKind.FORCE, **asked_for)) == reason


def test_the_nitrogen_stands_from_the_minute_on() -> None:
    assert standing(ALL, in_service(o2_entry_good_s=60.0)) is ALL


def test_arguments_that_were_never_checked_are_an_error() -> None:
    with pytest.raises(TypeError, match="force"):
        forced({}, command(CommandKind.FORCE, seconds="long"), 0.0)
