"""Proof tests: what has to be tried, how often, by whom, and whether it stands.

A safeguard that nobody tries may be dead for months. Each test is a row here; its results are entries of the upkeep record
(``chamber.upkeep``). Intervals are proposals (safety reference, 2.8) for the builder's own risk assessment. Dates are the only
thing the wall clock decides; whether a test came after work on the device is told by the order of the entries, not by dates.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from chamber.commands import Role
from chamber.profile import DeviceProfile
from chamber.tags import ROOM_OXYGEN_FLOOR, ROOM_OXYGEN_HIGH

DAY_S = 86400.0
WARN_S = 14 * DAY_S  # H-05, H-27: warned so long before, or a quarter of the interval if that is shorter
FUTURE_S = DAY_S  # a result from further ahead was dated by a wrong clock and counts as none (H-27)


class Per(StrEnum):
    """What one result stands for."""

    CHAMBER = "chamber"
    OXYGEN_SENSOR = "oxygen_sensor"


class Gives(StrEnum):
    """Who gives the result."""

    PERSON = "person"
    SELF_TEST = "self_test"  # measured and recorded by the self-test at start-up
    RUNNING = "running"  # measured and recorded while the chamber rests


class After(StrEnum):
    """What makes the result void before its time (H-27)."""

    WORK = "work"  # any work on gas, valves, sensors, software
    REPLACED = "replaced"  # only a replacement of its instrument


class ProofTest(NamedTuple):
    id: str
    text: str
    how: str
    interval_s: float
    hazards: tuple[str, ...]
    per: Per
    after: After
    gives: Gives
    role: Role  # the least that may record it


# fmt: off
PROOF_TESTS: tuple[ProofTest, ...] = (
    ProofTest("FRESH-AIR", "Oxygen sensors read fresh air",
              "Start up: the self-test takes 20.9 ± 0.5 vol% of every sensor in a chamber at rest.",
              1 * DAY_S, ("H-05",), Per.OXYGEN_SENSOR, After.WORK, Gives.SELF_TEST, Role.SERVICE),
    ProofTest("VALVE-TIGHT", "Nitrogen valves tight when closed",
              "Rest for 3 min with nitrogen shut: neither flow nor cooling is seen. By hand: close the valves and watch pressure.",
              1 * DAY_S, ("H-01", "H-07"), Per.CHAMBER, After.WORK, Gives.RUNNING, Role.SERVICE),
    ProofTest("DOOR-RELEASE", "Doors open from inside",
              "From inside, with one hand, push both doors open; a second person stands outside.",
              1 * DAY_S, ("H-11", "H-13"), Per.CHAMBER, After.WORK, Gives.PERSON, Role.OPERATOR),
    ProofTest("CALL-BUTTON", "Call button inside",
              "Press the button inside: the alarm CALL-IN sounds at the panel and nitrogen is closed.",
              1 * DAY_S, ("H-11", "H-13"), Per.CHAMBER, After.WORK, Gives.PERSON, Role.OPERATOR),
    ProofTest("ESTOP", "Emergency stop",
              "Press every emergency stop in turn: nitrogen closes, purge, light and door release stay alive, reset is needed.",
              7 * DAY_S, ("H-13",), Per.CHAMBER, After.WORK, Gives.PERSON, Role.OPERATOR),
    ProofTest("EXPOSURE-TIMER", "PLC's own exposure timer",
              "Empty run past the limit: the PLC trips 5 s after it, with the supervisor's end of session held back or stopped.",
              7 * DAY_S, ("H-10",), Per.CHAMBER, After.WORK, Gives.PERSON, Role.OPERATOR),
    ProofTest("O2-TRIP", "Oxygen trip, end to end",
              "Nitrogen or 18 % test gas on the sensor: alarm, nitrogen closes, purge starts; note the time to 90 %.",
              30 * DAY_S, ("H-01", "H-02", "H-05"), Per.OXYGEN_SENSOR, After.WORK, Gives.PERSON, Role.SERVICE),
    ProofTest("PLC-WATCHDOG", "PLC's watchdog",
              "Pull the network plug between supervisor and PLC; measure the time until nitrogen closes: 2 s occupied, 5 s empty.",
              30 * DAY_S, ("H-14",), Per.CHAMBER, After.WORK, Gives.PERSON, Role.SERVICE),
    ProofTest("UPS", "Battery supply and room extract",
              "Switch the mains off: purge fan, light, voice and PLC live on the battery; then stop the extract: the airflow alarm comes.",
              91 * DAY_S, ("H-17", "H-18"), Per.CHAMBER, After.WORK, Gives.PERSON, Role.SERVICE),
    ProofTest("O2-CAL", "Oxygen calibration and age of the cell",
              "Calibrate as the maker says; replace a cell that has reached its age (18 to 24 months).",
              182 * DAY_S, ("H-05", "H-06"), Per.OXYGEN_SENSOR, After.REPLACED, Gives.PERSON, Role.SERVICE),
)
# fmt: on

BY_ID: dict[str, ProofTest] = {t.id: t for t in PROOF_TESTS}


def oxygen_sensors(profile: DeviceProfile) -> tuple[str, ...]:
    """Tags of every oxygen sensor of the device and of the room it stands in."""
    return (*profile.oxygen, ROOM_OXYGEN_HIGH, ROOM_OXYGEN_FLOOR)


def instruments(test: ProofTest, profile: DeviceProfile) -> tuple[str, ...]:
    """What the test is given for, one result each; "" is the whole chamber."""
    return oxygen_sensors(profile) if test.per is Per.OXYGEN_SENSOR else ("",)


class Standing(StrEnum):
    """Where a test stands. Anything but OK and SOON blocks new sessions."""

    OK = "ok"
    SOON = "soon"
    OVERDUE = "overdue"
    AFTER_WORK = "after_work"  # passed, but before the last work on the device
    FAILED = "failed"
    NEVER = "never"


class Given(NamedTuple):
    """Newest result of a test for one instrument. ``serial``: its place in the order of entries."""

    serial: int
    utc_s: float | None
    passed: bool
    by: str
    note: str


class Status(NamedTuple):
    test: ProofTest
    instrument: str
    standing: Standing
    last: Given | None
    due_utc_s: float | None  # None: now

    @property
    def name(self) -> str:
        return f"{self.test.id} {self.instrument}".rstrip()


def status(test: ProofTest, instrument: str, last: Given | None, utc_s: float | None, *, work_serial: int | None) -> Status:
    """Where one test stands at ``utc_s`` (seconds since 1970; None: the date is unknown, and nothing can be shown to stand).

    ``work_serial``: place of the newest work that makes it void, None for none.
    """
    if last is None:
        return Status(test, instrument, Standing.NEVER, None, None)
    if not last.passed:
        return Status(test, instrument, Standing.FAILED, last, None)
    if work_serial is not None and last.serial < work_serial:
        return Status(test, instrument, Standing.AFTER_WORK, last, None)
    due = None if last.utc_s is None else last.utc_s + test.interval_s
    if due is None or utc_s is None or utc_s >= due or due - test.interval_s > utc_s + FUTURE_S:
        return Status(test, instrument, Standing.OVERDUE, last, due)
    soon = utc_s >= due - min(WARN_S, test.interval_s / 4.0)
    return Status(test, instrument, Standing.SOON if soon else Standing.OK, last, due)
