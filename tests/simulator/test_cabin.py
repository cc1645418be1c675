"""The single-person cabin: conservation, integration, hand cases, and its figures against reported ones."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from simulator import datasheet
from simulator.cabin import equations as eq
from simulator.cabin.device import Cabin
from simulator.cabin.equations import Array, Inputs
from simulator.cabin.parameters import CabinParameters, load
from simulator.cabin.visits import Plan, Visit, run
from simulator.device_figures import WALK_INS_C, against_chamber, beside, gas_at
from simulator.gas import OXYGEN_AIR
from simulator.parameters import PLANTS, ParameterError


@pytest.fixture(scope="module")
def p() -> CabinParameters:
    return load()


def _at(t: float) -> Inputs:
    """A visit at full valve, switched at multiples of 10 s: precool, guest, rest, purge, leak, drying; the extract fails for a while."""
    if t < 60.0:
        return Inputs(valve=1.0, fan=1.0)
    if t < 70.0 or 250.0 <= t < 260.0:
        return Inputs(door=1.0, heat_legs=500.0 * (t > 200.0))
    if t < 250.0:
        return Inputs(0.5, 1.0, 0.0, float(not 150.0 <= t < 180.0), 1.0, 800.0, 300.0, 90.0, 60.0)
    if t < 300.0:
        return Inputs()
    return Inputs(
        fan=float(t >= 350.0), door=float(t < 320.0), purge=0.1 * (t < 340.0), heater=1500.0 * (t >= 350.0), leak=0.01 * (t < 350.0)
    )


def _visit(p: CabinParameters, h: float, seconds: float = 400.0) -> Array:
    y = eq.warm_state(p)
    for k in range(round(seconds / 10.0)):
        y = eq.advance(y, p, _at(10.0 * k), h, round(10.0 / h))
    return y


# -- integration -----------------------------------------------------------------------------------------------------

KELVINS = (*range(3), eq.LINE, eq.EVAPORATOR, eq.DUCT, eq.DISPLAY, *range(eq.WALL_LOWER, eq.NITROGEN))


@pytest.mark.parametrize("seconds", [60.0, 70.0, 200.0, 250.0, 400.0])
def test_halving_the_step_changes_less_than_5_mk(p: CabinParameters, seconds: float) -> None:
    coarse, fine = _visit(p, eq.STEP_S, seconds), _visit(p, 0.5 * eq.STEP_S, seconds)
    assert max(abs(coarse[i] - fine[i]) for i in KELVINS) < 0.005
    assert max(abs(coarse[i] - fine[i]) for i in range(eq.X_LOWER, eq.X_BREATHING + 1)) < 1e-6


def test_a_visit_agrees_with_lsoda(p: CabinParameters) -> None:
    """The reference integrator chooses its own steps; restarted only where an input switches."""

    def slope(_: float, x: Array, u: Inputs) -> Array:
        dy = np.empty(eq.STATES)
        eq.derivative(x, p, u, dy)
        return dy

    y = eq.warm_state(p)
    edges = [0.0, 60.0, 70.0, 150.0, 180.0, 210.0, 250.0, 260.0, 300.0, 320.0, 330.0]
    for begin, end in pairwise(edges):
        # the input seen through [begin, end) is constant but for the guest's heat at the door, which is 0 until 200 s
        out = solve_ivp(slope, (begin, end), y, method="LSODA", rtol=1e-9, atol=1e-10, args=(_at(begin),), max_step=2.0)
        assert out.success
        y = out.y[:, -1]
    ours = _visit(p, eq.STEP_S, 330.0)
    assert max(abs(ours[i] - y[i]) for i in KELVINS) < 0.005
    assert ours[eq.NITROGEN] == pytest.approx(y[eq.NITROGEN], rel=1e-5)


def test_plain_python_gives_the_same(p: CabinParameters) -> None:
    code = (
        "from simulator.cabin import equations as eq; from simulator.cabin.parameters import load\n"
        "from simulator.compiled import COMPILED\n"
        "p = load(); y = eq.warm_state(p)\n"
        "for u in (eq.Inputs(1.0, 1.0), eq.Inputs(door=1.0), eq.Inputs(0.4, 1.0, 0.0, 0.2, 1.0, 800.0, 300.0)):\n"
        "    y = eq.advance(y, p, u, 0.1, 60)\n"
        "print(COMPILED, *(repr(float(v)) for v in y))"
    )
    environment = os.environ | {"CRYOCHAMBER_COMPILED": "0", "PYTHONPATH": str(Path(eq.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    compiled, *plain = done.stdout.split()
    assert compiled == "False"
    y = eq.warm_state(p)
    for u in (Inputs(1.0, 1.0), Inputs(door=1.0), Inputs(0.4, 1.0, 0.0, 0.2, 1.0, 800.0, 300.0)):
        y = eq.advance(y, p, u, 0.1, 60)
    assert [float(v) for v in plain] == pytest.approx(y.tolist(), rel=1e-9)


# -- conservation ----------------------------------------------------------------------------------------------------


def test_energy_closes_through_a_visit(p: CabinParameters) -> None:
    """What metal, foam and liquid hold against all that crossed the cabin's boundary; what passes inside must cancel."""
    start, end = eq.warm_state(p), _visit(p, eq.STEP_S)
    change = eq.stored_j(end, p) - eq.stored_j(start, p)
    assert change < -1e6
    assert end[eq.HEAT_IN] == pytest.approx(change, rel=1e-3)


