"""The body against itself with a finer step, against an independent integrator on a fine mesh, and against the energy balance."""

from __future__ import annotations

import ast
import math
import os
import random
import statistics
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from simulator.body import (
    BLOOD_J_M3K,
    DEEP_BLOOD_W_M3K,
    EMISSIVITY,
    FAT,
    HIDDEN_BY_ANOTHER,
    MUSCLE,
    MUSCLE_HEAT_W_M3,
    SKIN,
    STEFAN_BOLTZMANN,
    Body,
    Build,
    Site,
    Template,
    cold_w_kg,
    convection,
    hide,
)
from simulator.gas import KELVIN
from simulator.people import BODY_STEP_S, Person, Place
from simulator.population import PARTS, REFERENCE, Physique, breath_w, draw, template

_ROOM = 22.0 + KELVIN


def _session(body: Body, dt_s: float, gas_c: float = -110.0, cold_s: float = 180.0, after_s: float = 120.0) -> list[float]:
    """Mean bare skin in K after each step: in the cold, then in the room."""
    seen = []
    for seconds, gas_k, speed in ((cold_s, gas_c + KELVIN, 0.2), (after_s, _ROOM, 0.1)):
        for _ in range(round(seconds / dt_s)):
            body.stand(gas_k, gas_k, speed, dt_s)
            seen.append(body.surface_k)
    return seen


_SMALL_STEPS = (0.4, 0.4, 0.4, 0.4, 0.4, 0.8, 0.8, 1.2, 1.2, 1.6)  # after a change of place, then ``BODY_STEP_S``


def _visit(gas_c: float, parts: int) -> list[float]:
    """Mean bare skin in K after each step of a visit, every step that ``Person`` takes cut in ``parts``."""
    body, seen = Body(template(REFERENCE)), []
    for gas_k, more in ((-60.0 + KELVIN, 12), (gas_c + KELVIN, 90), (_ROOM, 60)):
        for step in (*_SMALL_STEPS, *[BODY_STEP_S] * more):
            for _ in range(parts):
                body.stand(gas_k, gas_k, 0.2, step / parts)
            seen.append(body.surface_k)
    return seen


@pytest.mark.parametrize("gas_c", [-110.0, -140.0, -180.0])
def test_halving_the_step_changes_the_surface_less_than_5_mk(gas_c: float) -> None:
    error = [abs(a - b) for a, b in zip(_visit(gas_c, 1), _visit(gas_c, 2), strict=True)]
    assert len(error) > 180
    assert max(error) < 0.005


