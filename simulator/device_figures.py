"""Figures of cabin and hand-held device beside the reported ones: predicted with the datasheets as they are, nothing fitted.

A row is inside when it lies in the reported range; where one value is reported, within SINGLE_VALUE of it (or its own
spread if that is wider). Misses stay in the table.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.body import ENV
from simulator.cabin.device import LEGS, TRUNK, Cabin, Guest
from simulator.cabin.parameters import CabinParameters
from simulator.cabin.parameters import load as load_cabin
from simulator.cabin.visits import Plan, Visit, run, seen_outside
from simulator.datasheet import entries
from simulator.gas import KELVIN
from simulator.local import equations as local_eq
from simulator.local.device import LocalDevice, SkinTarget, Treatment, treat
from simulator.local.phantom import Phantom
from simulator.population import REFERENCE

Profile = tuple[tuple[float, float], ...]
SINGLE_VALUE = 0.25
WALK_INS_C: tuple[Profile, ...] = (
    ((0.60, -107.3), (1.10, -88.8), (1.45, -67.1), (1.80, -68.0)),
    ((0.60, -125.3), (1.10, -94.3), (1.45, -91.2), (1.80, -67.3)),
)
"""Gas of two nitrogen walk-ins during a session, (m above the floor, °C): Cholewka, Ciszek and Drzazga, table 1. Two rooms; a pit that
holds the cold. What they were set to was not in the part that could be seen."""
CHAMBER_SPEED_M_S = 0.2  # assumed
BESIDE = 0.5  # of the way from gas to skin: a thermometer beside a guest hangs in the warm layer about the skin, its middle assumed
PHANTOM_START_C = 28.0  # not given by the source; 28 °C agrees with both of its readings in the depth


class Figure(NamedTuple):
    """One figure: ours, and what is reported as ``low`` to ``high``."""

    device: str
    name: str
    ours: float
    unit: str
    low: float
    high: float
    source: str
    remark: str = ""

    @property
    def inside(self) -> bool:
        return self.low <= self.ours <= self.high


def single(value: float, spread: float = 0.0) -> tuple[float, float]:
    """Range about one reported value."""
    half = max(SINGLE_VALUE * abs(value), spread)
    return value - half, value + half


def cabin_day(set_c: float, p: CabinParameters | None = None, sessions: int = 4) -> list[Visit]:
    """Visits of the reference man in a row, beginning warm."""
    return run(Cabin(p), Plan(set_c=set_c, sessions=sessions))


def cabin_figures() -> list[Figure]:
    """Device B."""
    at = {c: cabin_day(c) for c in (-140.0, -160.0)}
    first, last = at[-160.0][0], at[-160.0][-1]
    mean_kg = sum(v.nitrogen_kg for v in at[-160.0]) / len(at[-160.0])
    drops = [v.skin.outside.drop_k for v in at[-160.0] if v.skin is not None]
    legs, chest = against_chamber(at[-140.0])
    empty = run(Cabin(), Plan(set_c=-140.0, sessions=2, with_guest=False))[-1]
    bouzigon = "J Therm Biol 65:138 (Bouzigon 2017), as quoted by a vendor: about {}; set point of that cabin not known"
    chamber = "chamber: mean of two measured walk-ins; both read 30 s after the exit"
    b = "cabin"
    return [
        Figure(
            b, "nitrogen per guest, -160 °C, from the 4th on", last.nitrogen_kg, "kg", *single(6.0), "Air Liquide (Bernard and Dallais): 6"
        ),
        Figure(b, "nitrogen per guest, -140 °C, from the 4th on", at[-140.0][-1].nitrogen_kg, "kg", *single(3.77), "Baranov 2019: 3.77"),
        Figure(b, "nitrogen per session with precooling, mean of the first four", mean_kg, "kg", 6.4, 8.1, "GAWDA 2019: 8 to 10 L"),
        Figure(b, "display at the set point, first session", first.display_s / 60.0, "min", 0.0, 5.0, 'vendors: "within minutes"'),
        Figure(b, "display at the set point, later sessions", last.display_s, "s", 0.0, 30.0, "one vendor: about 15 s"),
        Figure(
            b,
            "lower zone at the end, -160 °C, cabin not precooled",
            first.lower_end_c,
            "°C",
            -136.0,
            -128.0,
            "one vendor: 15 to 20 % warmer than the display",
            "others measured far warmer gas than the display (Savic 2013, no numbers seen)",
        ),
        Figure(
            b,
            "beside the guest, half way up, -140 °C",
            beside(at[-140.0][1]),
            "°C",
            *single(-25.0),
            bouzigon.format(-25),
            "taken as next to the skin; half way between skin and gas, assumed",
        ),
        Figure(b, "middle of the cabin, empty, -140 °C", _middle(empty), "°C", *single(-50.0), bouzigon.format(-50)),
        Figure(
            b, "oxygen in the upper zone at the end", last.oxygen_upper_end_pct, "vol%", 8.0, 14.0, "reference document, cabins in general"
        ),
        Figure(
            b, "oxygen at the face, 15 cm above the rim", last.oxygen_face_min_pct, "vol%", 0.0, 20.5, 'vendor quoting EIGA: "depleted"'
        ),
        Figure(
            b,
            "mean skin drop, -160 °C, mean of four",
            sum(drops) / len(drops),
            "K",
            *(7.6, 9.0),
            "Hausswirth 2013: 8.3 ± 0.3; Louis 2015: 8.3 ± 0.7",
        ),
        Figure(
            b,
            "legs cool less than in a chamber by",
            legs,
            "%",
            0.0,
            30.0,
            "Polidori 2018, -140 °C: 15 (not significant)",
            chamber,
        ),
        Figure(
            b,
            "chest cools less than in a chamber by",
            chest,
            "%",
            *single(53.0),
            "Polidori 2018, -140 °C: 53",
            chamber,
        ),
    ]


def _middle(visit: Visit) -> float:
    """°C half way up the cabin at the end of the session: between the two zones."""
    return 0.5 * (visit.lower_end_c + visit.upper_end_c)


def beside(visit: Visit) -> float:
    """°C next to the skin half way up the cabin at the end of the session."""
    if visit.skin is None:
        raise ValueError("nobody is beside the thermometer: the visit had no guest")
    skin_c = 0.5 * (visit.skin.legs_c + visit.skin.trunk_c)
    return _middle(visit) + BESIDE * (skin_c - _middle(visit))


def gas_at(profile: Profile, height_m: float) -> float:
    """°C at a height, straight between the measured ones, as at the nearest beyond them."""
    heights, gas = zip(*profile, strict=True)
    return float(np.interp(height_m, heights, gas))


def _in_chamber(profiles: tuple[Profile, ...]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Skin of legs and trunk before and shortly after three minutes head to toe in gas of the mean of ``profiles``, °C."""
    guest = Guest()
    body = guest.body
    before = guest.celsius(LEGS), guest.celsius(TRUNK)
    for j, site in enumerate(REFERENCE.build().sites):
        gas_k = sum(gas_at(p, site.height_m) for p in profiles) / len(profiles) + KELVIN
        body.env[ENV * j : ENV * j + ENV] = [gas_k, gas_k, CHAMBER_SPEED_M_S, 0.0]
    for _ in range(360):
        body.step(0.5)
    after = seen_outside(guest)
    return before, (after.legs_c, after.trunk_c)


