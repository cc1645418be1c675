"""Values of the cabin's datasheet (``plants/cabin.toml``), SI units as the names say. Compiled functions take it as it is."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from simulator import datasheet
from simulator.parameters import PLANTS


class CabinParameters(NamedTuple):
    lower_m3: float
    upper_m3: float
    collar_m3: float
    lower_m2: float
    upper_m2: float
    zone_m: float
    door_m2: float
    door_factor: float
    seam_m2: float
    feed_kg_s: float
    flash: float
    valve_tau_s: float
    line_j_k: float
    line_boil_w_k: float
    line_ambient_w_k: float
    recirculation_kg_s: float
    fan_w: float
    evaporator_j_k: float
    evaporator_gas_w_k: float
    evaporator_boil_w_k: float
    evaporator_half_kg: float
    evaporator_max_kg: float
    evaporator_ambient_w_k: float
    carry_over_rate_s: float
    pool_w_k: float
    duct_j_k: float
    duct_gas_w_k: float
    duct_ambient_w_k: float
    sensor_tau_s: float
    film_w_m2k: float
    liner_j_m2k: float
    foam_m: float
    foam_w_mk: float
    foam_j_m3k: float
    outside_w_m2k: float
    entrained_kg_s: float
    mixing_kg_s: float
    stirring_kg_s: float
    collar_exchange_kg_s: float
    gas_speed_m_s: float
    face_decay_m: float
    extract_m3_s: float
    capture: float
    room_m3: float
    floor_share: float
    layer_mixing_m3_s: float
    fresh_m3_s: float
    room_k: float
    room_humidity: float


def load(folder: Path = PLANTS) -> CabinParameters:
    """The cabin's values. Raises ParameterError."""
    return datasheet.load("cabin", CabinParameters, folder)
