"""Oxygen deficiency by the standard hand formulas (FESHM 4240, well-mixed room), as a check on the plant's treatment room.

Flows m³/s, volumes m³, times s, oxygen as mole fraction. ``release`` is inert gas at room temperature, ``fan`` the ventilation.
"""

from __future__ import annotations

import math

AIR = 0.21  # the formulas' own figure for fresh air
CLASSES = (1e-7, 1e-5, 1e-3, 1e-1)  # fatalities per hour at which classes 1 to 4 begin


def fan_blows_in(release: float, fan: float, volume: float, seconds: float) -> float:
    """Case A: ventilation blows fresh air in while gas is released."""
    if release + fan <= 0.0:
        return AIR
    share = math.exp(-(fan + release) * seconds / volume)
    return AIR / (fan + release) * (fan + release * share)


def fan_extracts(release: float, fan: float, volume: float, seconds: float) -> float:
    """Case B: ventilation draws out more than is released. Raises ValueError if it does not (that is case C)."""
    if fan <= release:
        raise ValueError(f"fan {fan:g} m³/s must be above the release of {release:g} m³/s; else use release_fills()")
    return AIR * (1.0 - release / fan * (1.0 - math.exp(-fan * seconds / volume)))


def release_fills(release: float, volume: float, seconds: float) -> float:
    """Case C: no ventilation, or one that draws out no more than is released: the gas drives the room's air out."""
    return AIR * math.exp(-release * seconds / volume)


def after_release(oxygen_at_end: float, fan: float, volume: float, seconds: float) -> float:
    """Case D: ``seconds`` after the release ended at ``oxygen_at_end``."""
    return AIR - (AIR - oxygen_at_end) * math.exp(-fan * seconds / volume)


def odh_class(fatalities_per_hour: float) -> int:
    """Class 0 to 4 of a fatality rate: sum over the events of rate x fatality factor."""
    return sum(fatalities_per_hour >= limit for limit in CLASSES)


def fresh_air_needed(release: float, oxygen: float) -> float:
    """Ventilation in m³/s that keeps ``oxygen`` for ever while ``release`` is mixed in (case A, steady). Raises ValueError."""
    if not 0.0 < oxygen < AIR:
        raise ValueError(f"oxygen = {oxygen:g} must lie between 0 and {AIR}")
    return release * oxygen / (AIR - oxygen)
