"""Piece: what automatic tuning finds on the random plants, against what they really are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bench.regulation.columns import packed, rounded
from bench.regulation.commissioning import SETPOINT_C, Commissioned
from control.room_model import ZERO_C_K, cooling_j_kg

if TYPE_CHECKING:
    from bench.regulation.work import Work

_AIR_J_K = 101325.0 * 0.0289 / 8.314 * 1015.0
_HOLD_OPENING = 0.2


class Tuned(NamedTuple):
    """``*_error``: found less true; of the slope as a share. ``dead_std_s`` as the identification tells it. ``refused``: why, None: not."""

    relay_s: float
    excursion_k: float
    slope_error: float
    dead_error_s: float
    dead_std_s: float
    lags_error_s: float
    refused: str | None


def slope_error(c: Commissioned) -> float:
    """How far the slope found (K/s for a per cent of valve, near where it holds) is from the true plant's, as a share."""
    p, m, gas = c.parameters, c.identified.model, SETPOINT_C + ZERO_C_K
    true = p.feed_kg_s * cooling_j_kg(gas) / (_AIR_J_K * p.volume_m3 / gas) * (1.0 + p.quick_opening * (1.0 - 2.0 * _HOLD_OPENING))
    found = m.feed_kg_s * cooling_j_kg(gas) / (m.gas_j / gas) * (1.0 + m.quick_opening * (1.0 - 2.0 * _HOLD_OPENING))
    return found / true - 1.0


def tuned(c: Commissioned) -> Tuned:
    p, found, m = c.parameters, c.identified, c.identified.model
    lags = m.dead_s + m.feed_tau_s + m.sensor_tau_s - (p.dead_s + p.valve_tau_s + p.evaporator_tau_s + p.sensor_tau_s)
    refused = c.gate or found.refused
    return Tuned(c.relay_s, c.excursion_k, slope_error(c), found.pure_dead_s - p.dead_s, found.pure_dead_std_s, lags, refused)


def play(work: Work) -> dict[str, Any]:
    rows = packed(tuned(c) for c in work.found)
    return {"plants": rows, "identification_cpu_s": rounded(work.commissioning_s)}
