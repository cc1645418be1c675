"""Properties of cold air and nitrogen, flow through a door, oxygen-deficiency hand formulas. SI units, temperatures in K."""

from __future__ import annotations

import math

from simulator.compiled import compiled

PRESSURE = 101_325.0  # Pa
R_AIR = 287.05  # J/kgK
CP_AIR = 1007.0  # J/kgK
CP_NITROGEN = 1050.0  # J/kgK, gas between 80 and 290 K
LATENT_NITROGEN = 199.2e3  # J/kg at 1 atm (NIST)
LATENT_ICE = 2.84e6  # J/kg, sublimation
LATENT_MELT = 334e3  # J/kg
OXYGEN_AIR = 0.2095  # mole fraction, dry air
KELVIN = 273.15
GRAVITY = 9.81


@compiled
def density(temperature_k: float, pressure_pa: float = PRESSURE) -> float:
    """Density of air in kg/m³."""
    return pressure_pa / (R_AIR * temperature_k)


@compiled
def humidity_over_ice(temperature_k: float) -> float:
    """Saturation humidity ratio over ice in kg/kg (Magnus form over ice; zero below -120 °C, where it is < 1e-8)."""
    t = temperature_k - KELVIN
    if t < -120.0:
        return 0.0
    vapour = 611.15 * math.exp(22.452 * t / (272.55 + t))
    return 0.622 * vapour / max(PRESSURE - vapour, 1000.0)


@compiled
def door_flow(area_m2: float, height_m: float, cold_kg_m3: float, warm_kg_m3: float) -> float:
    """Volume flow in m³/s that a fully open door exchanges between a cold and a warm room.

    Gosney and Olama (1975), the form used by the ASHRAE Refrigeration handbook.
    """
    if cold_kg_m3 <= warm_kg_m3 * 1.0005:
        return 0.0
    shape = (2.0 / (1.0 + (cold_kg_m3 / warm_kg_m3) ** (1.0 / 3.0))) ** 1.5
    return 0.221 * area_m2 * math.sqrt(GRAVITY * height_m) * math.sqrt(1.0 - warm_kg_m3 / cold_kg_m3) * shape


def fatality_factor(oxygen_fraction: float) -> float:
    """Probability of death from an oxygen mole fraction (FESHM 4240, oxygen-deficiency hazard): 0 at 18 %, 1 at 8.8 %."""
    if oxygen_fraction >= 0.18:
        return 0.0
    if oxygen_fraction <= 0.088:
        return 1.0
    return min(1.0, 10.0 ** (6.5 - 76.0 * oxygen_fraction))


def nitrogen_boils_k(pressure_bar: float) -> float:
    """Temperature in K at which nitrogen boils under a pressure in bar(a).

    Clausius-Clapeyron through 1 atm; 0.03 K off the reference equation from 0.8 to 4 bar.
    """
    return 1.0 / (1.0 / 77.355 - 1.4310e-3 * math.log(pressure_bar / 1.01325))


def air_condenses_k(pressure_bar: float) -> float:
    """Dew point of dry air in K under an ambient pressure in bar(a). Metal that is colder drips oxygen-rich liquid.

    Same form, through 81.72 K at 1 atm; 0.02 K off the reference equation from 0.7 to 1.1 bar.
    """
    return 1.0 / (1.0 / 81.72 - 1.266e-3 * math.log(pressure_bar / 1.01325))
