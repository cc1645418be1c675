"""Estimates for people: value, uncertainty, reference, what they rest on; and which of them call for maintenance.

A finding is due when the bad side of the limit is certain to two standard deviations, the model's own error included, and it goes
when the value itself is back. Nothing here acts on the plant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chamber.profile import TwinDesign
from control.twin.heat import gap_w_cm2
from control.twin.state import GAIN_MAIN, GAIN_PRE, PASSES_MAIN, PASSES_PRE, Coil, Reference, Twin
from control.twin.suspects import APART, GAINS, Explanation, alone, explain

SURE = 2.0  # standard deviations
# Where maintenance is due, and where a finding is over; chosen on the simulated plant, docs/twin.md (proposed)
COIL_DUE, COIL_OVER = 80.0, 90.0  # % of the clean coil
SEAL_DUE_W, SEAL_OVER_W = 80.0, 80.0  # certain, best estimate
LEAK_DUE_PCT, LEAK_OVER_PCT = 120.0, 120.0  # of the reference
GAIN_DUE, GAIN_OVER = 0.12, 0.08  # of the flow at the same opening
PASSES_DUE_KG_H, PASSES_OVER_KG_H = 1.0, 1.0
OFF_DUE_PCT, OFF_OVER_PCT = 2.0, 1.5  # of the stroke
SUPPLY_DUE_BAR, SUPPLY_OVER_BAR = 0.2, 0.15  # below the reference
LOSS_DUE_KG_H, LOSS_OVER_KG_H = 2.0, 2.0  # above the reference
USE_DUE_PCT, USE_OVER_PCT = 120.0, 120.0
# what the model itself may be wrong by, never averaged away
_MODEL_W, _MODEL_COIL, _MODEL_GAIN, _MODEL_LOSS_KG_H, _MODEL_BAR = 40.0, 0.03, 0.02, 0.3, 0.03
_OFF_STD_PCT = 0.3


class Estimate(NamedTuple):
    """``reference``: as commissioned, or what the twin found while it took its reference. ``valid``: the reference is taken and the
    value is known well enough to be judged.  ``seen``: minutes (sessions,
    hours) it rests on. ``due`` names the alarm it raises."""

    id: str
    unit: str
    value: float
    std: float
    reference: float | None
    valid: bool
    seen: int
    due: str
    bad: bool  # certainly beyond the limit
    good: bool  # back inside


def conductance(c: Coil) -> float:
    """Air side of a coil, W/K."""
    share, resistance, _ = c.belief.mean
    return share / max(resistance, 1e-6)


def conductance_std(c: Coil) -> float:
    """Its standard deviation, W/K."""
    share, resistance, _ = c.belief.mean
    cov = c.belief.cov
    r = max(resistance, 1e-6)
    relative = cov[0][0] / share**2 + cov[1][1] / r**2 - 2.0 * cov[0][1] / (share * r)
    return conductance(c) * math.sqrt(max(0.0, relative))


def estimates(t: Twin, p: TwinDesign) -> tuple[Estimate, ...]:
    """All of them, the valid and the others."""
    found: list[Estimate] = [_coil("coil_main_pct", t.coil_main), _coil("coil_pre_pct", t.coil_pre)]
    known = t.reference.rest_main is not None
    main, pre = t.excess_main.mean[0], t.excess_pre.mean[0]
    std_main, std_pre = math.hypot(t.excess_main.std(0), _MODEL_W), math.hypot(t.excess_pre.std(0), _MODEL_W)
    # what the main room takes up from the pre-chamber through the inner door is missing there
    wall_w = main + min(0.0, pre)
    span = (t.walls_main.foam_c[-1] if t.walls_main is not None else 20.0) - t.inside_c[0]
    dry = p.main.steady_w_k
    leak, leak_std = dry + wall_w / max(60.0, span), math.hypot(std_main, std_pre if pre < 0.0 else 0.0) / max(60.0, span)
    pct, pct_std = 100.0 * leak / dry, 100.0 * leak_std / dry
    found.append(
        Estimate(
            "leak_main_w_k", "W/K", leak, leak_std, dry, known, t.heat_minutes, "HEAT-LEAK",
            pct - SURE * pct_std > LEAK_DUE_PCT, pct < LEAK_OVER_PCT,
        )
    )  # fmt: skip
    inner_w, inner_std = (-pre, std_pre) if -pre < main else (main, std_main)
    for name, watts, std, cold, warm, moist in (
        ("seal_inner_cm2", inner_w, inner_std, t.inside_c[0], t.inside_c[1], False),
        ("seal_outer_cm2", pre, std_pre, t.inside_c[1], t.inside_c[2], True),
    ):
        each = max(0.5, gap_w_cm2(cold, warm, height_m=p.door_m, moist=moist))
        found.append(
            Estimate(
                name, "cm²", max(0.0, watts) / each, std / each, 0.0, known, t.heat_minutes, "SEAL-LEAK",
                watts - SURE * std > SEAL_DUE_W, watts < SEAL_OVER_W,
            )
        )  # fmt: skip
    r = t.reference
    blamed = explain(t.suspects)
    for name, i, first in (("valve_main_pct", GAIN_MAIN, r.gain_main), ("valve_pre_pct", GAIN_PRE, r.gain_pre)):
        ratio = t.valve.mean[i] / first if first else 1.0
        std = math.hypot(t.valve.std(i), _MODEL_GAIN)
        bad = alone(blamed, i) and certain(i, blamed[i], r)
        found.append(
            Estimate(
                name, "%", 100.0 * ratio, 100.0 * std, 100.0, first is not None, t.valve_minutes, "VALVE-WORN",
                bad, abs(ratio - 1.0) < GAIN_OVER,
            )
        )  # fmt: skip
    for name, i in (("passes_main_kg_h", PASSES_MAIN), ("passes_pre_kg_h", PASSES_PRE)):
        value, std = t.valve.mean[i], t.valve.std(i)
        found.append(
            Estimate(
                name, "kg/h", value, std, 0.0, r.gain_main is not None, t.valve_minutes, "VALVE-WORN",
                alone(blamed, i) and certain(i, blamed[i], r), value < PASSES_OVER_KG_H,
            )
        )  # fmt: skip
    for name, off in (("sticks_main_pct", t.off_pct[0]), ("sticks_pre_pct", t.off_pct[1])):
        found.append(
            Estimate(
                name, "%", off, _OFF_STD_PCT, 0.0, r.gain_main is not None, t.valve_minutes, "VALVE-WORN",
                off - SURE * _OFF_STD_PCT > OFF_DUE_PCT, off < OFF_OVER_PCT,
            )
        )  # fmt: skip
    bar, bar_std = t.supply.mean[0], math.hypot(t.supply.std(0), _MODEL_BAR)
    first = r.supply_bar
    low = 0.0 if first is None else first - bar
    found.append(
        Estimate(
            "supply_bar", "bar(a)", bar, bar_std, first, first is not None, t.supply_minutes, "LN2-PRESS-LO",
            low - SURE * bar_std > SUPPLY_DUE_BAR, low < SUPPLY_OVER_BAR,
        )
    )  # fmt: skip
    hold, hold_std = 100.0 * t.use.mean[0], 100.0 * t.use.std(0)
    found.append(Estimate("use_hold_pct", "%", hold, hold_std, 100.0, t.use_minutes > 0, t.use_minutes, "", False, True))
    pct, pct_std = 100.0 * t.session_use.mean[0], 100.0 * math.hypot(t.session_use.std(0), 0.03)
    found.append(
        Estimate(
            "use_session_pct", "%", pct, pct_std, 100.0, r.session is not None, t.sessions, "LN2-USE-UP",
            pct - SURE * pct_std > USE_DUE_PCT, pct < USE_OVER_PCT,
        )
    )  # fmt: skip
    loss, first = t.loss.mean[0], r.loss_kg_h
    std = math.hypot(t.loss.std(0), _MODEL_LOSS_KG_H)
    more = 0.0 if first is None else loss - first
    found.append(
        Estimate(
            "loss_kg_h", "kg/h", loss, std, first, first is not None, t.tank_hours, "LN2-USE-UP",
            more - SURE * std > LOSS_DUE_KG_H, more < LOSS_OVER_KG_H,
        )
    )  # fmt: skip
    return tuple(found)


def _coil(name: str, c: Coil) -> Estimate:
    """The reference was itself only known so well: its own standard deviation counts."""
    now, clean, clean_std = conductance(c), c.clean_w_k, c.clean_std_w_k
    if clean is None or clean_std is None:
        return Estimate(name, "%", 100.0, 100.0 * conductance_std(c) / now, 100.0, False, c.minutes, "DRYING-DUE", False, False)
    pct = 100.0 * now / clean
    std = 100.0 * math.hypot(conductance_std(c) / clean, now / clean * clean_std / clean, _MODEL_COIL)
    return Estimate(name, "%", pct, std, 100.0, True, c.minutes, "DRYING-DUE", pct + SURE * std < COIL_DUE, pct > COIL_OVER)


def certain(i: int, e: Explanation, r: Reference) -> bool:
    """Fault ``i`` of a valve, if it is that one, is beyond its limit."""
    if i < GAINS:
        first = r.gain_main if i == GAIN_MAIN else r.gain_pre
        return first is not None and abs(e.change) / first - SURE * math.hypot(e.std / first, _MODEL_GAIN) > GAIN_DUE
    return r.gain_main is not None and e.change - SURE * e.std > PASSES_DUE_KG_H


def in_doubt(t: Twin) -> bool:
    """Some valve is certainly not what it was, be it known which or not."""
    return any(e.worse < APART and certain(i, e, t.reference) for i, e in enumerate(explain(t.suspects)))


def due(found: Sequence[str], now: Sequence[Estimate], *, doubt: bool = False) -> tuple[str, ...]:
    """Estimates whose maintenance is due: what has become certain, and what was and is not over. ``doubt``: some valve is in doubt."""
    valves = doubt or any(e.due == "VALVE-WORN" and e.valid and (e.bad or (e.id in found and not e.good)) for e in now)
    return tuple([e.id for e in now if e.due and e.valid and (_begins(e, valves) or (e.id in found and not e.good))])


def _begins(e: Estimate, valves: bool) -> bool:
    """While a valve is in doubt nobody knows how the metered flow divides: the rooms' balances find nothing new."""
    return e.bad and not (valves and e.due in ("HEAT-LEAK", "SEAL-LEAK"))


