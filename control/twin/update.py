"""One look into the twin, and what a full minute teaches it.

Quasi-steady only: a minute counts for the heat balance when both doors have long been shut, nobody is inside and the room has long
been cold; for a coil while its outlet stands still; for the valves whenever the main valve is open. What the design data get wrong is
learned in the first minutes of each kind and is then the reference; later changes are findings.
"""

from __future__ import annotations

import math

from chamber.profile import DeviceProfile, TwinDesign, TwinRoom
from control.twin import heat as physics
from control.twin.filter import believe, foretold, see, wander
from control.twin.findings import NOTHING_DUE, conductance, conductance_std, due, estimates, in_doubt, told
from control.twin.look import FLOW_KG_H as FLOW
from control.twin.look import (
    FRESH,
    MAIN_C,
    OUTLET_MAIN_C,
    OUTLET_PRE_C,
    PRE_C,
    ROOM_C,
    SUPPLY_BAR,
    Look,
    Minute,
    gather,
)
from control.twin.state import (
    LEARN,
    VALVE_START,
    Coil,
    Outing,
    Tank,
    Twin,
)
from control.twin.valves import shares, valves

LEARN_COIL, LEARN_SESSIONS, LEARN_TANK_H, LEARN_DRIED = 15, 6, 8, 10
QUIET, COLD, HISTORY = 6, 60, 240  # minutes
_MINUTE_S = 60.0
_A_MINUTE = math.sqrt(1.0 / 60.0)  # of a wandering per root of an hour
_COLD_C, _REACHED_K_S = -40.0, 0.01
# how fast what is watched may change, per root of an hour; insulation ages over weeks, seals from one day to the next
_WANDER_W = 40.0
_WANDER_COIL = 0.12  # of the resistance
_NOISE_MAIN_W, _NOISE_PRE_W, _AFTER_W = 130.0, 60.0, 300.0
_LEAST_K, _LOADED_K = 1.0, 6.0  # coil colder than the gas by so much: it says something, it says it in spite of the sensors' bias
_KNOWN = 0.1  # of a coil's conductance: its reference is taken once it is known so well
_BIAS_K = 1.0  # what of the instruments' bias is not learned, as if it were noise from minute to minute


def start(p: TwinDesign) -> Twin:
    """Nothing known but the design."""
    return Twin(coil_main=_new_coil(p.main.coil_w_k), coil_pre=_new_coil(p.pre.coil_w_k))


def _new_coil(design_w_k: float) -> Coil:
    share = 0.75
    return Coil(believe((share, share / design_w_k, 0.0), (0.1, 0.5 * share / design_w_k, 1.0)))


def observe(t: Twin, look: Look, profile: DeviceProfile, p: TwinDesign) -> Twin:
    """One second more."""
    g, minute = gather(t.gathering, look)
    t = t._replace(gathering=g)
    return t if minute is None else learn(t, minute, profile, p)


def relearn(t: Twin, replaced: frozenset[str]) -> Twin:
    """Parts were replaced: what rested on the old ones is learned anew. A new flow meter makes everything new."""
    if "FT-401" in replaced:
        return Twin(coil_main=_anew(t.coil_main), coil_pre=_anew(t.coil_pre), minutes=t.minutes)
    r = t.reference
    if replaced & {"TCV-101", "TCV-201", "ZT-101", "ZT-201"}:
        t = t._replace(
            valve=VALVE_START, valve_minutes=0, off_pct=(0.0, 0.0), suspects=(), reference=r._replace(gain_main=None, gain_pre=None)
        )
    if replaced & {"TT-111", "TT-211"}:
        t = t._replace(coil_main=_anew(t.coil_main), coil_pre=_anew(t.coil_pre))
    return t


def _anew(c: Coil) -> Coil:
    return _new_coil(conductance(c))


