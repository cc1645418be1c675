"""Extended Kalman filter on the room model: what the room does, and the heat nobody announced.

It is told where the valve really was, not where it was asked to go. While the door is open the gas temperature is trusted
less, so that the door's gust is not taken for a lasting load.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from control.linear import Matrix, transition
from control.room_model import AMBIENT_K, VAPOUR_J_KGK, ZERO_C_K, Room, RoomModel, advance, cooling_j_kg, delayed, opening_to_feed

PERIOD_S = 1.0
_GRID_K = 5.0
_GAS_NOISE_K = 0.02  # K per √s
_FEED_NOISE = 0.004
_SENSOR_NOISE_K = 0.1
_HEAT_NOISE_W = 74.0  # W per √s: how fast the unknown load may wander
_DOOR_DOUBT = 1.05  # share of the door's load taken as unknown
_MEMORY_S = 60.0
_ERROR_MAX_K = 10.0  # one sample never moves the estimate further than an innovation of this size
COLDEST_K, WARMEST_K = 80.0, 330.0


class Observed(NamedTuple):
    """``covariance``: five by five, row by row, as raw float64: equal states compare equal, and nothing can be changed in place.

    ``sent``: feed asked for, oldest first. ``surprise``: mean square of the normalised innovation over a minute, 1 expected.
    """

    room: Room
    covariance: bytes
    sent: tuple[float, ...]
    surprise: float = 1.0


def begin(m: RoomModel, measured_c: float, period_s: float = PERIOD_S) -> Observed:
    """Everything at the measured temperature, valve shut."""
    t = measured_c + ZERO_C_K
    steps = int(m.dead_s / period_s) + 2
    return Observed(Room(t, t, 0.0, t, 1000.0), np.diag([1.0, 25.0, 0.01, 0.5, 1e6]).tobytes(), (0.0,) * steps)


@lru_cache(maxsize=512)
def _transition(m: RoomModel, grid: int, period_s: float) -> tuple[Matrix, Matrix]:
    t = grid * _GRID_K
    c_gas = m.gas_j / t
    a = np.zeros((5, 5))
    a[0] = [
        -(m.liner_w_k + VAPOUR_J_KGK * m.feed_kg_s) / c_gas,
        m.liner_w_k / c_gas,
        -m.feed_kg_s * cooling_j_kg(t) / c_gas,
        0.0,
        1.0 / c_gas,
    ]
    a[1, :2] = [m.liner_w_k / m.liner_j_k, -(m.liner_w_k + m.loss_w_k) / m.liner_j_k]
    a[2, 2] = -1.0 / m.feed_tau_s
    a[3, 0], a[3, 3] = 1.0 / m.sensor_tau_s, -1.0 / m.sensor_tau_s
    step = transition(a * period_s)
    noise = np.diag([_GAS_NOISE_K**2, _GAS_NOISE_K**2, _FEED_NOISE**2, 1e-6, _HEAT_NOISE_W**2]) * period_s
    return step, noise


def prepare(m: RoomModel, period_s: float = PERIOD_S) -> None:
    """Compute every transition there can be, so that none is computed in a scan."""
    for grid in range(round(COLDEST_K / _GRID_K), round(WARMEST_K / _GRID_K) + 1):
        _transition(m, grid, period_s)


def known_heat_w(m: RoomModel, gas_k: float, persons: int, *, door: bool) -> float:
    return persons * m.person_w + (m.door_w_k * max(0.0, AMBIENT_K - gas_k) if door else 0.0)


def observe(
    m: RoomModel, o: Observed, measured_c: float | None, actual_pct: float, persons: int, *, door: bool, period_s: float = PERIOD_S
) -> Observed:
    """One period on: ``actual_pct`` is where the valve stood during it. Without a measurement the model runs alone."""
    sent = (*o.sent[:-1], opening_to_feed(m, min(max(actual_pct, 0.0), 100.0) / 100.0))
    gas = o.room.gas_k
    known = known_heat_w(m, gas, persons, door=door)
    told = delayed(sent, m.dead_s, period_s)
    half = advance(m, o.room, told, known, period_s / 2.0)
    room = advance(m, half, told, known, period_s / 2.0)
    step, noise = _transition(m, round(min(max(gas, COLDEST_K), WARMEST_K) / _GRID_K), period_s)
    p: Matrix = step @ np.frombuffer(o.covariance).reshape(5, 5) @ step.T + noise
    if door:
        p[0, 0] += (_DOOR_DOUBT * m.door_w_k * (AMBIENT_K - gas) * gas / m.gas_j) ** 2 * period_s
    surprise = o.surprise
    if measured_c is not None:
        with_sensor: list[float] = p[:, 3].tolist()
        variance = with_sensor[3] + _SENSOR_NOISE_K**2
        error = min(max(measured_c + ZERO_C_K - room.sensor_k, -_ERROR_MAX_K), _ERROR_MAX_K)
        if not door:
            surprise += (error * error / variance - surprise) * period_s / _MEMORY_S
        gain = [c / variance for c in with_sensor]
        room = Room(
            min(max(room.gas_k + gain[0] * error, COLDEST_K), WARMEST_K),
            room.liner_k + gain[1] * error,
            min(max(room.feed + gain[2] * error, 0.0), 1.2),
            room.sensor_k + gain[3] * error,
            room.heat_w + gain[4] * error,
        )
        p -= np.array(gain)[:, None] * p[3]
    return Observed(room, p.tobytes(), (*sent[1:], sent[-1]), surprise)
