"""What others would use: a thermostat, simple-pid as published, and the window idea of kiln controllers (rebuilt, not copied)."""

from __future__ import annotations

from simple_pid import PID

from bench.regulation.scenario import PERIOD_S, Seen
from control.tuning import Gains


class Thermostat:
    name = "on/off ±1 K"

    def __init__(self) -> None:
        self._pct = 0.0

    def step(self, seen: Seen) -> float:
        if seen.measured_c > seen.setpoint_c + 1.0:
            self._pct = 100.0
        elif seen.measured_c < seen.setpoint_c - 1.0:
            self._pct = 0.0
        return self._pct


class SimplePid:
    def __init__(self, gains: Gains, name: str) -> None:
        self.name = name
        k, ti, td = gains.gain_pct_per_k, gains.integral_s, gains.derivative_s
        self._pid = PID(-k, -k / ti, -k * td, setpoint=0.0, sample_time=None, output_limits=(0.0, 100.0))

    def step(self, seen: Seen) -> float:
        self._pid.setpoint = seen.setpoint_c
        return float(self._pid(seen.measured_c, dt=PERIOD_S) or 0.0)


class KilnWindow:
    """Full on above the window, off below it, PID inside."""

    name = "kiln style, 5 K window"

    def __init__(self, gains: Gains) -> None:
        self._g = gains
        self._sum = 0.0
        self._last = 0.0

    def step(self, seen: Seen) -> float:
        error = seen.measured_c - seen.setpoint_c
        last, self._last = self._last, error
        if abs(error) > 5.0:
            return 100.0 if error > 0.0 else 0.0
        g = self._g
        self._sum += g.gain_pct_per_k / g.integral_s * error * PERIOD_S
        return min(100.0, max(0.0, g.gain_pct_per_k * (error + g.derivative_s * (error - last) / PERIOD_S) + self._sum))
