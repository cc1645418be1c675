"""The model's answer to a case, and how far the answer moves with what the paper does not say.

One parameter set for all cases: the population's mean man and woman, the climates of the simulator's own devices. Nothing in
here looks at the measured value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from simulator.body import ENV, HIDDEN_BY_ANOTHER, MIDDLE_M, Body, Build, Site, Template, hide
from simulator.cabin.device import LOWER
from simulator.gas import KELVIN
from simulator.population import PARTS, Physique
from simulator.validation.cases import CORES, MEAN, Case, Exposure, Measurement, part_of
from simulator.validation.climate import EVERY_S, Climate, stored

Gas = Literal["device", "layers", "offset", "nominal"]
"""The simulator's own device, mean of its height; the same with its layers; one stored offset for all; the display itself."""
OFFSET = 18.75 / 132.0  # share of the way from display to room: the reference's one global figure, 18.75 K at -110 °C
STEP_S = 0.5
AIR_SPEED = {"walk-in": 0.2, "cabin": 0.3, "true": 0.1, "jet": 0.0}  # m/s where the case says nothing; assumed
AFTER_SPEED_M_S = 0.1
LOOK_S = 7200.0  # after the exit, for the lowest temperature
USUAL = {
    "male": Physique(sex="male", age=28.0, height_m=1.80, mass_kg=78.0, fat=0.16),
    "female": Physique(sex="female", age=28.0, height_m=1.67, mass_kg=62.0, fat=0.26),
}
_OUTSIDE_CABIN = ("head",)
_DUTY_CYCLE_S = 10.0
_OTHERS: tuple[Gas, ...] = ("layers", "offset", "nominal")
_BY_OFFSET = Climate((OFFSET,), (OFFSET,), (0.0,))


@dataclass(frozen=True, slots=True)
class Assumed:
    """What papers leave open, and the usual answer. ``spread`` moves one at a time."""

    delay_s: float | None = None  # instead of the case's
    warmer_k: float = 0.0
    fat: float = 1.0
    speed: float = 1.0
    group: int | None = None
    gas: Gas = "device"


SPREAD: dict[str, tuple[Assumed, ...]] = {
    "delay of the picture 15-60 s": (Assumed(delay_s=15.0), Assumed(delay_s=60.0)),
    "skin at rest ±1 K": (Assumed(warmer_k=-1.0), Assumed(warmer_k=1.0)),
    "fat x 0.7-1.5": (Assumed(fat=0.7), Assumed(fat=1.5)),
    "air speed x 0.5-2": (Assumed(speed=0.5), Assumed(speed=2.0)),
    "alone or three in the room": (Assumed(group=1), Assumed(group=3)),
}


@dataclass(frozen=True, slots=True)
class Prediction:
    """°C, K or s as the measurement; ``spread`` is half the range from what the paper leaves open, squares added."""

    case: Case
    measurement: Measurement
    value: float
    spread: float
    layers: float  # with the own device's layers of gas by height
    offset: float  # walk-in rooms warmer than their display by the reference's one figure
    nominal: float  # the display taken at its word

    @property
    def error(self) -> float | None:
        """Predicted minus measured; inside a published range 0, outside to its nearer end."""
        m = self.measurement
        if m.value is not None:
            return self.value - m.value
        if m.low is None or m.high is None:
            return None
        return 0.0 if m.low <= self.value <= m.high else self.value - (m.low if self.value < m.low else m.high)


def _physiques(case: Case, assumed: Assumed) -> list[Physique]:
    found = []
    for sex in ("male", "female") if case.sex == "mixed" else (case.sex,):
        usual = USUAL[sex]
        fat = usual.fat if case.fat_pct is None else case.fat_pct / 100.0
        found.append(
            replace(
                usual,
                age=case.age or usual.age,
                height_m=case.height_m or usual.height_m,
                mass_kg=case.mass_kg or usual.mass_kg,
                fat=fat * assumed.fat,
                warmer_k=assumed.warmer_k,
            )
        )
    return found


def _weights(m: Measurement, build: Build) -> Mapping[str, float]:
    """Sites and shares that the measurement looks at."""
    if m.weights is not None:
        return m.weights
    if m.site == MEAN:
        return {s.name: s.area_m2 for s in build.sites if s.cloth == 0.0}
    return {m.site: 1.0}


