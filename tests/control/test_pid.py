"""The temperature law: finite and inside its range whatever it is fed, back to normal after one good sample, no bumps."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.profile import Regulator
from control.pid import PidState, Terms, law, preset, schedule

R = Regulator(full_flow_kg_h=100.0, gain_pct_per_k=10.0, integral_s=100.0, derivative_s=12.0, tracking_s=20.0, valve_max_pct=80.0)
SETPOINT_C = -110.0
ANY = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(-220, 60))
DT = st.one_of(st.floats(0.5, 5.0), st.sampled_from([0.0, -1.0, math.nan, math.inf, 1e9]))


def run(
    s: PidState, measured_c: float | None, dt_s: float = 1.0, *, actual_pct: float | None = None, ff: float = 0.0, hold: bool = False
) -> tuple[PidState, Terms]:
    return law(R, s, SETPOINT_C, measured_c, dt_s, actual_pct=actual_pct, feedforward_pct=ff, hold=hold)


@pytest.mark.req("SRS-TMP-007")
@given(st.lists(st.tuples(ANY, DT, ANY, st.one_of(st.floats(), st.floats(0, 60)), st.booleans()), max_size=60))
def test_output_is_finite_and_inside_its_range(inputs: list[tuple[float | None, float, float | None, float, bool]]) -> None:
    s = PidState()
    for measured, dt, actual, ff, hold in inputs:
        s, terms = run(s, measured, dt, actual_pct=actual, ff=ff, hold=hold)
        assert math.isfinite(terms.output_pct)
        assert 0.0 <= terms.output_pct <= R.valve_max_pct
        assert math.isfinite(s.integral_pct)
        assert -0.4 * R.valve_max_pct <= s.integral_pct <= R.valve_max_pct
        assert s.applied_pct == terms.output_pct


@given(st.lists(ANY, max_size=20), st.floats(-200, 40))
def test_one_good_sample_restores_normal_control(junk: list[float | None], good_c: float) -> None:
    s = PidState(integral_pct=30.0, last_c=-110.0, applied_pct=30.0)
    for j in junk:
        s, _ = run(s, j if j is None or not math.isfinite(j) else None)
    s, terms = run(s, good_c)
    assert s.bad_s == 0.0
    assert terms.error_k == pytest.approx(good_c - SETPOINT_C)
    wanted = terms.proportional_pct + terms.integral_pct + terms.derivative_pct
    assert terms.output_pct == pytest.approx(min(max(wanted, 0.0), R.valve_max_pct))
    if junk:
        assert terms.derivative_pct == 0.0  # no slope across a gap


@pytest.mark.req("SRS-TMP-007")
@pytest.mark.parametrize("bad", [None, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("dt_s", [0.5, 1.0])
def test_a_lost_measurement_freezes_for_3_s_and_is_at_zero_by_5_s(bad: float | None, dt_s: float) -> None:
    s, terms = run(PidState(integral_pct=40.0, last_c=-110.0, applied_pct=0.0), -110.0)
    frozen = terms.output_pct
    assert frozen > 0.0
    elapsed, outputs = 0.0, list[tuple[float, float]]()
    while elapsed < 6.5:
        s, terms = run(s, bad, dt_s)
        elapsed += dt_s
        outputs.append((elapsed, terms.output_pct))
        assert terms.error_k is None
    assert all(u == frozen for t, u in outputs if t <= 3.0)
    assert all(u < frozen for t, u in outputs if t > 3.0)
    assert all(u == 0.0 for t, u in outputs if t > 5.0)
    falling = [u for _, u in outputs]
    assert falling == sorted(falling, reverse=True)
    assert s.integral_pct == pytest.approx(40.0)


def test_the_integral_tracks_what_the_valve_really_did() -> None:
    """The PLC clamps to 10 %: the integral must come down to it instead of winding up."""
    free = clamped = PidState(integral_pct=60.0, last_c=-110.0, applied_pct=60.0)
    for _ in range(300):
        free, _ = run(free, -109.5)
        clamped, terms = run(clamped, -109.5, actual_pct=10.0)
    assert free.integral_pct > 60.0
    # where integration and tracking balance: (10 - u) / 20 s + K e / Ti = 0
    assert terms.output_pct == pytest.approx(10.0 + 20.0 * 10.0 * schedule(-109.5, -110.0) * 0.5 / 100.0, rel=0.01)


def test_no_integration_into_the_stop() -> None:
    high = PidState(integral_pct=50.0, last_c=-50.0, applied_pct=R.valve_max_pct)
    assert run(high, -50.0)[0].integral_pct <= 50.0  # back-calculation takes it away from the stop
    low = PidState(integral_pct=20.0, last_c=-150.0, applied_pct=0.0)
    assert run(low, -150.0)[0].integral_pct >= 20.0
    # away from the stop it goes on
    assert run(high._replace(last_c=-111.0), -111.0)[0].integral_pct < 50.0
    assert run(low._replace(last_c=-109.0), -109.0)[0].integral_pct > 20.0


def test_hold_freezes_the_integral_only() -> None:
    s = PidState(integral_pct=20.0, last_c=-109.0, applied_pct=20.0)
    held, terms = run(s, -108.0, hold=True)
    assert held.integral_pct == 20.0
    assert terms.proportional_pct > 0.0
    assert run(s, -108.0)[0].integral_pct > 20.0


@given(st.floats(0, 80), st.floats(-150, 40))
def test_preset_starts_without_a_bump(output_pct: float, measured_c: float) -> None:
    s = preset(R, PidState(), output_pct, measured_c, measured_c)  # at the set point
    _, terms = law(R, s, measured_c, measured_c, 1.0, actual_pct=None, feedforward_pct=0.0, hold=False)
    assert terms.output_pct == pytest.approx(output_pct, abs=0.1)


def test_preset_away_from_the_set_point_takes_the_error_into_account() -> None:
    s = preset(R, PidState(), 50.0, SETPOINT_C, -108.0)
    _, terms = run(s, -108.0, hold=True)
    assert terms.output_pct == pytest.approx(50.0, abs=0.1)
    unknown = preset(R, PidState(last_c=-100.0), 500.0, SETPOINT_C, None)
    assert unknown.integral_pct == R.valve_max_pct
    assert preset(R, PidState(), -5.0, SETPOINT_C, math.nan).integral_pct == 0.0


def test_colder_than_wanted_closes_and_warmer_opens() -> None:
    s = PidState(integral_pct=40.0, last_c=-110.0, applied_pct=40.0)
    assert run(s, -115.0)[1].output_pct < run(s, -110.0)[1].output_pct < run(s, -108.0)[1].output_pct


def test_feed_forward_adds() -> None:
    s = PidState(integral_pct=20.0, last_c=-110.0, applied_pct=20.0)
    assert run(s, -110.0, ff=16.0)[1].output_pct == pytest.approx(run(s, -110.0)[1].output_pct + 16.0)


def test_derivative_brakes_a_fall_and_is_filtered() -> None:
    s = PidState(integral_pct=40.0, last_c=-108.0, applied_pct=40.0)
    _, falling = run(s, -109.0)
    assert falling.derivative_pct < 0.0
    raw = R.gain_pct_per_k * schedule(-109.0, R.schedule_reference_c) * R.derivative_s * -1.0
    assert abs(falling.derivative_pct) < abs(raw)
    off = Regulator(full_flow_kg_h=100.0, gain_pct_per_k=10.0, integral_s=100.0, derivative_s=0.0)
    _, terms = law(off, s, SETPOINT_C, -109.0, 1.0, actual_pct=None, feedforward_pct=0.0, hold=False)
    assert terms.derivative_pct == 0.0


@given(st.floats(-250, 100), st.floats(-180, 40))
def test_schedule_is_positive_and_finite(measured_c: float, reference_c: float) -> None:
    k = schedule(measured_c, reference_c)
    assert math.isfinite(k)
    assert k > 0.0


@given(st.floats(-190, 40), st.floats(-190, 40))
def test_schedule_rises_towards_the_cold(a: float, b: float) -> None:
    """Less nitrogen does more there... in the gas: a kelvin costs more valve the colder the room."""
    colder, warmer = min(a, b), max(a, b)
    assert schedule(colder, -110.0) >= schedule(warmer, -110.0)
    assert schedule(-110.0, -110.0) == 1.0
