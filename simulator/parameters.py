"""Plant parameters: one TOML file per device type, loaded into frozen dataclasses. SI units; see the file for sources."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, cast

PLANTS = Path(__file__).parent / "plants"


class ParameterError(ValueError):
    """A plant file is missing, incomplete or holds an impossible value; the message names file, section and key."""


@dataclass(frozen=True, slots=True)
class RoomParameters:
    """A cold room with its coil, or with a lance that blows liquid in (``droplet_s`` > 0)."""

    volume_m3: float
    wall_area_m2: float
    foam_m: float
    bridge_w_k: float
    fan_w: float
    coil_gas_w_k: float
    coil_boil_w_k: float
    coil_j_k: float
    coil_liquid_max_kg: float
    coil_liquid_half_kg: float
    coil_feed_kg_s: float
    frost_half_kg: float
    fittings_j_k: float
    fittings_w_k: float
    droplet_s: float
    spread_k: float


@dataclass(frozen=True, slots=True)
class WallParameters:
    foam_w_mk: float
    foam_j_m3k: float
    liner_j_m2k: float
    inside_w_m2k: float
    outside_w_m2k: float
    partition_w_k: float
    fan_off_factor: float


@dataclass(frozen=True, slots=True)
class NitrogenParameters:
    saturation_k: float
    flash: float
    line_j_k: float
    line_boil_w_k: float
    line_ambient_w_k: float
    vapour_effectiveness: float
    carry_over_rate_s: float
    supply_bar: float
    supply_droop_bar: float
    back_bar: float
    coil_bar: float


@dataclass(frozen=True, slots=True)
class TankParameters:
    volume_m3: float
    content_kg: float
    boil_off_per_day: float
    builder_kg_s: float
    builder_band_bar: float
    economiser_bar: float
    relief_bar: float
    oxygen: float
    volatility: float
    age_days: float


@dataclass(frozen=True, slots=True)
class HeightParameters:
    """How gas of different temperature lies one above the other."""

    mixing_s: float
    still_mixing: float
    still_spread: float
    person_k_kw: float
    door_k_kw: float


@dataclass(frozen=True, slots=True)
class AirParameters:
    fresh_kg_s: float
    fresh_recovery: float
    fresh_humidity: float
    purge_kg_s: float
    room_k: float
    room_humidity: float
    drying_main_w: float
    drying_pre_w: float
    door_heater_w: float
    main_ducted: float


@dataclass(frozen=True, slots=True)
class DoorParameters:
    area_m2: float
    height_m: float
    flow_factor: float
    ramp_s: float


@dataclass(frozen=True, slots=True)
class TreatmentRoomParameters:
    volume_m3: float
    floor_m3: float
    extract_m3_s: float
    boost_m3_s: float
    floor_share: float
    leakage_m3_s: float
    mixing_m3_s: float
    heat_j_k: float
    loss_w_k: float
    exhaust_captured: float


@dataclass(frozen=True, slots=True)
class ValveParameters:
    opening_tau_s: float
    closing_tau_s: float
    main_stroke_s: float
    on_off: float
    stiction: float
    stiction_per_stroke: float


@dataclass(frozen=True, slots=True)
class WeatherParameters:
    mean_kpa: float
    swing_kpa: float
    period_h: float


@dataclass(frozen=True, slots=True)
class UpsParameters:
    autonomy_s: float
    recharge_s: float


@dataclass(frozen=True, slots=True)
class AnalyserParameters:
    compensated: float  # 1: corrects itself for the ambient pressure, 0: reads partial pressure


@dataclass(frozen=True, slots=True)
class PlantParameters:
    main: RoomParameters
    pre: RoomParameters
    wall: WallParameters
    nitrogen: NitrogenParameters
    tank: TankParameters
    height: HeightParameters
    air: AirParameters
    door: DoorParameters
    room: TreatmentRoomParameters
    valve: ValveParameters
    weather: WeatherParameters
    ups: UpsParameters
    analysers: AnalyserParameters


_MAY_BE_ZERO = frozenset(
    {
        "fittings_j_k",
        "fittings_w_k",
        "flash",
        "boil_off_per_day",
        "bridge_w_k",
        "supply_droop_bar",
        "swing_kpa",
        "compensated",
        "main_ducted",
        "droplet_s",
        "oxygen",
        "age_days",
        "on_off",
        "stiction",
        "stiction_per_stroke",
        "person_k_kw",
        "door_k_kw",
        "economiser_bar",
    }
)
T = TypeVar("T")


def section(cls: type[T], name: str, raw: dict[str, Any], where: str) -> T:
    """A section of a plant file as ``cls``. Raises ParameterError with file, section and key."""
    table = raw.get(name)
    if not isinstance(table, dict):
        raise ParameterError(f"{where}: section [{name}] is missing")
    given = cast(dict[str, Any], table)
    known = [f.name for f in fields(cast(Any, cls))]
    for key in given:
        if key not in known:
            raise ParameterError(f"{where}: [{name}] has an unknown key {key!r}; known: {', '.join(known)}")
    values: dict[str, float] = {}
    for key in known:
        value = given.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ParameterError(f"{where}: [{name}] {key} must be a number")
        if not math.isfinite(value) or value < 0 or (value == 0 and key not in _MAY_BE_ZERO):
            raise ParameterError(f"{where}: [{name}] {key} = {value} must be positive and finite")
        values[key] = float(value)
    return cls(**values)


def walk_ins(folder: Path = PLANTS) -> list[str]:
    """Names of the two-room plants that ``load`` can read; other devices keep their files beside them."""
    return sorted(p.stem for p in folder.glob("walk-in-*.toml"))


def plant_for(profile: str) -> str:
    """The plant that stands for a device: the one of its profile's name, else the two-room chamber with coils."""
    return profile if profile in (*walk_ins(), "cabin") else "walk-in-two-room"


def load(plant: str = "walk-in-two-room", folder: Path = PLANTS) -> PlantParameters:
    """Parameters of a plant by name. Raises ParameterError with file, section and key."""
    path = folder / f"{plant}.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterError(f"{path}: no such plant; known: {', '.join(walk_ins(folder))}") from None
    except tomllib.TOMLDecodeError as error:
        raise ParameterError(f"{path}: {error}") from None
    where = path.name
    return PlantParameters(
        main=section(RoomParameters, "main", raw, where),
        pre=section(RoomParameters, "pre", raw, where),
        wall=section(WallParameters, "wall", raw, where),
        nitrogen=section(NitrogenParameters, "nitrogen", raw, where),
        tank=section(TankParameters, "tank", raw, where),
        height=section(HeightParameters, "height", raw, where),
        air=section(AirParameters, "air", raw, where),
        door=section(DoorParameters, "door", raw, where),
        room=section(TreatmentRoomParameters, "room", raw, where),
        valve=section(ValveParameters, "valve", raw, where),
        weather=section(WeatherParameters, "weather", raw, where),
        ups=section(UpsParameters, "ups", raw, where),
        analysers=section(AnalyserParameters, "analysers", raw, where),
    )
