"""Who comes: sex, size, fat and pace drawn by seed, and the body that follows from them.

Area after Du Bois and Du Bois (1916), fat share after Deurenberg et al. (1991), area shares of the sites after Hardy and
Du Bois (1938). Thickness of fat and skin, temperatures at rest and the scatter of blood flow are assumed: nobody has
published them together for one group.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

from simulator.body import Build, Site, Template, layers

Sex = Literal["male", "female"]
BODY_J_KGK = 3490.0
AGES = (18, 65)
_HEIGHT = {"male": (1.79, 0.07), "female": (1.66, 0.065)}  # m, mean and standard deviation
_BMI = {"male": (25.0, 3.2), "female": (23.5, 3.5)}  # kg/m²
_USUAL_FAT = {"male": 0.16, "female": 0.27}  # share of mass at which the thicknesses below hold
_SKIN_M = {"male": 0.0020, "female": 0.0017}
_FLOW = {"male": 1.0, "female": 0.85}  # skin blood flow against the mean man


@dataclass(frozen=True, slots=True)
class _Part:
    share: float  # of the body's area
    fat_mm: tuple[float, float]  # man, woman
    skin_c: float  # bare, at rest in a room of 22-24 °C
    film: float  # convection against the mean of the body: legs stand in fresh air, the trunk in the plume
    inner_k: float  # blood that the returning veins have cooled on its way
    muscle_m: float
    deep_w_m2k: float
    height_m: float
    cloth: float = 0.0  # m²K/W: shorts, gloves, two pairs of socks and clogs
    shivers: float = 0.0  # share of the heat made against the cold (Stolwijk 1971: trunk 85 %, legs 7, arms 5, head 2)
    limb: bool = True  # blood supply follows that of the skin (Mawhinney 2017)


PARTS: dict[str, _Part] = {
    "head": _Part(0.07, (3.0, 3.0), 33.8, 1.05, 0.0, 0.010, 40.0, 1.65, shivers=0.02, limb=False),
    "chest": _Part(0.135, (6.0, 9.0), 33.0, 0.88, 0.0, 0.015, 40.0, 1.35, shivers=0.34, limb=False),
    "back": _Part(0.135, (7.0, 9.0), 32.8, 0.86, 0.0, 0.020, 40.0, 1.35, shivers=0.34, limb=False),
    "pelvis": _Part(0.08, (9.0, 16.0), 32.5, 0.95, 0.0, 0.025, 40.0, 1.0, cloth=0.10, shivers=0.18, limb=False),
    "arm": _Part(0.14, (4.0, 8.0), 31.8, 0.98, 0.3, 0.017, 0.0, 1.2, shivers=0.05),
    "hand": _Part(0.05, (2.0, 2.0), 31.0, 1.20, 1.0, 0.006, 0.0, 0.8, cloth=0.15),
    "thigh": _Part(0.19, (6.0, 12.0), 31.5, 1.10, 0.2, 0.035, 0.0, 0.7, shivers=0.05),
    "leg": _Part(0.13, (4.0, 7.0), 31.0, 1.15, 0.5, 0.024, 0.0, 0.35, shivers=0.02),
    "foot": _Part(0.07, (2.5, 3.0), 30.0, 1.30, 1.5, 0.009, 0.0, 0.05, cloth=0.25),
}


@dataclass(frozen=True, slots=True)
class Physique:
    """One person. Lengths m, mass kg, shares 0-1, temperatures K above the usual; ``flow`` and ``pace`` are factors."""

    sex: Sex = "male"
    age: float = 35.0
    height_m: float = 1.78
    mass_kg: float = 75.0
    fat: float = 0.16
    flow: float = 1.0
    warmer_k: float = 0.0
    metabolism: float = 1.6  # met: standing, stepping from foot to foot
    pace: float = 1.0

    @property
    def area_m2(self) -> float:
        return 0.007184 * self.mass_kg**0.425 * (100.0 * self.height_m) ** 0.725

    @property
    def heat_w(self) -> float:
        """Metabolic heat."""
        return 58.15 * self.metabolism * self.area_m2

    @property
    def breath_kg_s(self) -> float:
        """Air breathed (Fanger 1970: 1.43 mg per joule)."""
        return 1.43e-6 * self.heat_w

    @property
    def oxygen_m3_s(self) -> float:
        """Oxygen used, at 0 °C and 1 atm: 20.4 kJ per litre (respiratory quotient 0.85)."""
        return 1e-3 * self.heat_w / 20.4e3

    def site(self, name: str, part: str | None = None) -> Site:
        """A site of this person; raises KeyError for a part that nobody has."""
        p = PARTS[part or name]
        woman = self.sex == "female"
        fat_mm = p.fat_mm[woman] * self.fat / _USUAL_FAT[self.sex]
        flow = _FLOW[self.sex] * self.flow
        return Site(
            name,
            area_m2=p.share * self.area_m2,
            fat_m=1e-3 * min(40.0, max(1.0, fat_mm)),
            skin_c=p.skin_c + self.warmer_k,
            film=p.film / _MEAN_FILM,
            flow_warm=6.3 * flow,
            flow_cold=0.6 * flow,
            inner_k=p.inner_k,
            cloth=p.cloth,
            skin_m=_SKIN_M[self.sex],
            muscle_m=p.muscle_m,
            deep_w_m2k=p.deep_w_m2k,
            height_m=p.height_m,
            limb=p.limb,
            shivers=p.shivers,
        )

    def build(self) -> Build:
        """The body: all sites, and as core what they leave of the mass."""
        sites = tuple(self.site(name) for name in PARTS)
        slabs = sum(site.area_m2 * sum(dx * rc for dx, _, rc in layers(site)) for site in sites)
        whole = self.mass_kg * BODY_J_KGK
        return Build(sites, core_j_k=max(0.1 * whole, whole - slabs), mass_kg=self.mass_kg)


_MEAN_FILM = sum(p.share * p.film for p in PARTS.values()) / sum(p.share for p in PARTS.values())
REFERENCE = Physique()
TEMPLATES: dict[Physique, Template] = {}


def template(physique: Physique) -> Template:
    """The body at rest, made once per physique."""
    found = TEMPLATES.get(physique)
    if found is None:
        if len(TEMPLATES) > 64:  # a campaign draws thousands
            TEMPLATES.clear()
        found = TEMPLATES[physique] = Template(physique.build())
    return found


def breath_w(air_kg_s: float, gas_k: float) -> float:
    """Sensible heat of a breath of so much air given to gas of ``gas_k``, W; exhaled at 32.6 + 0.066 of the inhaled °C (ISO 9886)."""
    gas_c = gas_k - 273.15
    return air_kg_s * 1007.0 * max(0.0, 32.6 + 0.066 * gas_c - gas_c)


def breath_water_kg_s(air_kg_s: float, gas_k: float) -> float:
    """Water vapour breathed out: saturated at the temperature of the breath; cold gas brings none in."""
    exhaled_c = 32.6 + 0.066 * (gas_k - 273.15)
    vapour = 611.2 * math.exp(17.62 * exhaled_c / (243.12 + exhaled_c))
    return air_kg_s * 0.622 * vapour / (101_325.0 - vapour)


def draw(rng: random.Random) -> Physique:
    """Somebody of the adult public, at random. Deterministic by the generator's state."""
    sex: Sex = "male" if rng.random() < 0.5 else "female"
    age = rng.uniform(*AGES)
    height = _within(rng.gauss(*_HEIGHT[sex]), 1.45, 2.05)
    bmi = _within(rng.gauss(*_BMI[sex]), 17.5, 38.0)
    fat = 0.01 * (1.20 * bmi + 0.23 * age - (10.8 if sex == "male" else 0.0) - 5.4) + rng.gauss(0.0, 0.03)
    return Physique(
        sex=sex,
        age=age,
        height_m=height,
        mass_kg=bmi * height * height,
        fat=_within(fat, 0.06, 0.50),
        flow=math.exp(rng.gauss(0.0, 0.25)),
        warmer_k=_within(rng.gauss(0.0, 0.7), -2.0, 2.0),
        metabolism=_within(rng.gauss(1.6, 0.2), 1.2, 2.4),
        pace=_within(rng.gauss(0.95 + 0.004 * (age - 35.0), 0.12), 0.7, 1.6),
    )


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
