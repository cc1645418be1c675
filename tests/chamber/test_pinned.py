"""Numbers, limits from both sides and sentences with numbers, typed a second time: what mutation found that nobody noticed.

Times of alarms: safety reference, section 10 (class and urgency) and 1.5 (delays, deadbands); the rest is proposed by this house.
"""

from __future__ import annotations

from typing import Any

import pytest

from chamber import monitor, voting
from chamber.alarm_list import ALARMS, SUPPRESSED
from chamber.alarm_signals import SIGNALS
from chamber.alarm_states import AlarmEvent, AlarmState
from chamber.alarms import Alarm, AlarmChange, Scene
from chamber.alarms import step as step_alarms
from chamber.cause_effect import Effect
from chamber.causes import BY_ID
from chamber.commands import CommandKind, Reason, Role
from chamber.entry import room_refusal
from chamber.events import Event, EventKind
from chamber.facts import Door
from chamber.interlocks import CauseState, reset_blockers
from chamber.permissives import GUARDS, refusals
from chamber.profile import DeviceProfile
from chamber.readings import Quality, Reading
from chamber.session import Session
from chamber.settings import narrowed
from chamber.states import CycleState
from chamber.upkeep import Accepted, Upkeep, UpkeepFacts, look
from tests.chamber.asking import NO_VERDICT, PROFILE, STANDARD, ask
from tests.chamber.facts_factory import PLC_WELL, bad, facts, good
from tests.chamber.test_self_test_and_monitor import watched

C = CycleState
K = CommandKind
DAY_S, HOUR_S = 86_400, 3_600
# id -> time to respond, off-delay, announced again, longest shelving (s)
TIMES: dict[str, tuple[float, float, float | None, float | None]] = {
    "ESTOP": (10, 0, None, None),
    "O2-CH-LLL": (10, 0, 60, None),
    "O2-CH-LL": (15, 0, 60, None),
    "O2-CH-L": (30, 10, None, None),
    "O2-CH-DROP": (15, 0, 60, None),
    "O2-SENS-DISAG": (600, 10, None, None),
    "O2-RM-EVAC": (10, 0, 60, None),
    "O2-RM-LL": (30, 0, 60, None),
    "O2-RM-L": (120, 10, None, None),
    "O2-HI": (60, 0, 60, None),
    "O2-HI-PRE": (120, 10, None, None),
    "O2-SENS-BAD": (60, 10, None, None),
    "O2-SAMPLE": (60, 5, None, None),
    "CALL-IN": (10, 0, 60, None),
    "FACE-LOW": (5, 0, 60, None),
    "DOOR-OPENED": (30, 0, None, None),
    "DOOR-FAULT": (300, 0, None, None),
    "DOOR-STUCK": (10, 0, 60, None),
    "OVERCOLD": (15, 0, None, None),
    "T-DEV-LO": (60, 15, None, HOUR_S),
    "T-DEV-HI": (600, 15, None, 8 * HOUR_S),
    "T-SENS-BAD": (600, 10, None, HOUR_S),
    "T-ALL-BAD": (15, 0, None, None),
    "VALVE-STUCK": (15, 0, None, None),
    "LN2-CARRY": (10, 0, None, None),
    "COOL-NOGAIN": (600, 15, None, HOUR_S),
    "COOL-LIMIT": (600, 15, None, 8 * HOUR_S),
    "SENSOR-MAINT": (DAY_S, 10, None, 8 * HOUR_S),
    "LN2-USE-HI": (300, 0, None, None),
    "FAN-EXTRACT": (30, 0, None, None),
    "FAN-PURGE": (15, 0, None, None),
    "ROOM-CALL": (10, 0, None, None),
    "COMM-PLC": (15, 2, None, None),
    "PLC-TRIP": (15, 0, None, None),
    "PWR-MAINS": (60, 0, None, None),
    "UPS-LOW": (1800, 10, None, None),
    "SERVICE-KEY": (120, 0, None, None),
    "OP-ABSENT": (15, 0, None, None),
    "OCC-UNEXPECTED": (10, 0, 60, None),
    "OCC-UNKNOWN": (10, 0, 60, None),
    "VOICE-FAIL": (1800, 0, None, None),
    "SELF-TEST": (1800, 0, None, None),
    "LN2-PRESS-HI": (300, 15, None, None),
    "LN2-LOW": (1800, 60, None, 8 * HOUR_S),
    "AUDIT-FAIL": (1800, 5, None, HOUR_S),
    "API-SILENT": (30, 2, None, None),
    "NO-HMI": (60, 2, None, None),
    "DRYING-DUE": (4 * HOUR_S, 0, None, 8 * HOUR_S),
    "SEAL-LEAK": (DAY_S, 0, None, 8 * HOUR_S),
    "HEAT-LEAK": (7 * DAY_S, 0, None, 8 * HOUR_S),
    "VALVE-WORN": (DAY_S, 0, None, 8 * HOUR_S),
    "LN2-PRESS-LO": (4 * HOUR_S, 0, None, 8 * HOUR_S),
    "LN2-USE-UP": (4 * HOUR_S, 0, None, 8 * HOUR_S),
    "PROOF-DUE": (DAY_S, 0, None, 8 * HOUR_S),
    "O2-CAL-DUE": (DAY_S, 0, None, 8 * HOUR_S),
    "PROOF-OVERDUE": (1800, 0, None, None),
    "MAINTENANCE": (HOUR_S, 0, None, None),
    "BYPASS-ACT": (600, 0, None, None),
    "CLOCK-JUMP": (HOUR_S, 0, None, 8 * HOUR_S),
    "SEC-CONF": (15, 0, None, None),
    "ALARM-OUT": (1800, 0, None, None),
    "SEC-AUTH": (HOUR_S, 0, None, 8 * HOUR_S),
    "INVARIANT": (15, 0, None, None),
}