def _build(case: Case, m: Measurement, who: Physique) -> Build:
    """The whole body, and beside it a slab for each site that is measured: bare, with the case's fat and starting temperature."""
    build = who.build()
    if m.site in CORES:
        return build
    extra: list[Site] = []
    for name in _weights(m, build):
        site = who.site(name, part_of(name))._replace(name=f"at {name}", area_m2=0.0, cloth=0.0)
        if case.fat_mm is not None:
            site = site._replace(fat_m=1e-3 * case.fat_mm)
        if case.start_c is not None:
            site = site._replace(skin_c=case.start_c + who.warmer_k)
        extra.append(site)
    return replace(build, sites=(*build.sites, *extra))


class _Setting:
    """What surrounds each slab from moment to moment."""

    def __init__(self, case: Case, build: Build, assumed: Assumed, climates: Mapping[str, Climate]) -> None:
        self._case, self._assumed, self._climates = case, assumed, climates
        self._parts = [part_of(site.name.removeprefix("at ")) for site in build.sites]
        self._aimed = [site.name.startswith("at ") for site in build.sites]
        self._last_walk_in = max((k for k, e in enumerate(case.exposures) if e.room == "walk-in"), default=-1)

    @property
    def group(self) -> int:
        return self._assumed.group or self._case.group

    def put(self, body: Body, k: int, seconds: float) -> None:
        """Exposure ``k``, so long after its begin."""
        e = self._case.exposures[k]
        hidden = HIDDEN_BY_ANOTHER * (min(self.group, 3) - 1) if e.room == "walk-in" else 0.0
        for j, part in enumerate(self._parts):
            gas_k, wall_k = self._gas(e, k, part, seconds)
            wall_k = hide(wall_k, body.surface_k, hidden)
            speed = (AIR_SPEED[e.room] if e.air_speed_m_s is None else e.air_speed_m_s) * self._assumed.speed
            film = 0.0
            if e.room == "jet":
                room_k = self._case.after_c + KELVIN
                on = self._aimed[j] and (seconds % _DUTY_CYCLE_S) < e.duty * _DUTY_CYCLE_S
                gas_k, wall_k, speed = (e.gas_c + KELVIN, room_k, 0.0) if on else (room_k, room_k, AFTER_SPEED_M_S)
                film = (e.film_w_m2k or 0.0) if on else 0.0
            elif e.film_w_m2k is not None:
                film = e.film_w_m2k
            body.env[ENV * j : ENV * j + ENV] = [gas_k, wall_k, speed, film]

    def _gas(self, e: Exposure, k: int, part: str, seconds: float) -> tuple[float, float]:
        true = e.gas_c + KELVIN, e.gas_c + KELVIN
        room = self._case.after_c + KELVIN
        if e.room == "cabin":
            if part in _OUTSIDE_CABIN:
                return room, room
            return true if self._assumed.gas == "nominal" else self._climates["legs" if part in LOWER else "trunk"].at(seconds, e.gas_c)
        if e.room != "walk-in" or self._assumed.gas == "nominal":
            return true
        if self._assumed.gas == "offset":
            return _BY_OFFSET.at(seconds, e.gas_c)
        group = self.group
        name = "main" if k == self._last_walk_in else "pre"
        return self._climates[f"{name} {1 if group < 2 else 3}"].at(
            seconds, e.gas_c, PARTS[part].height_m if self._assumed.gas == "layers" else MIDDLE_M
        )


def _seen(body: Body, m: Measurement, weights: Mapping[str, float]) -> float:
    if m.site in CORES:
        return body.core_k - KELVIN
    at = {name: body.surface_of(f"at {name}") if m.depth_mm == 0.0 else body.depth_k(f"at {name}", 1e-3 * m.depth_mm) for name in weights}
    return sum(share * at[name] for name, share in weights.items()) / sum(weights.values()) - KELVIN


class _Resting:
    """The same person who stays in the room: a core is compared with theirs, whose heat balance at rest is not exact."""

    def __init__(self, case: Case, m: Measurement, build: Build) -> None:
        self._body = Body(Template(build)) if m.site in CORES else None
        self._room_k, self._start_k = case.after_c + KELVIN, build.core_c + KELVIN

    def step(self, dt_s: float) -> None:
        if self._body is not None:
            self._body.stand(self._room_k, self._room_k, AFTER_SPEED_M_S, dt_s)

    @property
    def drift_k(self) -> float:
        return 0.0 if self._body is None else self._body.core_k - self._start_k


