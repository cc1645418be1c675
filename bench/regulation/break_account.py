"""Piece: where the nitrogen of a break goes on the project's own plant: held cold, valves shut with the air moving, valves shut with it standing.

Plant, regulators and the supervisor's own decision when to cool again; a cold hour before, half an hour of holding after, nobody there.
What comes in from outside is summed on the plant itself: through the walls, with the fresh air, from the fans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bench.regulation.columns import packed
from control import ready_time
from control.day_plan import MARGIN_S, READY_WITHIN_K
from control.lqr import Ahead
from control.observer import observe
from control.pid import OFF
from control.regulate import Seen, advance_law, begin
from control.state import Loop, ReadyTime
from cryochamber.config import load_profile
from simulator.gas import CP_AIR, KELVIN
from simulator.parameters import load
from simulator.plant import Actuators, Plant
from simulator.precool import precooled_state
from simulator.thermal import FOAM_NODES, NITROGEN, T_MAIN, T_PRE, T_ROOM, WALL_MAIN, WALL_PRE

if TYPE_CHECKING:
    from bench.regulation.work import Work

SET_C = (-110.0, -60.0)
BEFORE_S, AFTER_S = 3600, 1800


class Account(NamedTuple):
    """``kg`` of nitrogen and heat in kWh, from the begin of the break until AFTER_S past its end; ``error_k`` at its end."""

    break_s: int
    way: str
    kg: float
    walls: float
    fresh: float
    fans: float
    error_k: float


def _watched(loop: Loop, seen: Seen) -> Loop:
    """The valve stays shut; the observer goes on."""
    m, o = loop.model, loop.observed
    if m is None or o is None:
        raise ValueError("a model of the room is needed")
    return loop._replace(observed=observe(m, o, seen.measured_c, seen.actual_pct or 0.0, 0, door=False), terms=OFF, mode="off")


class _Chamber:
    def __init__(self) -> None:
        self.p, self.profile = load("walk-in-two-room"), load_profile("walk-in-two-room")
        if self.profile.regulator_pre is None:
            raise ValueError("a chamber of two rooms is needed")
        self.plant = Plant(self.p, precooled_state())
        self.laws = (self.profile.regulator_main, self.profile.regulator_pre)
        self.loops: tuple[Loop, Loop] = (begin(self.laws[0]), begin(self.laws[1]))
        self.heat = [0.0, 0.0, 0.0]  # J: walls, fresh, fans

    @property
    def main_c(self) -> float:
        return self.plant.y[T_MAIN] - KELVIN

    def second(self, *, shut: bool, still: bool) -> None:
        y, plant = self.plant.y, self.plant
        at = (y[T_MAIN] - KELVIN, y[T_PRE] - KELVIN)
        seen = [Seen(c, 100.0 * v, 0, False, 1.0, Ahead()) for c, v in zip(at, (plant.valve_main, plant.valve_pre), strict=True)]
        loops = zip(self.loops, self.laws, SET_C, seen, strict=True)
        if shut:
            self.loops = (_watched(self.loops[0], seen[0]), self.loops[1]._replace(terms=OFF, mode="off"))
            asked = (0.0, 0.0)
        else:
            main, pre = (advance_law(loop, law, set_c, s, hold=False) for loop, law, set_c, s in loops)
            self.loops, asked = (main, pre), (main.terms.output_pct, pre.terms.output_pct)
        air = not (shut and still)
        for _ in range(10):
            plant.advance(Actuators(xv_401=True, valve_main=asked[0], valve_pre=asked[1], recirculation=air, fresh_air=air))
        self._count(air)

    def _count(self, air: bool) -> None:
        y, p = self.plant.y, self.p
        for room, wall, gas in ((p.main, WALL_MAIN, T_MAIN), (p.pre, WALL_PRE, T_PRE)):
            film = 1.0 / (1.0 / p.wall.outside_w_m2k + room.foam_m / FOAM_NODES / (2.0 * p.wall.foam_w_mk))
            self.heat[0] += room.wall_area_m2 * film * (y[T_ROOM] - y[wall + FOAM_NODES]) + room.bridge_w_k * (y[T_ROOM] - y[gas])
        if air:
            self.heat[1] += p.air.fresh_kg_s * CP_AIR * (1.0 - p.air.fresh_recovery) * (y[T_ROOM] - y[T_MAIN])
            self.heat[2] += p.main.fan_w + p.pre.fan_w


def account(case: tuple[int, str]) -> Account:
    """Length of the break in s, and one of WAYS. Deterministic."""
    break_s, way = case
    c = _Chamber()
    r = ReadyTime()
    for k in range(BEFORE_S):
        c.second(shut=False, still=False)
        o = c.loops[0].observed
        r = ready_time.tracked(r, c.loops[0].model, c.main_c, float(k))
        r = ready_time.held(r, o.room.heat_w) if o is not None and k > BEFORE_S / 2 and k % 5 == 0 else r
    kg, c.heat = c.plant.y[NITROGEN], [0.0, 0.0, 0.0]
    shut, still = way != "held", way == "air still"
    error_k = 0.0
    for t in range(break_s + AFTER_S):
        r = ready_time.tracked(r, c.loops[0].model, c.main_c, float(BEFORE_S + t))
        if shut and t % 10 == 0:
            takes = ready_time.from_rest_s(r, c.loops[0], c.laws[0], SET_C[0] + READY_WITHIN_K, c.main_c, still=still)
            shut = t + takes + MARGIN_S < break_s
        c.second(shut=shut, still=still)
        if t == break_s:
            error_k = c.main_c - SET_C[0]
    walls, fresh, fans = (j / 3.6e6 for j in c.heat)
    return Account(break_s, way, c.plant.y[NITROGEN] - kg, walls, fresh, fans, error_k)


WAYS = ("held", "air moving", "air still")
BREAKS_S = (5400, 7200)


def play(work: Work) -> dict[str, Any]:
    return packed(work.map(account, [(s, way) for s in BREAKS_S for way in WAYS]))
