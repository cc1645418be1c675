"""When the rooms will be ready: looked at every few seconds while they cool.

A precool and a re-cool out of a set-back are foretold when they begin and corrected on the way (``control.descent``); a re-cool after
guests follows the room as observed. A room without a model has its last precools: what was left at the same temperature then, times
how fast this one goes.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from chamber.profile import Regulator
from control import metered
from control.descent import FOLLOW_S, begin, belief_data, follow, over, read_belief, standing, takes_s, unknown
from control.forecast import cool, returning_w
from control.room_model import ZERO_C_K, RoomModel, opening_to_feed
from control.state import Curve, Loop, ReadyTime

LOOK_S = 5.0
STEADY_S = 10.0  # READY is told after so long in the band
WITHOUT_MODEL_K_S = 2.0 / 60.0  # slower than the last part of a precool of the simulated plant
LONGEST_S = 7200.0
LEVEL_K = 2.5
KEPT = 3
PACE_S = 600.0  # how fast it goes is judged over so long
FIRST_S = 60.0  # but not over the time until the first nitrogen arrives
DOUBT_S = 60.0  # weight of "as fast as the last time"
FALLS_SHARE, FALLS_MOST = 0.5, 0.75  # of the heat while held; with these the simulated saving is foretold within a third, within a tenth
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
    """The same out of a set-back or out of the warm; ``still``: the valve is shut, and has been for a while."""
    if r.belief is None or r.body is None or measured_c is None:
        return recool_s(loop, p, to_c, measured_c)
    feed = 0.0 if still or loop.observed is None else loop.observed.room.feed
    return takes_s(r.belief, r.body, measured_c + ZERO_C_K, to_c + ZERO_C_K, full_feed(loop, p), feed)


def _met(r: ReadyTime, loop: Loop) -> Loop:
    """The room with the unknown heat that the cooling meets."""
    o = loop.observed
    return loop if o is None else loop._replace(observed=o._replace(room=o.room._replace(heat_w=returning_w(o.room.heat_w, r.held_w))))


def tracked(r: ReadyTime, m: RoomModel | None, measured_c: float | None, now_s: float, *, found_here: bool = False) -> ReadyTime:
    """What is behind the gas follows the measured temperature, whatever the chamber does; a new model has everything to learn.
    ``found_here``: it was identified on this chamber."""
    if m is None or measured_c is None or (r.body is not None and now_s < r.body_s + FOLLOW_S):
        return r
    gas_k = measured_c + ZERO_C_K
    if r.belief is None or r.belief.of != m:
        r = r._replace(belief=unknown(m, found_here=found_here), body=None, descent=None)
    body = standing(gas_k) if r.body is None or r.belief is None else follow(r.belief, r.body, gas_k, now_s - r.body_s)
    return r._replace(body=body, body_s=now_s)


def begun(r: ReadyTime, loop: Loop, p: Regulator, to_c: float, measured_c: float | None, now_s: float, *, still: bool) -> ReadyTime:
    """The valve opens for the way down to ``to_c``; ``still``: it was shut, and the coil is as warm as the room."""
    if r.belief is None or r.body is None or measured_c is None:
        return r
    feed = 0.0 if still or loop.observed is None else loop.observed.room.feed
    return r._replace(descent=begin(r.belief, r.body, measured_c + ZERO_C_K, to_c + ZERO_C_K, full_feed(loop, p), feed, now_s))


def flow_share(m: RoomModel | None, p_pre: Regulator | None, flow_kg_h: float | None, opening: float, opening_pre: float) -> float | None:
    """What the flow meter says against what the valves, 0 to 1, should let through; see ``metered.share``. None: nothing of use."""
    if m is None:
        return None
    full_kg_h = 3600.0 * m.feed_kg_s
    pre_kg_h = 0.0 if p_pre is None else p_pre.full_flow_kg_h * opening_pre
    return metered.share(flow_kg_h, full_kg_h * opening_to_feed(m, opening), pre_kg_h, metered.LEAST_OPEN * full_kg_h)


def new_meter(r: ReadyTime) -> ReadyTime:
    """Another flow meter: the next way down has to show what it says."""
    return r if r.belief is None else r._replace(belief=r.belief._replace(metered=None))


def arrived(r: ReadyTime, now_s: float) -> ReadyTime:
    """READY: what the way down has taught is kept."""
    d = r.descent
    return r if d is None else r._replace(belief=over(d, now_s - d.began_s - STEADY_S), descent=None)


def fall_w(r: ReadyTime) -> float:
    """By how much less heat comes in while the valves are shut, W; until a set-back has shown it, a cautious share.

    Bounded: part of what the observer sees fall is stored in insulation and comes back.
    """
    held_w = max(0.0, r.held_w or 0.0)
    return FALLS_SHARE * held_w if r.fall_w is None else min(r.fall_w, FALLS_MOST * held_w)


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


def precool_s(r: ReadyTime, setpoint_c: float, measured_c: float, now_s: float) -> float | None:
    """What is left of a precool of a room without a model, s, by earlier ones; None: there was none."""
    then = left_then_s(r.curves, setpoint_c, measured_c)
    if then is None:
        return None
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


def learned_data(r: ReadyTime) -> dict[str, Any]:
    """What is learned, as the data of an event."""
    curves = [{"setpoint_c": c.setpoint_c, "points": [list(p) for p in c.points]} for c in r.curves]
    return {"curves": curves} if r.belief is None else {"curves": curves, "belief": belief_data(r.belief)}


def read_learned(data: Mapping[str, Any] | None) -> ReadyTime:
    """The same from the last event told; nothing if there is none. A belief about another model is dropped when the room is looked at."""
    found: list[dict[str, Any]] = [] if data is None else data["curves"]
    curves = tuple(Curve(float(c["setpoint_c"]), tuple((float(t), float(s)) for t, s in c["points"])) for c in found)
    return ReadyTime(curves=curves, belief=read_belief(data))