@pytest.mark.parametrize("alarm_id", TIMES)
def test_times_of_an_alarm(alarm_id: str) -> None:
    a = ALARMS[alarm_id]
    assert (a.time_to_respond_s, a.off_delay_s, a.re_alarm_s, a.shelf_max_s) == TIMES[alarm_id]


# what the operator reads, with every number in it
DETAILS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("O2-CH-LL", {"o2_main": (19.4, 19.5, 20.9)}, "19.4 %, limit 19.7 %"),
    ("O2-CH-LL", {"o2_main": (None,) * 3, "o2_pre": (None, None)}, "unknown, limit 19.7 %"),
    ("O2-HI", {}, "above 23.5 %"),
    ("O2-HI-PRE", {}, "above 22.5 %"),
    ("O2-CH-DROP", {"o2_change_10s_pct": -0.3}, "0.30 % in 10 s"),
    ("O2-CH-DROP", {"o2_change_10s_pct": None}, "-0.00 % in 10 s"),
    ("O2-SENS-DISAG", {"o2_main": (20.9, 20.9, 19.9)}, "main 1.0 % apart, pre-chamber 0.0 % apart"),
    ("O2-SENS-DISAG", {"o2_main": (None,) * 3, "o2_pre": (20.9, 20.1)}, "main unknown, pre-chamber 0.8 % apart"),
    ("O2-RM-EVAC", {"o2_room": None, "o2_floor": 18.1}, "unknown at breathing height, 18.1 % at the floor"),
    ("O2-SENS-BAD", {"o2_main": (None, 20.9, 20.9), "o2_floor": None}, "5 of 7 oxygen sensors good"),
    ("TIME-LIMIT", {"exposure_elapsed_s": 180.2, "session_limit_s": 180.0}, "180 s of 180 s"),
    ("TIME-LIMIT", {"exposure_elapsed_s": None, "session_limit_s": None}, "0 s of 0 s"),
    ("SKIN-COLD", {"skin_low_c": -3.62}, "coldest spot may be -3.6 °C, limit -3.5 °C"),
    ("SKIN-COLD", {"skin_low_c": None}, "coldest spot may be 0.0 °C, limit -3.5 °C"),
    ("OVERCOLD", {"main": (-123.4, -122.0, -110.0)}, "median -122.0 °C, coldest -123.4 °C, set -110 °C"),
    ("OVERCOLD", {"setpoint_main_c": None}, "median -110.0 °C, coldest -110.0 °C, no set point"),
    ("OVERCOLD", {"main": (None,) * 3}, "0 of 3 sensors good"),
    ("T-SENS-BAD", {"main": (None, -110.0, -110.0)}, "good sensors: main 2 of 3, pre-chamber 2 of 2, coil outlet good"),
    ("T-SENS-BAD", {"coil_outlet": bad(-120.0)}, "good sensors: main 3 of 3, pre-chamber 2 of 2, coil outlet bad"),
    ("LN2-PRESS-HI", {"supply_bar": 3.714}, "3.71 bar(a), relief at 4.0"),
    ("LN2-PRESS-HI", {"supply_bar": None}, "0.00 bar(a), relief at 4.0"),
    ("UPS-LOW", {"ups_charge_pct": 12.4}, "12 % left"),
    ("UPS-LOW", {"ups_charge_pct": None}, "0 % left"),
    ("PLC-PROGRAM", {}, "program 12345678"),
    ("PLC-PROGRAM", {"plc": None}, "never heard"),
    ("PROOF-DUE", {"upkeep": UpkeepFacts(soon=("A", "B", "C"))}, "A, B, C"),
    ("PROOF-DUE", {"upkeep": UpkeepFacts(soon=("A", "B", "C", "D"))}, "A, B, C and 1 more"),
    ("VALVE-STUCK", {"nitrogen_shut_s": 75.0, "nitrogen_flow_kg_h": 12.4}, "shut for 75 s, flow 12 kg/h"),
    ("VALVE-STUCK", {"nitrogen_shut_s": 75.0, "nitrogen_flow_kg_h": 12.4, "main_change_30s_k": -1.1}, "shut for 75 s, flow 12 kg/h"),
    (
        "VALVE-STUCK",
        {"nitrogen_shut_s": 817.0, "nitrogen_flow_kg_h": 0.4, "main_change_30s_k": -1.24},
        "shut for 817 s, main room -1.2 K in 30 s",
    ),
    (
        "VALVE-STUCK",
        {"nitrogen_shut_s": 817.0, "nitrogen_flow_kg_h": None, "main_change_120s_k": -0.21},
        "shut for 817 s, main room -0.2 K in 120 s",
    ),
    (
        "VALVE-STUCK",
        {"nitrogen_shut_s": None, "nitrogen_flow_kg_h": None, "main_change_120s_k": None},
        "shut for 0 s, main room +0.0 K in 120 s",
    ),
    ("LN2-CARRY", {"coil_outlet": good(-191.0)}, "-191 °C"),
    ("LN2-CARRY", {"coil_outlet": bad()}, "0 °C"),
    ("LN2-LOW", {"tank_kg": 24.0}, "24 kg left"),
    ("LN2-LOW", {"tank_kg": None}, "0 kg left"),
    ("PLC-TRIP", {"plc": PLC_WELL._replace(trips=frozenset({"b", "a"}), first_out="b")}, "first: b; latched: a, b"),
    ("PLC-TRIP", {"plc": PLC_WELL._replace(trips=frozenset({"a"}), first_out=None)}, "first: unknown; latched: a"),
    ("PLC-TRIP", {"plc": None}, "never heard"),
    ("COMM-PLC", {"block_age_s": None}, "nothing heard yet"),
    ("DOOR-FAULT", {"inner_door": Door.FAULT}, "inner door"),
    ("DOOR-FAULT", {"outer_door": Door.FAULT}, "outer door"),
)