def test_a_person_takes_small_steps_after_a_change_of_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps that the test above assumes."""
    taken: list[float] = []
    real = Body.stand
    monkeypatch.setattr(Body, "stand", lambda self, g, w, v, dt, up, n: (taken.append(round(dt, 6)), real(self, g, w, v, dt, up, n))[1])
    person = Person()
    for place in (Place.PRE, Place.MAIN):
        person.arrive(place)
        for _ in range(29):
            person.stand(200.0, 200.0, 0.4)
    assert taken == [*_SMALL_STEPS, 2.0, 2.0] * 2


@pytest.mark.parametrize("dt_s", [0.4, BODY_STEP_S])
def test_energy_closes(dt_s: float) -> None:
    """What skin, fat, muscle and core lose is what the gas and the walls get, less what is made inside."""
    body = Body(template(REFERENCE))
    held, given, made = body.stored_j, 0.0, 0.0
    for gas_k, steps in ((163.0, round(180.0 / dt_s)), (_ROOM, round(600.0 / dt_s))):
        for _ in range(steps):
            body.stand(gas_k, gas_k, 0.2, dt_s)
            given += (body.convection_w + body.radiation_w) * dt_s
            made += body.made_w * dt_s
    lost = held - body.stored_j + made
    assert given > 3e5
    assert lost == pytest.approx(given, rel=1e-3)


@pytest.mark.parametrize("fat_m", [0.003, 0.020])
def test_agrees_with_an_independent_integrator_on_a_fine_mesh(fat_m: float) -> None:
    """Method of lines with 0.25 mm cells, scipy's LSODA. The model's thirteen graded cells: 0.25 K, heat within 0.4 %."""
    layers = ((0.002, *SKIN, 0.0, 0.0), (fat_m, *FAT, DEEP_BLOOD_W_M3K, 0.0), (0.025, *MUSCLE, DEEP_BLOOD_W_M3K, MUSCLE_HEAT_W_M3))
    dx = 0.25e-3
    k, rc, blood, made, skin = (
        np.array(x)
        for x in zip(
            *((kk, c, b, m, float(i == 0)) for i, (d, kk, c, b, m) in enumerate(layers) for _ in range(round(d / dx))), strict=True
        )
    )
    core, gas, speed = 36.8 + KELVIN, -110.0 + KELVIN, 0.2
    between = 1.0 / (0.5 * dx / k[:-1] + 0.5 * dx / k[1:])

    def surface(first: float) -> tuple[float, float]:
        t = first
        for _ in range(20):
            u = convection(t, gas, speed) + EMISSIVITY * 0.75 * STEFAN_BOLTZMANN * (t * t + gas * gas) * (t + gas)
            q = (first - gas) / (1.0 / u + 0.5 * dx / k[0])
            t = first - q * 0.5 * dx / k[0]
        return t, q

    def rhs(_: float, y: np.ndarray) -> np.ndarray:
        t, flow = y[:-2], y[-2]
        t_s, q = surface(t[0])
        heat = np.zeros_like(t)
        flux = between * (t[1:] - t[:-1])
        heat[:-1] += flux
        heat[1:] -= flux
        heat[0] -= q
        heat[-1] += (core - t[-1]) * 2.0 * k[-1] / dx
        heat += (blood * dx + skin * flow * BLOOD_J_M3K / 3.6e6 / 8.0) * (core - t) + made * dx
        tone = min(1.0, max(0.0, (t_s - KELVIN - 20.0) / 14.0))
        return np.concatenate([heat / (rc * dx), [(0.6 + 5.7 * tone - flow) / 30.0, q]])

    body = Body(Template(Build((Site("s", 1.0, fat_m, 32.0, deep_w_m2k=1e9),), core_j_k=1e9)))
    depth = (np.arange(len(k)) + 0.5) * dx
    start = np.concatenate([[body.depth_k("s", float(x)) for x in depth], [0.6 + 5.7 * 12.0 / 14.0, 0.0]])
    reference = solve_ivp(rhs, (0.0, 180.0), start, method="LSODA", rtol=1e-6, atol=1e-6, t_eval=[20.0, 60.0, 120.0, 180.0])
    assert reference.success
    seen, given = {}, 0.0
    for step in range(1, 91):
        body.stand(gas, gas, speed, 2.0)
        seen[2.0 * step] = body.surface_k
        given += 2.0 * (body.convection_w + body.radiation_w)
    for at, y in zip(reference.t, reference.y.T, strict=True):
        assert seen[at] == pytest.approx(surface(y[0])[0], abs=0.25)
    assert given == pytest.approx(reference.y[-1, -1], rel=4e-3)


def test_at_rest_the_body_keeps_its_temperature() -> None:
    """In still air of 20 °C: breath and sweat, some 35 W together, are outside the slabs, so the room is that much cooler."""
    body = Body(template(REFERENCE))
    for _ in range(1800):
        body.stand(20.0 + KELVIN, 20.0 + KELVIN, 0.1, 2.0)
    assert body.core_k - KELVIN == pytest.approx(36.8, abs=0.3)
    assert body.surface_k - KELVIN == pytest.approx(32.3, abs=1.0)
    assert body.made_w == pytest.approx(REFERENCE.heat_w, rel=0.05)


def test_plain_python_gives_the_same() -> None:
    """The functions uncompiled, in a process of their own, against those of this one."""
    code = (
        "from simulator.body import Body, COMPILED; from simulator.population import REFERENCE, template\n"
        "body = Body(template(REFERENCE))\n"
        "for gas_k, steps in ((163.0, 30), (295.0, 10)):\n"
        "    for _ in range(steps): body.stand(gas_k, gas_k, 0.2, 2.0)\n"
    )
    plain = subprocess.run(
        [sys.executable, "-c", code + "print(COMPILED, repr(body.surfaces_k + [body.core_k, body.convection_w]))"],
        env={**os.environ, "CRYOCHAMBER_COMPILED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    flag, _, seen = plain.stdout.partition(" ")
    body = Body(template(REFERENCE))
    for gas_k, steps in ((163.0, 30), (295.0, 10)):
        for _ in range(steps):
            body.stand(gas_k, gas_k, 0.2, 2.0)
    assert flag == "False"
    assert ast.literal_eval(seen) == pytest.approx([*body.surfaces_k, body.core_k, body.convection_w], rel=1e-12)


# -- blood and heat against the cold -----------------------------------------------------------------------------------


def test_heat_against_the_cold_follows_the_published_equation() -> None:
    """Hayward 1977 by hand: skin 20 °C, core 36.8 °C make 3.26 W/kg, at most 6.4; at rest nothing is added."""
    assert cold_w_kg(20.0 + KELVIN, 36.8 + KELVIN) == pytest.approx(0.0356 * 21.8 * 4.2)
    assert cold_w_kg(5.0 + KELVIN, 33.0 + KELVIN) == 6.4
    assert sum(part.shivers for part in PARTS.values()) == pytest.approx(1.0)
    body = Body(template(REFERENCE))
    rest = body.made_w
    body.stand(_ROOM, _ROOM, 0.1, 2.0)
    assert body.made_w == pytest.approx(rest, rel=1e-9)
    _session(body, 2.0, after_s=0.0)
    skin, core = body.surface_k, body.core_k
    body.stand(163.0, 163.0, 0.2, 2.0)
    usual = cold_w_kg(sum(s.area_m2 * s.skin_c for s in _bare()) / sum(s.area_m2 for s in _bare()) + KELVIN, 36.8 + KELVIN)
    assert body.made_w - rest == pytest.approx(REFERENCE.mass_kg * (cold_w_kg(skin, core) - usual), rel=1e-6)


def _bare() -> list[Site]:
    return [s for s in REFERENCE.build().sites if s.cloth == 0.0]


def test_the_core_hardly_falls_in_the_cold_and_most_within_the_hour_after() -> None:
    """Published: nothing to see at the exit, 0.3 to 0.4 K after 20 min, lowest after 50 to 60 min (Hausswirth 2013, Zalewski 2014)."""
    cold, warm = Body(template(REFERENCE)), Body(template(REFERENCE))
    _session(cold, 2.0, after_s=0.0)
    assert abs(cold.core_k - 36.8 - KELVIN) < 0.1
    fall = []
    for _ in range(1440):
        for body in (cold, warm):
            body.stand(_ROOM, _ROOM, 0.1, 5.0)
        fall.append(warm.core_k - cold.core_k)
    assert 0.2 < fall[240] < 0.5
    assert 0.3 < max(fall) < 0.7
    assert 2400 < 5.0 * fall.index(max(fall)) < 4200


def test_blood_of_a_limb_falls_with_that_of_its_skin() -> None:
    """Its muscle cools more than with the full supply, its core less; the trunk knows no difference."""
    build = REFERENCE.build()
    limb, full = Body(Template(build)), Body(Template(replace(build, sites=tuple(s._replace(limb=False) for s in build.sites))))
    for body in (limb, full):
        _session(body, 2.0, after_s=600.0)
    assert limb.depth_k("thigh", 0.015) < full.depth_k("thigh", 0.015) - 0.1
    assert limb.core_k > full.core_k + 0.05
    assert limb.surface_of("chest") == pytest.approx(full.surface_of("chest"), abs=0.1)


def test_another_person_hides_a_part_of_the_cold_walls() -> None:
    """Crossed strings between two cylinders by hand; gas and walls then take less from each of three than from one alone."""
    x = 1.1 / 0.35
    assert pytest.approx((math.sqrt(x * x - 1.0) + math.asin(1.0 / x) - x) / math.pi, abs=5e-4) == HIDDEN_BY_ANOTHER
    assert hide(163.0, 300.0, 0.0) == 163.0
    assert hide(163.0, 300.0, 0.1) ** 4 == pytest.approx(0.9 * 163.0**4 + 0.1 * 300.0**4)
    alone, three = Body(template(REFERENCE)), Body(template(REFERENCE))
    for _ in range(30):
        alone.stand(163.0, 163.0, 0.2, 2.0)
        three.stand(163.0, 163.0, 0.2, 2.0, 0.0, 2)
    assert 0.85 < three.radiation_w / alone.radiation_w < 0.93
    assert three.convection_w == pytest.approx(alone.convection_w, rel=0.01)


# -- heat given off, and by whom ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gas_c", "low_w", "high_w"), [(-110.0, 2100, 2300), (-140.0, 2400, 2900), (-160.0, 2800, 3400)])
def test_heat_of_the_bare_skin_at_entry(gas_c: float, low_w: float, high_w: float) -> None:
    """Published range for 1.52 m² of bare skin in still gas; covered parts come on top."""
    bare = Build(tuple(s for s in REFERENCE.build().sites if s.cloth == 0.0))
    assert sum(s.area_m2 for s in bare.sites) == pytest.approx(1.52, rel=0.02)
    body = Body(Template(bare))
    for _ in range(5):
        body.stand(gas_c + KELVIN, gas_c + KELVIN, 0.1, 2.0)
    assert low_w < body.convection_w + body.radiation_w < high_w


def test_heat_stays_below_the_published_upper_bound() -> None:
    """Baranov (2019): 3.8 kW and more per person in forced flow at or below -130 °C."""
    body = Body(template(REFERENCE))
    body.stand(-130.0 + KELVIN, -130.0 + KELVIN, 0.3, 2.0)
    assert body.convection_w + body.radiation_w + breath_w(REFERENCE.breath_kg_s, -130.0 + KELVIN) < 3800.0


def test_legs_are_the_coldest_bare_site_and_covered_hands_stay_warm() -> None:
    body = Body(template(REFERENCE))
    _session(body, 2.0, after_s=0.0)
    seen = dict(zip(body.names, body.surfaces_k, strict=True))
    bare = {n: t for n, t in seen.items() if PARTS[n].cloth == 0.0}
    assert min(bare, key=bare.__getitem__) == "leg"
    assert seen["hand"] > max(bare.values()) + 5.0


def test_breath_of_a_person_in_the_cold() -> None:
    """Sensible heat W; 30-60 W at -110 °C by the literature's ventilation of 10-20 L/min."""
    assert 25.0 < breath_w(REFERENCE.breath_kg_s, 163.0) < 60.0
    assert breath_w(REFERENCE.breath_kg_s, 310.0) == 0.0 or breath_w(REFERENCE.breath_kg_s, 310.0) < 1.0
    assert REFERENCE.oxygen_m3_s * 6e4 == pytest.approx(0.5, rel=0.15)  # L/min, standing


