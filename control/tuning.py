"""PID gains from an identified process, and how much margin they leave.

SIMC: Skogestad, J. Process Control 13 (2003) 291. AMIGO: Åström & Hägglund, J. Process Control 14 (2004) 635. Ms is the peak of
the sensitivity of the loop as it will run, dead time included.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from control.room_model import ZERO_C_K, RoomModel, cooling_j_kg

MS_MAX = 1.8
NOISE_GAIN_PCT_K = 120.0  # one step of a sensor of 0.1 K moves the valve by 12 % at most


class Gains(NamedTuple):
    """ISA form; gain in % of valve per K."""

    gain_pct_per_k: float
    integral_s: float
    derivative_s: float


class Process(NamedTuple):
    """Second order with dead time: ``slope`` in K/s per %, lags and dead time in s."""

    slope_k_s_pct: float
    lag_s: float
    second_lag_s: float
    dead_s: float


def process_at(m: RoomModel, temperature_c: float, period_s: float = 1.0) -> Process:
    """The room linearised at ``temperature_c``: its two slowest lags, the third split by Skogestad's half rule."""
    t = temperature_c + ZERO_C_K
    c_gas = m.gas_j / t
    slope = m.feed_kg_s * cooling_j_kg(t) / c_gas / 100.0 * (1.0 + m.quick_opening * 0.7)
    lag = c_gas / (m.liner_w_k + 12.0)
    first, second, third = sorted((lag, m.sensor_tau_s, m.feed_tau_s), reverse=True)
    return Process(slope * lag / first, first, second + third / 2.0, m.dead_s + third / 2.0 + period_s / 2.0)


def simc(p: Process, closed_loop_s: float | None = None) -> Gains:
    """PID by SIMC in ideal form; ``closed_loop_s`` defaults to the dead time (tight)."""
    tc = p.dead_s if closed_loop_s is None else closed_loop_s
    series_k = 1.0 / (p.slope_k_s_pct * (tc + p.dead_s))
    series_i = min(p.lag_s, 4.0 * (tc + p.dead_s))
    factor = 1.0 + p.second_lag_s / series_i
    return Gains(series_k * factor, series_i * factor, p.second_lag_s / factor)


def amigo(p: Process) -> Gains:
    """PID by the AMIGO step-response rules, for the integrating-like process: lag much longer than dead time."""
    dead = p.dead_s + p.second_lag_s / 2.0
    lag = p.lag_s + p.second_lag_s / 2.0
    k = p.slope_k_s_pct * p.lag_s
    gain = (0.2 + 0.45 * lag / dead) / k
    integral = dead * (0.4 * dead + 0.8 * lag) / (dead + 0.1 * lag)
    return Gains(gain, integral, 0.5 * dead * lag / (0.3 * dead + lag))


def sensitivity_peak(m: RoomModel, g: Gains, derivative_filter: float, temperature_c: float, period_s: float = 1.0) -> float:
    """Ms of the loop of this room with these gains, sampled every ``period_s``."""
    w = np.logspace(-3.5, 0.5, 3000)
    s = 1j * w
    t = temperature_c + ZERO_C_K
    c_gas = m.gas_j / t
    room = c_gas * s + m.liner_w_k + 12.0 - m.liner_w_k**2 / (m.liner_j_k * s + m.liner_w_k + m.loss_w_k)
    plant = m.feed_kg_s * cooling_j_kg(t) / 100.0 * (1.0 + m.quick_opening * 0.7) / room
    plant = plant * np.exp(-s * (m.dead_s + period_s / 2.0)) / ((m.feed_tau_s * s + 1.0) * (m.sensor_tau_s * s + 1.0))
    derivative = g.derivative_s * s / (1.0 + g.derivative_s * s / derivative_filter)
    loop = plant * g.gain_pct_per_k * (1.0 + 1.0 / (g.integral_s * s) + derivative)
    return float(np.max(np.abs(1.0 / (1.0 + loop))))


def gentle(m: RoomModel, temperature_c: float, derivative_filter: float = 5.0, ms_max: float = MS_MAX) -> tuple[Gains, float]:
    """SIMC gains, slowed until the margin is kept and noise is bearable. Returns the gains and their Ms."""
    p = process_at(m, temperature_c)
    closed = p.dead_s
    while True:
        g = simc(p, closed)
        ms = sensitivity_peak(m, g, derivative_filter, temperature_c)
        quiet = g.gain_pct_per_k * (1.0 + derivative_filter) <= NOISE_GAIN_PCT_K
        if (ms <= ms_max and quiet) or closed > 10.0 * p.dead_s:
            return g, ms
        closed *= 1.1
