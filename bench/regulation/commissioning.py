"""What a technician does with a new chamber before it regulates by a model: one precool, a relay test, one door opening."""

from __future__ import annotations

from typing import NamedTuple

from bench.regulation.plant import NOMINAL, STEP_S, Parameters, Plant, random_parameters
from bench.regulation.scenario import PERIOD_S
from chamber.profile import Regulator
from control import gate, pid
from control.identify import Identified, Sample, identify
from control.relay import STEADY_S, Relay, first_amplitude, relay, waits

DATA_SHEET_FEED_KG_S = 0.060
SETPOINT_C = -110.0
FACTORY = Regulator(full_flow_kg_h=216, gain_pct_per_k=2.0, integral_s=120.0, derivative_s=6.0, tracking_s=30.0)


class Recording(NamedTuple):
    samples: list[Sample]
    relay_s: float
    excursion_k: float


def record(parameters: Parameters, setpoint_c: float = SETPOINT_C, seed: int = 7) -> Recording:
    """Rest, precool and hold with factory gains, relay test, ten seconds of an open door, three minutes more."""
    plant = Plant(parameters, seed)
    out: list[Sample] = []
    steps = round(PERIOD_S / STEP_S)
    s = pid.PidState(integral_pct=15.0)

    def second(pct: float, *, door: bool = False) -> float:
        y = plant.measured_c()
        out.append(Sample(y, plant.drive(pct, steps, door=door, people_w=0.0, pressure=1.0), door))
        return y

    def held(seconds: int, doors: int = 0) -> None:
        nonlocal s
        for k in range(seconds):
            y = plant.measured_c()
            s, terms = pid.law(FACTORY, s, setpoint_c, y, PERIOD_S, actual_pct=None, feedforward_pct=0.0, hold=k < doors + 8 and doors > 0)
            out.append(Sample(y, plant.drive(terms.output_pct, steps, door=k < doors, people_w=0.0, pressure=1.0), k < doors))

    for _ in range(30):
        second(0.0)
    while plant.measured_c() > setpoint_c + 5.0 and len(out) < 5400:
        held(1)
    held(900)
    while (
        waits([x.measured_c - setpoint_c for x in out[-STEADY_S:]], [x.actual_pct for x in out[-STEADY_S:]]) is not None and len(out) < 9000
    ):
        held(1)
    before = len(out)
    last = [x.actual_pct for x in out[-STEADY_S // 2 :]]
    r = Relay(sum(last) / len(last), first_amplitude(FACTORY.gain_pct_per_k))
    worst = 0.0
    while r.end is None:
        y = second(r.output_pct)
        worst = max(worst, abs(plant.true_c - setpoint_c))
        r = relay(r, y - setpoint_c, PERIOD_S)
    relay_s = (len(out) - before) * PERIOD_S
    held(60)
    held(190, doors=10)
    return Recording(out, relay_s, worst)


class Commissioned(NamedTuple):
    """A plant, what was found of it by its own recording, and whether the gate lets the model regulate."""

    parameters: Parameters
    identified: Identified
    relay_s: float
    excursion_k: float
    gate: str | None


def parameters_of(seed: int) -> Parameters:
    """Plant 0 is the nominal one."""
    return NOMINAL if seed == 0 else random_parameters(1000 + seed)


def commission(seed: int) -> Commissioned:
    """Plant ``seed``, identified from its recording alone; the feed's scale is the data sheet's, whatever it really has."""
    p = parameters_of(seed)
    recorded = record(p, seed=7 + seed)
    found = identify(recorded.samples, DATA_SHEET_FEED_KG_S)
    return Commissioned(p, found, recorded.relay_s, recorded.excursion_k, gate.judge(found.model, found.dead_std_s, SETPOINT_C).refused)
