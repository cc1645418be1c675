"""Every alarm of the safety reference, section 10, is in the list, or stated to be covered by another one."""

from __future__ import annotations

import pytest

from chamber.alarm_list import ALARMS
from chamber.causes import BY_ID, CAUSES
from plc_bridge.contract import Trip

# fmt: off
REFERENCE = (
    "O2-CH-LL", "O2-CH-LLL", "O2-CH-L", "O2-CH-DROP", "O2-RM-L", "O2-RM-LL", "O2-RM-EVAC", "O2-HI", "O2-SENS-BAD", "O2-SENS-DISAG",
    "O2-CAL-DUE", "ESTOP", "CALL-IN", "DOOR-STUCK", "DOOR-FAULT", "DOOR-ICE", "TIME-EXCEED", "OVERCOLD", "T-DEV-LO", "T-DEV-HI",
    "T-SENS-BAD", "T-ALL-BAD", "COOL-NOGAIN", "VALVE-STUCK", "LN2-CARRY", "LN2-PRESS-HI", "LN2-LOW", "LN2-USE-HI", "FAN-EXTRACT",
    "FAN-PURGE", "WD-SUP", "COMM-PLC", "CLOCK-JUMP", "PWR-MAINS", "UPS-LOW", "OP-ABSENT", "OCC-UNEXPECTED", "OCC-UNKNOWN", "BYPASS-ACT",
    "PROOF-DUE", "AUDIT-FAIL", "DISK", "SEC-AUTH", "SEC-CONF", "VOICE-FAIL", "SENSOR-MAINT",
)
# fmt: on
# id -> (alarm that is raised instead, how)
COVERED: dict[str, tuple[str, str]] = {
    "TIME-EXCEED": ("PLC-TRIP", "the PLC's own timer trips; its first cause is shown with the alarm"),
    "WD-SUP": ("PLC-TRIP", "the PLC trips and annunciates by its own sounder; the supervisor shows it once it is back"),
    "DISK": ("AUDIT-FAIL", "less than 5 % free spoils the health of the records (records/disk.py)"),
}
NOT_MEASURED: dict[str, str] = {
    "DOOR-ICE": "no instrument measures the force on a door or the current of its heater; a door that hangs is DOOR-STUCK",
}


@pytest.mark.parametrize("alarm_id", REFERENCE)
def test_every_alarm_of_the_reference(alarm_id: str) -> None:
    places = [alarm_id in ALARMS, alarm_id in COVERED, alarm_id in NOT_MEASURED]
    assert places.count(True) == 1, alarm_id
    if alarm_id in COVERED:
        assert COVERED[alarm_id][0] in ALARMS


def test_what_the_plc_covers_is_a_trip_of_the_plc() -> None:
    assert {"EXPOSURE_LIMIT", "LEASE_LOST"} <= {t.name for t in Trip}
    assert "PLC-TRIP" in BY_ID


def test_every_alarm_has_a_cause_that_raises_it_and_every_cause_an_alarm_of_the_list() -> None:
    raised = {c.alarm for c in CAUSES if c.alarm is not None}
    assert raised == set(ALARMS)