@pytest.mark.parametrize(("cause_id", "changes", "text"), DETAILS)
def test_what_the_operator_reads(cause_id: str, changes: dict[str, Any], text: str) -> None:
    assert BY_ID[cause_id].detail(facts(**changes)) == text


# a limit to the last digit: on it, and the next number beyond
COLD = {"state": C.PRECOOL, "valve_main_pct": 50.0}
LIMITS: tuple[tuple[str, dict[str, Any], bool], ...] = (
    ("COOL-NOGAIN", {**COLD, "main": (-105.0,) * 3, "main_change_30s_k": -0.1}, True),
    ("COOL-NOGAIN", {**COLD, "main": (-105.01,) * 3, "main_change_30s_k": -0.1}, False),
    ("COOL-NOGAIN", {**COLD, "main": (-100.0,) * 3, "main_change_30s_k": -0.5}, False),
    ("OVERCOLD", {"main": (-122.0,) * 3}, False),
    ("OVERCOLD", {"main": (-122.5, -122.0, -122.0)}, False),  # only one is beyond: the others stand on the limit
    ("OVERCOLD", {"main": (None,) * 3}, False),
    ("O2-SENS-DISAG", {"o2_main": (1.0, 1.7, 1.7)}, False),
    ("O2-SENS-DISAG", {"o2_main": (1.0, 1.71, 1.71)}, True),
)


@pytest.mark.parametrize(("cause_id", "changes", "present"), LIMITS)
def test_a_limit_to_the_last_digit(cause_id: str, changes: dict[str, Any], present: bool) -> None:
    assert 1.7 - 1.0 == voting.DISAGREE_O2_PCT == 0.7
    assert BY_ID[cause_id].present(facts(**changes)) is present


def _codes(kind: CommandKind, state: CycleState, **changes: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(r.code, r.params) for r in refusals(kind, ask(kind, state, **changes))]


