"""The valve stage of the profile in closed loop on the simulated plant, and the counters of the valves' work."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chamber.commands import CommandKind, Role
from chamber.events import EventKind
from chamber.profile import DeviceProfile, ValveKind
from chamber.states import CycleState
from control.valve_stage import Stage, stage
from control.wear import Wear, read_wear, wear_data, worn
from cryochamber.config import load_profile
from cryochamber.figures import Collector
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession
from cryochamber.virtual import SCAN_S, VirtualChamber
from simulator.parameters import PlantParameters, load
from tests.control.day import Day

SESSION_EVERY_S = 720.0


def on_off_profile() -> DeviceProfile:
    p = load_profile()
    switched = {"valve": ValveKind.ON_OFF, "dwell_s": 2.0}
    main, pre = p.regulator_main.model_copy(update=switched), p.regulator_pre.model_copy(update=switched)
    return p.model_copy(update={"regulator_main": main, "regulator_pre": pre})


def solenoids() -> PlantParameters:
    """The plant with valves that jump: a tenth of a second either way."""
    p = load()
    return replace(p, valve=replace(p.valve, opening_tau_s=0.1, closing_tau_s=0.1))


class Played:
    """Sessions of three, twelve minutes apart, with on/off valves."""

    def __init__(self, sessions: int) -> None:
        self.chamber = VirtualChamber(on_off_profile(), 3, "precooled", solenoids())
        self.chamber.world.guests.autopilot = True
        plan = [PlannedSession(at_s=600.0 + SESSION_EVERY_S * i, persons=3, program="standard") for i in range(sessions)]
        operator = Operator("standard", plan, random.Random(3))
        self.collector = Collector()
        self.cycles: list[int] = []
        self.shortest_s = float("inf")
        self.calm_k: list[float] = []
        self.asked: set[float] = set()
        last, since = 0.0, 0.0
        for n in range(round((600.0 + SESSION_EVERY_S * sessions) / SCAN_S)):
            self.collector.take(self.chamber.scan(operator.look(self.chamber.state, self.chamber.now_s)))
            s = self.chamber.state
            self._see(n, s.main.valve_pct, s.main.terms.output_pct, last, since)
            if s.main.valve_pct != last:
                last, since = s.main.valve_pct, self.chamber.now_s
            if n % round(SESSION_EVERY_S / SCAN_S) == 0:
                self.cycles.append(s.main.wear.cycles)

    def _see(self, n: int, pct: float, wanted: float, last: float, since: float) -> None:
        s = self.chamber.state
        self.asked.add(pct)
        shut = s.facts is None or not s.facts.doors_shut or s.cycle.state is not CycleState.READY
        if pct != last and not shut and wanted > 0.1:
            self.shortest_s = min(self.shortest_s, self.chamber.now_s - since)
        if s.cycle.state is CycleState.READY and 400.0 < self.chamber.now_s < 600.0 and n % 10 == 0:
            self.calm_k.append(self.chamber.world.truth().t_main_c + 110.0)

    def check(self, sessions: int) -> None:
        assert self.collector.violations == []
        assert len([e for e in self.collector.events if e.kind is EventKind.SESSION_CLOSED]) == sessions
        assert self.asked == {0.0, 100.0}
        assert self.shortest_s >= 2.0 - 0.11
        assert max(b - a for a, b in zip(self.cycles, self.cycles[1:], strict=False)) <= 90
        assert (sum(x * x for x in self.calm_k) / len(self.calm_k)) ** 0.5 <= 0.3
        wear = self.chamber.state.main.wear
        assert wear.travel_pct == pytest.approx(200.0 * wear.cycles, abs=100.0)


def test_an_on_off_valve_holds_the_room_and_is_spared() -> None:
    Played(1).check(1)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_day_with_on_off_valves() -> None:
    Played(12).check(12)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 99.5), st.sampled_from([1.0, 2.0, 3.0]))
def test_no_demand_switches_more_often_than_four_dwells(demand_pct: float, dwell_s: float) -> None:
    s, steps = Stage(), 6000
    for _ in range(steps):
        s = stage(s, demand_pct, 0.1, dwell_s)
    assert s.cycles <= steps * 0.1 / (4.0 * dwell_s) + 1


def test_a_shut_door_is_not_needed_to_shut_the_valve(idle: Day) -> None:
    """Whatever the stage owes, an open door and a stop shut at once (H-07, H-12)."""
    chamber = VirtualChamber(on_off_profile(), 3, "precooled", solenoids())
    s = chamber.state
    owing = s.main._replace(stage=Stage(on=True, carried_s=2.0, dwell_s=0.0))
    chamber.state = s._replace(main=owing)
    chamber.scan()
    assert chamber.state.main.valve_pct == 0.0
    assert chamber.outputs is not None
    assert chamber.outputs.demand.valve_main_pct == 0.0


def test_wear_counts_travel_and_openings() -> None:
    w = Wear()
    for pct in (None, 0.0, 100.0, 100.0, None, 40.0, 0.0, 30.0):
        w = worn(w, pct)
    assert (w.travel_pct, w.cycles) == (230.0, 2)
    assert read_wear(wear_data(w, Wear(7.0, 1)))[0] == Wear(230.0, 2)
    assert read_wear(None) == (Wear(), Wear())


def test_the_counters_are_told_when_a_cooling_ends_and_begin_anew_with_a_new_valve(idle: Day) -> None:
    idle.run(60.0)
    assert idle.chamber.state.main.wear.travel_pct > 0.0
    assert idle.press(CommandKind.STOP).outcome == "accepted"
    told = idle.told(EventKind.WEAR)[-1].data
    assert told["main"]["travel_pct"] == round(idle.chamber.state.main.wear.travel_pct)
    before = idle.chamber.state.pre.wear.travel_pct
    assert idle.press(CommandKind.REPLACED, role=Role.SERVICE, tag="TCV-101", note="new seat").outcome == "accepted"
    idle.run(0.2)
    assert idle.chamber.state.main.wear.travel_pct == 0.0
    assert idle.chamber.state.pre.wear.travel_pct >= before
    assert idle.told(EventKind.WEAR)[-1].data["main"] == {"travel_pct": 0, "cycles": 0}
