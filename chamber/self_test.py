"""Self-test before the day's first cooling: a list of checks, each a question to the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chamber.causes.house import DATA_FRESH_S
from chamber.facts import Facts
from chamber.instruments import oxygen
from chamber.readings import Quality, Reading

MINIMUM_S = 3.0  # H-05: a sensor that is good for a moment has proven nothing
TIMEOUT_S = 15.0  # H-05, H-07: what does not come right by then is a fault
VOICE_WAIT_S = 6.0  # H-24: an announcement not heard back by then was not heard by anybody


@dataclass(frozen=True, slots=True)
class Check:
    id: str
    text: str
    hazards: tuple[str, ...]
    passed: Callable[[Facts], bool]


def fresh_air(reading: Reading[float]) -> bool:
    """Whether an oxygen sensor reads the air it is in; only in a chamber at rest (H-05)."""
    mark = oxygen.fresh_air(reading)
    return mark is None or mark.quality is Quality.GOOD


def _fresh_air(f: Facts) -> bool:
    return all(fresh_air(r) for r in f.oxygen_readings)


CHECKS: tuple[Check, ...] = (
    Check("link", "PLC answers", ("H-15",), lambda f: f.plc is not None and f.block_age_s is not None and f.block_age_s < DATA_FRESH_S),
    Check("lease", "PLC accepts the heartbeat", ("H-14",), lambda f: f.plc is not None and f.plc.lease_alive),
    Check("trips", "No trip latched", ("H-01",), lambda f: f.plc is not None and not f.plc.trips),
    Check("estop", "Emergency stop released", ("H-13",), lambda f: f.estop_released is True),
    Check("oxygen", "All oxygen sensors read fresh air", ("H-05",), _fresh_air),
    Check("temperature", "All temperature sensors good", ("H-09",), lambda f: f.main.good == f.main.total and f.pre.good == f.pre.total),
    Check("sample", "Oxygen sample flow proven", ("H-05",), lambda f: f.sample_flow is True),
    Check("extract", "Room extract proven", ("H-18",), lambda f: f.extract_flow is True),
    Check("mains", "Mains present", ("H-17",), lambda f: f.mains is True),
    Check("nitrogen", "Nitrogen main valve proven closed", ("H-07",), lambda f: f.ln2_closed is True),
    Check("empty", "Nobody inside", ("H-04",), lambda f: f.seen_empty),
    Check("records", "Journal on disk", ("H-30",), lambda f: f.records_ok),
)


def failing(facts: Facts) -> tuple[str, ...]:
    """Ids of the checks that do not pass now, in list order."""
    return tuple(c.id for c in CHECKS if not c.passed(facts))
