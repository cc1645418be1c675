"""A person's body as slabs of skin, fat and muscle, one per site, around one core; cooled at the surface, warmed by blood.

Pennes (1948) bio-heat equation on each site, Crank-Nicolson in time (Thomas algorithm, core outwards); natural convection
after Churchill and Chu (1975), forced convection after de Dear (1997), thermal radiation, cloth as a resistance. The chamber's
heat balance and the validation cases use it: it is no estimate of any real guest's skin.
"""

from __future__ import annotations

import math
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, cast

import numpy as np

from simulator.compiled import COMPILED, compiled
from simulator.gas import KELVIN

STEFAN_BOLTZMANN = 5.670374e-8  # W/m²K⁴
BLOOD_J_M3K = 3.85e6
EMISSIVITY = 0.95
VASO_COLD_C, VASO_SPAN_K, VASO_LAG_S = 20.0, 14.0, 30.0  # skin flow falls as the surface goes from 34 to 20 °C, after a lag
DEEP_BLOOD_W_M3K = 0.5e-3 * BLOOD_J_M3K * 0.5  # fat and muscle: 0.5 mL/s per litre at rest (tissue data bases), half exchanged
# Heat made against the cold, W/kg, by mean skin and core in °C: a (s - skin)(c - core), at most the last (Hayward 1977)
COLD_W_KGK2, COLD_SKIN_C, COLD_CORE_C, COLD_MOST_W_KG = 0.0356, 41.8, 41.0, 6.4
MUSCLE_HEAT_W_M3 = 650.0  # resting muscle, about 0.6 W/kg
SKIN, FAT, MUSCLE = (0.37, 3.76e6), (0.21, 2.14e6), (0.49, 3.73e6)  # W/mK, J/m³K (tissue data bases)
SKIN_CELLS, FAT_CELLS, MUSCLE_CELLS = 3, 5, 4
CELLS = SKIN_CELLS + FAT_CELLS + MUSCLE_CELLS
SKIN_GRADE, GRADE = 1.3, 1.5  # each cell of a layer is this much thicker than the one above it


class Site(NamedTuple):
    """One part of the body. Lengths m, areas m², flows L/h per m² of skin, temperatures °C, resistance m²K/W."""

    name: str
    area_m2: float
    fat_m: float
    skin_c: float  # surface at rest
    film: float = 1.0  # convection against the mean of the body
    flow_warm: float = 6.3
    flow_cold: float = 0.6
    inner_k: float = 0.0  # arterial blood and deep tissue are this much colder than the core
    cloth: float = 0.0
    view: float = 0.75  # share of the half space that is wall and not the body itself
    skin_m: float = 0.002
    muscle_m: float = 0.025
    height_m: float = 1.1  # of its middle above the floor, standing
    deep_w_m2k: float = 40.0  # conduction from the deepest muscle to what lies below: core under the trunk, nothing in a limb
    limb: bool = False  # blood of fat and muscle falls in the same proportion as that of the skin
    shivers: float = 0.0  # share of the body's heat against the cold that its muscle makes


@dataclass(frozen=True, slots=True)
class Build:
    """A body to be exposed: its sites and its core (°C, J/K)."""

    sites: tuple[Site, ...]
    core_c: float = 36.8
    core_j_k: float = 12.0 * 3500.0  # what the slabs leave of the mass: brain, heart, gut
    mass_kg: float = 0.0  # that makes heat against the cold; 0: none is made


Numbers = MutableSequence[float]  # a float64 array where the functions are compiled, else a list, which is faster then


def numbers(values: Sequence[float]) -> Numbers:
    """``values`` as the compiled functions want them."""
    return cast(Numbers, np.array(values, dtype=np.float64)) if COMPILED else [float(x) for x in values]


@compiled
def conductivity(k: float) -> float:
    """Thermal conductivity of air in W/mK at 90-320 K (fit within 0.8 % of the reference equation)."""
    x = 0.01 * k
    return x * (9.5314e-3 + x * (7.9515e-5 - x * 1.09226e-4))