def test_oxygen_closes_through_a_visit(p: CabinParameters) -> None:
    start, end = eq.warm_state(p), _visit(p, eq.STEP_S)
    change = eq.oxygen_mol(end, p) - eq.oxygen_mol(start, p)
    assert change < -5.0
    assert end[eq.OXYGEN_IN] == pytest.approx(change, rel=1e-3)


def test_nitrogen_blown_in_comes_out_again(p: CabinParameters) -> None:
    """After an hour oxygen stands still: what the fresh air brings leaves with extract and overflow."""
    y = eq.advance(eq.warm_state(p), p, Inputs(valve=0.4, fan=1.0), eq.STEP_S, 36_000)
    dy = np.empty(eq.STATES)
    eq.derivative(y, p, Inputs(valve=0.4, fan=1.0), dy)
    feed = 0.4 * p.feed_kg_s / eq.MOLAR_NITROGEN
    assert abs(dy[eq.OXYGEN_IN]) < 1e-3 * feed
    assert dy[eq.NITROGEN] == pytest.approx(0.4 * p.feed_kg_s, rel=1e-6)


def test_air_stays_air_without_nitrogen(p: CabinParameters) -> None:
    """Whatever moves in a cold cabin with the valve shut: no zone leaves the composition of air."""
    y = eq.warm_state(p)
    y[:3] = 150.0, 200.0, 270.0
    y[eq.EVAPORATOR] = 110.0
    for u in (Inputs(fan=1.0), Inputs(door=1.0), Inputs(extract=0.0), Inputs(purge=0.15), Inputs(fan=1.0, heater=1500.0)):
        y = eq.advance(y, p, u, eq.STEP_S, 300)
        assert y[eq.X_LOWER : eq.X_BREATHING + 1] == pytest.approx(OXYGEN_AIR, abs=1e-12)