def learn(t: Twin, m: Minute, profile: DeviceProfile, p: TwinDesign) -> Twin:
    """One minute more."""
    means = m.means
    if means is None:
        return t._replace(quiet=0, cold=0, walls_known=0, outing=None, tank=None)
    main_c, pre_c, room_c = means[MAIN_C], means[PRE_C], means[ROOM_C]
    warm = main_c > room_c - 15.0
    main, pre = t.walls_main or physics.walls(main_c, room_c), t.walls_pre or physics.walls(pre_c, room_c)
    main, into_main = physics.conduct(p.main, main, main_c, room_c, _MINUTE_S)
    pre, into_pre = physics.conduct(p.pre, pre, pre_c, room_c, _MINUTE_S)
    quiet = t.quiet + 1 if m.shut and m.person_s == 0 and means[FRESH] == 1.0 else 0
    reached = t.cold > 0 or abs(m.slopes[MAIN_C]) < _REACHED_K_S
    cold = t.cold + 1 if m.cooling and main_c < _COLD_C and reached else 0
    t = t._replace(
        minutes=t.minutes + 1, walls_main=main, walls_pre=pre, walls_known=HISTORY if warm else t.walls_known + 1, quiet=quiet, cold=cold
    )
    t = _dried(t) if m.drying else t
    if m.cooling:
        t = valves(t, means, profile, p)
    flow_main, flow_pre = shares(t, means, profile)
    boiling = physics.boils_c(means[SUPPLY_BAR])
    line_w = p.line_w_k * (room_c - boiling)
    flow = flow_main + flow_pre
    by_main, by_pre = (flow_main / flow, flow_pre / flow) if flow > 0.0 else (0.0, 0.0)
    taken_main = flow_main * physics.cooling_j_kg(means[OUTLET_MAIN_C], boiling) - line_w * by_main
    taken_pre = flow_pre * physics.cooling_j_kg(means[OUTLET_PRE_C], boiling) - line_w * by_pre
    if m.cooling and m.shut:
        t = t._replace(
            coil_main=_coil(t.coil_main, p.main, main_c, means[OUTLET_MAIN_C], boiling, taken_main, m.slopes[OUTLET_MAIN_C]),
            coil_pre=_coil(t.coil_pre, p.pre, pre_c, means[OUTLET_PRE_C], boiling, taken_pre, m.slopes[OUTLET_PRE_C]),
        )
    if t.quiet >= QUIET and t.cold >= COLD and t.walls_known >= HISTORY and means[FRESH] == 1.0:
        t = t._replace(inside_c=(main_c, pre_c, room_c))
        air = 1.2 * 293.0 * 1006.0  # J/K of a m³ times its temperature
        stored_main = m.slopes[MAIN_C] * (p.main.quick_j_k + p.main.coil_j_k + air * p.main.gas_m3 / (main_c + 273.15))
        stored_pre = m.slopes[PRE_C] * (p.pre.quick_j_k + p.pre.coil_j_k + air * p.pre.gas_m3 / (pre_c + 273.15))
        across = p.partition_w_k * (pre_c - main_c)
        known_main = p.main.steady_w + p.fresh_w_k * (room_c - main_c) + across + into_main.slow_w
        known_pre = p.pre.steady_w - across - p.exhaled_w_k * (pre_c - main_c) + into_pre.slow_w
        over = (taken_main + stored_main - known_main - into_main.wall_w, taken_pre + stored_pre - known_pre - into_pre.wall_w)
        t = _balance(t, over, (into_main.wall_w, into_pre.wall_w))
        t = _expected(t, taken_main + taken_pre, known_main + into_main.wall_w, means[FLOW], into_main.wall_w)
    t = _tank(_session(t, m, means[FLOW]), m, means[FLOW])
    now = estimates(t, p)
    found = due(t.found, now, doubt=in_doubt(t))
    return t._replace(found=found, due=told(found, now) if found else NOTHING_DUE)


def _dried(t: Twin) -> Twin:
    """Whatever frost there was may be gone."""

    def loose(c: Coil) -> Coil:
        if c.since_dried == 0:
            return c
        return c._replace(belief=wander(c.belief, (0.0, 0.5 * c.belief.mean[1], 0.0)), since_dried=0)

    return t._replace(coil_main=loose(t.coil_main), coil_pre=loose(t.coil_pre), cold=0)


def _coil(c: Coil, p: TwinRoom, gas_c: float, outlet_c: float, boiling_c: float, taken_w: float, slope: float) -> Coil:
    """The vapour leaves by so much below the gas as the heat needs: outlet - boiling =
    share (gas - boiling) - share R heat + bias of the instruments."""
    taken_w += p.coil_j_k * slope / c.belief.mean[0]  # what comes out of the metal does not come through the air side
    if abs(slope) > 0.04 or taken_w < _LEAST_K * p.coil_w_k:
        return c
    loaded = taken_w > _LOADED_K * p.coil_w_k
    b = wander(c.belief, (0.0001 * _A_MINUTE, _WANDER_COIL * _A_MINUTE * c.belief.mean[1], 0.02 * _A_MINUTE))
    b = see(b, (gas_c - boiling_c, -taken_w, 1.0), outlet_c - boiling_c, 0.5 + 30.0 * abs(slope) + (0.0 if loaded else _BIAS_K))
    c = c._replace(belief=b, minutes=c.minutes + loaded, since_dried=c.since_dried + loaded)
    if c.minutes >= LEARN_COIL and c.clean_w_k is None and conductance_std(c) <= _KNOWN * conductance(c):
        c = c._replace(clean_w_k=conductance(c), clean_std_w_k=conductance_std(c))
    if c.since_dried == LEARN_DRIED and loaded:
        c = c._replace(dried_w_k=conductance(c))
    return c