@compiled
def viscosity(k: float) -> float:
    """Dynamic viscosity of air in Pa s at 90-320 K (fit within 0.7 % of the reference equation)."""
    x = 0.01 * k
    return x * (7.54390e-6 - x * (4.00559e-7 + x * 1.85824e-8))


@compiled
def convection(surface_k: float, gas_k: float, air_speed_m_s: float, height_m: float = 1.7) -> float:
    """Convective film coefficient in W/m²K of a standing person: natural and forced, cubes added."""
    film = 0.5 * (surface_k + gas_k)
    k = conductivity(film)
    mu = viscosity(film)
    nu = mu * 287.05 * film / 101_325.0
    prandtl = 1007.0 * mu / k
    rayleigh = 9.81 / film * abs(surface_k - gas_k) * height_m**3 * prandtl / (nu * nu)
    root = 0.825 + 0.387 * rayleigh ** (1.0 / 6.0) / (1.0 + (0.492 / prandtl) ** (9.0 / 16.0)) ** (8.0 / 27.0)
    natural = root * root * k / height_m
    if air_speed_m_s <= 0.0:
        return natural
    # de Dear's 10.3 v^0.6 holds at 300 K; scaled with k (1/nu)^0.6
    forced = 10.3 * k / 0.02624 * (air_speed_m_s * 1.583e-5 / nu) ** 0.6
    return (natural * natural * natural + forced * forced * forced) ** (1.0 / 3.0)


# Per cell, in P: heat capacity, conductance to the next cell inwards (the last one: to the core), muscle blood, heat made,
# and the eliminated part of the matrix. Per site, in S: constants above, state below.
_CAPACITY, _CONDUCT, _BLOOD, _HEAT, _SHARE, _INVERSE = (i * CELLS for i in range(6))
P_WIDTH = 6 * CELLS
AREA, FILM, WARM, COLD, INNER, CLOTH, VIEW, HALF, HEIGHT, LIMB, SHIVERS = range(11)  # LIMB: 1 / flow at rest, or 0
FLOW, SURFACE, OUTER, OUTER_BEFORE, H_C, H_R, CONVECTIVE, RADIATIVE = range(11, 19)
S_WIDTH = 19
# Share of the walls that another upright person hides: cylinders of 0.35 m 1.1 m apart, crossed strings (Hottel); as warm as oneself
HIDDEN_BY_ANOTHER = 0.051
MIDDLE_M = 1.1  # height at which the gas of a room has its mean temperature
CORE_K, CORE_J_K, CORE_W, MASS, REST_W_KG = range(5)  # temperature, capacity, W made there at rest; of whom; formula at rest
CONVECTION_W, RADIATION_W, FILM_W_K, SURFACE_MEAN_K, AGAINST_COLD_W = range(5, 10)  # of the bare and the clothed body, after a step
C_WIDTH = 10
ENV = 4  # per site: gas K, wall K, air speed m/s, film W/m²K given from outside (0: none)


@compiled
def eliminate(p: Numbers, sites: int, dt_s: float) -> None:
    """Fold the cells below the skin, whose matrix never changes, for steps of ``dt_s``."""
    for s in range(sites):
        at = s * P_WIDTH
        below = 0.0
        for i in range(CELLS - 1, SKIN_CELLS - 1, -1):
            half = 0.5 * p[at + _CONDUCT + i]
            diagonal = p[at + _CAPACITY + i] / dt_s + half + 0.5 * p[at + _BLOOD + i] + 0.5 * p[at + _CONDUCT + i - 1]
            if i < CELLS - 1:
                diagonal -= half * below
            inverse = 1.0 / diagonal
            p[at + _INVERSE + i] = inverse
            below = 0.5 * p[at + _CONDUCT + i - 1] * inverse
            p[at + _SHARE + i] = below  # of the change of the cell above it


@compiled
def cold_w_kg(skin_k: float, core_k: float) -> float:
    """All heat that a body at rest makes, W/kg, by mean skin and core (Hayward, Eckerson and Collis 1977, in water of 10 °C)."""
    made = COLD_W_KGK2 * (COLD_SKIN_C + 273.15 - skin_k) * (COLD_CORE_C + 273.15 - core_k)
    return made if made < COLD_MOST_W_KG else COLD_MOST_W_KG