@pytest.mark.parametrize("seed", range(25))
def test_any_plausible_cabin_stays_in_nature(seed: int) -> None:
    """Values drawn from the ends and the inside of their ranges, ten minutes of arbitrary use, flooding and standing fan included."""
    rng = random.Random(seed)
    drawn = {e.name: rng.choice((e.low, e.high, rng.uniform(e.low, e.high))) for e in datasheet.entries("cabin")}
    p = CabinParameters(**drawn)
    start = y = eq.warm_state(p)
    for _ in range(30):
        heat = (rng.uniform(0.0, 1500.0), rng.uniform(0.0, 800.0), 100.0, 80.0) if rng.random() < 0.5 else (0.0, 0.0, 0.0, 0.0)
        fan, door = float(rng.random() < 0.7), float(rng.random() < 0.15)
        y = eq.advance(y, p, Inputs(rng.random(), fan, door, rng.choice((0.0, 1.0)), rng.choice((0.0, 1.0)), *heat), eq.STEP_S, 200)
        gas = y[[eq.T_LOWER, eq.T_UPPER, eq.T_COLLAR, eq.DUCT, eq.EVAPORATOR]]
        assert np.isfinite(y).all()
        assert min(gas) > eq.SATURATION_K - 1.0
        assert max(gas) < 400.0
        assert min(y[eq.X_LOWER : eq.X_BREATHING + 1]) >= 0.0
        assert max(y[eq.X_LOWER : eq.X_BREATHING + 1]) <= OXYGEN_AIR + 1e-9
        assert min(y[eq.LIQUID], y[eq.POOL]) > -1e-6
    change = eq.stored_j(y, p) - eq.stored_j(start, p)
    assert y[eq.HEAT_IN] == pytest.approx(change, rel=1e-3)
    assert y[eq.OXYGEN_IN] == pytest.approx(eq.oxygen_mol(y, p) - eq.oxygen_mol(start, p), rel=1e-3, abs=1e-3)


# -- hand cases ------------------------------------------------------------------------------------------------------


def _mean_room_pct(y: Array, p: CabinParameters) -> float:
    return 100.0 * float(p.floor_share * y[eq.X_FLOOR] + (1.0 - p.floor_share) * y[eq.X_BREATHING])


def test_uncaptured_session_in_a_small_room_is_odh_case_a(p: CabinParameters) -> None:
    """7.9 kg in 225 s, nothing captured, 30 m³, 300 m³/h blown in: 17.8 % by the hand formula."""
    q = p._replace(room_m3=30.0, fresh_m3_s=300.0 / 3600.0, layer_mixing_m3_s=50.0, flash=1.0, collar_exchange_kg_s=0.2)
    q = q._replace(feed_kg_s=0.0351, valve_tau_s=0.01, lower_m3=0.01, upper_m3=0.01, collar_m3=0.01)
    y = eq.warm_state(q)
    y = eq.advance(y, q, Inputs(valve=1.0, extract=0.0), 0.002, 112_500)
    release = 0.0351 / eq.MOLAR_NITROGEN * eq.GAS_J_MOLK * q.room_k / 101_325.0
    fan = q.fresh_m3_s
    hand = 20.95 / (fan + release) * (fan + release * math.exp(-(fan + release) * 225.0 / 30.0))
    assert hand == pytest.approx(17.8, abs=0.1)
    assert _mean_room_pct(y, q) == pytest.approx(hand, abs=0.1)


def test_supply_balance_by_hand(p: CabinParameters) -> None:
    """Steady, no losses: recirculated gas gives exactly the heat that boils the liquid and warms the vapour."""
    q = p._replace(
        line_ambient_w_k=0.0,
        evaporator_ambient_w_k=0.0,
        duct_ambient_w_k=0.0,
        fan_w=0.0,
        seam_m2=0.0,
        entrained_kg_s=0.0,
        mixing_kg_s=0.0,
        stirring_kg_s=0.0,
        foam_w_mk=1e-9,
        liner_j_m2k=200.0,
        line_j_k=250.0,
        evaporator_j_k=600.0,
    )
    u = Inputs(valve=0.2, fan=1.0, heat_legs=2000.0)
    y = eq.advance(eq.warm_state(q), q, u, eq.STEP_S, 60_000)
    feed = 0.2 * q.feed_kg_s / eq.MOLAR_NITROGEN
    # 2 kW have to take the feed from liquid to the gas that leaves the upper zone
    expected = eq.SATURATION_K + (2000.0 / feed - (1.0 - q.flash) * eq.LATENT) / eq.CP
    assert y[eq.T_UPPER] == pytest.approx(expected, abs=0.1)


def test_more_capture_keeps_the_room_breathable(p: CabinParameters) -> None:
    lows: list[float] = []
    for capture in (0.95, 0.85, 0.5):
        cabin = Cabin(p._replace(capture=capture, fresh_m3_s=0.0))
        lows.append(run(cabin, Plan(sessions=1))[0].oxygen_room_min_pct)
    assert lows[0] > lows[1] > lows[2]
    assert lows[2] < 19.5


