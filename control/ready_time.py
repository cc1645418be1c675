"""When the rooms will be ready: looked at every few seconds while they cool, by the room's forecast and by earlier times.

A re-cool after a door follows the room as observed; one out of a set-back is foretold once, when it begins. A precool out of the warm
begins with supply line and coil still warm, which the room model does not know; the last precools of this device do: what was left at
the same temperature then, times how fast this one goes.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from chamber.profile import Regulator
from control.forecast import cool, descent, returning_w
from control.room_model import ZERO_C_K, opening_to_feed
from control.state import Curve, Loop, ReadyTime, Recool

LOOK_S = 5.0
STEADY_S = 10.0  # READY is told after so long in the band
WITHOUT_MODEL_K_S = 2.0 / 60.0  # slower than the last part of a precool of the simulated plant
LONGEST_S = 7200.0
LEVEL_K = 2.5
KEPT = 3
PACE_S = 600.0  # how fast it goes is judged over so long
FIRST_S = 60.0  # but not over the time until the first nitrogen arrives
DOUBT_S = 60.0  # weight of "as fast as the last time"
POINTS_EVERY = 3  # of the forecast's steps
FALLS_SHARE, FALLS_MOST = 0.5, 0.75  # of the heat while held; with these the simulated saving is foretold within a third, within a tenth
LEARNS, SLOWER_MAX, TEACHES_S = 0.5, 1.25, 240.0
FALLS_S, RISES_S = 120.0, 600.0  # how the heat of the held room is followed
LEAST_K = 60.0  # a precool that began less warm teaches nothing


def recool_s(loop: Loop, p: Regulator, to_c: float, measured_c: float | None) -> float:
    """How long the room takes to ``to_c`` with the valve as far open as it may be; by the observed room, else by a slow rate."""
    if measured_c is None:
        return LONGEST_S
    if loop.model is None or loop.observed is None:
        return max(0.0, measured_c - to_c) / WITHOUT_MODEL_K_S
    return cool(loop.model, loop.observed.room, to_c + ZERO_C_K, full_feed(loop, p)).s


def after_door_s(r: ReadyTime, loop: Loop, p: Regulator, to_c: float, measured_c: float | None) -> float:
    """The same after guests: most of the heat they brought has gone with them."""
    return recool_s(_met(r, loop), p, to_c, measured_c)


def from_rest_s(r: ReadyTime, loop: Loop, p: Regulator, to_c: float, measured_c: float | None, *, still: bool) -> float:
    """The same out of a set-back, with what such re-cools have taught; ``still``: fans and fresh air stand, their heat comes on top."""
    met = _met(r, loop) if still else loop
    return recool_s(met, p, to_c, measured_c) * (1.0 if loop.model is None else r.slower)


def _met(r: ReadyTime, loop: Loop) -> Loop:
    """The room with the unknown heat that the cooling meets."""
    o = loop.observed
    return loop if o is None else loop._replace(observed=o._replace(room=o.room._replace(heat_w=returning_w(o.room.heat_w, r.held_w))))


def begin_recool(r: ReadyTime, loop: Loop, p: Regulator, to_c: float, now_s: float, *, still: bool) -> ReadyTime:
    """A set-back is over: foretold once, by the room before the air moves and the coil is cold; both mislead the observer for minutes."""
    met = _met(r, loop) if still else loop
    if met.model is None or met.observed is None:
        return r
    points = descent(met.model, met.observed.room, to_c + ZERO_C_K, full_feed(loop, p))
    return r._replace(recool=Recool(now_s, points[::POINTS_EVERY] + points[-1:], r.slower))


def fall_w(r: ReadyTime) -> float:
    """By how much less heat comes in while the valves are shut, W; until a set-back has shown it, a cautious share.

    Bounded: part of what the observer sees fall is stored in insulation and comes back.
    """
    held_w = max(0.0, r.held_w or 0.0)
    return FALLS_SHARE * held_w if r.fall_w is None else min(r.fall_w, FALLS_MOST * held_w)


def left_of_recool_s(r: Recool, measured_c: float, now_s: float) -> float:
    """What is left of it, s: by the clock at first, by the temperature at the end."""
    total, first_k, last_k = r.points[-1][0], r.points[0][1], r.points[-1][1]
    by_clock = max(0.0, total * r.slower - (now_s - r.began_s))
    sensor_k = measured_c + ZERO_C_K
    by_temperature = total - next((t for t, at_k in r.points if at_k <= sensor_k), total)
    way = (first_k - sensor_k) / max(1.0, first_k - last_k)
    share = min(max(way, 0.0), 1.0)
    return (1.0 - share) * by_clock + share * by_temperature


def recooled(r: ReadyTime, now_s: float) -> ReadyTime:
    """READY after a re-cool out of a set-back: half of what it took longer is kept for the next one."""
    if r.recool is None:
        return r
    foretold = r.recool.points[-1][0]
    if foretold < TEACHES_S:
        return r._replace(recool=None)
    slower = (now_s - STEADY_S - r.recool.began_s) / foretold
    return r._replace(recool=None, slower=min(max(r.slower + LEARNS * (slower - r.slower), 1.0 / SLOWER_MAX), SLOWER_MAX))


def held(r: ReadyTime, heat_w: float) -> ReadyTime:
    """One look at a room that is held cold. What guests leave behind is gone in minutes: the estimate falls soon and rises slowly."""
    if r.held_w is None:
        return r._replace(held_w=heat_w)
    return r._replace(held_w=r.held_w + LOOK_S / (FALLS_S if heat_w < r.held_w else RISES_S) * (heat_w - r.held_w))


def full_feed(loop: Loop, p: Regulator) -> float:
    """Feed with the valve as far open as it may be, 0 to 1."""
    return 1.0 if loop.model is None else opening_to_feed(loop.model, p.valve_max_pct / 100.0)


def left_then_s(curves: Sequence[Curve], setpoint_c: float, measured_c: float) -> float | None:
    """What was left at this temperature in the last precools to the same set point, s; None: there was none."""
    found = [_at(c, measured_c) for c in curves if c.setpoint_c == setpoint_c]
    return sum(found) / len(found) if found else None


def _at(curve: Curve, measured_c: float) -> float:
    """Along the curve, coldest first; beyond its ends straight on."""
    temps = [t for t, _ in curve.points]
    i = min(max(bisect_left(temps, measured_c), 1), len(temps) - 1)
    (t0, left0), (t1, left1) = curve.points[i - 1], curve.points[i]
    return max(0.0, left0 + (measured_c - t0) * (left1 - left0) / (t1 - t0))


def precool_s(r: ReadyTime, loop: Loop, p: Regulator, setpoint_c: float, band_k: float, measured_c: float, now_s: float) -> float | None:
    """What is left of a precool, s. Without an earlier one: by the room's forecast, which is some minutes off at first; None: unknown."""
    then = left_then_s(r.curves, setpoint_c, measured_c)
    if then is None:
        if loop.observed is None:
            return None
        return recool_s(loop, p, setpoint_c + band_k, measured_c) + STEADY_S
    began = r.marks[0][0] + FIRST_S if r.marks else now_s
    seen = [(t_s, t_c) for t_s, t_c in r.marks if t_s >= max(began, now_s - PACE_S)]
    if not seen:
        return then
    was = left_then_s(r.curves, setpoint_c, seen[0][1])
    took_then = 0.0 if was is None else max(0.0, was - then)
    return then * (now_s - seen[0][0] + DOUBT_S) / (took_then + DOUBT_S)


def learned(r: ReadyTime, setpoint_c: float, ready_s: float) -> ReadyTime:
    """A precool is over: keep it, if it came out of the warm."""
    if len(r.marks) < 2 or r.marks[0][1] - setpoint_c < LEAST_K:
        return r._replace(marks=())
    points: list[tuple[float, float]] = []
    level = math.inf
    for t_s, t_c in r.marks:
        if t_c <= level - LEVEL_K:
            level = t_c
            points.append((round(t_c, 1), round(ready_s - t_s)))
    curve = Curve(setpoint_c, tuple(reversed(points)))
    return r._replace(marks=(), curves=(*r.curves, curve)[-KEPT:])


def curves_data(curves: Sequence[Curve]) -> dict[str, Any]:
    """The curves as the data of an event."""
    return {"curves": [{"setpoint_c": c.setpoint_c, "points": [list(p) for p in c.points]} for c in curves]}


def read_curves(data: Mapping[str, Any] | None) -> tuple[Curve, ...]:
    """The curves from the last event told; none if there is none."""
    found: list[dict[str, Any]] = [] if data is None else data["curves"]
    return tuple(Curve(float(c["setpoint_c"]), tuple((float(t), float(s)) for t, s in c["points"])) for c in found)