@compiled
def advance(t: Numbers, p: Numbers, s: Numbers, core: Numbers, work: Numbers, env: Numbers, sites: int, dt_s: float, lead: float) -> None:
    """One Crank-Nicolson step of every site, then of the core.

    ``lead`` is half this step over the one before: as far as surfaces are carried forward for their films. ``t`` holds cell
    temperatures in K, ``env`` what surrounds each site. Heat in ``s`` is the mean of the step, W/m² of the site.
    """
    deep = core[CORE_K]
    against = cold_w_kg(core[SURFACE_MEAN_K], deep) - core[REST_W_KG]
    against = against * core[MASS] if against > 0.0 else 0.0
    core[AGAINST_COLD_W] = against
    taken = convection_w = radiation_w = film_w_k = bare = surface = 0.0
    for j in range(sites):
        at, q, e = j * P_WIDTH, j * S_WIDTH, j * ENV
        first = j * CELLS
        gas, wall = env[e], env[e + 1]
        outer = s[q + OUTER] + lead * (s[q + OUTER] - s[q + OUTER_BEFORE])  # at the middle of the step
        tone = (s[q + SURFACE] - 273.15 - VASO_COLD_C) / VASO_SPAN_K
        tone = 0.0 if tone < 0.0 else 1.0 if tone > 1.0 else tone
        target = s[q + COLD] + (s[q + WARM] - s[q + COLD]) * tone
        change = (target - s[q + FLOW]) * dt_s / (VASO_LAG_S + 0.5 * dt_s)
        blood = (s[q + FLOW] + 0.5 * change) * (BLOOD_J_M3K / 3.6e6 / SKIN_CELLS)
        drawn = 1.0 if s[q + LIMB] <= 0.0 else (s[q + FLOW] + 0.5 * change) * s[q + LIMB]  # blood of the tissue below
        s[q + FLOW] += change
        heated = 1.0 + against * s[q + SHIVERS]
        h_c = env[e + 3] if env[e + 3] > 0.0 else s[q + FILM] * convection(outer, gas, env[e + 2])
        h_r = EMISSIVITY * s[q + VIEW] * STEFAN_BOLTZMANN * (outer * outer + wall * wall) * (outer + wall)
        film = h_c + h_r
        effective = (h_c * gas + h_r * wall) / film
        rest = s[q + CLOTH] + s[q + HALF]
        u = 1.0 / (1.0 / film + rest)
        inner = deep - s[q + INNER]
        # net heat into each cell as it stands, eliminated on the way from the core to the surface
        below = p[at + _CONDUCT + CELLS - 1] * (inner - t[first + CELLS - 1])
        heat_blood = below
        carried = 0.0
        here = t[first + CELLS - 1]
        for i in range(CELLS - 1, SKIN_CELLS - 1, -1):
            outside = t[first + i - 1]
            up = p[at + _CONDUCT + i - 1] * (here - outside)
            warmed = drawn * p[at + _BLOOD + i] * (inner - here)  # its change within the step by the flow at rest: 1e-4 of it
            heat_blood += warmed
            net = below - up + warmed + heated * p[at + _HEAT + i] + carried
            work[i] = net
            carried = p[at + _SHARE + i] * net
            below = up
            here = outside
        share = p[at + _SHARE + SKIN_CELLS]
        for i in range(SKIN_CELLS - 1, -1, -1):  # their blood flow changes: the matrix too
            outside = t[first + i - 1] if i > 0 else effective
            outward = p[at + _CONDUCT + i - 1] if i > 0 else u
            up = outward * (here - outside)
            warmed = blood * (inner - here)
            heat_blood += warmed
            net = below - up + warmed + carried
            inverse = 1.0 / (p[at + _CAPACITY + i] / dt_s + 0.5 * (p[at + _CONDUCT + i] * (1.0 - share) + blood + outward))
            share = 0.5 * outward * inverse
            work[i] = net
            p[at + _INVERSE + i], p[at + _SHARE + i] = inverse, share
            carried = share * net
            below = up
            here = outside
        step = 0.0
        middle = t[first]
        for i in range(CELLS):
            step = work[i] * p[at + _INVERSE + i] + p[at + _SHARE + i] * step
            t[first + i] += step
            heat_blood -= 0.5 * (blood if i < SKIN_CELLS else p[at + _BLOOD + i]) * step
        heat_blood -= 0.5 * p[at + _CONDUCT + CELLS - 1] * step
        middle = 0.5 * (middle + t[first])
        flux = u * (t[first] - effective)
        s[q + SURFACE] = t[first] - flux * s[q + HALF]
        s[q + OUTER_BEFORE] = s[q + OUTER]
        s[q + OUTER] = s[q + SURFACE] - flux * s[q + CLOTH]
        face = effective + u * (middle - effective) / film  # outer surface at the middle of the step
        s[q + H_C], s[q + H_R] = h_c, h_r
        s[q + CONVECTIVE], s[q + RADIATIVE] = h_c * (face - gas), h_r * (face - wall)
        area = s[q + AREA]
        taken += area * heat_blood
        convection_w += area * s[q + CONVECTIVE]
        radiation_w += area * s[q + RADIATIVE]
        film_w_k += area * h_c
        if s[q + CLOTH] <= 0.0:
            bare += area
            surface += area * s[q + SURFACE]
    core[CORE_K] += (core[CORE_W] - taken) / core[CORE_J_K] * dt_s
    core[CONVECTION_W], core[RADIATION_W], core[FILM_W_K] = convection_w, radiation_w, film_w_k
    core[SURFACE_MEAN_K] = surface / bare if bare > 0.0 else s[SURFACE]