def test_extract_and_ventilation_lost_warn_of_the_room(p: CabinParameters) -> None:
    cabin = Cabin(p)
    cabin.extract = cabin.fresh = 0.0
    visit = run(cabin, Plan(sessions=1, gap_s=60.0))[0]
    assert visit.oxygen_room_min_pct < 18.0
    assert any(w.startswith("oxygen in the room below 19.5 %") for w in visit.warnings)


def test_a_valve_that_stands_open_floods_the_cabin(p: CabinParameters) -> None:
    cabin = Cabin(p)
    cabin.valve_stuck = 1.0
    visit = run(cabin, Plan(sessions=1, gap_s=0.0))[0]
    assert visit.carried_over_kg > 0.5
    assert any(w.startswith("liquid nitrogen on the floor of the cabin") for w in visit.warnings)


def test_a_display_that_reads_too_warm_makes_the_gas_colder(p: CabinParameters) -> None:
    sound, wrong = Cabin(p), Cabin(p)
    wrong.display_error_k = 20.0
    visits = [run(c, Plan(set_c=-140.0, sessions=2, gap_s=60.0))[-1] for c in (sound, wrong)]
    assert visits[1].display_end_c == pytest.approx(visits[0].display_end_c, abs=2.0)
    assert visits[1].lower_end_c < visits[0].lower_end_c - 8.0


def test_a_lift_too_low_puts_the_face_into_the_gas(p: CabinParameters) -> None:
    faces: list[float] = []
    for height in (0.30, 0.15, 0.0, -0.10):
        cabin = Cabin(p)
        cabin.mouth_above_rim_m = height
        faces.append(run(cabin, Plan(sessions=1, gap_s=0.0))[0].oxygen_face_min_pct)
    assert faces == sorted(faces, reverse=True)
    assert faces[0] > 19.5 > faces[2]
    assert faces[3] < 16.0


# -- figures ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def days() -> dict[int, list[Visit]]:
    return {c: run(Cabin(), Plan(set_c=c, sessions=4)) for c in (-140, -160, -180)}


@pytest.mark.parametrize("set_c", [-140, -160, -180])
def test_display_reaches_the_set_point_within_minutes(days: dict[int, list[Visit]], set_c: int) -> None:
    """Vendors: -130 to -150 °C "within minutes"."""
    assert days[set_c][0].precool_s <= 180.0
    for visit in days[set_c]:
        assert visit.display_end_c == pytest.approx(set_c, abs=5.0)
        assert visit.carried_over_kg == 0.0


def test_nitrogen_per_guest_is_inside_the_reported_range(days: dict[int, list[Visit]]) -> None:
    """Reported: 3.8 kg (Baranov 2019), 6 kg (Air Liquide), 6.4 to 8.1 kg (trade press)."""
    for set_c in (-140, -160, -180):
        assert 3.77 <= days[set_c][-1].nitrogen_kg <= 8.1
    assert days[-160][-1].nitrogen_kg == pytest.approx(6.0, rel=0.25)


def test_legs_are_much_colder_than_the_trunk(days: dict[int, list[Visit]]) -> None:
    """Polidori 2018: the cabin cools legs nearly as a chamber does and the chest far less."""
    for visits in days.values():
        for v in visits:
            assert v.skin is not None
            assert v.skin.trunk_c - v.skin.legs_c > 6.0


@pytest.mark.parametrize("chamber", WALK_INS_C)
def test_skin_lags_behind_each_measured_chamber_as_reported(days: dict[int, list[Visit]], chamber: tuple[tuple[float, float], ...]) -> None:
    """Polidori 2018: 15 % at the legs, not significant, 53 % at the chest."""
    legs, chest = against_chamber(days[-140], (chamber,))
    assert 0.0 < legs < 30.0
    assert chest == pytest.approx(53.0, rel=0.25)