NOTHING_DUE: Mapping[str, str] = {}
NAMES: dict[str, tuple[str, str]] = {
    "coil_main_pct": ("main coil, of clean", "%"),
    "coil_pre_pct": ("pre-chamber coil, of clean", "%"),
    "leak_main_w_k": ("heat leak of the main room", "W/K"),
    "seal_inner_cm2": ("gap of the inner door", "cm²"),
    "seal_outer_cm2": ("gap of the outer door", "cm²"),
    "valve_main_pct": ("flow of TCV-101, of new", "%"),
    "valve_pre_pct": ("flow of TCV-201, of new", "%"),
    "passes_main_kg_h": ("TCV-101 passes shut", "kg/h"),
    "passes_pre_kg_h": ("TCV-201 passes shut", "kg/h"),
    "sticks_main_pct": ("TCV-101 off its demand", "%"),
    "sticks_pre_pct": ("TCV-201 off its demand", "%"),
    "supply_bar": ("line pressure with flow", "bar(a)"),
    "use_hold_pct": ("nitrogen for holding, of expected", "%"),
    "use_session_pct": ("nitrogen of a session, of expected", "%"),
    "loss_kg_h": ("unmetered loss of the tank", "kg/h"),
}
"""Estimate -> plain words, unit: also its tag in the telemetry."""


def told(found: Sequence[str], now: Sequence[Estimate]) -> dict[str, str]:
    """Alarm -> the figures behind it, in plain words."""
    texts: dict[str, list[str]] = {}
    for e in now:
        if e.id in found:
            against = "" if e.reference is None else f", reference {e.reference:.3g}"
            texts.setdefault(e.due, []).append(f"{NAMES[e.id][0]}: {e.value:.3g} ± {e.std:.2g} {e.unit}{against}")
    return {alarm: " · ".join(parts) for alarm, parts in texts.items()}
