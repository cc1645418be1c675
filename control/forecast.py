"""How the room goes on: with the valve full open, with it shut, or held; and the nitrogen of each. By the room as its observer sees it.

The unknown heat grows as the room gets colder, by what it was seen to fall while the room warmed up last (``load_w_k``): insulation and
fresh air are in it. Explicit steps of a few seconds: the quickest pole of a room is that of its gas, about 45 s.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from control.room_model import AMBIENT_K, Room, RoomModel, cooling_j_kg

LONGEST_S = 7200.0
STEP_S = 2.0
REST_STEP_S = 10.0


SETTLES_S = 600.0  # the valve shut for so long: what the last session left is gone from the estimate
SEEN_K = 5.0
RETURNS = 0.5  # of that: the rest is insulation that warms for hours and is not cold again within a re-cool
LOAD_MAX_W_K = 60.0  # of the chambers known: 10 to 35


class Stretch(NamedTuple):
    """``s``: how long; ``room``: at its end; ``kg``: nitrogen asked for on the way."""

    s: float
    room: Room
    kg: float


def load(first: Room, now: Room, before_w_k: float) -> float:
    """Slope of the unknown heat over the gas temperature between two moments, valve shut, W/K.

    ``before_w_k`` while too little is seen.
    """
    warmer = now.gas_k - first.gas_k
    if warmer < SEEN_K:
        return before_w_k
    return min(max(RETURNS * (first.heat_w - now.heat_w) / warmer, 0.0), LOAD_MAX_W_K)


def cool(m: RoomModel, room: Room, to_k: float, full: float, load_w_k: float = 0.0) -> Stretch:
    """Valve ``full`` open (feed, 0 to 1) until the sensor says ``to_k``; ends after LONGEST_S if it never does."""
    gas, liner, feed, sensor = room.gas_k, room.liner_k, room.feed, room.sensor_k
    keep_feed, keep_sensor = math.exp(-STEP_S / m.feed_tau_s), math.exp(-STEP_S / m.sensor_tau_s)
    t, kg = 0.0, 0.0
    while sensor > to_k and t < LONGEST_S:
        told = full if t >= m.dead_s else 0.0
        unknown = room.heat_w + load_w_k * (room.gas_k - gas)
        heat = m.liner_w_k * (liner - gas) + unknown - feed * m.feed_kg_s * cooling_j_kg(gas)
        feed = told + (feed - told) * keep_feed
        liner += STEP_S * (m.liner_w_k * (gas - liner) + m.loss_w_k * (AMBIENT_K - liner)) / m.liner_j_k
        after = gas + STEP_S * heat * gas / m.gas_j
        middle = 0.5 * (gas + after)
        sensor = middle + (sensor - middle) * keep_sensor
        gas = after
        kg += STEP_S * full * m.feed_kg_s
        t += STEP_S
    return Stretch(t, Room(gas, liner, feed, sensor, room.heat_w + load_w_k * (room.gas_k - gas)), kg)


def rest(m: RoomModel, room: Room, seconds: float, floor_k: float | None, load_w_k: float = 0.0) -> list[Stretch]:
    """Valve shut, from now on every REST_STEP_S; from ``floor_k`` on held there (None: never)."""
    gas, liner, feed, sensor = room.gas_k, room.liner_k, room.feed, room.sensor_k
    keep_feed, keep_sensor = math.exp(-REST_STEP_S / m.feed_tau_s), math.exp(-REST_STEP_S / m.sensor_tau_s)
    t, kg = 0.0, 0.0
    out = [Stretch(t, room, kg)]
    while t < seconds:
        unknown = room.heat_w + load_w_k * (room.gas_k - gas)
        load_w = m.liner_w_k * (liner - gas) + unknown
        if floor_k is not None and gas >= floor_k:
            feed = min(max(load_w / (m.feed_kg_s * cooling_j_kg(gas)), 0.0), 1.0)
            kg += REST_STEP_S * feed * m.feed_kg_s
            after = gas
        else:
            heat = load_w - feed * m.feed_kg_s * cooling_j_kg(gas)
            feed *= keep_feed
            after = gas + REST_STEP_S * heat * gas / m.gas_j
            after = after if floor_k is None else min(after, max(gas, floor_k))
        liner += REST_STEP_S * (m.liner_w_k * (gas - liner) + m.loss_w_k * (AMBIENT_K - liner)) / m.liner_j_k
        sensor = after + (sensor - after) * keep_sensor
        gas = after
        t += REST_STEP_S
        out.append(Stretch(t, Room(gas, liner, feed, sensor, unknown), kg))
    return out
