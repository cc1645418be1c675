"""What a minute with nitrogen teaches of the valves and of the line: flow at an opening, flow while shut, movement, pressure."""

from __future__ import annotations

from chamber.profile import DeviceProfile, TwinDesign
from control.twin.filter import Belief, believe, see, wander
from control.twin.findings import certain
from control.twin.heat import push
from control.twin.look import (
    FLOW_KG_H,
    MAIN_JUDGED,
    MAIN_OFF_PCT,
    MAIN_PCT,
    MAIN_SHUT,
    PRE_JUDGED,
    PRE_OFF_PCT,
    PRE_PCT,
    PRE_SHUT,
    SUPPLY_BAR,
)
from control.twin.state import GAIN_MAIN, GAIN_PRE, LEARN, PASSES_MAIN, PASSES_PRE, Reference, Twin
from control.twin.suspects import GAINS, KEPT, Left, alone, explain

# how fast what is watched may change, per root of an hour: valves age from one day to the next
_WANDER = tuple([x / 60.0**0.5 for x in (0.01, 0.01, 0.4, 0.4)])
_WANDER_BAR = 0.05 / 60.0**0.5
_FLOWS_KG_H = 2.0
_JUDGED = 0.5  # of a minute
_STEP_PCT, _SHARE = 0.3, 0.8  # the deviation that four minutes of five stay below, found in steps


def valves(t: Twin, means: tuple[float, ...], profile: DeviceProfile, p: TwinDesign) -> Twin:
    """One minute with the main valve open."""
    pressed, flow, r = push(means[SUPPLY_BAR], p.nominal_bar, p.back_bar), means[FLOW_KG_H], t.reference
    full_main, full_pre = _full(profile)
    h = (
        pressed * max(0.0, means[MAIN_PCT]) / 100.0 * full_main,
        pressed * max(0.0, means[PRE_PCT]) / 100.0 * full_pre,
        pressed * means[MAIN_SHUT],
        pressed * means[PRE_SHUT],
    )
    std, suspects = 0.5 + 0.03 * flow, t.suspects
    b = see(t.valve if r.gain_main is None else wander(t.valve, _WANDER), h, flow, std)
    if r.gain_main is not None and r.gain_pre is not None:
        suspects = (*suspects[1 - KEPT :], Left(flow - r.gain_main * h[GAIN_MAIN] - r.gain_pre * h[GAIN_PRE], std, h))
        b = _named(b, suspects, r)
    off = (_off(t.off_pct[0], means[MAIN_OFF_PCT], means[MAIN_JUDGED]), _off(t.off_pct[1], means[PRE_OFF_PCT], means[PRE_JUDGED]))
    supply, n, minutes = t.supply, t.supply_minutes, t.valve_minutes + 1
    if flow > _FLOWS_KG_H:
        supply, n = see(wander(supply, (_WANDER_BAR,)), (1.0,), means[SUPPLY_BAR], 0.05), n + 1
    if minutes == LEARN:
        r = r._replace(gain_main=b.mean[GAIN_MAIN], gain_pre=b.mean[GAIN_PRE])
    if n == LEARN and t.supply_minutes < LEARN:
        r = r._replace(supply_bar=supply.mean[0])
    return t._replace(valve=b, valve_minutes=minutes, off_pct=off, suspects=suspects, supply=supply, supply_minutes=n, reference=r)


def _named(b: Belief, s: tuple[Left, ...], r: Reference) -> Belief:
    """A fault that is certain and explained by one valve alone is believed; so the metered flow divides rightly between the rooms."""
    found = explain(s)
    for i, e in enumerate(found):
        if alone(found, i) and certain(i, e, r):
            first = (r.gain_main or 1.0, r.gain_pre or 1.0, 0.0, 0.0)
            mean = [x + (e.change if n == i else 0.0) for n, x in enumerate(first)]
            return believe(mean, [e.std if n == i else 0.01 if n < GAINS else 0.1 for n in range(4)])
    return b


def _off(known: float, seen: float, judged: float) -> float:
    if judged < _JUDGED:
        return known
    return max(0.0, known + _STEP_PCT * (_SHARE if seen > known else _SHARE - 1.0))


def _full(profile: DeviceProfile) -> tuple[float, float]:
    pre = profile.regulator_pre  # a profile with a twin has both
    return profile.regulator_main.full_flow_kg_h, 0.0 if pre is None else pre.full_flow_kg_h


def shares(t: Twin, means: tuple[float, ...], profile: DeviceProfile) -> tuple[float, float]:
    """The metered flow as it divides between the rooms, kg/s."""
    gain = t.valve.mean
    full_main, full_pre = _full(profile)
    main = max(0.0, means[MAIN_PCT]) / 100.0 * full_main * gain[GAIN_MAIN]
    pre = max(0.0, means[PRE_PCT] - 0.3) / 100.0 * full_pre * gain[GAIN_PRE]
    main += max(0.0, gain[PASSES_MAIN]) * means[MAIN_SHUT]
    pre += max(0.0, gain[PASSES_PRE]) * means[PRE_SHUT]
    total = main + pre
    if total < 0.5:
        return 0.0, 0.0
    flow = means[FLOW_KG_H] / 3600.0
    return flow * main / total, flow * pre / total