@compiled
def hide(wall_k: float, person_k: float, share: float) -> float:
    """What radiates like the walls where a share of them is hidden by people as warm as oneself, K."""
    if share <= 0.0:
        return wall_k
    wall, person = wall_k * wall_k, person_k * person_k
    return math.sqrt(math.sqrt((1.0 - share) * wall * wall + share * person * person))


@compiled
def stand(
    t: Numbers, p: Numbers, s: Numbers, core: Numbers, work: Numbers, env: Numbers, sites: int, dt_s: float, lead: float,
    gas_k: float, wall_k: float, air_speed_m_s: float, k_per_m: float, others: float,
) -> None:  # fmt: skip
    """``surround`` and ``advance`` in one call."""
    surround(env, s, core, sites, gas_k, wall_k, air_speed_m_s, k_per_m, others)
    advance(t, p, s, core, work, env, sites, dt_s, lead)


@compiled
def surround(
    env: Numbers, s: Numbers, core: Numbers, sites: int, gas_k: float, wall_k: float, air_speed_m_s: float, k_per_m: float, others: float
) -> None:
    """Around every site the same walls, other people before them and air speed, and gas that is warmer above than below."""
    wall_k = hide(wall_k, core[SURFACE_MEAN_K], HIDDEN_BY_ANOTHER * others)
    for j in range(sites):
        env[ENV * j] = gas_k + k_per_m * (s[S_WIDTH * j + HEIGHT] - MIDDLE_M)
        env[ENV * j + 1], env[ENV * j + 2], env[ENV * j + 3] = wall_k, air_speed_m_s, 0.0


def layers(site: Site) -> list[tuple[float, float, float]]:
    """(thickness m, W/mK, J/m³K) of each cell, from the surface inwards, where the temperature changes ever more slowly."""
    cells: list[tuple[float, float, float]] = []
    for thickness, count, grade, tissue in (
        (site.skin_m, SKIN_CELLS, SKIN_GRADE, SKIN),
        (site.fat_m, FAT_CELLS, GRADE, FAT),
        (site.muscle_m, MUSCLE_CELLS, GRADE, MUSCLE),
    ):
        first = thickness * (grade - 1.0) / (grade**count - 1.0)
        cells += [(first * grade**i, *tissue) for i in range(count)]
    return cells


