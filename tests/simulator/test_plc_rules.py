"""Every criterion of the PLC's table: just inside its limit and delay nothing happens, just outside it trips."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet

from chamber.states import FACTS, CycleState
from plc_bridge.contract import Opcode, Output, PlcState, QualityNibble, Trip, Voice
from plc_bridge.plc_rules import FORBIDDEN_PRESENCE, ROW, ROWS, Criterion, Effect, Row, Test
from tests.simulator.cards import Bench

Pair = tuple[str, Row, Criterion]
ALL: list[Pair] = [(f"{row.trip.name}-{n}", row, c) for row in ROWS for n, c in enumerate(row.criteria)]
MEASURED = (Test.BELOW, Test.ABOVE, Test.BELOW_SETPOINT, Test.POSITION_OPEN, Test.FLOW_WHILE_CLOSED)


def _limit(bench: Bench, c: Criterion) -> float:
    assert c.set_point is not None
    return float(bench.told["setpoint_main"]) - c.set_point if c.test is Test.BELOW_SETPOINT else c.set_point


def _prepare(bench: Bench, c: Criterion) -> None:
    """The situation in which the criterion counts."""
    if c.test in (Test.BELOW_SETPOINT, Test.EXPOSED_CLEAR):
        bench.occupy(CycleState.EXPOSURE)
    elif c.test is Test.UNEXPECTED:
        bench.tell(cycle_state=CycleState.READY)
    elif c.test is Test.NOT_OPENED:
        bench.occupy(CycleState.PRE_CHAMBER)
    elif c.test is Test.NOT_PROVEN:
        bench.purge_answers = False
    elif c.occupied_only:
        bench.occupy()
    bench.scan(3)


def _provoke(bench: Bench, c: Criterion, beyond: bool) -> None:
    """Bring the signals to the limit, or just beyond it; ``votes`` of them, no more."""
    chosen = c.signals[: c.votes]
    if c.test in MEASURED:
        outside = {Test.ABOVE: 0.01, Test.POSITION_OPEN: 0.01, Test.FLOW_WHILE_CLOSED: 0.01}.get(c.test, -0.01)
        for tag in chosen:
            bench.value(tag, _limit(bench, c) + (outside if beyond else 0.0))
    elif c.test is Test.BAD:
        bench.bad(*(chosen if beyond else chosen[:-1]))
    elif c.test in (Test.BIT_CLEAR, Test.EXPOSED_CLEAR) and beyond:
        bench.contact(False, chosen[0])
    elif c.test is Test.BIT_SET and beyond:
        bench.contact(True, chosen[0])
    elif c.test is Test.CONTACTS_AGREE and beyond:
        bench.contact(True, *c.signals)
    elif c.test is Test.NOT_PROVEN and beyond:
        bench.tell(demand_bits=1 << Output.PURGE_FAN)
        bench.scan()  # driven from here on, judged from the next scan on
    elif c.test is Test.MAIN_NOT_CLOSED and beyond:
        bench.contact(False, *c.signals)
    elif c.test is Test.UNEXPECTED and beyond:
        bench.contact(True, chosen[0])
    elif c.test is Test.NOT_OPENED and beyond:
        bench.tell(cycle_state=CycleState.EXIT)


SPECIAL = (Test.LEASE, Test.TIMER, Test.REQUEST, Test.FALLING)
TIMED = [pair for pair in ALL if pair[2].test not in SPECIAL]


def _cases(pairs: list[Pair]) -> list[ParameterSet]:
    return [pytest.param(row, c, id=name) for name, row, c in pairs]


@pytest.mark.parametrize(("row", "c"), _cases(TIMED))
def test_trips_at_the_delay_and_not_a_scan_earlier(row: Row, c: Criterion) -> None:
    bench = Bench()
    _prepare(bench, c)
    _provoke(bench, c, beyond=True)
    bench.scan(round(c.delay_s * 10))
    assert row.trip not in bench.trips
    bench.scan()
    assert row.trip in bench.trips
    assert row.trip in bench.causes


@pytest.mark.parametrize(("row", "c"), _cases(TIMED))
def test_does_not_trip_at_the_limit(row: Row, c: Criterion) -> None:
    bench = Bench()
    _prepare(bench, c)
    _provoke(bench, c, beyond=False)
    bench.scan(round(c.delay_s * 10) + 20)
    assert row.trip not in bench.trips


@pytest.mark.parametrize(("row", "c"), _cases([p for p in TIMED if p[2].delay_s >= 0.2]))
def test_a_break_starts_the_delay_anew(row: Row, c: Criterion) -> None:
    bench = Bench()
    _prepare(bench, c)
    before = (list(bench.values), list(bench.quality), bench.bits, dict(bench.told))
    for _ in range(2):
        _provoke(bench, c, beyond=True)
        bench.scan(round(c.delay_s * 10) - 1)  # one scan spare: an output is judged in the scan after it was driven
        bench.values, bench.quality, bench.bits, bench.told = list(before[0]), list(before[1]), before[2], dict(before[3])
        bench.scan(2)
    assert row.trip not in bench.trips


@pytest.mark.parametrize(("row", "c"), _cases([p for p in TIMED if p[2].occupied_only]))
def test_occupied_only_criteria_leave_an_empty_chamber_alone(row: Row, c: Criterion) -> None:
    bench = Bench()
    _provoke(bench, c, beyond=True)
    bench.scan(round(c.delay_s * 10) + 20)
    assert row.trip not in bench.trips
    assert row.trip not in bench.causes


@pytest.mark.parametrize("occupied", [False, True])
@pytest.mark.parametrize("row", [pytest.param(r, id=r.trip.name) for r in ROWS])
def test_effects(row: Row, occupied: bool) -> None:
    """Latched by hand, so that each row's effects are seen alone."""
    bench = Bench()
    bench.run()
    if occupied:
        bench.occupy()
    bench.plc._latch(row.trip, bench.now_s)
    bench.scan()
    effects = row.always | (row.if_occupied if occupied else Effect(0))
    assert bench.state is (PlcState.EVACUATE if occupied else PlcState.TRIPPED)
    assert not bench.driven(Output.XV_401)
    assert bench.status["valve_main_out"] == bench.status["valve_pre_out"] == 0
    assert Effect.CLOSE_LN2 in effects
    assert bench.driven(Output.RECIRC_FAN) is (Effect.FAN_OFF not in effects)
    for effect, output in (
        (Effect.LEAVE, Output.LIGHT_MAIN),
        (Effect.LEAVE, Output.LIGHT_PRE),
        (Effect.DOOR_FREE, Output.DOOR_HEATER),
        (Effect.PURGE, Output.PURGE_FAN),
        (Effect.EXTRACT_BOOST, Output.EXTRACT_BOOST),
        (Effect.STANDBY_EXTRACT, Output.STANDBY_EXTRACT),
        (Effect.SOUNDER | Effect.ROOM_EVACUATE, Output.SOUNDER),
    ):
        assert bench.driven(output) is bool(effects & effect), output.name
    assert bench.driven(Output.BEACON_NO_ENTRY) is (occupied or Effect.ROOM_EVACUATE in effects)
    if Effect.ROOM_EVACUATE in effects:
        assert bench.status["voice"] == Voice.EVACUATE
    else:
        assert bench.status["voice"] == (Voice.LEAVE_NOW if occupied else Voice.SILENT)