def against_chamber(cabin: list[Visit], profiles: tuple[Profile, ...] = WALK_INS_C) -> tuple[float, float]:
    """How much less legs and trunk cool in the cabin than in a walk-in (%), both seen shortly after the exit, as a camera does."""
    before, chamber = _in_chamber(profiles)
    skins = [v.skin.outside for v in cabin if v.skin is not None]
    ours = sum(s.legs_c for s in skins) / len(skins), sum(s.trunk_c for s in skins) / len(skins)
    less = [100.0 * (o - a) / (b - a) for b, o, a in zip(before, ours, chamber, strict=True)]
    return less[0], less[1]


def cold_device() -> LocalDevice:
    """The hand-held device after a quarter of an hour of use, filled up: hose at its final temperature."""
    device = LocalDevice()
    device.opening = 1.0
    for _ in range(900):
        device.advance(1.0)
    device.y[local_eq.MASS] = device.p.fill_kg
    return device


def local_figures() -> list[Figure]:
    """Device C."""
    c = "hand-held"
    figures: list[Figure] = []
    source = "Saakyan and Pushkarev: "
    for distance_m, minutes, deep_c in ((0.10, 1.8, 26.4), (0.15, 4.4, 23.7)):
        treatment = treat(cold_device(), Phantom(PHANTOM_START_C), distance_m=distance_m, seconds=480.0, row_s=1.0)
        cm = f"{distance_m * 100.0:.0f} cm"
        remark = "phantom taken to start at 28 °C, not given"
        figures.append(
            Figure(c, f"phantom to 10 °C, {cm}", _reaches(treatment, 10.0), "min", *single(minutes), f"{source}{minutes}", remark)
        )
        deep = next(r.deep_c for r in treatment.rows if r.at_s >= 60.0 * minutes)
        figures.append(Figure(c, f"phantom 8 mm deep, {cm}", deep, "°C", deep_c - 2.0, deep_c + 2.0, f"{source}{deep_c}", remark))
    static = treat(cold_device(), SkinTarget(), distance_m=0.15, seconds=180.0)
    figures.append(
        Figure(c, "skin after 3 min, 15 cm, held still", static.rows[-1].surface_c, "°C", 8.0, 12.0, "target of such treatments: 10 ± 2")
    )
    near = treat(cold_device(), SkinTarget(), distance_m=0.10, seconds=180.0)
    figures.append(
        Figure(
            c,
            "coldest skin after 3 min on a knee, 10 cm",
            near.rows[-1].surface_c,
            "°C",
            0.88 - 1.75,
            0.88 + 1.75,
            "Pushkarev 2023 (RF607744): 0.88 ± 1.75",
            "held still, 10 cm: assumed",
        )
    )
    target = SkinTarget()
    rest = target.surface_c
    device = cold_device()
    treat(device, target, distance_m=0.15, seconds=180.0, duty=0.5)
    for _ in range(20):
        target.step(device.p.room_k, 0.0, device.p.room_k, 0.5)
    figures.append(
        Figure(
            c,
            "skin drop, 3 min sweeping a knee, 15 cm",
            rest - target.surface_c,
            "K",
            *single(10.1, 0.9),
            "Radecka 2021: 10.1 ± 0.9",
            "half the time on the site, read 10 s later: assumed",
        )
    )
    return figures


def _reaches(treatment: Treatment, celsius: float) -> float:
    """Minutes until the surface is at ``celsius``; endless if never."""
    return next((r.at_s for r in treatment.rows if r.surface_c <= celsius), float("inf")) / 60.0


def rows() -> list[Figure]:
    """All figures of both devices."""
    return [*cabin_figures(), *local_figures()]


class Effect(NamedTuple):
    """What one assumed value of the cabin does: last of two sessions at -160 °C, at the low and the high end of its range."""

    name: str
    low: Visit
    high: Visit


MIXING = (
    "recirculation_kg_s",
    "entrained_kg_s",
    "mixing_kg_s",
    "stirring_kg_s",
    "collar_exchange_kg_s",
    "gas_speed_m_s",
    "extract_m3_s",
    "capture",
    "seam_m2",
    "evaporator_j_k",
)


def sensitivity() -> list[Effect]:
    """The cabin over the plausible range of each value that nobody has published."""
    ranges = {e.name: (e.low, e.high) for e in entries("cabin")}
    base = load_cabin()
    effects: list[Effect] = []
    for name in MIXING:
        low, high = (cabin_day(-160.0, base._replace(**{name: value}), 2)[-1] for value in ranges[name])
        effects.append(Effect(name, low, high))
    return effects
