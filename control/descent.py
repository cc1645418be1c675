"""A room on its way down with the valve open: foretold from the first second, corrected by what it does.

The room model of the law is made for holding. On the way down count what it does without: metal of the coil and the supply line, which
have to get cold first, what hangs in the room, and walls that remember the last hours. Here they are parts of a network; walls and
fittings follow the measured temperature all day, so that a rest of an hour, a night or a drying before it make no difference to the sum.
How much of each there is follows from the room model by ratios found on simulated chambers; four numbers are then learned on each
way down out of the warm: cooling power, heat stored, what coil and line take first, and steady heat. What was learned is the begin of
the next. A way down out of a rest is too short for that: it teaches how much longer or shorter than foretold it takes.
Where a flow meter works, the nitrogen in the sum is what it says against the last way down (``control.metered``), else the valve's opening.

    C_g dT_g/dt = hA (T_l - T_g) + k_f (T_f - T_g) + k_p (T_o - T_g) + d - k_c (T_g - T_c)      C_c dT_c/dt = k_c (T_g - T_c) - f m h(T_g)
    C_l dT_l/dt = hA (T_g - T_l) - k_w (T_l - T_1)                            three layers of wall to the outside
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from control import metered
from control.room_model import AMBIENT_K, RoomModel, cooling_j_kg, opening_to_feed

Row = tuple[float, ...]
STEP_S = 5.0
MARK_S = 30.0
LONGEST_S = 9000.0
FOLLOW_S = 10.0
_LAYERS = 3
_BOILS_K = 77.36
_COLD_K = 163.15
_COIL_K = 35.0  # the coil is colder than the gas by so much at full feed
_FITTINGS_S = 1530.0  # what hangs in the room follows its gas so slowly
_COLD_LINE = 0.1  # share of the full feed from which on the line is taken to be cold
_TO_LINE = 0.8  # share of the nitrogen that boils in a warm line
_LEARNED = 4
_START_STD = (0.15, 0.15, 1.0, 0.05)  # a chamber of this type never seen before: logarithms, the last a share of the full cooling
_FOUND_HERE_STD = (0.03, 0.03, 1.0, 0.02)  # the same of a model found on this very chamber: all but coil and line is in it
_DRIFT_STD = (0.015, 0.005, 0.03, 0.01)  # from one way down to the next: pressure, frost, weather
_METERED_STD = 0.05  # the nitrogen's power where it is metered: the meter's bias, the pre-chamber's share, what the coil makes of it
_METERED_DRIFT_STD = 0.005  # instead of the first of ``_DRIFT_STD``: pressure is in the flow
_LEAST_METERED = 0.03  # out of a rest: the pre-chamber's share is no better known
_DOUBT = 0.5  # of what was off with the meter is off without: it is the meter that has changed
_MARK_STD_K = 5.0  # what the network does not know lasts for minutes, so marks count little each
_MOST = 0.3  # one look moves a number by no more
_BOUND = 3.0
_LEAST_S, _LEAST_REST_S = 240.0, 90.0  # a shorter way down teaches nothing
_REST_K = 240.0  # what begins colder begins out of a rest
_PACE_SHARE = 0.8  # of the last way down in ``pace``
_PACE_MOST = 0.6


class Body(NamedTuple):
    """What is behind the gas, K: liner, what hangs in the room, layers of the wall from inside."""

    liner_k: float
    fittings_k: float
    wall_k: tuple[float, float, float]


class Belief(NamedTuple):
    """What is known of this chamber beyond ``of``: mean and covariance of the four numbers, and ``pace``: logarithm of how much longer
    than the network says it takes out of a rest. ``metered``: what the flow meter said when the power was as in ``mean``, logarithm of
    a share of what the model has; None: not known."""

    of: RoomModel
    mean: Row
    cov: tuple[Row, ...]
    pace: float = 0.0
    metered: float | None = None


class Descent(NamedTuple):
    """Under way. ``feed``: share of the full feed already in the coil when it began; ``given``: share given in each MARK_S since;
    ``marks``: measured at the end of each, K; ``path``: foretold every STEP_S from the begin on, K. ``sum_``, ``looks``,
    ``readings``: of this mark; ``metered``: what the flow meter said in each."""

    began_s: float
    from_k: float
    to_k: float
    full: float
    feed: float
    body: Body
    before: Belief
    belief: Belief
    path: Row
    given: Row = ()
    marks: Row = ()
    sum_: float = 0.0
    looks: int = 0
    readings: Row = ()
    metered: metered.Marks = ()


class _Ratios(NamedTuple):
    """Of the network to the room model, as found on a simulated chamber of a kind: films and conductances, heat stored, the coil's metal,
    what the line takes of it, heat that comes past the walls; ``more``: cooling that does not fall with the gas, of that at full feed."""

    film: float
    loss: float
    liner: float
    fittings: float
    wall: float
    coil: float
    line: float
    past: float
    more: float


_COIL_ROOM = _Ratios(film=1.23, loss=2.3, liner=0.11, fittings=0.62, wall=1.63, coil=1.4, line=0.026, past=0.0, more=0.265)
_VAPOUR_ROOM = _Ratios(film=1.07, loss=1.8, liner=1.09, fittings=0.01, wall=0.2, coil=1.0, line=0.0, past=1.8, more=0.075)
_METAL_S = 30.0  # a feed that lags more has a coil of metal, a room that lags less is blown into


class _Parts(NamedTuple):
    """The network in numbers: W/K and J/K; ``past``: past the walls; ``steady_w``: fans; ``line_j``: what the line takes first;
    ``more_w``: cooling at full feed that does not fall with the gas."""

    film: float
    hang: float
    between: float
    liner_j_k: float
    fittings_j_k: float
    layer_j_k: float
    coil: float
    coil_j_k: float
    line_j_k: float
    flow_kg_s: float
    past: float
    steady_w: float
    more_w: float


def _has_coil(m: RoomModel) -> bool:
    return m.feed_tau_s > _METAL_S


def unknown(m: RoomModel, *, found_here: bool = False) -> Belief:
    """Nothing learned yet. ``found_here``: the model was identified on this very chamber; it is right, but in the scale of a data sheet,
    so that the first way down has to show what the meter says to it."""
    start = _FOUND_HERE_STD if found_here and not _has_coil(m) else _START_STD  # a recording says little of a coil's metal
    cov = tuple([tuple([s * s if i == j else 0.0 for j in range(_LEARNED)]) for i, s in enumerate(start)])
    return Belief(m, (0.0,) * _LEARNED, cov, metered=None if found_here else 0.0)


def standing(gas_k: float) -> Body:
    """A room that has stood for long."""
    one, two, three = (gas_k + (i + 0.5) / _LAYERS * (AMBIENT_K - gas_k) for i in range(_LAYERS))
    return Body(gas_k, gas_k, (one, two, three))


def _parts(b: Belief) -> _Parts:
    m = b.of
    of = _COIL_ROOM if _has_coil(m) else _VAPOUR_ROOM
    power, stored, first = (math.exp(x) for x in b.mean[:3])
    full_w = m.feed_kg_s * cooling_j_kg(_COLD_K)
    coil = full_w / _COIL_K
    fittings_j_k = of.fittings * stored * m.liner_j_k
    coil_j_k = of.coil * stored * coil * m.feed_tau_s
    return _Parts(
        film=of.film * stored * m.liner_w_k,
        hang=fittings_j_k / _FITTINGS_S,
        between=_LAYERS * of.loss * stored * m.loss_w_k,
        liner_j_k=of.liner * stored * m.liner_j_k,
        fittings_j_k=fittings_j_k,
        layer_j_k=of.wall * stored * m.liner_j_k / _LAYERS,
        coil=coil,
        coil_j_k=coil_j_k,
        line_j_k=of.line * first * coil_j_k,
        flow_kg_s=m.feed_kg_s * power,
        past=of.past * stored * m.loss_w_k,
        steady_w=b.mean[3] * full_w,
        more_w=of.more * full_w,
    )


def taught(b: Belief) -> bool:
    """A way down out of the warm has been seen."""
    return any(b.mean)


def follow(b: Belief, body: Body, gas_k: float, seconds: float) -> Body:
    """Liner, fittings and wall after ``seconds`` at this gas temperature."""
    p = _parts(b)
    one, two, three = body.wall_k
    liner, fittings = body.liner_k, body.fittings_k
    steps = max(1, math.ceil(seconds / min(FOLLOW_S, 0.2 * p.layer_j_k / p.between)))
    dt = seconds / steps
    both = p.film + 2.0 * p.between
    keep_liner, keep_fittings = math.exp(-dt * both / p.liner_j_k), math.exp(-dt / _FITTINGS_S)
    for _ in range(steps):
        ends = (p.film * gas_k + 2.0 * p.between * one) / both
        liner = ends + (liner - ends) * keep_liner
        fittings = gas_k + (fittings - gas_k) * keep_fittings
        q0, q1, q2, q3 = _through(p.between, liner, one, two, three)
        one += dt * (q0 - q1) / p.layer_j_k
        two += dt * (q1 - q2) / p.layer_j_k
        three += dt * (q2 - q3) / p.layer_j_k
    return Body(liner, fittings, (one, two, three))


def _through(between: float, liner: float, one: float, two: float, three: float) -> tuple[float, float, float, float]:
    """Heat through the wall, W: into each layer from inside, and out."""
    return 2.0 * between * (liner - one), between * (one - two), between * (two - three), 2.0 * between * (three - AMBIENT_K)


def begin(b: Belief, body: Body, from_k: float, to_k: float, full: float, feed: float, now_s: float) -> Descent:
    """The valve opens now: from ``from_k`` to ``to_k``. ``full``: feed of the valve as far open as it may be, 0 to 1."""
    d = Descent(now_s, from_k, to_k, full, feed, body, b, b, ())
    return d._replace(path=_foretold(d, b, None))


def takes_s(b: Belief, body: Body, from_k: float, to_k: float, full: float, feed: float) -> float:
    """How long it would take if it began now, s."""
    return _pace(b, from_k) * _length_s(begin(b, body, from_k, to_k, full, feed, 0.0).path)


def _length_s(path: Row) -> float:
    return STEP_S * (len(path) - 1)


def _pace(b: Belief, from_k: float) -> float:
    return math.exp(b.pace) if from_k < _REST_K else 1.0


def look(d: Descent, now_s: float, sensor_k: float, opening: float, reading: float | None = None) -> Descent:
    """One look, every few seconds: ``opening`` of the valve now, 0 to 1; ``reading``: of the flow meter, as ``metered.share``. Every
    MARK_S what is foretold is corrected."""
    d = d._replace(sum_=d.sum_ + opening_to_feed(d.belief.of, opening), looks=d.looks + 1)
    d = d if reading is None else d._replace(readings=(*d.readings, reading))
    if now_s - d.began_s < MARK_S * (len(d.marks) + 1):
        return d
    d = d._replace(
        given=(*d.given, d.sum_ / d.looks),
        marks=(*d.marks, sensor_k),
        metered=(*d.metered, metered.mark(d.readings)),
        sum_=0.0,
        looks=0,
        readings=(),
    )
    if d.before.metered is not None and metered.whole(d.metered) is not None:
        d = d._replace(before=_sure_of_power(d.before))
    b = d.before if d.from_k < _REST_K else _corrected(d)
    return d._replace(belief=b, path=_foretold(d, b, None))


def _sure_of_power(b: Belief) -> Belief:
    """The nitrogen is metered: its power is known as well as the meter is."""
    std = math.sqrt(b.cov[0][0])
    if std <= _METERED_STD:
        return b
    by = (_METERED_STD / std, *[1.0] * (_LEARNED - 1))
    return b._replace(cov=tuple([tuple([v * by[i] * by[j] for j, v in enumerate(row)]) for i, row in enumerate(b.cov)]))


def _in_doubt(d: Descent, took_s: float) -> bool:
    """More or less than the last time by the meter, but it took as long as without: it is the meter that has changed."""
    said = metered.whole(d.metered)
    if said is None or d.before.metered is None or not taught(d.before) or took_s < _LEAST_REST_S:
        return False
    level = math.exp(said - d.before.metered)
    if abs(level - 1.0) < _LEAST_METERED:
        return False
    with_s, without_s = (_pace(d.before, d.from_k) * _said_s(d, x) for x in (level, 1.0))
    return abs(without_s - took_s) < _DOUBT * abs(with_s - took_s)


def _said_s(d: Descent, level: float) -> float:
    """What the network says of the whole way by what was known before, with so much of the nitrogen of then."""
    return _length_s(_foretold(d._replace(given=(), marks=(), metered=(), full=d.full * level), d.before, None))


def _levels(d: Descent) -> Row:
    """Nitrogen of each mark against that of ``before``."""
    return metered.levels(d.metered, d.before.metered, _LEAST_METERED if d.from_k < _REST_K else 0.0)


def left_s(d: Descent, sensor_k: float, now_s: float) -> float:
    """What is left, s: by the clock at first, by the temperature at the end."""
    total, t = _length_s(d.path), now_s - d.began_s
    warmer = next((i for i in range(len(d.path) - 1, 0, -1) if d.path[i - 1] > sensor_k), 0)  # for good
    share = min(max((d.from_k - sensor_k) / max(1.0, d.from_k - d.to_k), 0.0), 1.0)
    by_clock = _pace(d.before, d.from_k) * total - t
    by_temperature = _pace(d.before, d.from_k) * (total - STEP_S * warmer)
    return max(0.0, (1.0 - share) * by_clock + share * by_temperature)


def over(d: Descent, took_s: float) -> Belief:
    """It is there after ``took_s``: what it taught, a little less certain by the next time."""
    said, drift = metered.whole(d.metered), _DRIFT_STD
    doubted = _in_doubt(d, took_s)
    if doubted:
        d = d._replace(before=d.before._replace(metered=said), metered=())
    if d.from_k < _REST_K:
        return d.before._replace(pace=_paced(d, took_s))  # too short to tell the four apart
    if MARK_S * len(d.marks) < _LEAST_S:
        return d.before
    b = d.before if doubted else d.belief
    if said is not None and not doubted:
        power = b.mean[0] if b.metered is None else b.mean[0] + said - b.metered
        drift = drift if b.metered is None else (_METERED_DRIFT_STD, *_DRIFT_STD[1:])
        b = b._replace(mean=(power, *b.mean[1:]), metered=said)
    wider = [tuple([v + (drift[i] ** 2 if i == j else 0.0) for j, v in enumerate(row)]) for i, row in enumerate(b.cov)]
    return b._replace(cov=tuple(wider))


def _paced(d: Descent, took_s: float) -> float:
    """How long it took against what the network said when it began."""
    said_s = _said_s(d, (1.0, *_levels(d))[-1])
    if min(said_s, took_s) < _LEAST_REST_S:
        return d.before.pace
    found = min(max(math.log(took_s / said_s), -_PACE_MOST), _PACE_MOST)
    return d.before.pace + _PACE_SHARE * (found - d.before.pace)


def _corrected(d: Descent) -> Belief:
    """One step of Gauss and Newton from the present belief towards all marks and the belief it began with."""
    b, until_s = d.belief, MARK_S * len(d.marks)
    every = round(MARK_S / STEP_S)

    def at_marks(mean: Row) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array(_foretold(d, b._replace(mean=mean), until_s)[every::every])

    here = at_marks(b.mean)
    slopes = [(at_marks(tuple([v + 0.01 * (i == j) for j, v in enumerate(b.mean)])) - here) / 0.01 for i in range(_LEARNED)]
    jacobian, marks = np.stack(slopes, axis=1), np.array(d.marks)
    if not (np.isfinite(jacobian).all() and np.isfinite(marks).all()):
        return b  # what has run away teaches nothing
    sure = np.linalg.inv(np.array(d.before.cov))
    weight = 1.0 / _MARK_STD_K**2
    curvature = sure + weight * jacobian.T @ jacobian
    off = weight * jacobian.T @ (marks - here) - sure @ (np.array(b.mean) - np.array(d.before.mean))
    move = np.clip(np.linalg.solve(curvature, off), -_MOST, _MOST)
    mean = np.clip(np.array(b.mean) + move, -_BOUND, _BOUND)
    return b._replace(mean=tuple(mean.tolist()), cov=tuple([tuple(row) for row in np.linalg.inv(curvature).tolist()]))


def _foretold(d: Descent, b: Belief, until_s: float | None) -> Row:
    """What the sensor says every STEP_S from the begin on: until ``until_s``, or until it is ``d.to_k``, K."""
    p, m = _parts(b), b.of
    gas = sensor = d.from_k
    liner, fittings, (one, two, three) = d.body
    w_kg = p.flow_kg_s * cooling_j_kg(gas)
    coil = gas - d.feed * w_kg / p.coil
    line_j = 0.0 if d.feed > _COLD_LINE else p.line_j_k * max(0.0, gas - _BOILS_K)
    quickest = min(
        m.gas_j / d.from_k / (p.film + p.coil + p.hang), p.liner_j_k / (p.film + 2.0 * p.between), p.layer_j_k / (3.0 * p.between)
    )
    rounds = max(1, math.ceil(STEP_S / (0.4 * quickest)))
    dt = STEP_S / rounds
    keep_coil = math.exp(-dt * p.coil / p.coil_j_k)
    mean_coil = (1.0 - keep_coil) * p.coil_j_k / (p.coil * dt)
    keep_sensor = math.exp(-dt / m.sensor_tau_s)
    past, levels = len(d.given), _levels(d)
    now = (1.0, *levels)[-1]
    out = [sensor]
    t = 0.0
    while (sensor > d.to_k or t < past * MARK_S) if until_s is None else t < until_s:
        if t >= LONGEST_S:
            break
        for _ in range(rounds):
            since = t + dt - m.dead_s
            mark = int(since // MARK_S)
            begun = 0.0 if since <= 0.0 else min(since / dt, 1.0)
            share, level = (d.given[mark], levels[mark]) if begun > 0.0 and mark < past else (d.full, now)
            told, more_w = begun * share * level, begun * share * p.more_w
            cold_w = told * p.flow_kg_s * cooling_j_kg(gas)
            if line_j > 0.0:
                first_w = min(_TO_LINE * cold_w, line_j / dt)
                line_j -= first_w * dt
                cold_w -= first_w
            ends = gas - cold_w / p.coil
            to_coil_w = p.coil * (gas - ends - (coil - ends) * mean_coil)
            coil = ends + (coil - ends) * keep_coil
            q0, q1, q2, q3 = _through(p.between, liner, one, two, three)
            from_liner_w, from_fittings_w = p.film * (liner - gas), p.hang * (fittings - gas)
            after = (
                gas + dt * (from_liner_w + from_fittings_w + p.past * (AMBIENT_K - gas) + p.steady_w - more_w - to_coil_w) * gas / m.gas_j
            )
            liner -= dt * (from_liner_w + q0) / p.liner_j_k
            fittings -= dt * from_fittings_w / p.fittings_j_k
            one += dt * (q0 - q1) / p.layer_j_k
            two += dt * (q1 - q2) / p.layer_j_k
            three += dt * (q2 - q3) / p.layer_j_k
            middle = 0.5 * (gas + after)
            sensor = middle + (sensor - middle) * keep_sensor
            gas = after
            t += dt
        out.append(sensor)
    return tuple(out)


def belief_data(b: Belief) -> dict[str, Any]:
    """The belief as the data of an event."""
    return {"of": list(b.of), "mean": list(b.mean), "cov": [list(row) for row in b.cov], "pace": b.pace, "metered": b.metered}


def read_belief(data: Mapping[str, Any] | None) -> Belief | None:
    """The belief from the last event told; None: none, or one of an earlier kind."""
    found: Mapping[str, Any] | None = None if data is None else data.get("belief")
    if found is None:
        return None
    rows: Sequence[Sequence[float]] = found["cov"]
    return Belief(
        RoomModel(*found["of"]), tuple(found["mean"]), tuple([tuple(row) for row in rows]), found.get("pace", 0.0), found.get("metered")
    )