def test_every_occupied_trip_sends_people_out() -> None:
    for row in ROWS:
        assert Effect.LEAVE in row.always | row.if_occupied, row.trip.name
        assert Effect.CLOSE_LN2 in row.always, row.trip.name


def test_table_is_complete_and_traceable() -> None:
    assert set(ROW) == set(Trip)
    assert len(ROWS) == len(Trip)
    for row in ROWS:
        assert row.hazards
        assert row.criteria
        assert row.latch


def test_forbidden_presence_follows_the_state_facts() -> None:
    cold = {s for s, f in FACTS.items() if f.cooling and not f.people}
    assert cold | {CycleState.DRYING, CycleState.SERVICE} == FORBIDDEN_PRESENCE


# -- votes -----------------------------------------------------------------------------------------------------------


def test_one_low_main_cell_of_three_does_not_trip() -> None:
    bench = Bench()
    bench.value("AT-101A", 19.2)
    bench.scan(100)
    assert not bench.trips


@pytest.mark.req("SRS-O2-001", "SRS-O2-006")
def test_one_bad_main_cell_degrades_to_one_out_of_two() -> None:
    bench = Bench()
    bench.bad("AT-101B")
    bench.scan(100)
    assert not bench.trips
    bench.value("AT-101A", 19.49)
    bench.scan(11)
    assert bench.trips == {Trip.O2_MAIN_LL}


