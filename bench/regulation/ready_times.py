"""Pieces: when will it be ready? Foretold against what came, on random plants with a history: precools out of the warm, of a night, of a drying,
re-cools out of rests; never seen before at first, then learned, then aged. As the supervisor foretells and learns it.

The claim is about the time shown from the first second on: how far it is off when it begins, at its worst on the way, and for how long before
READY it is within a minute for good.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bench.regulation.columns import packed
from bench.regulation.commissioning import Commissioned
from bench.regulation.flow_meter import FlowMeter
from bench.regulation.own_plant import OwnPlant
from bench.regulation.plant import STEP_S, Plant
from bench.regulation.scenario import PERIOD_S
from chamber.profile import Regulator
from control import descent, lqr, observer
from control.lqr import Ahead
from control.pid import OFF
from control.ready_time import LOOK_S, STEADY_S, arrived, begun, flow_share, tracked
from control.regulate import Seen, advance_law, begin
from control.room_model import ZERO_C_K, RoomModel
from control.state import Loop, ReadyTime
from cryochamber.config import load_profile
from simulator.gas import KELVIN
from simulator.parameters import PlantParameters, load
from simulator.plant import Actuators
from simulator.thermal import T_MAIN, T_PRE

if TYPE_CHECKING:
    from bench.regulation.work import Work

SETPOINT_C, BAND_K, GOOD_S = -110.0, 2.0, 60.0
OWN_PLANTS = 10
DRY_C, DRY_MOST_S = 40.0, 14400
HOUR_S = 3600
LINE_WARMS = 60.0  # a line without flow takes so much longer to get warm than it took to get cold, assumed
UNMETERED = ", no flow meter"

FIRST, NIGHT, DRIED, AGED = "first precool ever", "precool after a night", "precool after a drying", "precool, less nitrogen and frost"
REST = "re-cool after {:g} h shut"
Step = tuple[str, float]
_HELD = ("hold", 1800.0)
_RESTS: tuple[Step, ...] = tuple(step for h in (1.5, 0.75, 2.0, 3.0) for step in (("shut", h * HOUR_S), (REST.format(h), 0.0), _HELD))
_NIGHT: tuple[Step, ...] = (("shut", 13.0 * HOUR_S), (NIGHT, 0.0), _HELD)
REFERENCE_DAYS: tuple[Step, ...] = ((FIRST, 0.0), _HELD, *_RESTS, *_NIGHT, ("age", 0.0), ("shut", 13.0 * HOUR_S), (AGED, 0.0))
OWN_DAYS: tuple[Step, ...] = (
    ("shut", 120.0), (FIRST, 0.0), _HELD, *_RESTS, *_NIGHT, ("shut", 600.0), ("dry", DRY_MOST_S), ("shut", 1800.0), (DRIED, 0.0),
)  # fmt: skip


class Foretold(NamedTuple):
    """``good_s``: for so long before READY it was within GOOD_S for good."""

    took_s: float
    begin_s: float
    worst_s: float
    good_s: float


class Chamber(Protocol):
    """A simulated chamber, its regulator and what the observer makes of it, a second at a time. ``found_here``: its model was identified
    on it."""

    m: RoomModel
    found_here: bool
    measured_c: float
    opening: float
    opening_pre: float
    flow_kg_h: float

    @property
    def law_pre(self) -> Regulator | None: ...

    @property
    def seen(self) -> observer.Observed | None: ...

    def second(self, way: str) -> bool:
        """``way``: "hold" (regulated), "shut", "dry" or "age". False: it is over."""
        ...


def play(c: Chamber, days: Sequence[Step]) -> dict[str, Foretold]:
    """Deterministic. Precools also as foretold without a flow meter."""
    regulator = load_profile().regulator_main.model_copy(update={"valve_max_pct": 100.0})
    both, now_s = [ReadyTime(), ReadyTime()], 0.0
    out: dict[str, Foretold] = {}
    for what, seconds in days:
        if what in ("hold", "shut", "dry", "age"):
            for _ in range(max(1, round(seconds))):
                both = [tracked(r, c.m, c.measured_c, now_s, found_here=c.found_here) for r in both]
                if not c.second(what):
                    break
                now_s += PERIOD_S
            continue
        both = [tracked(r, c.m, c.measured_c, now_s, found_here=c.found_here) for r in both]
        loop = Loop(model=c.m, observed=c.seen)
        both = [begun(r, loop, regulator, SETPOINT_C + BAND_K, c.measured_c, now_s, still=True) for r in both]
        began_s, in_band_s, told = now_s, 0.0, (list[tuple[float, float]](), list[tuple[float, float]]())
        while in_band_s < STEADY_S:
            if (now_s - began_s) % LOOK_S == 0.0:
                share = flow_share(c.m, c.law_pre, c.flow_kg_h, c.opening, c.opening_pre)
                both = [_looked(r, c, now_s, reading, t) for r, reading, t in zip(both, (share, None), told, strict=True)]
            both = [tracked(r, c.m, c.measured_c, now_s) for r in both]
            c.second("hold")
            now_s += PERIOD_S
            in_band_s = in_band_s + PERIOD_S if abs(c.measured_c - SETPOINT_C) <= BAND_K else 0.0
        both = [arrived(r, now_s) for r in both]
        out[what] = _judged(told[0], now_s - began_s)
        if "precool" in what:
            out[what + UNMETERED] = _judged(told[1], now_s - began_s)
    return out


def _looked(r: ReadyTime, c: Chamber, now_s: float, reading: float | None, told: list[tuple[float, float]]) -> ReadyTime:
    """One look; what is foretold goes to ``told`` as (s since the begin, s from the begin to READY)."""
    if r.descent is None:
        return r
    sensor_k, since_s = c.measured_c + ZERO_C_K, now_s - r.descent.began_s
    d = descent.look(r.descent, now_s, sensor_k, c.opening, reading)
    told.append((since_s, since_s + descent.left_s(d, sensor_k, now_s) + STEADY_S))
    return r._replace(descent=d)


def _judged(told: list[tuple[float, float]], took_s: float) -> Foretold:
    off = [(t, abs(at - took_s)) for t, at in told]
    bad = [t for t, e in off if e > GOOD_S]
    return Foretold(took_s, off[0][1], max(e for _, e in off), max(0.0, took_s - bad[-1] - LOOK_S) if bad else took_s)


class Reference:
    """A plant of the reference scenario, with the model identified on it; one room, so its flow is all there is."""

    found_here, opening_pre, law_pre = True, 0.0, None

    def __init__(self, c: Commissioned) -> None:
        self.m, self._plant = c.identified.model, Plant(c.parameters, 1)
        self.measured_c = self._plant.measured_c()
        self._seen = observer.begin(self.m, self.measured_c)
        self.opening = self.flow_kg_h = 0.0
        self._meter, self._cold_s = FlowMeter(round(1e6 * c.parameters.feed_kg_s)), 0.0

    @property
    def seen(self) -> observer.Observed | None:
        return self._seen

    def second(self, way: str) -> bool:
        plant = self._plant
        if way == "age":
            plant.p = replace(plant.p, feed_kg_s=0.9 * plant.p.feed_kg_s, gas_liner_w_k=0.85 * plant.p.gas_liner_w_k)
        seen = self._seen = observer.observe(self.m, self._seen, self.measured_c, 100.0 * self.opening, 0, door=False)
        pct = lqr.law(self.m, seen, SETPOINT_C, 100.0 * self.opening, 0, Ahead()) if way == "hold" else 0.0
        self.opening = plant.drive(pct, round(PERIOD_S / STEP_S), door=False, people_w=0.0, pressure=1.0) / 100.0
        self.measured_c = plant.measured_c()
        self._cold_s = (
            min(self._cold_s + PERIOD_S, self._meter.warm_s) if self.opening > 0.0 else max(0.0, self._cold_s - PERIOD_S / LINE_WARMS)
        )
        self.flow_kg_h = self._meter.read(3600.0 * plant.p.feed_kg_s * plant.stem, vapour=self._cold_s < self._meter.warm_s)
        return True


def own_parameters(seed: int) -> PlantParameters:
    """The project's two-room plant as built by others: +-20 %, the line +-50 %, the treatment room at 18 to 26 °C."""
    p, r = load("walk-in-two-room"), random.Random(2000 + seed)

    def about(value: float, share: float = 0.2) -> float:
        return value * r.uniform(1.0 - share, 1.0 + share)

    built = ("volume_m3", "wall_area_m2", "foam_m", "fan_w", "coil_gas_w_k", "coil_j_k", "coil_feed_kg_s", "fittings_j_k", "fittings_w_k")
    main = replace(p.main, **{name: about(getattr(p.main, name)) for name in built})
    pre = replace(
        p.pre, **{name: about(getattr(p.pre, name), 0.1) for name in ("wall_area_m2", "foam_m", "coil_gas_w_k", "coil_feed_kg_s")}
    )
    wall = replace(p.wall, foam_w_mk=about(p.wall.foam_w_mk), liner_j_m2k=about(p.wall.liner_j_m2k))
    line = replace(p.nitrogen, line_j_k=about(p.nitrogen.line_j_k, 0.5))
    return replace(p, main=main, pre=pre, wall=wall, nitrogen=line, air=replace(p.air, room_k=r.uniform(291.0, 299.0)))


