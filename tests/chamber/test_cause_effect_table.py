"""Every row of the cause-and-effect table, empty and occupied, against an expectation typed by hand."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from chamber.alarm_list import ALARMS
from chamber.cause_effect import BY_ID, CAUSES, Action, Clear, Effect
from chamber.facts import Door, Facts
from chamber.interlocks import evaluate, judge
from chamber.states import CycleState as C
from tests.chamber.facts_factory import PLC_WELL, facts

# The published matrix: row -> A1..A9. X always, o only while occupied.
PUBLISHED: dict[int, str] = {
    1: "XXXXX--XX",  # chamber oxygen below the trip
    2: "XXXXX-XXX",  # chamber oxygen, evacuate
    3: "-o-oX--X-",  # chamber oxygen, pre-alarm
    5: "XXXXX--XX",  # room oxygen
    6: "XXXXXXXXX",  # room oxygen, evacuate
    7: "XXXXX-XXX",  # oxygen enrichment
    8: "oooo---XX",  # oxygen sensor bad
    9: "oooo---XX",  # sample flow lost
    10: "XXXXXX-XX",  # emergency stop, call inside
    11: "XXX-XX---",  # door opened in the exposure
    12: "XoX--X-XX",  # door contacts disagree
    13: "XXXX-X-XX",  # door not opened at the exit (room evacuation at 20 s is the PLC's)
    14: "XXX--X---",  # exposure time over
    16: "Xoo--X-XX",  # over-cold
    17: "---------",  # below set point
    18: "Xoo--X-XX",  # temperature unknown
    21: "Xo--X--XX",  # extract lost
    23: "Xooo---XX",  # heartbeat lost
    24: "Xo-----X-",  # PLC data stale
    25: "XoXXXX-XX",  # mains lost
    27: "XX-----X-",  # operator absent
    28: "XXXX-X-XX",  # occupied where nobody may be
    30: "-------X-",  # nitrogen low
    31: "-------X-",  # self-test
    33: "-------X-",  # records
    34: "Xo-----XX",  # configuration, version, integrity
}
DEVIATIONS: dict[str, tuple[str, str]] = {
    "O2-RM-L": ("----X--X-", "an early warning of row 5 that the matrix does not have: boost the extract, nobody new"),
    "O2-SENS-BAD": ("oooo---Xo", "latches only if it acted on people: an empty chamber that gets its sensor back needs no reset"),
    "O2-SAMPLE": ("oooo---Xo", "as O2-SENS-BAD"),
    "COMM-SLOW": ("-------X-", "first stage of row 24 (1.5 s): only nobody new"),
    "API-SILENT": ("-------X-", "the other silence, of the panel: cooling is no hazard to an empty chamber"),
    "OCC-UNKNOWN": ("XX-X---X-", "a question to the operator after a restart, not a person seen: no latch, it ends with the answer"),
    "PLC-TRIP": ("Xoo----X-", "the latch and the purge are the PLC's; this row follows them"),
    "PLC-RESTART": ("Xoo----XX", "as row 34, and the door is freed"),
    "INVARIANT": ("Xoo----XX", "as row 34, and the door is freed"),
    "T-SENS-BAD": ("---------", "one bad sensor of row 18 is a warning"),
}


class Row(NamedTuple):
    row: int
    delay_s: float
    empty: Action
    occupied: Action
    clear: Clear
    alarm: str | None
    external: bool
    needs_plc: bool


_A = Action
_WHEN, _RESET, _DOOR = Clear.WHEN_CLEAR, Clear.OPERATOR_RESET, Clear.DOOR_OPENED_AND_RESET
# fmt: off
ROWS: dict[str, Row] = {
    "ESTOP":          Row(10, 0.0, _A.ESTOP, _A.ESTOP, _DOOR, "ESTOP", False, True),
    "O2-CH-LLL":      Row(2, 1.0, _A.EVACUATE, _A.EVACUATE, _DOOR, "O2-CH-LLL", False, True),
    "O2-CH-LL":       Row(1, 1.0, _A.STOP_COOLING, _A.EVACUATE, _DOOR, "O2-CH-LL", False, True),
    "O2-CH-L":        Row(3, 3.0, _A.BLOCK_NEW, _A.END_SESSION, _WHEN, "O2-CH-L", False, True),
    "O2-RM-EVAC":     Row(6, 2.0, _A.EVACUATE, _A.EVACUATE, _DOOR, "O2-RM-EVAC", True, True),
    "O2-RM-LL":       Row(5, 2.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "O2-RM-LL", True, True),
    "O2-RM-L":        Row(5, 5.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "O2-RM-L", True, True),
    "O2-HI":          Row(7, 5.0, _A.EVACUATE, _A.EVACUATE, _DOOR, "O2-HI", False, True),
    "O2-SENS-BAD":    Row(8, 3.0, _A.BLOCK_NEW, _A.END_SESSION, _WHEN, "O2-SENS-BAD", False, True),
    "O2-SAMPLE":      Row(9, 5.0, _A.BLOCK_NEW, _A.END_SESSION, _WHEN, "O2-SAMPLE", False, True),
    "CALL-IN":        Row(10, 0.0, _A.STOP_COOLING, _A.EVACUATE, _DOOR, "CALL-IN", False, True),
    "DOOR-OPENED":    Row(11, 0.2, _A.NOTIFY, _A.END_SESSION, _WHEN, "DOOR-OPENED", False, True),
    "DOOR-FAULT":     Row(12, 1.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "DOOR-FAULT", False, True),
    "DOOR-STUCK":     Row(13, 0.0, _A.NOTIFY, _A.END_SESSION, _RESET, "DOOR-STUCK", False, True),
    "EXIT-EVACUATE":  Row(13, 0.0, _A.NOTIFY, _A.EVACUATE, _DOOR, "DOOR-STUCK", False, True),
    "TIME-LIMIT":     Row(14, 0.0, _A.NOTIFY, _A.END_SESSION, _WHEN, None, False, False),
    "PRE-LIMIT":      Row(14, 0.0, _A.NOTIFY, _A.END_SESSION, _WHEN, None, False, False),
    "OVERCOLD":       Row(16, 3.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "OVERCOLD", False, True),
    "T-DEV-LO":       Row(17, 10.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "T-DEV-LO", False, True),
    "T-DEV-HI":       Row(17, 10.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "T-DEV-HI", False, True),
    "T-ALL-BAD":      Row(18, 3.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "T-ALL-BAD", False, True),
    "T-SENS-BAD":     Row(18, 5.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "T-SENS-BAD", False, True),
    "FAN-EXTRACT":    Row(21, 5.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "FAN-EXTRACT", True, True),
    "COMM-SLOW":      Row(24, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "COMM-PLC", True, False),
    "COMM-PLC":       Row(24, 0.0, _A.STOP_COOLING, _A.END_SESSION, _WHEN, "COMM-PLC", True, False),
    "PWR-MAINS":      Row(25, 0.2, _A.STOP_COOLING, _A.END_SESSION, _RESET, "PWR-MAINS", True, True),
    "OP-ABSENT":      Row(27, 0.0, _A.NOTIFY, _A.END_SESSION, _WHEN, "OP-ABSENT", True, False),
    "OCC-UNEXPECTED": Row(28, 0.5, _A.EVACUATE, _A.EVACUATE, _DOOR, "OCC-UNEXPECTED", False, True),
    "OCC-UNKNOWN":    Row(28, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "OCC-UNKNOWN", False, True),
    "SELF-TEST":      Row(31, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "SELF-TEST", False, True),
    "LN2-LOW":        Row(30, 30.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "LN2-LOW", True, True),
    "AUDIT-FAIL":     Row(33, 5.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "AUDIT-FAIL", False, False),
    "API-SILENT":     Row(24, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "API-SILENT", True, False),
    "PLC-TRIP":       Row(23, 0.0, _A.STOP_COOLING, _A.EVACUATE, Clear.PLC_RESET, "PLC-TRIP", False, True),
    "PLC-RESTART":    Row(34, 0.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "PLC-TRIP", False, True),
    "INVARIANT":      Row(34, 0.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "INVARIANT", False, False),
}
# What makes a cause present, what else is then true of necessity, and (for a limit) the last value on the good side of it.
SPOIL: dict[str, tuple[dict[str, Any], set[str]]] = {
    "ESTOP":          (dict(estop_released=False), set()),
    "O2-CH-LLL":      (dict(o2_main=(19.19, 20.9, 20.9)), {"O2-CH-L"}),
    "O2-CH-LL":       (dict(o2_main=(19.69, 19.69, 20.9)), {"O2-CH-L"}),
    "O2-CH-L":        (dict(o2_main=(19.99, 20.9, 20.9)), set()),
    "O2-RM-EVAC":     (dict(o2_floor=18.19), set()),
    "O2-RM-LL":       (dict(o2_room=19.69), {"O2-RM-L"}),
    "O2-RM-L":        (dict(o2_room=19.99), set()),
    "O2-HI":          (dict(o2_pre=(20.9, 23.51)), set()),
    "O2-SENS-BAD":    (dict(o2_main=(None, 20.9, 20.9)), set()),
    "O2-SAMPLE":      (dict(sample_flow=False), set()),
    "CALL-IN":        (dict(call_pressed=True), set()),
    "DOOR-OPENED":    (dict(state=C.EXPOSURE, outer_door=Door.OPEN), set()),
    "DOOR-FAULT":     (dict(state=C.BOARDING, inner_door=Door.FAULT), set()),
    "DOOR-STUCK":     (dict(state=C.EXIT, exit_age_s=10.0), set()),
    "EXIT-EVACUATE":  (dict(state=C.EXIT, exit_age_s=45.0, exit_door_opened=True, presence_pre=True), set()),
    "TIME-LIMIT":     (dict(state=C.EXPOSURE, session_limit_s=180.0, exposure_elapsed_s=180.0), set()),
    "PRE-LIMIT":      (dict(state=C.PRE_CHAMBER, pre_elapsed_s=60.0, pre_limit_s=30.0), set()),
    "OVERCOLD":       (dict(main=(-122.1, -122.1, -110.0)), {"T-DEV-LO"}),
    "T-DEV-LO":       (dict(main=(-118.1, -118.1, -118.1)), set()),
    "T-DEV-HI":       (dict(state=C.EXPOSURE, state_age_s=60.1, main=(-94.9, -94.9, -94.9)), set()),
    "T-ALL-BAD":      (dict(main=(None, None, -110.0)), {"T-SENS-BAD"}),
    "T-SENS-BAD":     (dict(main=(None, -110.0, -110.0)), set()),
    "FAN-EXTRACT":    (dict(extract_flow=False), set()),
    "COMM-SLOW":      (dict(block_age_s=1.5), set()),
    "COMM-PLC":       (dict(block_age_s=3.0), {"COMM-SLOW"}),
    "PWR-MAINS":      (dict(mains=False), set()),
    "OP-ABSENT":      (dict(confirm_left_s=0.0), set()),
    "OCC-UNEXPECTED": (dict(state=C.READY, presence_pre=True), set()),
    "OCC-UNKNOWN":    (dict(state=C.RECOVERY, unknown_session=True, presence_main=False), set()),
    "SELF-TEST":      (dict(self_test_failed=("oxygen",)), set()),
    "LN2-LOW":        (dict(tank_kg=24.9), set()),
    "AUDIT-FAIL":     (dict(records_ok=False), set()),
    "API-SILENT":     (dict(api_age_s=5.0), set()),
    "PLC-TRIP":       (dict(plc=PLC_WELL._replace(trips=frozenset({"overcold"}), first_out="overcold")), set()),
    "PLC-RESTART":    (dict(plc=PLC_WELL._replace(restarted=True)), set()),
    "INVARIANT":      (dict(invariants_broken=("I2",)), set()),
}
# One step back over the limit: the cause must not be there.
JUST_GOOD: list[tuple[str, dict[str, Any]]] = [
    ("O2-CH-LLL", dict(o2_main=(19.2, 20.9, 20.9))),
    ("O2-CH-LLL", dict(o2_pre=(19.2, 20.9))),
    ("O2-CH-LL", dict(o2_main=(19.7, 19.7, 20.9))),
    ("O2-CH-LL", dict(o2_main=(19.3, 20.9, 20.9))),  # one of three is no vote
    ("O2-CH-LL", dict(o2_pre=(19.7, 20.9))),
    ("O2-CH-L", dict(o2_main=(20.0, 20.9, 20.9))),
    ("O2-RM-EVAC", dict(o2_room=19.2, o2_floor=18.2)),
    ("O2-RM-EVAC", dict(o2_room=None)),  # one eye left
    ("O2-RM-LL", dict(o2_room=19.7)),
    ("O2-RM-L", dict(o2_room=20.0)),
    ("O2-HI", dict(o2_main=(23.5, 20.9, 20.9), o2_floor=23.5)),
    ("DOOR-OPENED", dict(state=C.PRE_CHAMBER, inner_door=Door.OPEN)),
    ("DOOR-STUCK", dict(state=C.EXIT, exit_age_s=9.99)),
    ("DOOR-STUCK", dict(state=C.EXIT, exit_age_s=11.0, exit_door_opened=True)),
    ("EXIT-EVACUATE", dict(state=C.EXIT, exit_age_s=14.99)),
    ("EXIT-EVACUATE", dict(state=C.EXIT, exit_age_s=44.99, exit_door_opened=True, presence_pre=True)),
    ("EXIT-EVACUATE", dict(state=C.EXIT, exit_age_s=90.0, exit_door_opened=True, presence_main=False, presence_pre=False)),
    ("TIME-LIMIT", dict(session_limit_s=180.0, exposure_elapsed_s=179.99)),
    ("PRE-LIMIT", dict(state=C.PRE_CHAMBER, pre_elapsed_s=59.99, pre_limit_s=30.0)),
    ("OVERCOLD", dict(main=(-121.9, -121.9, -121.9))),
    ("OVERCOLD", dict(main=(-130.0, -110.0, -110.0))),  # one cold sensor of three healthy ones
    ("OVERCOLD", dict(main=(-179.9, -179.9, -179.9), setpoint_main_c=None)),
    ("T-DEV-LO", dict(main=(-118.0, -118.0, -118.0))),
    ("T-DEV-HI", dict(state_age_s=60.1, main=(-95.0, -95.0, -95.0), state=C.EXPOSURE)),
    ("T-DEV-HI", dict(state_age_s=60.0, main=(-80.0, -80.0, -80.0), state=C.EXPOSURE)),
    ("T-DEV-HI", dict(state_age_s=90.0, main=(-80.0, -80.0, -80.0), state=C.PRECOOL)),
    ("T-ALL-BAD", dict(main=(None, -110.0, -110.0), pre=(None, -60.0))),
    ("COMM-SLOW", dict(block_age_s=1.49)),
    ("COMM-PLC", dict(block_age_s=2.99)),
    ("OP-ABSENT", dict(confirm_left_s=0.01)),
    ("OCC-UNEXPECTED", dict(state=C.BOARDING, presence_pre=True)),
    ("OCC-UNEXPECTED", dict(state=C.STOPPED, presence_pre=True)),  # no nitrogen: the door decides, not the trip
    ("OCC-UNKNOWN", dict(state=C.RECOVERY, presence_main=False, occupied=False, plc=PLC_WELL)),
    ("OCC-UNKNOWN", dict(state=C.STOPPED, unknown_session=True)),
    ("LN2-LOW", dict(tank_kg=25.0)),
    ("LN2-LOW", dict(tank_kg=None)),  # an unknown level is the level's own trouble
    ("API-SILENT", dict(api_age_s=4.99)),
]
# The other ways into a cause.
JUST_BAD: list[tuple[str, dict[str, Any]]] = [
    ("ESTOP", dict(estop_released=None)),
    ("O2-CH-LLL", dict(o2_pre=(20.9, 19.1))),
    ("O2-CH-LL", dict(o2_pre=(20.9, 19.6))),
    ("O2-CH-LL", dict(o2_main=(None, None, 20.9))),
    ("O2-RM-EVAC", dict(o2_room=19.1)),
    ("O2-RM-EVAC", dict(o2_room=None, o2_floor=None)),
    ("O2-HI", dict(o2_room=23.6)),
    ("O2-HI", dict(o2_floor=23.6)),
    ("O2-SENS-BAD", dict(o2_floor=None)),
    ("O2-SENS-BAD", dict(o2_room=None)),
    ("O2-SENS-BAD", dict(o2_pre=(None, 20.9))),
    ("O2-SAMPLE", dict(sample_flow=None)),
    ("DOOR-OPENED", dict(state=C.EXPOSURE, inner_door=Door.UNKNOWN)),
    ("DOOR-FAULT", dict(outer_door=Door.FAULT)),
    ("EXIT-EVACUATE", dict(state=C.EXIT, exit_age_s=15.0)),
    ("EXIT-EVACUATE", dict(state=C.EXIT, exit_age_s=45.0, exit_door_opened=True, presence_main=None)),
    ("OVERCOLD", dict(main=(-130.0, None, -110.0))),  # one lost: one cold is enough
    ("OVERCOLD", dict(main=(-180.1, -180.1, -110.0), setpoint_main_c=None)),
    ("OVERCOLD", dict(main=(-180.1, -180.1, -180.1), setpoint_main_c=-180.0)),
    ("T-ALL-BAD", dict(pre=(None, None))),
    ("T-SENS-BAD", dict(pre=(None, -60.0))),
    ("FAN-EXTRACT", dict(extract_flow=None)),
    ("COMM-SLOW", dict(block_age_s=None)),
    ("COMM-PLC", dict(block_age_s=None)),
    ("PWR-MAINS", dict(mains=None)),
    ("OCC-UNEXPECTED", dict(state=C.PRECOOL, presence_main=True)),
    ("OCC-UNEXPECTED", dict(state=C.RECOOL, presence_main=True)),
    ("OCC-UNKNOWN", dict(state=C.RECOVERY, plc=PLC_WELL._replace(occupied=True))),
    ("API-SILENT", dict(api_age_s=None)),
]
# fmt: on
EACH = [(cause_id, occupied) for cause_id in ROWS for occupied in (False, True)]


def spoiled(cause_id: str, *, occupied: bool, **more: Any) -> Facts:
    """Facts in which the cause, and what follows from it of necessity, is all that is wrong."""
    changes = SPOIL[cause_id][0] | more
    if occupied and "plc" in changes:
        changes["plc"] = changes["plc"]._replace(occupied=True)
    return facts(occupied=occupied, **changes)


def only(cause_id: str, states: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in states.items() if k == cause_id}


def cells(row: str, *, occupied: bool) -> set[Effect]:
    return {Effect(n) for n, cell in enumerate(row, start=1) if cell == "X" or (cell == "o" and occupied)}


def expected_cells(cause_id: str) -> str:
    return DEVIATIONS[cause_id][0] if cause_id in DEVIATIONS else PUBLISHED[ROWS[cause_id].row]


def test_the_table_has_exactly_the_rows_expected() -> None:
    assert [c.id for c in CAUSES] == list(ROWS) == list(SPOIL)
    for cause_id, (row_cells, why) in DEVIATIONS.items():
        assert row_cells != PUBLISHED[ROWS[cause_id].row], "no deviation: take it out of the list"
        assert why


@pytest.mark.parametrize("cause_id", ROWS)
def test_row_is_as_published(cause_id: str) -> None:
    cause, row = BY_ID[cause_id], ROWS[cause_id]
    assert Row(cause.row, cause.delay_s, cause.empty, cause.occupied, cause.clear, cause.alarm, cause.external, cause.needs_plc) == row
    assert cause.effects == expected_cells(cause_id)
    assert cause.text
    assert cause.hazards
    assert all(h.startswith("H-") for h in cause.hazards)


@pytest.mark.parametrize("occupied", [False, True])
def test_a_chamber_in_order_has_no_cause(occupied: bool) -> None:
    assert [c.id for c in CAUSES if c.present(facts(occupied=occupied))] == []


@pytest.mark.parametrize(("cause_id", "occupied"), EACH)
def test_only_this_cause_is_present(cause_id: str, occupied: bool) -> None:
    f = spoiled(cause_id, occupied=occupied)
    assert {c.id for c in CAUSES if c.present(f)} == {cause_id} | SPOIL[cause_id][1]
    assert BY_ID[cause_id].detail(f)


@pytest.mark.parametrize(("cause_id", "occupied"), EACH)
def test_cause_acts_at_its_delay_and_not_before(cause_id: str, occupied: bool) -> None:
    row = ROWS[cause_id]
    states, _ = evaluate({}, spoiled(cause_id, occupied=occupied, now_s=100.0))
    if row.delay_s > 0.0:
        assert not states[cause_id].acting
        states, changes = evaluate(states, spoiled(cause_id, occupied=occupied, now_s=100.0 + row.delay_s - 0.01))
        assert not states[cause_id].acting
        assert cause_id not in [c.cause.id for c in changes]
        before = judge(only(cause_id, states), occupied=occupied)
        assert (before.action, before.effects, before.acting) == (Action.NONE, frozenset(), ())
        states, changes = evaluate(states, spoiled(cause_id, occupied=occupied, now_s=100.0 + row.delay_s + 1e-6))
        assert (cause_id, "set") in [(c.cause.id, c.what) for c in changes]
    assert states[cause_id].acting


@pytest.mark.parametrize(("cause_id", "occupied"), EACH)
def test_a_break_in_the_delay_starts_it_anew(cause_id: str, occupied: bool) -> None:
    delay = ROWS[cause_id].delay_s
    if delay == 0.0:
        pytest.skip("acts at once")
    states, _ = evaluate({}, spoiled(cause_id, occupied=occupied, now_s=100.0))
    states, _ = evaluate(states, facts(occupied=occupied, now_s=100.0 + delay * 0.9))
    assert cause_id not in states
    states, _ = evaluate(states, spoiled(cause_id, occupied=occupied, now_s=100.0 + delay * 0.95))
    states, _ = evaluate(states, spoiled(cause_id, occupied=occupied, now_s=100.0 + delay * 1.9))
    assert not states[cause_id].acting


@pytest.mark.parametrize(("cause_id", "occupied"), EACH)
def test_action_and_all_nine_cells(cause_id: str, occupied: bool) -> None:
    row = ROWS[cause_id]
    states, _ = evaluate({}, spoiled(cause_id, occupied=occupied, now_s=100.0))
    states, _ = evaluate(states, spoiled(cause_id, occupied=occupied, now_s=100.0 + row.delay_s + 1e-6))
    verdict = judge(only(cause_id, states), occupied=occupied)
    assert verdict.action is (row.occupied if occupied else row.empty)
    wanted = cells(expected_cells(cause_id), occupied=occupied)
    for effect in Effect:
        assert (effect in verdict.effects) == (effect in wanted), effect.name


@pytest.mark.parametrize(("cause_id", "changes"), JUST_GOOD, ids=lambda v: v if isinstance(v, str) else "")
def test_not_present_just_inside_the_limit(cause_id: str, changes: dict[str, Any]) -> None:
    base: dict[str, Any] = {"occupied": True} if "occupied" not in changes else {}
    assert not BY_ID[cause_id].present(facts(**(base | changes)))


@pytest.mark.parametrize(("cause_id", "changes"), JUST_BAD, ids=lambda v: v if isinstance(v, str) else "")
def test_present_by_every_other_way(cause_id: str, changes: dict[str, Any]) -> None:
    f = facts(occupied=True, **changes)
    assert BY_ID[cause_id].present(f)
    assert BY_ID[cause_id].detail(f)


def test_a_bad_oxygen_sensor_counts_against_the_people_inside_only() -> None:
    one_low_one_bad: dict[str, Any] = {"o2_main": (19.6, None, 20.9)}
    present = BY_ID["O2-CH-LL"].present
    assert present(facts(occupied=True, **one_low_one_bad))
    assert present(facts(occupied=False, **one_low_one_bad))  # 1 out of the two that are left
    one_bad: dict[str, Any] = {"o2_pre": (None, 20.9)}
    assert present(facts(occupied=True, **one_bad))  # 1oo2 with a bad one: unknown is unsafe
    assert not present(facts(occupied=False, **one_bad))


def test_never_heard_estop_is_the_silence_of_the_plc_not_an_estop() -> None:
    assert not BY_ID["ESTOP"].present(facts(estop_released=None, block_age_s=None))


def test_unknown_oxygen_is_said_so() -> None:
    blind = facts(o2_main=(None, None, None), o2_pre=(None, None), o2_room=None)
    assert "unknown" in BY_ID["O2-CH-LL"].detail(blind)
    assert "unknown" in BY_ID["O2-RM-L"].detail(blind)
    assert not BY_ID["O2-CH-LLL"].present(blind)  # no value below: O2-CH-LL and O2-SENS-BAD act
    assert BY_ID["O2-CH-LL"].present(blind)


def test_details_of_unknown_things_do_not_invent_numbers() -> None:
    assert BY_ID["PLC-TRIP"].detail(facts(plc=None)) == "never heard"
    assert BY_ID["COMM-PLC"].detail(facts(block_age_s=None)) == "nothing heard yet"
    assert BY_ID["OVERCOLD"].detail(facts(main=(None, None, None))) == "0 of 3 sensors good"
    assert "no set point" in BY_ID["OVERCOLD"].detail(facts(setpoint_main_c=None))
    assert BY_ID["OCC-UNEXPECTED"].detail(facts(presence_main=True)) == "main room"
    assert BY_ID["OCC-UNEXPECTED"].detail(facts(presence_pre=True)) == "pre-chamber"
    assert BY_ID["DOOR-FAULT"].detail(facts(inner_door=Door.FAULT)) == "inner door"
    assert BY_ID["DOOR-FAULT"].detail(facts(outer_door=Door.FAULT)) == "outer door"
    assert not BY_ID["T-DEV-LO"].present(facts(main=(None, None, None)))
    assert not BY_ID["T-DEV-LO"].present(facts(setpoint_main_c=None))


def test_the_alarm_of_every_cause_exists() -> None:
    assert {c.alarm for c in CAUSES if c.alarm is not None} <= set(ALARMS)
    assert set(ALARMS) == {c.alarm for c in CAUSES if c.alarm is not None}, "an alarm without a cause can never sound"


def test_a_stronger_action_is_never_taken_for_the_empty_chamber() -> None:
    for c in CAUSES:
        assert c.occupied >= c.empty, c.id


def test_what_sends_people_out_says_so_to_them() -> None:
    for c in CAUSES:
        if c.occupied >= Action.END_SESSION:
            assert Effect.EVERYBODY_OUT in c.effects_when(occupied=True), c.id
        if c.occupied >= Action.STOP_COOLING or c.empty >= Action.STOP_COOLING:
            assert Effect.CLOSE_LN2 in c.effects_when(occupied=True), c.id