def test_uncertain_counts_as_bad() -> None:
    bench = Bench()
    bench.bad("AT-101A", "AT-101B", nibble=QualityNibble.OUT_OF_SPEC)
    bench.scan(31)
    assert bench.trips == {Trip.O2_SENSOR_BAD}


@pytest.mark.req("SRS-O2-007")
def test_lost_sample_flow_marks_the_cells_and_is_its_own_trip() -> None:
    bench = Bench()
    bench.occupy()
    bench.contact(False, "FS-102")
    bench.scan(50)
    assert not bench.trips
    assert int(bench.status["quality_2"]) & 0xF == 11  # AT-101A is the ninth analogue tag
    bench.scan()
    assert bench.trips == {Trip.O2_SAMPLE_FLOW}


@pytest.mark.req("SRS-TMP-004")
def test_shorted_thermometer_is_bad_not_cold() -> None:
    bench = Bench()
    bench.run()
    bench.value("TT-103", -240.0)
    bench.bad("TT-103", nibble=QualityNibble.FAILURE_LOW)
    bench.scan(100)
    assert not bench.trips


# -- over-cold arming ------------------------------------------------------------------------------------------------


def test_raised_set_point_does_not_trip_until_the_room_followed() -> None:
    bench = Bench()
    bench.run()
    bench.tell(setpoint_main=-80.0)
    bench.scan(100)
    assert not bench.trips
    for tag in ("TT-101", "TT-102", "TT-103"):
        bench.value(tag, -85.0)
    bench.scan(2)
    for tag in ("TT-101", "TT-102"):
        bench.value(tag, -95.1)
    bench.scan(31)
    assert bench.trips == {Trip.OVERCOLD}


def test_with_people_the_set_point_counts_at_once() -> None:
    bench = Bench()
    bench.occupy(CycleState.EXPOSURE)
    bench.tell(setpoint_main=-80.0)
    bench.scan(32)
    assert Trip.OVERCOLD in bench.trips


# -- oxygen falling --------------------------------------------------------------------------------------------------


def _fall(bench: Bench, pct_per_10_s: float, seconds: float) -> None:
    for k in range(round(seconds * 10)):
        for tag in ("AT-101A", "AT-101B", "AT-101C"):
            bench.value(tag, 20.9 - pct_per_10_s * k / 100.0)
        bench.scan()


@pytest.mark.req("SRS-O2-003")
def test_falling_oxygen_trips_when_occupied() -> None:
    bench = Bench()
    bench.occupy()
    _fall(bench, 0.0, 15.0)
    _fall(bench, 0.31, 12.5)
    assert bench.trips == {Trip.O2_FALLING}


@pytest.mark.parametrize(("occupied", "rate"), [(True, 0.28), (False, 0.5)])
def test_slow_fall_or_empty_chamber_does_not_trip(occupied: bool, rate: float) -> None:
    bench = Bench()
    if occupied:
        bench.occupy()
    _fall(bench, 0.0, 15.0)
    _fall(bench, rate, 20.0)
    assert Trip.O2_FALLING not in bench.trips


# -- timer, lease, request -------------------------------------------------------------------------------------------


def _expose(bench: Bench) -> None:
    bench.door(1, True)
    bench.contact(True, "YS-101")
    bench.tell(cycle_state=CycleState.EXPOSURE, occupied=1)
    bench.scan()
    bench.door(1, False)


@pytest.mark.req("SRS-TIM-002")
@pytest.mark.parametrize(("told_s", "limit_s"), [(90.0, 95.0), (180.0, 185.0), (0.0, 185.0)])
def test_exposure_timer(told_s: float, limit_s: float) -> None:
    bench = Bench()
    bench.tell(exposure_limit=told_s)
    bench.scan()
    _expose(bench)
    while float(bench.status["exposure_elapsed"]) < limit_s - 0.15:
        bench.scan()
    assert not bench.trips
    bench.scan(2)
    assert bench.trips == {Trip.EXPOSURE_LIMIT}
    assert bench.status["exposure_limit"] == pytest.approx(limit_s)


