"""The day plan in the scan: what it does by the schedule, and everything that ends it."""

from __future__ import annotations

import pytest

from chamber.commands import CommandKind, Outcome, Role
from chamber.events import EventKind
from chamber.states import CycleState
from control.plan_view import BlockView, GapView, PlanView, plan_view
from control.state import Booking, Inputs
from cryochamber.virtual import EPOCH_UTC_S
from plc_bridge.contract import Output
from simulator.people import Place
from tests.control.day import Day

C = CycleState
K = CommandKind


def book(day: Day, *in_min: float) -> None:
    """Appointments so many minutes from now; what was booked before is gone."""
    day.chamber.schedule = tuple(Booking(EPOCH_UTC_S + day.now + 60.0 * m, 460.0, 2) for m in in_min)


def order(day: Day) -> list[str]:
    return [r.code for r in day.press(K.FOLLOW_PLAN).reasons]


def view(day: Day) -> PlanView:
    inputs = Inputs(day.now, None, schedule=day.chamber.schedule, day_began_utc_s=EPOCH_UTC_S - EPOCH_UTC_S % 86400.0)
    return plan_view(day.chamber.state, inputs, day.now)


def back(day: Day) -> str:
    """What the rooms do: "", "hold", "set_back", "rest"."""
    b = day.chamber.state.cycle.set_back
    return "" if b is None else "rest" if b.warmer_k is None else "set_back"


def fans(day: Day) -> bool:
    assert day.chamber.outputs is not None
    return day.chamber.outputs.demand.bits & (1 << Output.RECIRC_FAN) != 0


def test_refused_without_appointments_or_a_model(idle: Day) -> None:
    assert order(idle) == ["nothing_planned"]
    book(idle, -60)
    assert order(idle) == ["nothing_planned"]
    book(idle, 90)
    assert [r.code for r in idle.press(K.END_PLAN).reasons] == ["no_plan_followed"]
    held = idle.chamber.state
    idle.chamber.state = held._replace(main=held.main._replace(refused="surprised"))
    assert order(idle) == ["no_room_model"]
    refused = view(idle).refused
    assert refused is not None
    assert refused.code == "no_room_model"
    idle.chamber.state = held
    assert order(idle) == []
    assert order(idle) == ["plan_followed"]
    idle.assert_safe()


def test_a_long_gap_is_used_a_short_one_is_held(idle: Day) -> None:
    book(idle, 15)
    assert order(idle) == []
    idle.run(15.0)
    assert (idle.state, back(idle)) == (C.READY, "")
    book(idle, 90)  # moved: looked at anew
    idle.until(lambda d: d.state is C.RECOOL, 15.0)
    assert back(idle) in ("set_back", "rest")
    assert idle.told(EventKind.SYSTEM, plan=back(idle))
    idle.run(15.0)
    assert idle.chamber.outputs is not None
    assert idle.chamber.outputs.demand.valve_main_pct == 0.0
    assert idle.chamber.outputs.demand.setpoint_main_c == -110.0  # interlocks and PLC keep theirs
    assert not fans(idle), "what fans and fresh air bring in is heat"
    assert idle.press_boarding().outcome is Outcome.REJECTED
    shown = view(idle)
    (gap,) = [s for s in shown.steps if isinstance(s, GapView) and s.state == "now"]
    (block,) = [s for s in shown.steps if isinstance(s, BlockView)]
    assert (shown.followed, shown.by, block.state, gap.end) == (True, "anna", "next", block.start)
    assert gap.cool_at is not None
    assert gap.start < gap.cool_at < block.start
    assert shown.kg is not None
    assert shown.held_kg is not None
    assert shown.kg < shown.held_kg
    assert shown.without_names().by is None
    book(idle, 2)  # somebody comes sooner: cooled at once, though it will be late
    idle.until_state(C.READY, 90.0)
    assert idle.told(EventKind.SYSTEM, set_back_over=True)
    assert fans(idle)
    idle.assert_safe()


@pytest.mark.parametrize("end", ["end_plan", "cool_now", "stop", "cause", "restart", "clock", "midnight", "model"])
def test_whatever_ends_it(idle: Day, end: str) -> None:
    book(idle, 90)
    assert order(idle) == []
    idle.until(lambda d: back(d) != "", 15.0)
    why = {
        "end_plan": "command",
        "cool_now": "command",
        "stop": "command",
        "midnight": "day_over",
        "model": "no_room_model",
        "tune": "command",
    }
    s = idle.chamber.state
    match end:
        case "end_plan":
            idle.press(K.END_PLAN)
        case "cool_now":
            idle.press(K.SET_BACK, minutes=0)
        case "stop":
            idle.press(K.STOP)
        case "cause":
            idle.inject("extract_fan_lost")
        case "restart":
            idle.chamber.restart()
        case "clock":
            idle.chamber.utc_offset_s += 600.0
        case "midnight":
            idle.chamber.state = s._replace(day=s.day._replace(day_began_s=0.0))
        case _:
            idle.chamber.state = s._replace(main=s.main._replace(refused="surprised"))
    idle.until(lambda d: d.chamber.state.day.by is None, 30.0)
    assert idle.chamber.state.cycle.set_back is None
    if end != "restart":
        ended = idle.chamber.state.day.ended
        assert ended == why.get(end, ended)
        assert idle.told(EventKind.SYSTEM, plan="ended", why=ended)
        assert end in why or ended == "clock" or ended.startswith("state_")
    if end in ("stop", "cause", "restart"):
        idle.run(10.0)
        assert idle.state not in (C.READY, C.RECOOL, C.PRECOOL)
    idle.assert_safe()


