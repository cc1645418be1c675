"""The classical Runge-Kutta step on vectors, for the devices that are integrated by it."""

from __future__ import annotations

from simulator.compiled import Vector, compiled


@compiled
def gather(stage: int, h: float, now: Vector, at: Vector, slope: Vector, total: Vector) -> None:
    """Take up the slope found at ``at`` in ``stage`` 0 to 3 of a step of ``h`` s that began at ``now``; both are left where next to look.

    After the last stage ``now`` and ``at`` are the new state. One stage a call, so that the equations stand in the loop once:
    the compiler would otherwise write them out four times.
    """
    n = len(now)
    if stage == 3:
        for i in range(n):
            now[i] += h / 6.0 * (total[i] + slope[i])
            at[i] = now[i]
        return
    weight = 1.0 if stage == 0 else 2.0
    ahead = h if stage == 2 else 0.5 * h
    for i in range(n):
        total[i] = (total[i] if stage > 0 else 0.0) + weight * slope[i]
        at[i] = now[i] + ahead * slope[i]