@pytest.mark.parametrize(("door_opens", "limit_s"), [(False, 185.0), (True, 210.0)])
def test_exposure_timer_lets_a_visible_exit_finish(door_opens: bool, limit_s: float) -> None:
    """Told EXIT alone is not enough: the inner door must have been seen open since. Then it waits, but not for ever."""
    bench = Bench()
    bench.tell(exposure_limit=180.0)
    bench.scan()
    _expose(bench)
    while float(bench.status["exposure_elapsed"]) < 180.0:
        bench.scan()
    bench.tell(cycle_state=CycleState.EXIT)
    if door_opens:
        bench.door(1, True)
    while float(bench.status["exposure_elapsed"]) < limit_s - 0.15:
        bench.scan()
    assert Trip.EXPOSURE_LIMIT not in bench.trips
    bench.scan(2)
    assert Trip.EXPOSURE_LIMIT in bench.trips


def test_exposure_timer_resets_only_when_seen_empty_with_the_door_opened() -> None:
    bench = Bench()
    _expose(bench)
    bench.scan(100)
    bench.tell(cycle_state=CycleState.EXIT)
    bench.contact(False, "YS-101")
    bench.scan(30)
    assert float(bench.status["exposure_elapsed"]) > 10.0  # empty, but nobody can have left through a shut door
    bench.door(1, True)
    bench.scan(5)
    bench.door(1, False)
    bench.scan(30)
    assert bench.status["exposure_elapsed"] == 0


@pytest.mark.req("SRS-LNK-001")
@pytest.mark.parametrize(("occupied", "scans"), [(True, 20), (False, 50)])
def test_lease_expires_after_2_s_occupied_and_5_s_empty(occupied: bool, scans: int) -> None:
    bench = Bench()
    bench.run()
    if occupied:
        bench.occupy()
    bench.scan()
    bench.beating = False
    bench.scan(scans - 1)
    assert bench.state is PlcState.RUN
    assert int(bench.status["lease_remaining"]) == 100
    assert not bench.trips
    bench.scan()
    assert bench.trips == {Trip.LEASE_LOST}
    assert not bench.driven(Output.XV_401)
    assert bench.driven(Output.PURGE_FAN) is occupied
    assert bench.driven(Output.SOUNDER) is occupied
    assert bench.status["voice"] == (Voice.LEAVE_NOW if occupied else Voice.SILENT)


def test_a_chamber_that_never_had_a_supervisor_stays_safe_without_a_trip() -> None:
    bench = Bench()
    bench.plc.power_cycle(bench.now_s)
    bench.beating = False
    bench.scan(200)
    assert bench.state is PlcState.SAFE
    assert not bench.trips


def test_evacuate_request_trips_at_once() -> None:
    bench = Bench()
    bench.run()
    bench.mail(Opcode.EVACUATE)
    assert bench.trips == {Trip.EVACUATE_REQUESTED}
    assert bench.state is PlcState.TRIPPED


@pytest.mark.req("SRS-DOR-004")
@pytest.mark.parametrize("leaving", [CycleState.EXIT, CycleState.EVACUATE, CycleState.ESTOP])
def test_a_door_is_stuck_however_everybody_is_asked_out(leaving: CycleState) -> None:
    """Also after the emergency stop and an evacuation, 20 s from the first of them on; one that was opened since is not."""
    bench = Bench()
    bench.occupy(CycleState.EXPOSURE)
    bench.tell(cycle_state=CycleState.EXIT)
    bench.scan(100)
    bench.tell(cycle_state=leaving)  # no second twenty seconds
    bench.scan(100)
    assert not bench.trips
    bench.scan(2)
    assert bench.trips == {Trip.DOOR_STUCK}
    opened = Bench()
    opened.occupy(CycleState.EXPOSURE)
    opened.tell(cycle_state=leaving)
    opened.scan()
    opened.door(2, True)
    opened.scan()
    opened.door(2, False)
    opened.scan(210)
    assert not opened.trips
