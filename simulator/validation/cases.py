"""A published case as a TOML file: who, what cold for how long, what was measured. See docs/validation.md for the fields."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from simulator.population import PARTS

CASES = Path(__file__).parent / "cases"
ALIASES = {
    "knee": "leg",
    "calf": "leg",
    "shin": "leg",
    "lower leg": "leg",
    "forearm": "arm",
    "upper arm": "arm",
    "abdomen": "chest",
    "trunk": "chest",
    "shoulder": "back",
    "face": "head",
    "forehead": "head",
    "cheek": "head",
}
CORES = ("core", "rectal", "tympanic")
MEAN = "mean"
ROOMS = ("walk-in", "cabin", "jet", "true")
KINDS = ("drop", "post", "during", "time", "lowest")
USES = ("scored", "shown", "calibration")


class CaseError(ValueError):
    """A case file cannot be used; the message names file, place and remedy."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """One stretch of the protocol. ``room``: walk-in and cabin read ``gas_c`` as the set point of a device, true and jet as the gas.

    ``duty`` is the share of time that a jet is on the site; ``film_w_m2k`` the jet's film, ``bare`` names parts out of the cold.
    """

    seconds: float
    gas_c: float
    room: str = "walk-in"
    air_speed_m_s: float | None = None
    film_w_m2k: float | None = None
    duty: float = 1.0


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured: °C or K, ``sd`` None where none was given. ``weights``: share of each site in a mean."""

    site: str
    kind: Literal["drop", "post", "during", "time", "lowest"]
    value: float | None
    sd: float | None
    depth_mm: float
    delay_s: float
    low: float | None
    high: float | None
    threshold_c: float | None
    weights: Mapping[str, float] | None
    use: str
    note: str


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    study: str
    source: str
    status: str
    note: str
    sex: Literal["male", "female", "mixed"]
    people: int
    age: float | None
    height_m: float | None
    mass_kg: float | None
    fat_pct: float | None
    fat_mm: float | None
    start_c: float | None
    group: int
    after_c: float
    exposures: tuple[Exposure, ...]
    measurements: tuple[Measurement, ...]


class _Table:
    """A table being read: knows where it is, and complains about what nobody asked for."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise CaseError(f"{where} must be a table")
        self.raw = dict(cast(dict[str, Any], raw))
        self.where = where

    def number(self, key: str, low: float, high: float) -> float | None:
        value = self.raw.pop(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise CaseError(f"{self.where}: {key} = {value!r} must be a number from {low:g} to {high:g}")
        return float(value)

    def needed(self, key: str, low: float, high: float) -> float:
        value = self.number(key, low, high)
        if value is None:
            raise CaseError(f"{self.where}: {key} is missing, a number from {low:g} to {high:g}")
        return value

    def text(self, key: str, default: str | None = None, among: tuple[str, ...] | None = None) -> str:
        value = self.raw.pop(key, default)
        if not isinstance(value, str) or (among is not None and value not in among):
            known = "a text" if among is None else f"one of {', '.join(among)}"
            raise CaseError(f"{self.where}: {key} = {value!r} must be {known}")
        return value

    def done(self) -> None:
        if self.raw:
            raise CaseError(f"{self.where}: unknown key {next(iter(self.raw))!r}; docs/validation.md lists the fields")


def part_of(site: str) -> str:
    """The body part whose slab stands for a site. Raises KeyError for an unknown one."""
    return site if site in PARTS else ALIASES[site]


def known_sites() -> str:
    return ", ".join([MEAN, *CORES, *PARTS, *ALIASES])


def _exposure(raw: object, where: str) -> Exposure:
    t = _Table(raw, where)
    found = Exposure(
        t.needed("seconds", 1.0, 7200.0),
        t.needed("gas_c", -196.0, 60.0),
        t.text("room", "walk-in", ROOMS),
        t.number("air_speed_m_s", 0.0, 30.0),
        t.number("film_w_m2k", 0.1, 1000.0),
        t.number("duty", 0.01, 1.0) or 1.0,
    )
    t.done()
    if found.room == "jet" and found.film_w_m2k is None:
        raise CaseError(f"{where}: a jet needs film_w_m2k, its film coefficient in W/m²K (device C of this simulator: 23)")
    return found


def _measurement(raw: object, where: str) -> Measurement:
    t = _Table(raw, where)
    weights = t.raw.pop("weights", None)
    site = t.text("site", MEAN if weights is not None else None)
    sites = [site]
    if weights is not None:
        w = _Table(weights, f"{where} weights")
        weights = {name: w.needed(name, 0.0, 1.0) for name in list(w.raw)}
        sites = list(weights)
        if not sites or sum(weights.values()) <= 0.0:
            raise CaseError(f"{where}: weights must name at least one site with a positive share")
    for name in sites:
        if name not in (MEAN, *CORES, *PARTS, *ALIASES):
            raise CaseError(f"{where}: site {name!r} is unknown; known: {known_sites()}")
    found = Measurement(
        site,
        cast(Any, t.text("kind", None, KINDS)),
        t.number("value", -60.0, 7200.0),
        t.number("sd", 0.0, 1000.0),
        t.number("depth_mm", 0.0, 40.0) or 0.0,
        t.number("delay_s", 0.0, 7200.0) if "delay_s" in t.raw else 30.0,  # type: ignore[arg-type]
        t.number("low", -60.0, 7200.0),
        t.number("high", -60.0, 7200.0),
        t.number("threshold_c", -30.0, 40.0),
        weights,
        t.text("use", "scored", USES),
        t.text("note", ""),
    )
    t.done()
    if found.value is None and (found.low is None or found.high is None):
        raise CaseError(f"{where}: give value (and sd), or low and high of a published range")
    if found.kind == "time" and found.threshold_c is None:
        raise CaseError(f'{where}: kind = "time" needs threshold_c, the temperature that was reached')
    return found


def read_case(path: Path) -> Case:
    """One case file. Raises CaseError with file, place and remedy."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: {error}") from None
    where = path.name
    top = _Table(raw, where)
    head = _Table(top.raw.pop("case", None), f"{where} [case]")
    who = _Table(top.raw.pop("subject", {}), f"{where} [subject]")
    lists: dict[str, list[object]] = {}
    for key in ("exposure", "measurement"):
        given = top.raw.pop(key, None)
        if not isinstance(given, list) or not given:
            raise CaseError(f"{where}: at least one [[{key}]] is needed")
        lists[key] = cast(list[object], given)
    top.done()
    found = Case(
        head.text("id", path.stem),
        head.text("study"),
        head.text("source", ""),
        head.text("status", "unverified", ("verified", "unverified")),
        head.text("note", ""),
        cast(Any, who.text("sex", "mixed", ("male", "female", "mixed"))),
        int(who.number("n", 1, 100_000) or 1),
        who.number("age", 5, 110),
        who.number("height_m", 1.0, 2.3),
        who.number("mass_kg", 25, 250),
        who.number("fat_pct", 3, 60),
        who.number("fat_mm", 0.3, 60),
        who.number("start_c", 15, 40),
        int(who.number("group", 1, 12) or 3),
        head.number("after_c", -30, 45) or 22.0,
        tuple(_exposure(e, f"{where} [[exposure]] {n}") for n, e in enumerate(lists["exposure"], 1)),
        tuple(_measurement(m, f"{where} [[measurement]] {n}") for n, m in enumerate(lists["measurement"], 1)),
    )
    head.done()
    who.done()
    return found


def read_cases(folder: Path = CASES) -> list[Case]:
    """All case files of a folder by name."""
    return [read_case(path) for path in sorted(folder.glob("*.toml"))]
