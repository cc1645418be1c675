"""Linear-quadratic law on the observed room, scheduled over temperature, with preview of the announced door.

u = u_ss - K x - sum_i g_i w_i: u_ss carries the load that lasts (offset-free through the observer's unknown heat), x is the
deviation predicted to the moment the valve takes effect, w_i the load of door and guests to come i periods after that.

What the door brings is more than any valve can carry, so the sum asks for full feed long before it. How early is decided by the
room, not by the sum: it waits until the feed it asks for leaves the room within ``PRECOOL_K`` up to the opening of the door.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from control import observer
from control.linear import riccati, transition
from control.observer import PERIOD_S, Observed, known_heat_w
from control.room_model import VAPOUR_J_KGK, ZERO_C_K, Room, RoomModel, advance, cooling_j_kg, delayed, feed_to_opening

_GRID_K = 5.0
_COLDEST_K, _WARMEST_K = 85.0, 300.0
_EFFORT = 22.0  # K² for a full change of feed: larger is calmer
_PREVIEW = 120  # periods
PRECOOL_K = 1.0  # H-09: never colder than this below the set point for the sake of a door that is still shut
LEAST_MOVE_PCT = 2.0  # H-07: smaller moves wear the valve and do nothing; never for shut or full


class Ahead(NamedTuple):
    """What is announced: how long the door stays open, in how many seconds it will be released and for how long, and how many people
    are inside after it (None: as many as now)."""

    door_left_s: float = 0.0
    door_in_s: float | None = None
    door_for_s: float = 10.0
    persons: int | None = None


class _Gains(NamedTuple):
    on_gas: float
    on_feed: float
    reach: tuple[float, ...]  # sum of the first i gains of the preview


@lru_cache(maxsize=512)
def _gains(m: RoomModel, grid: int, period_s: float) -> _Gains:
    t = grid * _GRID_K
    c_gas = m.gas_j / t
    a = np.array(
        [[-(m.liner_w_k + VAPOUR_J_KGK * m.feed_kg_s) / c_gas, -m.feed_kg_s * cooling_j_kg(t) / c_gas], [0.0, -1.0 / m.feed_tau_s]]
    )
    inputs = np.array([[0.0, 1.0 / c_gas], [1.0 / m.feed_tau_s, 0.0]])
    block = np.zeros((4, 4))
    block[:2, :2], block[:2, 2:] = a, inputs
    step = transition(block * period_s)
    ad, bd, ed = step[:2, :2], step[:2, 2:3], step[:2, 3]
    weight, effort = np.diag([1.0, 0.0]), np.array([[_EFFORT]])
    x = riccati(ad, bd, weight, effort)
    inverse = np.linalg.inv(effort + bd.T @ x @ bd)
    k = (inverse @ bd.T @ x @ ad)[0]
    closed = ad - bd @ k[None, :]
    v = x @ ed
    reach = [0.0]
    for _ in range(_PREVIEW):
        reach.append(reach[-1] + float((inverse @ bd.T @ v)[0]))
        v = closed.T @ v
    return _Gains(float(k[0]), float(k[1]), tuple(reach))


def prepare(m: RoomModel, period_s: float = PERIOD_S) -> None:
    """Compute every gain and transition there can be, so that none is computed in a scan. Raises numpy.linalg.LinAlgError if one cannot."""
    observer.prepare(m, period_s)
    for grid in range(round(_COLDEST_K / _GRID_K), round(_WARMEST_K / _GRID_K) + 1):
        _gains(m, grid, period_s)


def _preview(m: RoomModel, g: _Gains, room: Room, share: float, persons: int, ahead: Ahead, least_k: float, period_s: float) -> float:
    """Feed on top of ``share`` for what is announced; ``room``: as it will be when the valve takes effect."""

    def reach(to_s: float) -> float:
        return g.reach[min(max(math.ceil((to_s - m.dead_s) / period_s), 0), _PREVIEW)]

    door_w = known_heat_w(m, room.gas_k, 0, door=True)
    extra = -door_w * reach(ahead.door_left_s)
    opens = ahead.door_in_s
    if opens is None:
        return extra
    change_w = 0.0 if ahead.persons is None else (ahead.persons - persons) * m.person_w
    extra -= door_w * (reach(opens + ahead.door_for_s) - reach(opens)) + change_w * (g.reach[-1] - reach(opens))
    left_s = opens - m.dead_s
    if extra <= 0.0 or left_s <= 0.0:
        return extra
    return 0.0 if _too_cold(m, room, min(share + extra, 1.0), persons, left_s, least_k, period_s) else extra


def _too_cold(m: RoomModel, room: Room, share: float, persons: int, left_s: float, least_k: float, period_s: float) -> bool:
    """Whether the room falls below ``least_k`` within ``left_s`` if the feed stays at ``share``."""
    for _ in range(math.ceil(left_s / period_s)):
        room = advance(m, room, share, known_heat_w(m, room.gas_k, persons, door=False), period_s)
        if room.gas_k < least_k:
            return True
    return False


def law(
    m: RoomModel,
    o: Observed,
    setpoint_c: float,
    last_pct: float,
    persons: int,
    ahead: Ahead,
    *,
    valve_max_pct: float = 100.0,
    period_s: float = PERIOD_S,
) -> float:
    """Valve demand in % for the coming period."""

    def door_at(later_s: float) -> bool:
        if later_s < ahead.door_left_s:
            return True
        return ahead.door_in_s is not None and ahead.door_in_s <= later_s < ahead.door_in_s + ahead.door_for_s

    room, steps = o.room, int(m.dead_s / period_s)
    for i in range(steps):
        told = delayed(o.sent[: len(o.sent) - steps + i] or o.sent[:1], m.dead_s - steps * period_s, period_s)
        room = advance(m, room, told, known_heat_w(m, room.gas_k, persons, door=door_at(i * period_s)), period_s)
    wanted_k = setpoint_c + ZERO_C_K
    g = _gains(m, round(min(max(room.gas_k, _COLDEST_K), _WARMEST_K) / _GRID_K), period_s)
    lasting = room.heat_w + persons * m.person_w
    steady = (m.liner_w_k * (room.liner_k - wanted_k) + lasting) / (m.feed_kg_s * cooling_j_kg(wanted_k))
    share = steady - g.on_gas * (room.gas_k - wanted_k) - g.on_feed * (room.feed - steady)
    if ahead.door_left_s > 0.0 or ahead.door_in_s is not None:
        share += _preview(m, g, room, share, persons, ahead, wanted_k - PRECOOL_K, period_s)
    pct = min(max(100.0 * feed_to_opening(m, min(max(share, 0.0), 1.0)), 0.0), valve_max_pct)
    if abs(pct - last_pct) < LEAST_MOVE_PCT and 0.0 < pct < valve_max_pct:
        return last_pct
    return pct
