"""Before a model may regulate it has to prove itself: closed loop on rooms that differ from it as far as it may be wrong.

With a wrong dead time a model-based law limit-cycles where a PID never does. So the law, with the model as identified, is run on
rooms whose dead time, feed and gas differ from it; each has to come to rest. Takes about a tenth of a second, once a model.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from numpy.linalg import LinAlgError

from control import lqr, observer
from control.observer import PERIOD_S
from control.room_model import ZERO_C_K, Room, RoomModel, advance, delayed, opening_to_feed

TRIAL_S = 420
JUDGED_S = 150
REST_K = 0.5  # mean of the squares, at the end of a trial that began 10 K too warm
SIGMAS = 2.0
LEAST_DEAD_S = 1.0
FEED_SHARE = 0.2
GAS_SHARE = 0.2


class Verdict(NamedTuple):
    """``refused`` None: the model may regulate. ``worst_k``: largest rest of all trials."""

    refused: str | None
    worst_k: float


@lru_cache(maxsize=64)
def judge(m: RoomModel, dead_std_s: float, setpoint_c: float) -> Verdict:
    """Run every trial."""
    try:
        lqr.prepare(m)
    except LinAlgError as error:
        return Verdict(f"no law for this model: {error}", math.inf)
    off = max(LEAST_DEAD_S, SIGMAS * dead_std_s)
    trials = (
        ("as identified", m),
        (f"dead time {off:.1f} s longer", m._replace(dead_s=m.dead_s + off)),
        (f"dead time {min(off, m.dead_s):.1f} s shorter", m._replace(dead_s=max(0.0, m.dead_s - off))),
        ("feed 20 % stronger", m._replace(feed_kg_s=m.feed_kg_s * (1.0 + FEED_SHARE))),
        ("feed 20 % weaker", m._replace(feed_kg_s=m.feed_kg_s * (1.0 - FEED_SHARE))),
        ("gas 20 % lighter", m._replace(gas_j=m.gas_j * (1.0 - GAS_SHARE))),
    )
    worst = 0.0
    for name, room in trials:
        rest = _rest_k(m, room, setpoint_c)
        worst = max(worst, rest)
        if not rest <= REST_K:
            return Verdict(f"does not come to rest with {name}: {rest:.1f} K", rest)
    return Verdict(None, worst)


def _rest_k(m: RoomModel, true: RoomModel, setpoint_c: float) -> float:
    gas = setpoint_c + ZERO_C_K + 10.0
    room = Room(gas, gas - 5.0, 0.2, gas, 1500.0)
    seen = observer.begin(m, gas - ZERO_C_K)
    sent = (0.2,) * (int(true.dead_s / PERIOD_S) + 2)
    pct, squares = 20.0, 0.0
    for k in range(TRIAL_S):
        measured = round(room.sensor_k - ZERO_C_K, 1)
        seen = observer.observe(m, seen, measured, pct, 0, door=False)
        pct = lqr.law(m, seen, setpoint_c, pct, 0, lqr.Ahead())
        sent = (*sent[1:], opening_to_feed(true, pct / 100.0))
        room = advance(true, room, delayed(sent, true.dead_s, PERIOD_S), 0.0, PERIOD_S)
        if k >= TRIAL_S - JUDGED_S:
            squares += (room.gas_k - ZERO_C_K - setpoint_c) ** 2
    return math.sqrt(squares / JUDGED_S)
