"""How the room goes on: with the valve full open, with it shut, or held; and the nitrogen of each. By the room as its observer sees it.

The unknown heat falls while the valve is shut: fans and fresh air stand still, insulation and fittings warm up along. Cooled again, part
of it is back at once. Explicit steps of a few seconds: the quickest pole of a room is that of its gas, about 45 s.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from control.room_model import AMBIENT_K, Room, RoomModel, cooling_j_kg

LONGEST_S = 7200.0
STEP_S = 2.0
REST_STEP_S = 10.0

SETTLES_S = 600.0  # the valve shut for so long: what the last session left is gone from the estimate
RETURNS = 0.65  # share of the fallen heat that a re-cool meets; the rest is insulation that took hours. Found on the simulated plants


class Stretch(NamedTuple):
    """``s``: how long; ``room``: at its end; ``kg``: nitrogen asked for on the way."""

    s: float
    room: Room
    kg: float


def returning_w(now_w: float, held_w: float | None) -> float:
    """Unknown heat that a re-cool meets, W: ``now_w`` as observed with the valve shut, ``held_w`` while the room was held cold."""
    return now_w if held_w is None else now_w + RETURNS * (held_w - now_w)


def cool(m: RoomModel, room: Room, to_k: float, full: float) -> Stretch:
    """With the valve ``full`` open (feed, 0 to 1) until the sensor says ``to_k`` or LONGEST_S are over; and the nitrogen for it."""
    gas, liner, feed, sensor = room.gas_k, room.liner_k, room.feed, room.sensor_k
    keep_feed, keep_sensor = math.exp(-STEP_S / m.feed_tau_s), math.exp(-STEP_S / m.sensor_tau_s)
    t = 0.0
    while sensor > to_k and t < LONGEST_S:
        told = full if t >= m.dead_s else 0.0
        heat = m.liner_w_k * (liner - gas) + room.heat_w - feed * m.feed_kg_s * cooling_j_kg(gas)
        feed = told + (feed - told) * keep_feed
        liner += STEP_S * (m.liner_w_k * (gas - liner) + m.loss_w_k * (AMBIENT_K - liner)) / m.liner_j_k
        after = gas + STEP_S * heat * gas / m.gas_j
        middle = 0.5 * (gas + after)
        sensor = middle + (sensor - middle) * keep_sensor
        gas = after
        t += STEP_S
    return Stretch(t, Room(gas, liner, feed, sensor, room.heat_w), t * full * m.feed_kg_s)


def rest(m: RoomModel, room: Room, seconds: float, floor_k: float | None, fall_w: float = 0.0) -> list[Stretch]:
    """Valve shut, from now on every REST_STEP_S; from ``floor_k`` on held there (None: never).

    ``fall_w``: by how much less the unknown heat is while the valve is shut.
    """
    gas, liner, feed, sensor = room.gas_k, room.liner_k, room.feed, room.sensor_k
    keep_feed, keep_sensor = math.exp(-REST_STEP_S / m.feed_tau_s), math.exp(-REST_STEP_S / m.sensor_tau_s)
    t, kg = 0.0, 0.0
    out = [Stretch(t, room, kg)]
    while t < seconds:
        held = floor_k is not None and gas >= floor_k
        load_w = m.liner_w_k * (liner - gas) + room.heat_w - (0.0 if held else fall_w)
        if held:
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
        out.append(Stretch(t, Room(gas, liner, feed, sensor, room.heat_w - fall_w), kg))
    return out