def test_permissives_to_the_last_digit() -> None:
    boarding = (K.BEGIN_BOARDING, C.READY)
    assert _codes(*boarding, facts__o2_entry_good_s=60.0) == []
    assert _codes(*boarding, facts__o2_entry_good_s=59.9) == [("oxygen_not_good_long_enough", {"held_s": 59, "needed_s": 60.0})]
    assert _codes(*boarding, arg__persons=1) == []
    assert _codes(*boarding, arg__persons=0) == [("persons_range", {"low": 1, "high": PROFILE.limits.persons})]
    colder = facts(main=(-114.0,) * 3).main
    assert _codes(K.PRECOOL, C.IDLE, facts__main=colder) == []
    assert _codes(K.PRECOOL, C.IDLE, facts__main=colder._replace(value=-114.01)) == [
        ("colder_than_program", {"measured_c": -114.01, "wanted_c": -110.0})
    ]


@pytest.mark.parametrize(("door", "changes"), [("inner", {"inner_door": Door.OPEN}), ("outer", {"outer_door": Door.OPEN})])
def test_a_refusal_names_the_door(door: str, changes: dict[str, Any]) -> None:
    changes = {f"facts__{k}": v for k, v in changes.items()}
    assert ("door_not_shut", {"door": door}) in _codes(K.BEGIN_BOARDING, C.READY, **changes)


def test_a_refusal_names_what_holds_the_nitrogen_shut() -> None:
    shut = NO_VERDICT._replace(effects=frozenset({Effect.CLOSE_LN2}))
    forced = {"arg__output": "TCV-101", "arg__value": 10, "role": Role.SERVICE}
    for first_out, cause in (("OVERCOLD", "OVERCOLD"), (None, "PLC-TRIP")):  # the PLC's own trip has no row that came first
        said = _codes(K.FORCE, C.SERVICE, verdict=shut._replace(first_out=first_out), **forced)
        assert said == [("nitrogen_held_shut", {"cause": cause})]


def test_a_refusal_names_the_trip() -> None:
    tripped = PLC_WELL._replace(trips=frozenset({"overcold"}), first_out="overcold")
    assert ("plc_tripped", {"trip": "overcold"}) in _codes(K.START_UP, C.STOPPED, facts__plc=tripped)
    assert ("plc_tripped", {"trip": "unknown"}) in _codes(K.START_UP, C.STOPPED, facts__plc=tripped._replace(first_out=None))


@pytest.mark.parametrize(
    ("state", "unknown", "plc", "opened", "refused"),
    [
        (C.RECOVERY, True, PLC_WELL, False, True),
        (C.RECOVERY, True, PLC_WELL, True, False),
        (C.RECOVERY, False, PLC_WELL._replace(occupied=True), False, True),
        (C.RECOVERY, False, PLC_WELL, False, False),
        (C.RECOVERY, False, None, False, False),
        (C.EXIT, True, PLC_WELL, False, False),
        (C.EVACUATE, True, PLC_WELL, False, True),
        (C.FAULT, True, PLC_WELL, False, True),
        (C.ESTOP, True, PLC_WELL, False, True),
    ],
)
def test_looking_means_opening_the_door(state: CycleState, unknown: bool, plc: Any, opened: bool, refused: bool) -> None:
    asked = ask(K.CONFIRM_EMPTY, state, facts__unknown_session=unknown, facts__plc=plc, door_opened_since_trip=opened)
    said = [r.code for g in GUARDS[K.CONFIRM_EMPTY] if (r := g(asked)) is not None]
    assert ("door_not_opened" in said) is refused


def test_the_monitor_to_the_last_digit() -> None:
    assert "I2" in monitor.broken(watched(doors_not_shut_s=0.6, valve_main_pct=0.1, valve_pre_pct=0.0))
    assert "I2" in monitor.broken(watched(doors_not_shut_s=0.6, valve_main_pct=0.0, valve_pre_pct=0.1))
    entering = {"before": C.PRE_CHAMBER, "after": C.EXPOSURE}
    assert "I5" not in monitor.broken(watched(**entering, facts=facts(occupied=True, confirm_left_s=0.1)))
    assert "I5" in monitor.broken(watched(**entering, facts=facts(occupied=True, confirm_left_s=0.0)))
    assert "I10" not in monitor.broken(watched(sensors_bad_s=10.0, ln2_requested=False))