def test_population_is_drawn_by_seed_and_looks_like_the_public() -> None:
    people = [draw(random.Random(f"7/{k}")) for k in range(1500)]
    assert people == [draw(random.Random(f"7/{k}")) for k in range(1500)]
    assert len(set(people)) == len(people)
    men, women = [p for p in people if p.sex == "male"], [p for p in people if p.sex == "female"]
    assert 0.45 < len(men) / len(people) < 0.55
    assert statistics.mean(p.height_m for p in men) == pytest.approx(1.79, abs=0.01)
    assert statistics.mean(p.area_m2 for p in women) == pytest.approx(1.71, abs=0.04)
    assert statistics.mean(p.fat for p in women) > statistics.mean(p.fat for p in men) + 0.05
    for person in people[:60]:
        body = Body(template(person))
        seen = _session(body, 2.0, after_s=0.0)
        assert KELVIN < min(seen) < seen[0] < 35.0 + KELVIN
        assert body.core_k > 36.0 + KELVIN


def test_area_is_the_known_one() -> None:
    """Du Bois: 70 kg and 1.73 m give 1.83 m² (textbook nomogram)."""
    assert Physique(mass_kg=70.0, height_m=1.73).area_m2 == pytest.approx(1.83, abs=0.01)
    assert sum(p.share for p in PARTS.values()) == pytest.approx(1.0)


def test_thin_limbs_and_thick_fat_differ_in_the_right_direction() -> None:
    """More fat keeps the muscle warm, not the skin."""
    thin, thick = Body(template(Physique(fat=0.08))), Body(template(Physique(fat=0.40)))
    _session(thin, 2.0, after_s=0.0)
    _session(thick, 2.0, after_s=0.0)
    assert thick.surface_of("thigh") < thin.surface_of("thigh")
    assert thick.depth_k("thigh", 0.03) > thin.depth_k("thigh", 0.03)


def test_gas_that_is_warmer_above_cools_legs_more_and_the_head_less() -> None:
    even, layered = Body(template(REFERENCE)), Body(template(REFERENCE))
    for _ in range(90):
        even.stand(163.0, 163.0, 0.2, 2.0)
        layered.stand(163.0, 163.0, 0.2, 2.0, 6.0)
    assert layered.surface_of("head") > even.surface_of("head") + 0.2
    assert layered.surface_of("leg") < even.surface_of("leg") - 0.3
    assert layered.convection_w == pytest.approx(even.convection_w, rel=0.01)
