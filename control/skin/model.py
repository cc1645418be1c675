"""One step of everybody's skin, and what may be said of it.

Each site of each person is followed in nine rows: as assumed, once for each thing that is not known, moved by two standard deviations
towards colder skin, and once in gas that nobody measured and that may be warmer. The lower bound lies below the first row by the root of
the sum of squares of what the others differ by; the upper bound as far above, and by what unmeasured gas may add.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from control.skin import body
from control.skin.air import Zone
from control.skin.film import Array, film, moving
from control.skin.tissue import IMPLICIT, NODES, SKIN_NODES, STEP_S, tissue

_NOMINAL, _UNREAD = 0, len(body.ROWS) - 1
_GAS = next(i for i, row in enumerate(body.ROWS) if row.gas_k != 0.0)
_FIRST = np.array([[row.first] for row in body.ROWS])


class Estimate(NamedTuple):
    """Skin of a site, °C: as assumed, lower and upper bound."""

    site: str
    c: float
    low_c: float
    high_c: float


class Slabs(NamedTuple):
    """Change of every node's temperature since rest in K, and blood flow of the skin in L/h m², as raw float64: equal states compare
    equal, and nothing can be changed in place."""

    change: bytes
    flow: bytes


class Where(NamedTuple):
    """How many of the group are inside at all, and how many of these in the inner room; first come, first in."""

    inside: int = 0
    main: int = 0


class _Grid(NamedTuple):
    """Everything that does not change, by site and row."""

    sites: tuple[body.Site, ...]
    moves: Array
    yields: Array
    blood: Array
    rest: Array
    factor: Array
    moves_gas: Array
    share: Array  # of the usual blood flow
    blood_at_rest: Array  # W/m²K
    lowest: tuple[bool, ...]


@lru_cache(maxsize=2)
def _grid(head_out: bool) -> _Grid:
    sites = tuple(s for s in body.SITES if not (head_out and s.name == body.FACE))  # a face above the rim is not in the cold
    made = [[tissue(body.SKIN_M * row.skin, site.fat_m * row.fat) for row in body.ROWS] for site in sites]
    rows = np.ones((len(sites), 1))
    rest = np.array([[[site.rest_c + row.rest_k] for row in body.ROWS] for site in sites])
    share = (rows * [row.flow for row in body.ROWS])[..., None]
    return _Grid(
        sites,
        np.array([[t.moves for t in of_site] for of_site in made]),
        np.array([[[t.yields] for t in of_site] for of_site in made]),
        np.array([[[t.blood] for t in of_site] for of_site in made]),
        rest,
        np.array([[[site.film * row.film] for row in body.ROWS] for site in sites]),
        moving((rows * [row.speed_m_s for row in body.ROWS])[..., None]),
        share,
        body.BLOOD_W_H_LK * share * _flow(rest),
        tuple(site.low for site in sites),
    )


def at_rest(persons: int, *, head_out: bool) -> Slabs:
    """A group before it goes in."""
    g = _grid(head_out)
    flow = g.share * _flow(g.rest) * np.ones(persons)
    return Slabs(np.zeros((*flow.shape, NODES)).tobytes(), flow.tobytes())


def _flow(skin_c: Array) -> Array:
    tone = np.minimum(np.maximum((skin_c - body.FLOW_COLD_C) / (body.FLOW_WARM_C - body.FLOW_COLD_C), 0.0), 1.0)
    return body.FLOW_COLD + (body.FLOW_WARM - body.FLOW_COLD) * tone


def _shaped(slabs: Slabs, g: _Grid) -> tuple[Array, Array]:
    flow = np.frombuffer(slabs.flow).reshape(len(g.sites), len(body.ROWS), -1)
    return np.frombuffer(slabs.change).reshape(*flow.shape, NODES), flow


def stepped(slabs: Slabs, where: Where, pre: tuple[Zone, ...], main: tuple[Zone, ...], *, head_out: bool) -> Slabs:
    """A step later. ``pre`` and ``main``: zones from the lowest up; whoever stands in a room with a zone that was never read stays as
    they are."""
    g = _grid(head_out)
    change, flow = _shaped(slabs, g)
    if where.main >= flow.shape[2]:
        return _moved(g, change, flow, _gas(g, main)) if known(main) else slabs
    turn = np.where(_FIRST, 0, np.arange(flow.shape[2], dtype=np.int64))
    in_main, inside = turn < where.main, turn < where.inside
    gas = np.where(in_main, _gas(g, main), _gas(g, pre))
    return _moved(g, change, flow, gas, (in_main & known(main)) | (inside & ~in_main & known(pre)))


def _moved(g: _Grid, change: Array, flow: Array, gas: Array, there: NDArray[np.bool_] | None = None) -> Slabs:
    """A step in ``gas``; those not ``there`` stay as they are."""
    skin = g.rest + change[..., 0]
    leads = film(skin, gas, g.moves_gas, g.factor)
    new_flow = flow + (g.share * _flow(skin) - flow) * (STEP_S / (body.FLOW_LAG_S + 0.5 * STEP_S))
    blood = body.BLOOD_W_H_LK * new_flow
    more = (blood - g.blood_at_rest) * (body.CORE_C - g.rest)
    heat = g.blood * (more[..., None] - blood[..., None] * change[..., :SKIN_NODES])
    moved = np.matmul(np.concatenate((change, heat), axis=-1), g.moves)
    into = body.REST_W_M2 - leads * (skin - gas)
    by_watt = g.yields[..., 0]
    weight = IMPLICIT * leads
    first = (moved[..., 0] + by_watt * into) / (1.0 + weight * by_watt)
    moved += g.yields * (into - weight * first)[..., None]
    if there is None:
        return Slabs((change + moved).tobytes(), new_flow.tobytes())
    return Slabs(np.where(there[..., None], change + moved, change).tobytes(), np.where(there, new_flow, flow).tobytes())


def known(zones: tuple[Zone, ...]) -> bool:
    """Each zone was measured at least once."""
    return bool(zones) and all(z.c is not None for z in zones)


def _gas(g: _Grid, zones: tuple[Zone, ...]) -> Array:
    """Gas about each site in each row; 0.0 where nothing is known, for slabs that stay as they are."""
    if not known(zones):
        return np.zeros((len(g.sites), len(body.ROWS), 1))
    lowest, middle = _in_rows(zones[0]), _in_rows(zones[-1])
    return np.array([lowest if low else middle for low in g.lowest])[..., None]


def _in_rows(z: Zone) -> list[float]:
    """Gas of a measured zone, once for each row."""
    c = z.low_c if z.c is None else z.c
    rows = [c] * len(body.ROWS)
    rows[_GAS] = c - math.hypot(body.ROWS[_GAS].gas_k, c - z.low_c)
    rows[_UNREAD] = c if z.read else z.high_c
    return rows


def estimates(slabs: Slabs, *, head_out: bool) -> tuple[tuple[Estimate, ...], ...]:
    """Of each person, each site."""
    g = _grid(head_out)
    change, _ = _shaped(slabs, g)
    skin = g.rest + change[..., 0]
    middle = skin[:, _NOMINAL]
    away = np.sqrt(np.square(skin[:, 1:_UNREAD] - middle[:, None]).sum(axis=1))
    c, low, high = middle.T.tolist(), (middle - away).T.tolist(), (skin[:, _UNREAD] + away).T.tolist()
    names = [site.name for site in g.sites]
    return tuple([tuple(map(Estimate, names, *of_person)) for of_person in zip(c, low, high, strict=True)])
