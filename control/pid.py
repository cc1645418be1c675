"""PID in ISA form for a cooling valve: filtered derivative on the measurement, back-calculation, finite whatever it is fed.

u = K [(y - r) + 1/Ti ∫(y - r) dt + Td d(y)/dt filtered] + feed-forward, in percent of valve; direct acting, because more
nitrogen makes it colder. Structure after Åström & Hägglund, Advanced PID Control (ISA, 2006), ch. 3.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from chamber.profile import Regulator
from control.room_model import ZERO_C_K, cooling_j_kg

RIDE_S = 3.0  # on a value that is not good the output is frozen for this long ...
RAMP_S = 2.0  # ... then led to zero over this long (H-09)

_BELOW = 0.4  # share of the valve's range the integral may go below zero
_COLDEST_C, _WARMEST_C = -ZERO_C_K, 200.0  # outside, and NaN, it is no measurement
_HIGHEST_SCHEDULED_C = 40.0
_LOWEST_SCHEDULED_C = -190.0


class PidState(NamedTuple):
    """``applied_pct`` is what was asked for last; ``bad_s`` how long the measurement has been missing."""

    integral_pct: float = 0.0
    derivative_pct: float = 0.0
    last_c: float | None = None
    applied_pct: float = 0.0
    bad_s: float = 0.0


class Terms(NamedTuple):
    """Parts of the last output, % of valve, for the trend and the service screen."""

    error_k: float | None
    proportional_pct: float
    integral_pct: float
    derivative_pct: float
    feedforward_pct: float
    output_pct: float


OFF = Terms(None, 0.0, 0.0, 0.0, 0.0, 0.0)


def schedule(measured_c: float, reference_c: float) -> float:
    """Factor on the gain so that the loop is equally fast over the range.

    Gas heat capacity grows as 1/T, the cooling of a kilogram of nitrogen falls with h_fg + c_p (T - T_sat).
    """
    return _plant_gain(reference_c) / _plant_gain(measured_c)


def _plant_gain(t_c: float) -> float:
    t_k = min(max(t_c, _LOWEST_SCHEDULED_C), _HIGHEST_SCHEDULED_C) + ZERO_C_K
    return cooling_j_kg(t_k) * t_k


def law(
    p: Regulator,
    s: PidState,
    setpoint_c: float,
    measured_c: float | None,
    dt_s: float,
    *,
    actual_pct: float | None,
    feedforward_pct: float,
    hold: bool,
) -> tuple[PidState, Terms]:
    """One step of the temperature law; call it every 1-2 s.

    ``actual_pct`` is what the valve was really driven to since the last call (read back, interlocks included); the
    integral tracks it. ``hold`` freezes the integral (a door is open). A missing or non-finite measurement freezes the
    output for RIDE_S, then leads it to zero; the integral is kept so that one good sample brings back normal control.
    """
    if measured_c is None or not _COLDEST_C <= measured_c <= _WARMEST_C or not math.isfinite(dt_s) or dt_s <= 0.0:
        return _ride(s, dt_s)
    gain = p.gain_pct_per_k * schedule(measured_c, p.schedule_reference_c)
    error = measured_c - setpoint_c
    proportional = gain * error
    derivative = _derivative(p, s, measured_c, dt_s, gain)
    ff = feedforward_pct if math.isfinite(feedforward_pct) else 0.0
    wanted = proportional + s.integral_pct + derivative + ff
    output = min(max(wanted, 0.0), p.valve_max_pct)
    integral = _integrate(p, s, gain * error, dt_s, wanted, output, actual_pct, hold=hold)
    state = PidState(integral, derivative, measured_c, output, 0.0)
    return state, Terms(error, proportional, s.integral_pct, derivative, ff, output)


def _derivative(p: Regulator, s: PidState, measured_c: float, dt_s: float, gain: float) -> float:
    if s.last_c is None or p.derivative_s <= 0.0 or s.bad_s > 0.0:
        return 0.0  # no slope across a gap
    tf = p.derivative_s / p.derivative_filter
    raw = gain * p.derivative_s * (measured_c - s.last_c) / dt_s
    return s.derivative_pct + (raw - s.derivative_pct) * dt_s / (tf + dt_s)


def _integrate(
    p: Regulator, s: PidState, ke_pct: float, dt_s: float, wanted_pct: float, output_pct: float, actual_pct: float | None, *, hold: bool
) -> float:
    """Conditional integration, and back-calculation from what the limits and the valve really gave.

    A door's gust saturates the valve through the proportional part; back-calculation lowers the integral meanwhile, so that
    the valve leaves its limit before the set point is passed.
    """
    pushing = (wanted_pct > p.valve_max_pct and ke_pct > 0.0) or (wanted_pct < 0.0 and ke_pct < 0.0)
    step = 0.0 if hold or pushing else ke_pct * dt_s / p.integral_s
    missed = min(max(output_pct - wanted_pct, -p.valve_max_pct), p.valve_max_pct)  # bounded: one absurd sample must not wipe it
    if actual_pct is not None and math.isfinite(actual_pct):
        missed += actual_pct - s.applied_pct
    tracking = missed * min(1.0, dt_s / p.tracking_s)
    return min(max(s.integral_pct + step + tracking, -_BELOW * p.valve_max_pct), p.valve_max_pct)


def _ride(s: PidState, dt_s: float) -> tuple[PidState, Terms]:
    step = dt_s if math.isfinite(dt_s) and dt_s > 0.0 else 0.0
    bad_s = s.bad_s + step
    output = s.applied_pct if bad_s <= RIDE_S else max(0.0, s.applied_pct * (1.0 - min(1.0, step / RAMP_S)))
    if bad_s > RIDE_S + RAMP_S:
        output = 0.0
    state = s._replace(applied_pct=output, bad_s=bad_s, derivative_pct=0.0)
    return state, Terms(None, 0.0, s.integral_pct, 0.0, 0.0, output)


def preset(p: Regulator, s: PidState, output_pct: float, setpoint_c: float, measured_c: float | None) -> PidState:
    """Bumpless start: choose the integral so that the first output equals ``output_pct``."""
    if measured_c is None or not math.isfinite(measured_c):
        return s._replace(integral_pct=min(max(output_pct, 0.0), p.valve_max_pct), applied_pct=output_pct)
    proportional = p.gain_pct_per_k * schedule(measured_c, p.schedule_reference_c) * (measured_c - setpoint_c)
    integral = min(max(output_pct - proportional, -_BELOW * p.valve_max_pct), p.valve_max_pct)
    return PidState(integral, 0.0, measured_c, output_pct, 0.0)