def trace(
    case: Case, m: Measurement, who: Physique, assumed: Assumed, climates: Mapping[str, Climate], look: Callable[[float, float], bool]
) -> None:
    """Play the protocol and what follows it in the room; ``look(s, °C)`` sees each step, true ends it. Time 0 is the exit."""
    build = _build(case, m, who)
    body, setting, resting = Body(Template(build)), _Setting(case, build, assumed, climates), _Resting(case, m, build)
    weights = {} if m.site in CORES else _weights(m, who.build())
    clock = -sum(e.seconds for e in case.exposures)
    if look(clock, _seen(body, m, weights)):
        return
    for k, e in enumerate(case.exposures):
        every = round((1.0 if e.duty < 1.0 else EVERY_S) / STEP_S)
        for step in range(round(e.seconds / STEP_S)):
            if step % every == 0:
                setting.put(body, k, step * STEP_S)
            body.step(STEP_S)
            resting.step(STEP_S)
            clock += STEP_S
            if look(clock, _seen(body, m, weights) - resting.drift_k):
                return
    room_k = case.after_c + KELVIN
    step_s = STEP_S
    while True:
        body.stand(room_k, room_k, AFTER_SPEED_M_S, step_s)
        resting.step(step_s)
        clock += step_s
        if look(clock, _seen(body, m, weights) - resting.drift_k):
            return
        step_s = STEP_S if clock < 120.0 else 5.0


def _one(case: Case, m: Measurement, who: Physique, assumed: Assumed, climates: Mapping[str, Climate]) -> float:
    delay = m.delay_s if assumed.delay_s is None or m.delay_s != 30.0 else assumed.delay_s
    seen: list[tuple[float, float]] = []
    if m.kind == "time":
        limit = sum(e.seconds for e in case.exposures)

        def reached(at: float, c: float) -> bool:
            seen.append((at, c))
            return c <= (m.threshold_c or 0.0) or at >= 0.0

        trace(case, m, who, assumed, climates, reached)
        at, c = seen[-1]
        return at + limit if c <= (m.threshold_c or 0.0) else math.inf

    if m.kind == "lowest":
        trace(case, m, who, assumed, climates, lambda at, c: seen.append((at, c)) or at >= LOOK_S)
        return min(seen, key=lambda x: x[1])[0]

    def wait(at: float, c: float) -> bool:
        seen.append((at, c))
        return at >= (0.0 if m.kind == "during" else delay) - 1e-6

    trace(case, m, who, assumed, climates, wait)
    return seen[0][1] - seen[-1][1] if m.kind == "drop" else seen[-1][1]


def _mean(case: Case, m: Measurement, assumed: Assumed, climates: Mapping[str, Climate]) -> float:
    answers = [_one(case, m, who, assumed, climates) for who in _physiques(case, assumed)]
    return sum(answers) / len(answers)


def predict(case: Case, climates: Mapping[str, Climate] | None = None, *, spread: bool = True) -> list[Prediction]:
    """A prediction for each measurement of the case."""
    played = stored() if climates is None else climates
    found: list[Prediction] = []
    for m in case.measurements:
        value = _mean(case, m, Assumed(), played)
        wide = 0.0
        if spread and math.isfinite(value):
            for answers in SPREAD.values():
                moved = [_mean(case, m, a, played) for a in answers]
                wide += (0.5 * (max(*moved, value) - min(*moved, value))) ** 2
        others = [_mean(case, m, Assumed(gas=gas), played) for gas in _OTHERS]
        found.append(Prediction(case, m, value, math.sqrt(wide) if math.isfinite(wide) else math.inf, *others))
    return found


def rmse(predictions: list[Prediction], gas: Gas = "device") -> tuple[int, float, float]:
    """(number, bias, root mean square error) in K of the scored temperatures and drops; a drop too large counts as too cold."""
    errors = []
    for p in predictions:
        m = p.measurement
        if m.use != "scored" or m.kind in ("time", "lowest") or m.value is None:
            continue
        error = {"device": p.value, "layers": p.layers, "offset": p.offset, "nominal": p.nominal}[gas] - m.value
        errors.append(-error if m.kind == "drop" else error)
    n = len(errors)
    if not n:
        return 0, 0.0, 0.0
    return n, sum(errors) / n, math.sqrt(sum(e * e for e in errors) / n)