def _balance(t: Twin, over_w: tuple[float, float], wall_w: tuple[float, float]) -> Twin:
    """What the balance leaves over: first learned as this device's own, later an excess."""
    n, r = t.heat_minutes + 1, t.reference
    after = _AFTER_W * math.exp(-(t.quiet - QUIET) / 6.0)
    noise = [math.hypot(w, after) for w in (_NOISE_MAIN_W, _NOISE_PRE_W)]
    t = t._replace(heat_minutes=n)
    if r.rest_main is None or r.rest_pre is None:
        main, pre = see(t.rest_main, (wall_w[0], 1.0), over_w[0], noise[0]), see(t.rest_pre, (wall_w[1], 1.0), over_w[1], noise[1])
        if n >= LEARN:
            r = r._replace(rest_main=(main.mean[0], main.mean[1]), rest_pre=(pre.mean[0], pre.mean[1]))
        return t._replace(rest_main=main, rest_pre=pre, reference=r)
    left = [over - rest[0] * wall - rest[1] for over, wall, rest in zip(over_w, wall_w, (r.rest_main, r.rest_pre), strict=True)]
    excess = [
        see(wander(e, (_WANDER_W * _A_MINUTE,)), (1.0,), x, s) for e, x, s in zip((t.excess_main, t.excess_pre), left, noise, strict=True)
    ]
    return t._replace(excess_main=excess[0], excess_pre=excess[1])


def _expected(t: Twin, taken_w: float, known_w: float, flow_kg_h: float, wall_w: float) -> Twin:
    """What the chamber takes while nothing happens, against what it took when the reference was taken."""
    hold = flow_kg_h if t.hold_kg_h is None else t.hold_kg_h + (flow_kg_h - t.hold_kg_h) / 10.0
    t = t._replace(hold_kg_h=hold)
    rest = t.reference.rest_main
    if rest is None:
        return t
    expected = known_w + rest[0] * wall_w + rest[1]
    if expected < 200.0:
        return t
    use = see(wander(t.use, (0.03 * _A_MINUTE,)), (1.0,), taken_w / expected, 0.15)
    return t._replace(use=use, use_minutes=t.use_minutes + 1, expected_w=expected, load_w=taken_w)


def _session(t: Twin, m: Minute, flow_kg_h: float) -> Twin:
    """What a session takes beyond holding: from the first door until all is quiet."""
    o = t.outing
    if o is None:
        if m.shut or not m.cooling or t.hold_kg_h is None or t.cold < COLD:
            return t
        o = Outing()
    o = Outing(o.kg + flow_kg_h / 60.0, o.person_s + m.person_s, o.minutes + 1)
    if (not m.cooling and m.shut) or o.minutes > 60:
        return t._replace(outing=None)
    if t.quiet < QUIET:
        return t._replace(outing=o)
    t = t._replace(outing=None)
    if o.person_s == 0 or t.hold_kg_h is None:
        return t
    extra = o.kg - t.hold_kg_h * o.minutes / 60.0
    h = (o.person_s / 60.0, 1.0)
    n, r = t.sessions + 1, t.reference
    if r.session is None:
        b = see(t.session, h, extra, 0.4)
        if n >= LEARN_SESSIONS:
            r = r._replace(session=(b.mean[0], b.mean[1]))
        return t._replace(session=b, sessions=n, reference=r)
    mean, variance = foretold(t.session, h)
    if mean <= 0.5:
        return t._replace(sessions=n)
    use = see(wander(t.session_use, (0.03,)), (1.0,), extra / mean, math.hypot(0.3, math.sqrt(variance) / mean))
    return t._replace(session_use=use, sessions=n)


def _tank(t: Twin, m: Minute, flow_kg_h: float) -> Twin:
    """The tank's own balance, hour by hour: what it loses that the meter never saw. A rising content is a refill."""
    if m.tank_kg is None:
        return t._replace(tank=None)
    k = t.tank
    if k is None or m.tank_kg > k.from_kg + 20.0:
        return t._replace(tank=Tank(m.tank_kg))
    k = Tank(k.from_kg, k.metered_kg + flow_kg_h / 60.0, k.minutes + 1)
    if k.minutes < 60:
        return t._replace(tank=k)
    lost = k.from_kg - m.tank_kg - k.metered_kg
    n, r = t.tank_hours + 1, t.reference
    b = see(t.loss if n <= LEARN_TANK_H else wander(t.loss, (0.7,)), (1.0,), lost, 2.0)
    if n == LEARN_TANK_H:
        r = r._replace(loss_kg_h=b.mean[0])
    return t._replace(tank=Tank(m.tank_kg), loss=b, tank_hours=n, reference=r)
