"""Control valves: first-order drives with a spring, proportional or on/off, that wear: strokes are counted and stiction grows with them."""

from __future__ import annotations

import math

from simulator.parameters import ValveParameters

_SETTLED = 1e-4  # of full stroke
_CREEP = 2e-4  # of full stroke in a scan: slower, and stiction holds the stem again
_SWITCH_PCT = 50.0  # an on/off valve opens at this demand


class ControlValve:
    """Position as a fraction; ``travel`` in full strokes and ``openings`` since new; ``stuck`` and ``sticks`` are defects."""

    __slots__ = (
        "_close_gain",
        "_moving",
        "_on_off",
        "_open_gain",
        "_stiction",
        "_wear",
        "openings",
        "position",
        "sticks",
        "stuck",
        "travel",
    )

    def __init__(self, p: ValveParameters, dt_s: float) -> None:
        self._open_gain = 1.0 - math.exp(-dt_s / p.opening_tau_s)
        self._close_gain = 1.0 - math.exp(-dt_s / p.closing_tau_s)
        self._on_off = p.on_off > 0.5
        self._stiction, self._wear = p.stiction, p.stiction_per_stroke
        self._moving = False
        self.position = self.travel = 0.0
        self.openings = 0
        self.stuck: float | None = None
        self.sticks = 0.0  # more stiction than wear explains (a defect)

    @property
    def stiction(self) -> float:
        """How far, as a fraction of the stroke, the demand has to be away before the valve breaks loose."""
        return self._stiction + self.sticks + self._wear * self.travel

    def advance(self, demand_pct: float) -> float:
        """One scan; returns the position. The spring overcomes any stiction when the valve is driven shut."""
        if self.stuck is not None:
            target, gain = self.stuck, self._open_gain
        elif demand_pct == 0.0:
            target, gain = 0.0, self._close_gain
        elif self._on_off:
            target, gain = (1.0, self._open_gain) if demand_pct >= _SWITCH_PCT else (0.0, self._close_gain)
        else:
            target, gain = demand_pct / 100.0, self._open_gain
        away = target - self.position
        if -_SETTLED < away < _SETTLED:
            self._moving = False
            if target == 0.0 and self.position != 0.0:
                self.position = 0.0
            return self.position
        if not self._moving and target > 0.0 and abs(away) <= self._stiction + self.sticks + self._wear * self.travel:
            return self.position
        if self.position == 0.0:
            self.openings += 1
        moved = away * gain
        self._moving = not -_CREEP < moved < _CREEP
        self.position += moved
        self.travel += moved if moved > 0.0 else -moved
        return self.position
