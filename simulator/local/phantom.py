"""A gel phantom under a jet: a homogeneous slab without blood, as used to measure such devices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.compiled import compiled
from simulator.gas import KELVIN

Array = NDArray[np.float64]
CELLS = 60
CELL_M = 1e-3
CONDUCTIVITY, CAPACITY = 0.5, 3.7e6  # W/mK, J/m³K: gel of water, assumed
RADIATIVE_W_M2K = 5.0  # to the room, near room temperature


@compiled
def _step(t: Array, gas_k: float, film: float, room_k: float, dt_s: float) -> None:
    """One implicit step (Thomas algorithm) in place; the far face is insulated."""
    n = t.size
    g = CONDUCTIVITY / CELL_M
    store = CAPACITY * CELL_M / dt_s
    total = film + RADIATIVE_W_M2K
    outer = 1.0 / (1.0 / total + 0.5 * CELL_M / CONDUCTIVITY)
    diagonal = np.empty(n)
    diagonal[0] = store + outer + g
    t[0] = store * t[0] + outer * (film * gas_k + RADIATIVE_W_M2K * room_k) / total
    for i in range(1, n):
        last = i == n - 1
        factor = g / diagonal[i - 1]
        diagonal[i] = store + g + (0.0 if last else g) - factor * g
        t[i] = store * t[i] + factor * t[i - 1]
    t[n - 1] /= diagonal[n - 1]
    for i in range(n - 2, -1, -1):
        t[i] = (t[i] + g * t[i + 1]) / diagonal[i]


class Phantom:
    """Slab of 60 mm, insulated below, at ``start_c`` °C throughout."""

    def __init__(self, start_c: float) -> None:
        self._t = np.full(CELLS, start_c + KELVIN)
        self.surface_c = start_c

    def step(self, gas_k: float, film_w_m2k: float, room_k: float, dt_s: float) -> None:
        """Advance by ``dt_s`` under gas of the given temperature and film."""
        _step(self._t, gas_k, film_w_m2k, room_k, dt_s)
        total = film_w_m2k + RADIATIVE_W_M2K
        effective = (film_w_m2k * gas_k + RADIATIVE_W_M2K * room_k) / total
        inside = 2.0 * CONDUCTIVITY / CELL_M
        self.surface_c = float((inside * self._t[0] + total * effective) / (inside + total)) - KELVIN

    def depth_c(self, depth_m: float) -> float:
        """Temperature at a depth in °C."""
        return float(np.interp(depth_m, (np.arange(CELLS) + 0.5) * CELL_M, self._t)) - KELVIN