def _flow_at_rest(site: Site) -> float:
    tone = min(1.0, max(0.0, (site.skin_c - VASO_COLD_C) / VASO_SPAN_K))
    return site.flow_cold + (site.flow_warm - site.flow_cold) * tone


class Template:
    """A build at rest, worked out once: what a new visit starts from."""

    __slots__ = ("build", "cells", "core", "parameters", "sites", "temperatures")

    def __init__(self, build: Build) -> None:
        temperatures: list[float] = []
        parameters: list[float] = []
        sites: list[float] = []
        made = 0.0
        self.cells = [[dx for dx, _, _ in layers(site)] for site in build.sites]
        for site in build.sites:
            cells = layers(site)
            resistance = [0.5 * dx / k for dx, k, _ in cells]
            deep = 0.0 if site.deep_w_m2k <= 0.0 else 1.0 / (resistance[-1] + 1.0 / site.deep_w_m2k)
            conduct = [*(1.0 / (a + b) for a, b in pairwise(resistance)), deep]
            flow = _flow_at_rest(site)
            blood = [DEEP_BLOOD_W_M3K * dx if i >= SKIN_CELLS else 0.0 for i, (dx, _, _) in enumerate(cells)]
            heat = [MUSCLE_HEAT_W_M3 * dx if i >= SKIN_CELLS + FAT_CELLS else 0.0 for i, (dx, _, _) in enumerate(cells)]
            skin = flow * BLOOD_J_M3K / 3.6e6 / SKIN_CELLS
            at_rest = [skin] * SKIN_CELLS + blood[SKIN_CELLS:]
            surface, inner = site.skin_c + KELVIN, build.core_c + KELVIN - site.inner_k
            t = _steady(conduct, 1.0 / resistance[0], at_rest, heat, surface, inner)
            made += site.area_m2 * (conduct[-1] * (inner - t[-1]) + sum(b * (inner - x) for b, x in zip(at_rest, t, strict=True)))
            temperatures += t
            parameters += [dx * rc for dx, _, rc in cells] + conduct + blood + heat + [0.0] * (2 * CELLS)
            sites += [
                site.area_m2,
                site.film,
                site.flow_warm,
                site.flow_cold,
                site.inner_k,
                site.cloth,
                site.view,
                resistance[0],
                site.height_m,
                1.0 / flow if site.limb else 0.0,
                site.shivers / (site.area_m2 * sum(heat)) if site.area_m2 > 0.0 else 0.0,
            ]
            sites += [flow, surface, surface, surface, 0.0, 0.0, 0.0, 0.0]
        self.build = build
        self.temperatures, self.parameters, self.sites = temperatures, parameters, sites
        bare = [site for site in build.sites if site.cloth <= 0.0]
        skin = sum(s.area_m2 * s.skin_c for s in bare) / max(1e-9, sum(s.area_m2 for s in bare)) + KELVIN
        core = build.core_c + KELVIN
        self.core = [core, build.core_j_k, made, build.mass_kg, cold_w_kg(skin, core), *[0.0] * (C_WIDTH - 5)]
        self.core[SURFACE_MEAN_K] = skin


def _steady(
    conduct: Sequence[float], outer: float, blood: Sequence[float], heat: Sequence[float], surface_k: float, inner_k: float
) -> list[float]:
    """Cell temperatures at rest with the surface held at ``surface_k``."""
    matrix = np.zeros((CELLS, CELLS))
    right = np.array(heat) + np.array(blood) * inner_k
    for i in range(CELLS):
        above = conduct[i - 1] if i else outer
        matrix[i, i] = above + conduct[i] + blood[i]
        if i:
            matrix[i, i - 1] = -above
        if i < CELLS - 1:
            matrix[i, i + 1] = -conduct[i]
    right[0] += outer * surface_k
    right[-1] += conduct[-1] * inner_k
    return [float(x) for x in np.linalg.solve(matrix, right)]