def test_never_begun_while_somebody_may_be_inside(idle: Day) -> None:
    book(idle, 90)
    assert order(idle) == []
    idle.until(lambda d: back(d) != "", 15.0)
    idle.press(K.END_PLAN)
    idle.until_state(C.READY, 60.0)
    idle.chamber.world.plant.crowd.send(Place.PRE, 1, idle.now)
    idle.until(lambda d: d.inside > 0, 30.0)
    assert "somebody_inside" in order(idle) or idle.state is not C.READY
    idle.run(5.0)
    assert back(idle) == ""
    assert idle.state is C.EVACUATE  # somebody unexpected: row 28, as ever
    idle.assert_safe()


@pytest.mark.parametrize("stands", [True, False])
def test_guests_who_are_booked_leave_it_standing_others_end_it(ready: Day, *, stands: bool) -> None:
    book(ready, 10 if stands else 18, 120)
    assert order(ready) == []
    ready.until_state(C.BOARDING, 60.0)
    assert (ready.chamber.state.day.by is not None) is stands
    assert ready.chamber.state.day.ended == ("" if stands else "not_booked")
    assert (ready.chamber.state.day.served_s is not None) is stands
    ready.assert_safe()


def test_nobody_left_valves_shut_and_stopped(idle: Day) -> None:
    idle.operator = None  # who would shut down at once, as the panel says
    book(idle, 15)
    assert order(idle) == []
    s = idle.chamber.state
    idle.chamber.state = s._replace(day=s.day._replace(served_s=idle.chamber.schedule[0].start_s))
    idle.until(lambda d: back(d) == "rest", 15.0)
    assert idle.chamber.state.cycle.set_back is not None
    assert idle.chamber.state.cycle.set_back.until_s is None
    assert view(idle).steps[-1].end is None
    s = idle.chamber.state
    assert s.day.rests_since_s is not None
    idle.chamber.state = s._replace(day=s.day._replace(rests_since_s=s.day.rests_since_s - 1790.0))
    idle.until_state(C.STOPPED, 30.0)
    assert idle.chamber.state.day.ended == "day_done"
    assert view(idle).precool_by is None
    book(idle, 240)
    by = view(idle).precool_by
    assert by is not None
    assert 0.0 < idle.chamber.schedule[0].start_s - by.timestamp() < 3600.0
    idle.assert_safe()


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ready_for_the_next_guests_and_foretold(idle: Day) -> None:
    """Two hours, once a break of one has taught how this room cools: ready within two minutes before, within 1 K, foretold within one."""
    book(idle, 60)
    assert order(idle) == []
    idle.until(lambda d: back(d) != "", 15.0)
    idle.until(lambda d: back(d) == "" and d.state is C.READY, 3600.0)  # rather early than late, in a chamber never seen before
    book(idle, 120)
    idle.until(lambda d: back(d) != "", 3600.0)
    foretold: list[float] = []
    metered: tuple[float | None, ...] = ()
    idle.until(lambda d: back(d) == "", 7200.0)
    while idle.state is not C.READY:
        idle.run(10.0)
        if idle.chamber.state.ready.at_s is not None:
            foretold.append(idle.chamber.state.ready.at_s)
        if idle.chamber.state.ready.descent is not None:
            metered = idle.chamber.state.ready.descent.metered
    ready_s = idle.told(EventKind.STATE, to="ready")[-1].t_s
    due_s = idle.chamber.schedule[0].start_s - EPOCH_UTC_S
    assert due_s - 120.0 <= ready_s <= due_s
    assert max(abs(f - ready_s) for f in foretold) <= 60.0
    assert max(abs(x) for x in metered if x is not None) <= 0.1  # the flow meter says what the valves let through
    idle.run(due_s - idle.now)
    main_c = idle.chamber.state.facts.main.value if idle.chamber.state.facts is not None else None
    assert main_c is not None
    assert abs(main_c + 110.0) <= 1.0
    idle.assert_safe()


def test_a_flow_meter_entered_as_replaced_has_to_show_anew_what_it_says(idle: Day) -> None:
    belief = idle.chamber.state.ready.belief
    assert belief is not None
    assert belief.metered == 0.0  # the data sheet's, with the profile's model
    assert idle.press(K.REPLACED, role=Role.SERVICE, tag="TT-101").outcome is Outcome.ACCEPTED
    idle.run(0.2)
    assert idle.chamber.state.ready.belief == belief
    assert idle.press(K.REPLACED, role=Role.SERVICE, tag="FT-401").outcome is Outcome.ACCEPTED
    idle.run(0.2)
    assert idle.chamber.state.ready.belief == belief._replace(metered=None)


def test_a_model_that_was_tuned_here_has_to_show_what_the_meter_says_to_it(idle: Day) -> None:
    held, given = idle.chamber.state, idle.chamber.state.profile.regulator_main
    assert held.main.model is not None
    assert given.model is not None
    mine = given.model.model_copy(update={"gas_j": 1.1 * given.model.gas_j})
    tuned = held.profile.model_copy(update={"regulator_main": given.model_copy(update={"model": mine})})
    idle.chamber.state = held._replace(
        profile=tuned,
        main=held.main._replace(model=held.main.model._replace(gas_j=mine.gas_j)),
        tuning=held.tuning._replace(undo={"main": given}),
    )
    idle.run(11.0)
    belief = idle.chamber.state.ready.belief
    assert belief is not None
    assert belief.of.gas_j == mine.gas_j
    assert belief.metered is None
