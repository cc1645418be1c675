"""Piece: does anything limit-cycle? Random plants whose dead time is up to half longer or shorter than the model says, through the law as it
runs in the scan: gate, model-based law, surprise, fall-back, PID.

A plant is one of the family of the 30, its model its own numbers with the errors of an identification (10 %) and the dead time wrong by
up to ±50 %. From 10 K above the set point, twenty minutes with one door opening; in the last five nothing happens from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.regulation.columns import packed
from bench.regulation.ours import exact
from bench.regulation.plant import STEP_S, Parameters, Plant, random_parameters
from bench.regulation.scenario import PERIOD_S
from chamber.profile import IdentifiedRoom, Regulator
from control.lqr import Ahead
from control.regulate import Seen, advance_law, begin
from control.room_model import ZERO_C_K
from control.tuning import MS_MAX, gentle

if TYPE_CHECKING:
    from bench.regulation.work import Work

SETPOINT_C = -110.0
LENGTH_S, DOOR_AT_S, DOOR_FOR_S, CALM_S = 1200, 400, 10, 300
SWING_K = 1.0  # peak to peak in the calm: more is a limit cycle
DEAD_SHARE = 0.5
ERROR_SHARE = 0.1
IDENTIFIED_STD_S = 0.1


class Outcome(NamedTuple):
    """``swing_k``: peak to peak in the calm at the end; ``given_up_s``: when the model was given up for the PID, None: never."""

    seed: int
    law: str
    dead_share: float
    swing_k: float
    refused: bool
    given_up_s: float | None

    @property
    def cycles(self) -> bool:
        return not self.swing_k <= SWING_K


def commissioned(seed: int) -> tuple[Parameters, Regulator, float]:
    """A plant, the regulator tuned on what is believed of it, and its dead time as a share of what is believed."""
    r = Random(900_000 + seed)
    believed = random_parameters(5000 + seed)
    share = 1.0 + r.uniform(-DEAD_SHARE, DEAD_SHARE)
    m = exact(believed)
    wrong = {
        name: getattr(m, name) * (1.0 + r.uniform(-ERROR_SHARE, ERROR_SHARE)) for name in ("gas_j", "liner_w_k", "liner_j_k", "feed_tau_s")
    }
    m = m._replace(**wrong)
    g, _ = gentle(m, SETPOINT_C, ms_max=MS_MAX)
    fields = {name: float(f"{value:.5g}") for name, value in m._asdict().items() if name != "feed_kg_s"}
    regulator = Regulator(
        full_flow_kg_h=m.feed_kg_s * 3600.0,
        gain_pct_per_k=g.gain_pct_per_k,
        integral_s=max(10.0, g.integral_s),
        derivative_s=g.derivative_s,
        tracking_s=max(1.0, (g.integral_s * g.derivative_s) ** 0.5),
        model=IdentifiedRoom.model_validate(fields | {"dead_std_s": IDENTIFIED_STD_S, "identified": "believed of a random plant"}),
    )
    return replace(believed, dead_s=believed.dead_s * share), regulator, share


def play(seed: int, *, by_model: bool) -> Outcome:
    p, regulator, share = commissioned(seed)
    if not by_model:
        regulator = regulator.model_copy(update={"model": None})
    plant = Plant(p, seed)
    plant.gas_k = plant.sensor_k = SETPOINT_C + ZERO_C_K + 10.0
    plant.liner_k, plant.insulation_k = plant.gas_k, 0.5 * (plant.gas_k + 293.15)
    loop = begin(regulator)
    refused = loop.refused is not None
    steps, actual, shut_s = round(PERIOD_S / STEP_S), 0.0, 100.0
    given_up: float | None = None
    calm: list[float] = []
    for t in range(LENGTH_S):
        door = DOOR_AT_S <= t < DOOR_AT_S + DOOR_FOR_S
        shut_s = 0.0 if door else shut_s + PERIOD_S
        seen = Seen(plant.measured_c(), actual, 0, door, PERIOD_S, Ahead())
        loop = advance_law(loop, regulator, SETPOINT_C, seen, hold=shut_s < regulator.door_hold_s)
        if given_up is None and not refused and loop.refused is not None:
            given_up = float(t)
        actual = plant.drive(loop.terms.output_pct, steps, door=door, people_w=0.0, pressure=1.0)
        if t >= LENGTH_S - CALM_S:
            calm.append(plant.true_c)
    return Outcome(seed, "model" if by_model else "PID", share, max(calm) - min(calm), refused, given_up)


PLANTS = 1000


def both(seed: int) -> tuple[Outcome, Outcome]:
    return play(seed, by_model=True), play(seed, by_model=False)


class Told(NamedTuple):
    """Of all plants of one law: swings at rest, how many models the gate refused, when others were given up."""

    swings_k: list[float]
    refused: int
    given_up_s: list[float]


def told(outcomes: Sequence[Outcome]) -> Told:
    given_up = [o.given_up_s for o in outcomes if o.given_up_s is not None]
    return Told([o.swing_k for o in outcomes], sum(o.refused for o in outcomes), given_up)


def play_all(work: Work) -> dict[str, Any]:
    """Two rows: with the model, PID alone."""
    pairs = work.map(both, range(work.share(PLANTS)))
    return packed(told(law) for law in zip(*pairs, strict=True))