def test_a_cause_that_is_back_blocks_the_reset_whatever_its_clock_says() -> None:
    back = CauseState(99.0, 60.0, latched=True, acted_occupied=False, clear_since_s=80.0)
    assert [code for code, _ in reset_blockers({"T-ALL-BAD": back}, facts(), door_opened_since_trip=True)] == ["cause_present"]
    never_clear = back._replace(present_since_s=None, clear_since_s=None)
    assert [code for code, _ in reset_blockers({"T-ALL-BAD": never_clear}, facts(), door_opened_since_trip=True)] == ["cause_present"]


def test_the_clock_of_a_session() -> None:
    session = Session(1, STANDARD, 2, "anna", 10.0, 180.0, "program", 10.0, pre_from_s=20.0, exposure_from_s=50.0)
    assert session.exposure_elapsed_s(65.0) == 15.0
    assert session._replace(exposure_total_s=7.0).exposure_elapsed_s(65.0) == 7.0


def test_a_good_reading_without_a_value_does_not_vote() -> None:
    nothing: Reading[float] = Reading(None, Quality.GOOD)
    assert voting.vote([nothing, good(1.0)]).good == 1


def test_a_site_may_repeat_what_the_device_says() -> None:
    """Equal is not wider."""
    limits = PROFILE.limits
    same = {"exposure_s": limits.exposure_s, "o2_chamber_trip_pct": limits.o2_chamber_trip_pct}
    assert isinstance(narrowed(PROFILE, same), DeviceProfile)


def test_entry_at_the_limit() -> None:
    on = room_refusal(facts(o2_room=20.0, room_entry_good_s=30.9), frozenset())
    assert on == Reason("oxygen_not_good_long_enough", {"held_s": 30, "needed_s": 60.0})
    below = room_refusal(facts(o2_room=19.94, room_entry_good_s=30.0), frozenset())
    assert below == Reason("oxygen_too_low", {"lowest_pct": 19.9, "needed_pct": 20.0})


def test_bursts_begin_at_zero() -> None:
    for signal in SIGNALS.values():
        if signal.starts_s:
            assert signal.starts_s[0] == 0.0
            assert signal.burst_s == pytest.approx(signal.starts_s[-1] + signal.pulse_s)


@pytest.mark.parametrize(
    ("before", "after", "announces"),
    [
        (AlarmState.NORMAL, AlarmState.UNACK, True),
        (AlarmState.UNACK, AlarmState.UNACK, False),
        (AlarmState.UNACK, AlarmState.ACK, False),
        (AlarmState.NORMAL, AlarmState.ACK, False),
    ],
)
def test_what_announces(before: AlarmState, after: AlarmState, announces: bool) -> None:
    alarm = Alarm("ESTOP", after, ALARMS["ESTOP"].priority, "", 0.0, 1)
    assert AlarmChange(alarm, before, None, "", AlarmEvent.ACK).announces is announces


def test_people_due_at_the_exit() -> None:
    session = Session(1, STANDARD, 2, "anna", 10.0, 180.0, "program", 10.0)
    assert session.count_due is None
    assert session._replace(pre_from_s=20.0).count_due == 2
    assert session._replace(pre_from_s=20.0, counted_out=True).count_due is None


def test_the_data_of_events_are_named() -> None:
    assert len({k.value for k in EventKind}) == len(EventKind)
    assert Event(EventKind.STATE, 1.0, {}).t_s == 1.0


def test_the_record_says_when_nothing_is_known_to_be_in_force() -> None:
    accepted = Accepted(0.0, "anna", {})
    assert look(Upkeep({}, accepted=accepted), ()).not_accepted == "what is in force is not known"
    assert look(Upkeep({"a": "1"}, accepted=accepted), ()).not_accepted.startswith("1 changed")


def test_an_instrument_of_a_room_cannot_be_declared_missing() -> None:
    with pytest.raises(ValueError, match="AT-101A"):
        DeviceProfile.model_validate({**PROFILE.model_dump(), "not_fitted": {"AT-101A": "there is none in this chamber"}})


def test_nitrogen_used_is_unknown_at_first() -> None:
    assert BY_ID["LN2-USE-HI"].detail(facts(nitrogen_used=None)) == "unknown"


def test_an_alarm_that_is_quiet_already_is_not_suppressed_again() -> None:
    """It returns to normal, or waits for its acknowledgement, as everywhere else."""
    suppressed = next(iter(SUPPRESSED))
    state = next(iter(SUPPRESSED[suppressed].states))
    quiet = Alarm(suppressed, AlarmState.RTN_UNACK, ALARMS[suppressed].priority, "", 0.0, 1, active=False)
    new, changes = step_alarms({suppressed: quiet}, {}, frozenset(), Scene(1.0, state, occupied=False))
    assert new[suppressed].state is AlarmState.RTN_UNACK
    assert changes == []