class Body:
    """One person's body in a state of its own. Temperatures K, heat W."""

    __slots__ = ("_cells", "_core", "_dt_s", "_p", "_s", "_sites", "_t", "_work", "env", "names")

    def __init__(self, template: Template) -> None:
        self.names = [site.name for site in template.build.sites]
        self._sites = len(self.names)
        self._t, self._p, self._s = numbers(template.temperatures), numbers(template.parameters), numbers(template.sites)
        self._cells = template.cells
        self._core, self._work = numbers(template.core), numbers([0.0] * CELLS)
        self.env = numbers([0.0] * (ENV * len(self.names)))
        self._dt_s = 0.0

    def step(self, dt_s: float) -> None:
        """Advance by ``dt_s`` in what ``env`` holds for each site."""
        advance(self._t, self._p, self._s, self._core, self._work, self.env, self._sites, dt_s, self._lead(dt_s))

    def stand(self, gas_k: float, wall_k: float, air_speed_m_s: float, dt_s: float, k_per_m: float = 0.0, others: float = 0.0) -> None:
        """Advance by ``dt_s`` in a room: gas and how it warms by the metre, walls, air speed, how many others."""
        stand(
            self._t, self._p, self._s, self._core, self._work, self.env, self._sites, dt_s, self._lead(dt_s),
            gas_k, wall_k, air_speed_m_s, k_per_m, others,
        )  # fmt: skip

    def _lead(self, dt_s: float) -> float:
        """Half of this step over the one before; a new length has its matrix eliminated first."""
        before = self._dt_s
        if dt_s == before:
            return 0.5
        eliminate(self._p, self._sites, dt_s)
        self._dt_s = dt_s
        return 0.5 * dt_s / before if before > 0.0 else 0.0

    def surface_of(self, site: str) -> float:
        """Skin temperature of a site in K."""
        return float(self._s[self.names.index(site) * S_WIDTH + SURFACE])

    def heat_of(self, site: str) -> tuple[float, float]:
        """(convection, radiation) W of a site in the last step."""
        at = self.names.index(site) * S_WIDTH
        area = float(self._s[at + AREA])
        return area * float(self._s[at + CONVECTIVE]), area * float(self._s[at + RADIATIVE])

    @property
    def surfaces_k(self) -> list[float]:
        return [float(self._s[j * S_WIDTH + SURFACE]) for j in range(len(self.names))]

    @property
    def surface_k(self) -> float:
        """Mean skin temperature of the bare sites after the last step."""
        return float(self._core[SURFACE_MEAN_K])

    @property
    def stored_j(self) -> float:
        """Heat held by slabs and core, counted from 0 K."""
        held = sum(
            self._s[j * S_WIDTH + AREA] * sum(self._p[j * P_WIDTH + i] * self._t[j * CELLS + i] for i in range(CELLS))
            for j in range(len(self.names))
        )
        return float(held + self._core[CORE_J_K] * self._core[CORE_K])

    @property
    def made_w(self) -> float:
        """Heat made in core and muscles in the last step, with what they make against the cold."""
        muscles = sum(
            self._s[j * S_WIDTH + AREA] * sum(self._p[j * P_WIDTH + _HEAT + i] for i in range(CELLS)) for j in range(len(self.names))
        )
        return float(muscles + self._core[CORE_W] + self._core[AGAINST_COLD_W])

    def depth_k(self, site: str, depth_m: float) -> float:
        """Temperature below the surface of a site, K; between cell centres on straight lines, no deeper than the last."""
        at = self.names.index(site)
        cells = self._cells[at]
        below, before, warm = 0.0, 0.0, self.surface_of(site)
        for i, dx in enumerate(cells):
            centre = below + 0.5 * dx
            here = float(self._t[at * CELLS + i])
            if depth_m <= centre:
                return warm + (here - warm) * (depth_m - before) / (centre - before)
            below, before, warm = below + dx, centre, here
        return warm

    @property
    def core_k(self) -> float:
        return float(self._core[CORE_K])

    @property
    def convection_w(self) -> float:
        return float(self._core[CONVECTION_W])

    @property
    def radiation_w(self) -> float:
        return float(self._core[RADIATION_W])

    @property
    def film_w_k(self) -> float:
        """Convection per kelvin of the gas."""
        return float(self._core[FILM_W_K])