def test_gas_between_measured_heights_and_beyond_them() -> None:
    two_rooms = WALK_INS_C[0]
    assert gas_at(two_rooms, 0.85) == pytest.approx(0.5 * (-107.3 - 88.8))
    assert (gas_at(two_rooms, 0.1), gas_at(two_rooms, 2.0)) == (-107.3, -68.0)


def test_beside_a_guest_it_is_warmer_than_in_the_free_gas(days: dict[int, list[Visit]]) -> None:
    visit = days[-160][0]
    assert visit.skin is not None
    assert 0.5 * (visit.lower_end_c + visit.upper_end_c) < beside(visit) < visit.skin.legs_c
    with pytest.raises(ValueError, match="nobody"):
        beside(visit._replace(skin=None))


def test_gas_of_the_zones_is_far_from_the_display(days: dict[int, list[Visit]]) -> None:
    """Savic 2013: gas next to the skin differs substantially from the nominal temperature."""
    last = days[-160][-1]
    assert -135.0 < last.lower_mean_c < -85.0
    assert -75.0 < last.upper_mean_c < -30.0


def test_oxygen_of_cabin_and_collar(days: dict[int, list[Visit]]) -> None:
    """8 to 14 % in the cabin, depleted at the face, the ventilated room above the alarm."""
    for visits in days.values():
        last = visits[-1]
        assert 7.5 < last.oxygen_upper_end_pct < 14.0
        assert 11.0 < last.oxygen_collar_min_pct < 19.5
        assert last.oxygen_face_min_pct < 20.5
        assert last.oxygen_room_min_pct > 19.5


def test_an_empty_cabin_is_colder_than_one_with_a_guest(days: dict[int, list[Visit]]) -> None:
    empty = run(Cabin(), Plan(sessions=2, with_guest=False))[-1]
    assert empty.upper_mean_c < days[-160][1].upper_mean_c - 3.0
    assert empty.skin is None


# -- datasheet -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("flash = { value = 0.065", "flash = { value = 0.5", "outside its own range"),
        ("flash = {", "flesh = {", "flash is missing"),
        ("foam_m = { value = 0.05", "foam_m = { value = -0.05", r"foam_m\.value must be a number"),
        ('unit = "W", low = 20.0, high = 120.0, source = "assumed"', 'unit = "W", low = 20.0, high = 120.0, source = ""', r"fan_w\.source"),
    ],
)
def test_bad_datasheet_names_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (PLANTS / "cabin.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "cabin.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ParameterError, match=message):
        load(tmp_path)


def test_unknown_parameter_is_refused(tmp_path: Path) -> None:
    text = (PLANTS / "cabin.toml").read_text(encoding="utf-8")
    (tmp_path / "cabin.toml").write_text(text + 'colour = { value = 1.0, unit = "-", low = 0.0, high = 1.0, source = "assumed" }\n')
    with pytest.raises(ParameterError, match="colour"):
        datasheet.load("cabin", CabinParameters, tmp_path)


def test_warm_state_stands_still(p: CabinParameters) -> None:
    dy = np.empty(eq.STATES)
    dry = p._replace(room_humidity=0.0)
    eq.derivative(eq.warm_state(dry), dry, Inputs(), dy)
    assert max(abs(dy[i]) for i in KELVINS) < 1e-9


def test_mean_skin_drop_is_that_of_published_cabins(days: dict[int, list[Visit]]) -> None:
    """Hausswirth 2013: 8.3 +/- 0.3 K, Louis 2015: 8.3 +/- 0.7 K, 3 min at a nominal -160 °C, read shortly after."""
    drops = [v.skin.outside.drop_k for v in days[-160] if v.skin is not None]
    assert sum(drops) / len(drops) == pytest.approx(8.3, abs=1.5)


def test_guests_drawn_by_seed_differ_and_repeat() -> None:
    plan = Plan(sessions=2, gap_s=0.0, seed=7)
    once, again = run(Cabin(), plan), run(Cabin(), plan)
    assert once == again
    other = run(Cabin(), plan._replace(seed=8))
    assert once[0].skin != other[0].skin
