"""Every row of the published matrix lives where it should, or it is stated why it lives elsewhere."""

from __future__ import annotations

import pytest

from chamber.causes import CAUSES
from chamber.tags import OPTIONAL
from plc_bridge.matrix import MATRIX, MatrixRow
from plc_bridge.plc_rules import ROWS, START_HOLDS

# The column "Where" of the matrix (safety reference, section 9), typed a second time.
_WHERE = [
    "P",
    "PH",
    "SP",
    "P",
    "P",
    "PH",
    "P",
    "P",
    "P",
    "H",
    "P",
    "P",
    "SP",
    "S",
    "P",
    "P",
    "S",
    "P",
    "P",
    "PH",
    "P",
    "P",
    "P",
    "S",
    "PH",
    "P",
    "SP",
    "P",
    "P",
    "S",
    "S",
    "S",
    "S",
    "SP",
    "H",
    "SP",  # of this project: the lift-height interlock of a head-out cabin
    "S",  # of this project: the estimate of the skin is the supervisor's alone
    "S",  # of this project: a session in which nobody is seen
]


def test_all_rows_once_and_in_order_with_the_published_places() -> None:
    assert [m.row for m in MATRIX] == list(range(1, 39))
    assert [set(m.where) for m in MATRIX] == [set(w) for w in _WHERE]


@pytest.mark.parametrize("row", MATRIX, ids=lambda m: str(m.row))
def test_each_named_place_serves_the_row_or_says_why_not(row: MatrixRow) -> None:
    assert row.missing() == ""
    assert set(row.instead) <= set(row.where)
    for place, why in row.instead.items():
        assert len(why) > 30
        assert not {"S": row.causes, "P": row.trips, "H": ()}[place], "served after all: take the excuse away"


def test_no_cause_and_no_trip_is_outside_the_matrix() -> None:
    rows = {m.row for m in MATRIX}
    assert {c.row for c in CAUSES} <= rows
    assert {r.matrix_row for r in ROWS} <= rows


def test_a_row_that_nobody_serves_is_found() -> None:
    assert MatrixRow(99, "nothing", "HPS").missing() == "HPS"
    assert MatrixRow(99, "nothing", "HPS", "a wire", {"P": "because"}).missing() == "S"


def test_trips_on_optional_instruments_are_those_a_bridge_can_silence() -> None:
    """An optional contact may be bridged: then its trip is off on that device. No others hang on optional instruments."""
    hanging = {r.trip.name for r in ROWS for c in r.criteria if c.signals and set(c.signals) <= OPTIONAL}
    assert hanging == {"ROOM_EMERGENCY", "LN2_PRESSURE_HIGH"}
    assert {s for c in START_HOLDS for s in c.signals} <= OPTIONAL
