"""The digital twin on rooms of known condition: what it finds, how sure it is, and that it finds nothing where nothing is."""

from __future__ import annotations

import json
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.alarm_list import ALARMS, TWIN
from chamber.profile import TwinDesign
from control.twin import heat
from control.twin.filter import believe, see, wander
from control.twin.findings import NAMES, Estimate, due, estimates
from control.twin.look import MINUTE, Gathering, Look, Minute, gather
from control.twin.record import read_twin, twin_data
from control.twin.state import Twin
from control.twin.update import LEARN, learn, observe, relearn, start
from cryochamber.config import load_profile
from cryochamber.virtual import VirtualChamber

PROFILE = load_profile("walk-in-two-room")
assert PROFILE.twin is not None
assert PROFILE.regulator_pre is not None
PRE_FULL_KG_H = PROFILE.regulator_pre.full_flow_kg_h
DESIGN: TwinDesign = PROFILE.twin
MAIN_C, PRE_C, ROOM_C, BAR = -110.0, -62.0, 22.0, 2.0
BOILS = heat.boils_c(BAR)


class Room:
    """A chamber at rest, by its own balance: what its instruments show a minute of holding."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = random.Random(seed)
        self.more_main_w = self.more_pre_w = 0.0
        self.coil_w_k = 330.0
        self.gain = 1.0
        self.bar, self.tank_kg, self.loss_kg_h = BAR, 2000.0, 0.5

    def minute(self, load_w: float = 1500.0, *, cooling: bool = True) -> Minute:
        """``load_w``: what the main coil takes up; the pre-chamber rests at its own temperature with its valve shut."""
        main_w = load_w + self.more_main_w + self.rng.gauss(0.0, 60.0)
        outlet = BOILS + 0.75 * (MAIN_C - BOILS) - 0.75 * main_w / self.coil_w_k
        pre_w = max(0.0, self.more_pre_w)
        outlet_pre = BOILS + 0.75 * (PRE_C - BOILS) - 0.75 * pre_w / 110.0
        line_w = DESIGN.line_w_k * (ROOM_C - BOILS)
        total = main_w + pre_w + line_w
        by = main_w / (main_w + pre_w)
        flow = total / (by * heat.cooling_j_kg(outlet, BOILS) + (1.0 - by) * heat.cooling_j_kg(outlet_pre, BOILS)) * 3600.0
        main_pct = 100.0 * by * flow / PROFILE.regulator_main.full_flow_kg_h / self.gain
        pre_pct = 100.0 * (1.0 - by) * flow / PRE_FULL_KG_H
        self.tank_kg -= (flow + self.loss_kg_h) / 60.0
        pre_shut = 1.0 if pre_pct == 0.0 else 0.0
        pre_at = pre_pct + 0.3 if pre_pct else 0.0
        means = (MAIN_C, PRE_C, ROOM_C, outlet, outlet_pre, main_pct, pre_at, flow, self.bar, 0.0, pre_shut, 0.0, 0.0, 1.0, 1.0, 0.0)
        return Minute(means, (0.0,) * 5, cooling, True, False, 0, self.tank_kg)


def hold(t: Twin, room: Room, minutes: int, load_w: float = 1500.0) -> Twin:
    for _ in range(minutes):
        t = learn(t, room.minute(load_w), PROFILE, DESIGN)
    return t


@pytest.fixture(scope="module")
def learned() -> tuple[Twin, Room]:
    """Cold for a night, then a reference of an hour at high load and of the rest at low load."""
    room = Room()
    t = hold(start(DESIGN), room, 60, 8000.0)
    return hold(t, room, 180 + LEARN + 120), room


def by_id(t: Twin) -> dict[str, Estimate]:
    return {e.id: e for e in estimates(t, DESIGN)}


def test_nothing_is_judged_before_the_reference_is_taken() -> None:
    t = hold(start(DESIGN), Room(), 30)
    assert not any(e.valid for e in estimates(t, DESIGN) if e.due in ("SEAL-LEAK", "HEAT-LEAK", "VALVE-WORN"))
    assert t.due == {}


def test_a_chamber_as_it_was_raises_nothing(learned: tuple[Twin, Room]) -> None:
    t, _ = learned
    assert t.found == ()
    assert t.due == {}
    found = by_id(t)
    assert abs(found["coil_main_pct"].value - 100.0) < 5.0
    assert found["leak_main_w_k"].valid
    assert abs(found["leak_main_w_k"].value - DESIGN.main.steady_w_k) < 3.0 * found["leak_main_w_k"].std


def copy_of(room: Room) -> Room:
    other = Room(7)
    other.tank_kg = room.tank_kg
    return other


def test_more_heat_in_the_main_room_alone_is_its_insulation(learned: tuple[Twin, Room]) -> None:
    t, room = learned[0], copy_of(learned[1])
    room.more_main_w = 400.0
    t = hold(t, room, 90)
    assert set(t.due) == {"HEAT-LEAK"}
    leak = by_id(t)["leak_main_w_k"]
    assert leak.value > 1.5 * DESIGN.main.steady_w_k
    assert "heat leak of the main room" in t.due["HEAT-LEAK"]
    room.more_main_w = 0.0
    assert hold(t, room, 240).due == {}, "mended: it goes by itself"


def test_more_heat_in_the_pre_chamber_is_the_outer_door(learned: tuple[Twin, Room]) -> None:
    t, room = learned[0], copy_of(learned[1])
    room.more_pre_w = 500.0
    t = hold(t, room, 90)
    assert set(t.due) == {"SEAL-LEAK"}
    assert "outer door" in t.due["SEAL-LEAK"]
    assert "inner door" not in t.due["SEAL-LEAK"]


def test_what_the_reference_of_a_coil_may_be_wrong_by_counts(learned: tuple[Twin, Room]) -> None:
    """A reference that was hardly known makes an iced coil no certain one."""
    t, coil = learned[0], learned[0].coil_main
    assert coil.clean_w_k is not None
    assert coil.clean_std_w_k is not None
    assert coil.clean_std_w_k <= 0.1 * coil.clean_w_k
    iced = coil._replace(belief=believe((coil.belief.mean[0], 1.6 * coil.belief.mean[1], 0.0), (1e-3, 1e-6, 1e-3)))
    for std, certain in ((0.0, True), (0.2 * coil.clean_w_k, False)):
        found = next(e for e in estimates(t._replace(coil_main=iced._replace(clean_std_w_k=std)), DESIGN) if e.id == "coil_main_pct")
        assert abs(found.value - 62.5) < 6.0
        assert found.bad is certain
    unknown = estimates(t._replace(coil_main=iced._replace(clean_w_k=None, clean_std_w_k=None)), DESIGN)[0]
    assert not unknown.valid


def test_a_coil_that_ices_is_told_with_how_far_it_has_come(learned: tuple[Twin, Room]) -> None:
    t, room = learned[0], copy_of(learned[1])
    room.coil_w_k = 180.0
    t = hold(t, room, 240)
    coil = by_id(t)["coil_main_pct"]
    assert set(t.due) == {"DRYING-DUE"}
    assert abs(coil.value - 100.0 * 180.0 / 330.0) < 3.0 * coil.std
    room.coil_w_k = 330.0
    dried = hold(learn(t, room.minute(cooling=False)._replace(drying=True), PROFILE, DESIGN), room, 240)
    assert dried.due == {}
    assert dried.coil_main.dried_w_k is not None


def test_a_valve_that_lets_through_more_is_told_and_the_balances_wait(learned: tuple[Twin, Room]) -> None:
    t, room = learned[0], copy_of(learned[1])
    room.gain = 1.5
    t = hold(t, room, 60)
    assert t.due == {}, "at one opening it could be the other valve that passes: nobody is named, and the balances wait"
    t = hold(t, room, 30, 8000.0)
    assert set(t.due) == {"VALVE-WORN"}
    assert "flow of TCV-101" in t.due["VALVE-WORN"]
    assert "TCV-201" not in t.due["VALVE-WORN"]
    assert by_id(t)["valve_main_pct"].value == pytest.approx(150.0, abs=6.0)
    new = relearn(t, frozenset({"TCV-101"}))
    assert new.reference.gain_main is None
    assert not by_id(new)["valve_main_pct"].valid


def test_a_valve_that_passes_is_told_by_a_flow_that_does_not_grow_with_the_other(learned: tuple[Twin, Room]) -> None:
    t, room = learned[0], copy_of(learned[1])

    def minutes(n: int, load_w: float) -> None:
        nonlocal t
        for _ in range(n):
            m = room.minute(load_w)
            assert m.means is not None
            t = learn(t, m._replace(means=(*m.means[:7], m.means[7] + 4.0, *m.means[8:])), PROFILE, DESIGN)

    minutes(40, 1500.0)
    minutes(20, 8000.0)
    minutes(30, 1500.0)
    assert "TCV-201 passes shut" in t.due["VALVE-WORN"]
    assert "TCV-101" not in t.due["VALVE-WORN"]


@pytest.mark.parametrize(("sticks", "due_then"), [(0.0, False), (1.0, False), (6.0, True)])
def test_a_valve_that_lets_its_demand_go_by_sticks(learned: tuple[Twin, Room], sticks: float, due_then: bool) -> None:
    """A drive of 2 s that breaks loose only when the demand is so far away; the demand wanders in steps, as a law moves it."""
    rng, t = random.Random(4), learned[0]
    asked = at = 15.0
    moving = False
    for n in range(60 * 90):
        if n % 5 == 0:
            asked = min(max(asked + rng.choice((-2.0, 2.0)), 9.0), 25.0)
        moving = abs(asked - at) > (0.4 if moving else max(0.4, sticks))
        at += (asked - at) * 0.39 if moving else 0.0
        shown = round(at + rng.gauss(0.0, 0.1), 1)
        look = Look(
            MAIN_C, PRE_C, ROOM_C, -130.0, -100.0, shown, 0.0, shown * 1.33, BAR, 2000.0, asked, 0.0, True, True, False, True, 0
        )  # fmt: skip
        t = observe(t, look, PROFILE, DESIGN)
    assert ("sticks_main_pct" in t.found) is due_then
    assert ("TCV-101 off its demand" in t.due.get("VALVE-WORN", "")) is due_then
    assert "sticks_pre_pct" not in t.found


def test_a_tank_that_loses_more_than_the_meter_saw(learned: tuple[Twin, Room]) -> None:
    t, room = learned[0], copy_of(learned[1])
    t = hold(t, room, 300)
    room.loss_kg_h = 7.0
    t = hold(t, room, 480)
    assert set(t.due) == {"LN2-USE-UP"}
    assert abs(by_id(t)["loss_kg_h"].value - 7.0) < 1.5


def test_less_pressure_than_when_the_reference_was_taken(learned: tuple[Twin, Room]) -> None:
    t, room = learned[0], copy_of(learned[1])
    room.bar = 1.6
    for _ in range(60):
        m = room.minute()
        assert m.means is not None
        pressed = heat.push(1.6, DESIGN.nominal_bar, DESIGN.back_bar)
        means = (*m.means[:5], m.means[5] / pressed, *m.means[6:])
        t = learn(t, m._replace(means=means), PROFILE, DESIGN)
    assert "LN2-PRESS-LO" in t.due


@pytest.mark.parametrize("spoil", [{"main_c": None}, {"flow_kg_h": None}, {"room_c": None}])
def test_what_is_not_known_teaches_nothing(learned: tuple[Twin, Room], spoil: dict[str, None]) -> None:
    t, _ = learned
    look = Look(-110.0, -62.0, 22.0, -130.0, -100.0, 15.0, 0.0, 20.0, 2.0, 2000.0, 15.0, 0.0, True, True, False, True, 0)
    for _ in range(MINUTE):
        t = observe(t, look._replace(**spoil), PROFILE, DESIGN)
    assert t.excess_main == learned[0].excess_main
    assert t.valve == learned[0].valve
    assert t.quiet == 0


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=30))
def test_the_filter_never_grows_surer_than_its_looks_nor_leaves_the_numbers(values: list[float]) -> None:
    b = believe((0.0, 0.0), (10.0, 10.0))
    for v in values:
        b = see(wander(b, (0.1, 0.0)), (1.0, 0.5), v, 2.0)
        assert all(math.isfinite(x) for x in b.mean)
        assert all(b.cov[i][i] > 0.0 for i in range(2))
    assert b.std(0) > 0.1


def test_a_minute_has_the_means_and_slopes_of_its_seconds() -> None:
    g, minute = Gathering(), None
    for n in range(MINUTE):
        look = Look(-100.0 - 0.1 * n, -60.0, 22.0, -130.0, -100.0, 20.0, 0.0, 30.0, 2.0, 2000.0, 20.0, 0.0, True, True, False, True, 2)
        g, minute = gather(g, look)
    assert minute is not None
    assert minute.means is not None
    assert minute.means[0] == pytest.approx(-100.0 - 0.1 * 29.5)
    assert minute.slopes[0] == pytest.approx(-0.1)
    assert minute.person_s == 120
    assert minute.cooling
    assert minute.shut


def test_the_walls_come_to_rest_where_the_design_says() -> None:
    w = heat.walls(ROOM_C, ROOM_C)
    into = heat.Heat(0.0, 0.0)
    for _ in range(60 * 60):
        w, into = heat.conduct(DESIGN.main, w, MAIN_C, ROOM_C, 60.0)
    assert into.wall_w == pytest.approx(DESIGN.main.steady_w_k * (ROOM_C - MAIN_C), rel=0.02)


def test_what_it_knows_survives_a_restart_and_not_another_design(learned: tuple[Twin, Room]) -> None:
    data = json.loads(json.dumps(twin_data(learned[0], DESIGN)))
    back = read_twin(data, DESIGN)
    assert back is not None
    assert back.reference == learned[0].reference
    assert back.coil_main == learned[0].coil_main
    assert read_twin(data, DESIGN.model_copy(update={"door_m": 2.2})) is None
    assert read_twin({**data, "twin": {"quiet": "x"}}, DESIGN) is None
    assert read_twin(None, DESIGN) is None


def test_every_estimate_has_its_words_and_every_alarm_its_estimate(learned: tuple[Twin, Room]) -> None:
    found = estimates(learned[0], DESIGN)
    assert {e.id for e in found} == set(NAMES)
    assert {e.due for e in found} - {""} == set(TWIN) <= set(ALARMS)
    assert due((), [e._replace(bad=True, valid=False) for e in found]) == ()


def test_in_the_scan_it_learns_once_a_second_and_tells_nothing_to_the_plant() -> None:
    chamber = VirtualChamber(PROFILE, 1, "precooled")
    for _ in range(10 * 130):
        chamber.scan()
    twin = chamber.state.twin
    assert twin is not None
    assert twin.minutes == 2
    without = PROFILE.model_copy(update={"twin": None})
    plain = VirtualChamber(without, 1, "precooled")
    for _ in range(10 * 130):
        plain.scan()
    assert plain.state.twin is None
    assert plain.outputs is not None
    assert chamber.outputs is not None
    assert plain.outputs.demand == chamber.outputs.demand
