"""The supervisor is the earlier layer: each of its limits acts before the PLC's for the same hazard, and never the other way."""

from __future__ import annotations

import pytest

from chamber.causes import BY_ID
from chamber.causes.cold import OVERCOLD_ABSOLUTE_C
from chamber.causes.house import DATA_LOST_S
from chamber.causes.oxygen import O2_HIGH_PCT
from chamber.limits import GUARDRAILS
from chamber.profile import Limits
from plc_bridge.contract import EXPOSURE_ABSOLUTE_S, EXPOSURE_GRACE_S, LEASE_EMPTY_S, Trip
from plc_bridge.plc_rules import RESET_CLEAR_S, ROW, ROWS

pytestmark = pytest.mark.req("SRS-O2-005")


def plc_limit(trip: Trip, criterion: int = 0) -> float:
    value = ROW[trip].criteria[criterion].set_point
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("limit", "trip", "criterion"),
    [
        ("o2_chamber_trip_pct", Trip.O2_MAIN_LL, 0),
        ("o2_chamber_trip_pct", Trip.O2_PRE_LL, 0),
        ("o2_chamber_evacuate_pct", Trip.O2_CHAMBER_LLL, 0),
        ("o2_room_trip_pct", Trip.O2_ROOM_LL, 0),
        ("o2_room_evacuate_pct", Trip.O2_ROOM_EVAC, 0),
        ("o2_room_floor_trip_pct", Trip.O2_ROOM_EVAC, 1),
        ("o2_room_floor_evacuate_pct", Trip.O2_ROOM_EVAC, 1),
    ],
)
def test_oxygen_limits_lie_above_the_plcs(limit: str, trip: Trip, criterion: int) -> None:
    assert getattr(Limits(), limit) > plc_limit(trip, criterion)
    assert GUARDRAILS[limit].low >= plc_limit(trip, criterion)  # and no site can bring them below


def test_cold_limits_lie_above_the_plcs() -> None:
    assert Limits().overcold_below_setpoint_k < plc_limit(Trip.OVERCOLD, 0)
    assert GUARDRAILS["overcold_below_setpoint_k"].high <= plc_limit(Trip.OVERCOLD, 0)
    assert plc_limit(Trip.OVERCOLD, 1) <= OVERCOLD_ABSOLUTE_C


def test_times_are_shorter_than_the_plcs() -> None:
    assert GUARDRAILS["exposure_s"].high == EXPOSURE_ABSOLUTE_S
    assert EXPOSURE_GRACE_S > 0
    assert Limits().exit_evacuate_s < ROW[Trip.DOOR_STUCK].criteria[0].delay_s
    assert DATA_LOST_S < LEASE_EMPTY_S
    assert plc_limit(Trip.O2_HIGH) >= O2_HIGH_PCT
    assert RESET_CLEAR_S == 10.0


def test_every_trip_has_one_row_and_latches() -> None:
    assert {r.trip for r in ROWS} == set(Trip)
    assert len(ROWS) == len(Trip)
    assert all(r.latch for r in ROWS)
    assert all(r.criteria and r.hazards for r in ROWS)


@pytest.mark.parametrize(
    ("trip", "cause"),
    [
        (Trip.ESTOP, "ESTOP"),
        (Trip.O2_SAMPLE_FLOW, "O2-SAMPLE"),
        (Trip.O2_SENSOR_BAD, "O2-SENS-BAD"),
        (Trip.DOOR_FAULT, "DOOR-FAULT"),
        (Trip.EXTRACT_LOST, "FAN-EXTRACT"),
        (Trip.MAINS_LOST, "PWR-MAINS"),
        (Trip.UNEXPECTED_OCCUPANCY, "OCC-UNEXPECTED"),
        (Trip.TEMP_SENSORS_BAD, "T-ALL-BAD"),
    ],
)
def test_the_supervisors_duplicate_is_no_later(trip: Trip, cause: str) -> None:
    assert BY_ID[cause].delay_s <= min(c.delay_s for c in ROW[trip].criteria)