class Own:
    """The project's two-room chamber; model and regulators of the profile, whatever the plant is."""

    def __init__(self, seed: int) -> None:
        profile = load_profile("walk-in-two-room")
        if profile.regulator_pre is None:
            raise ValueError("a chamber of two rooms is needed")
        self._plant = OwnPlant(own_parameters(seed), seed)
        self._laws = (profile.regulator_main, profile.regulator_pre)
        self._loops: tuple[Loop, Loop] = (begin(self._laws[0]), begin(self._laws[1]))
        model = self._loops[0].model
        if model is None:
            raise ValueError("a model of the room is needed")
        self.m, self.measured_c, self.opening = model, self._plant.measured_c(), 0.0
        self.found_here, self.opening_pre, self.flow_kg_h, self.law_pre = False, 0.0, 0.0, profile.regulator_pre

    @property
    def seen(self) -> observer.Observed | None:
        return self._loops[0].observed

    def second(self, way: str) -> bool:
        y, plant = self._plant.plant.y, self._plant.plant
        main_seen = Seen(self.measured_c, 100.0 * self.opening, 0, False, PERIOD_S, Ahead())
        pre_seen = Seen(y[T_PRE] - KELVIN, 100.0 * plant.valve_pre, 0, False, PERIOD_S, Ahead())
        main, pre = (
            advance_law(loop, law, set_c, s, hold=False)
            for loop, law, set_c, s in zip(self._loops, self._laws, (SETPOINT_C, -60.0), (main_seen, pre_seen), strict=True)
        )
        cools = way == "hold"
        if not cools:
            main, pre = main._replace(terms=OFF, mode="off"), pre._replace(terms=OFF, mode="off")
        self._loops = (main, pre)
        a = Actuators(
            xv_401=cools,
            valve_main=main.terms.output_pct if cools else 0.0,
            valve_pre=pre.terms.output_pct if cools else 0.0,
            recirculation=cools or way == "dry",
            fresh_air=cools and self.measured_c < SETPOINT_C + 10.0,
            drying=way == "dry",
        )
        self.opening = self._plant.apply(a, 10)
        self.measured_c, self.opening_pre, self.flow_kg_h = self._plant.measured_c(), plant.valve_pre, self._plant.flow_kg_h()
        return not (way == "dry" and min(y[T_MAIN], y[T_PRE]) - KELVIN >= DRY_C)


def reference(c: Commissioned) -> dict[str, Foretold]:
    return play(Reference(c), REFERENCE_DAYS)


def own(seed: int) -> dict[str, Foretold]:
    return play(Own(seed), OWN_DAYS)


def _by_way(outcomes: Sequence[dict[str, Foretold]]) -> dict[str, Any]:
    """Way down, in the order in which they happened -> a row a plant."""
    return {name: packed(o[name] for o in outcomes) for name in outcomes[0]}


def play_reference(work: Work) -> dict[str, Any]:
    return _by_way(work.map(reference, work.found))


def play_own(work: Work) -> dict[str, Any]:
    return _by_way(work.map(own, range(1, work.share(OWN_PLANTS) + 1)))
