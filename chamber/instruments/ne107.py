"""State of an instrument in the words of NAMUR NE 107, from its reading."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from chamber.readings import Quality, Reading, Why


class Status(StrEnum):
    """In order of urgency. Failure and function check: not used. Out of specification: safety does not use it either."""

    FAILURE = "failure"
    FUNCTION_CHECK = "function_check"  # nothing broken, but no valid value now
    OUT_OF_SPECIFICATION = "out_of_specification"
    MAINTENANCE_REQUIRED = "maintenance_required"  # valid; a work order
    GOOD = "good"


_FUNCTION_CHECK = frozenset({Why.NEVER_READ, Why.NO_LINK, Why.WARM_UP, Why.SAMPLE_FLOW, Why.OUT_OF_SERVICE, Why.FRESH_AIR, Why.NOT_FITTED})
_NOT_THE_INSTRUMENT = frozenset({Why.STALE, Why.NO_LINK, Why.SAMPLE_FLOW})


def status(r: Reading[float]) -> Status:
    match r.quality:
        case Quality.BAD:
            return Status.FUNCTION_CHECK if r.why in _FUNCTION_CHECK else Status.FAILURE
        case Quality.UNCERTAIN:
            return Status.OUT_OF_SPECIFICATION
        case Quality.GOOD:
            return Status.GOOD if r.why is Why.NONE else Status.MAINTENANCE_REQUIRED
        case _:
            assert_never(r.quality)


def needs_service(r: Reading[float]) -> bool:
    """Maintenance required or out of specification, for a reason of its own (alarm SENSOR-MAINT)."""
    return status(r) in (Status.OUT_OF_SPECIFICATION, Status.MAINTENANCE_REQUIRED) and r.why not in _NOT_THE_INSTRUMENT
