"""Dewar, hose, nozzle and jet of the hand-held device, and the oxygen of its room.

The dewar holds saturated liquid and its vapour at one pressure; a heater boils off what the hose takes. With vapour drawn
from the top and a constant heat of evaporation L and liquid heat c:

    Q = (M + m_v) c T_s'(p) dp/dt + L boil,   boil = out + d(m_v)/dt,   m_v = rho_v(p) (V - M / rho_l)

which is solved for dp/dt. Gas leaves through an orifice (Saint-Venant and Wantzel), warms in the hose (one lump), and
leaves the nozzle as a round free jet whose axis warms with distance: theta = min(1, K d sqrt(rho_0 / rho_a) / x).
Not modelled: liquid carried into the hose when the dewar is tilted, ice on the nozzle, crosswind.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import datasheet
from simulator.compiled import compiled
from simulator.gas import CP_NITROGEN, LATENT_NITROGEN, OXYGEN_AIR, PRESSURE
from simulator.parameters import PLANTS, ParameterError
from simulator.runge_kutta import gather

Array = NDArray[np.float64]

R_NITROGEN = 296.8  # J/kgK
BOILING_K = 77.36  # at 1 atm
LIQUID_KG_M3 = 806.1
LIQUID_J_KGK = 2040.0  # saturated liquid near 77 K
CLAUSIUS_K = 700.0  # ln(p / 1 atm) = CLAUSIUS_K (1 / BOILING_K - 1 / T), within 0.1 K of the reference equation from 1 to 4 bar
GAMMA = 1.4
CRITICAL = (2.0 / (GAMMA + 1.0)) ** (GAMMA / (GAMMA - 1.0))  # pressure ratio below which the orifice is choked
DISCHARGE = 0.8  # -, of a short sharp orifice, assumed
HEATER_GAIN_PA = 1e4  # heater from nothing to full over this much missing pressure, assumed
EMPTY_KG = 0.05  # below it no vapour comes
NOMINAL_KG_S = 100e-3 / 60.0  # flow at which the film coefficient was inferred, assumed

MASS, PRESSURE_PA, HEATER, HOSE, USED, OXYGEN, HEAT_IN = 0, 1, 2, 3, 4, 5, 6  # kg, Pa abs, W, K, kg, mole fraction, J
STATES = 7
STEP_S = 0.1


class LocalParameters(NamedTuple):
    dewar_m3: float
    fill_kg: float
    leak_w: float
    heater_w: float
    heater_tau_s: float
    pressure_pa: float
    relief_pa: float
    orifice_m2: float
    hose_j_k: float
    hose_gas_w_k: float
    hose_ambient_w_k: float
    nozzle_m: float
    jet_decay: float
    film_w_m2k: float
    film_exponent: float
    room_m3: float
    fresh_m3_s: float
    room_k: float


def load(folder: Path = PLANTS) -> LocalParameters:
    """The hand-held device's values. Raises ParameterError, also if they do not go together."""
    p = datasheet.load("local", LocalParameters, folder)
    if p.relief_pa <= p.pressure_pa + HEATER_GAIN_PA:
        raise ParameterError(
            f"local.toml: relief_pa {p.relief_pa:g} must be above pressure_pa {p.pressure_pa:g} by more than {HEATER_GAIN_PA:g} Pa"
        )
    if p.fill_kg > 0.95 * p.dewar_m3 * LIQUID_KG_M3:
        raise ParameterError(f"local.toml: fill_kg {p.fill_kg:g} does not fit into dewar_m3 {p.dewar_m3:g} with 5 % left for vapour")
    return p


@compiled
def saturation_k(pressure_pa: float) -> float:
    """Boiling temperature of nitrogen (Clausius-Clapeyron with one constant)."""
    return 1.0 / (1.0 / BOILING_K - math.log(pressure_pa / PRESSURE) / CLAUSIUS_K)


@compiled
def orifice_kg_s(pressure_pa: float, gas_k: float, area_m2: float) -> float:
    """Flow of nitrogen vapour to the open air."""
    if pressure_pa <= PRESSURE:
        return 0.0
    ratio = max(PRESSURE / pressure_pa, CRITICAL)
    root = ratio ** (2.0 / GAMMA) - ratio ** ((GAMMA + 1.0) / GAMMA)
    return DISCHARGE * area_m2 * pressure_pa * math.sqrt(2.0 * GAMMA / (GAMMA - 1.0) / (R_NITROGEN * gas_k) * root)


@compiled
def outlet_k(inlet_k: float, hose_k: float, flow_kg_s: float, gas_w_k: float) -> float:
    """Temperature of the gas at the nozzle."""
    if flow_kg_s < 1e-7:
        return hose_k
    return hose_k + (inlet_k - hose_k) * math.exp(-gas_w_k / (CP_NITROGEN * flow_kg_s))


@compiled
def derivative(y: Array, p: LocalParameters, opening: float, dy: Array) -> None:
    """dy/dt; ``opening`` is the trigger's share of the full orifice."""
    mass, pressure = y[MASS], y[PRESSURE_PA]
    boiling = saturation_k(pressure)
    out = orifice_kg_s(pressure, boiling, opening * p.orifice_m2) if mass > EMPTY_KG else 0.0
    wanted = min(1.0, max(0.0, (p.pressure_pa - pressure) / HEATER_GAIN_PA + 0.5)) * p.heater_w if mass > EMPTY_KG else 0.0
    dy[HEATER] = (wanted - y[HEATER]) / p.heater_tau_s
    vented = 0.0 if pressure < p.relief_pa else 1e-7 * (pressure - p.relief_pa)
    slope = boiling * boiling / (CLAUSIUS_K * pressure)  # dT_s/dp
    vapour = pressure / (R_NITROGEN * boiling)
    space = p.dewar_m3 - mass / LIQUID_KG_M3
    stiff = space * (1.0 / (R_NITROGEN * boiling)) * (1.0 - pressure * slope / boiling)  # V_g d(rho_v)/dp
    left = 1.0 - vapour / LIQUID_KG_M3
    held = mass + vapour * space
    heat = y[HEATER] + p.leak_w
    drawn = (out + vented) / left
    dy[PRESSURE_PA] = (heat - LATENT_NITROGEN * drawn) / (held * LIQUID_J_KGK * slope + LATENT_NITROGEN * stiff / left)
    dy[MASS] = -(drawn + stiff / left * dy[PRESSURE_PA])
    nozzle = outlet_k(boiling, y[HOSE], out, p.hose_gas_w_k)
    from_room = p.hose_ambient_w_k * (p.room_k - y[HOSE])
    dy[HOSE] = (from_room - CP_NITROGEN * out * (nozzle - boiling)) / p.hose_j_k
    dy[USED] = out + vented
    release = (out + vented) * R_NITROGEN * p.room_k / PRESSURE
    dy[OXYGEN] = (p.fresh_m3_s * (OXYGEN_AIR - y[OXYGEN]) - release * y[OXYGEN]) / p.room_m3
    # over the boundary of dewar and hose; vapour at the dewar carries c (T_s - 77.36 K) + L
    leaving = (out + vented) * (LIQUID_J_KGK * (boiling - BOILING_K) + LATENT_NITROGEN)
    dy[HEAT_IN] = heat + from_room - leaving - CP_NITROGEN * out * (nozzle - boiling)


@compiled
def advance(y: Array, p: LocalParameters, opening: float, h: float, steps: int) -> Array:
    """``steps`` classical Runge-Kutta steps of ``h`` seconds; gives the new state."""
    now, at, slope, total = y.copy(), y.copy(), np.empty(STATES), np.empty(STATES)
    for _ in range(steps):
        for stage in range(4):
            derivative(at, p, opening, slope)
            gather(stage, h, now, at, slope, total)
    return now


@compiled
def jet_k(nozzle_k: float, distance_m: float, p: LocalParameters) -> float:
    """Temperature on the axis of the jet at ``distance_m`` from the nozzle."""
    return p.room_k + jet_share(nozzle_k, distance_m, p) * (nozzle_k - p.room_k)


@compiled
def jet_share(nozzle_k: float, distance_m: float, p: LocalParameters) -> float:
    """Share of nozzle gas on the axis of the jet, 0 to 1."""
    dense = math.sqrt(p.room_k / nozzle_k)  # sqrt(rho_0 / rho_a), both gases at 1 atm
    return min(1.0, p.jet_decay * p.nozzle_m * dense / distance_m) if distance_m > 0.0 else 1.0


def ready_state(p: LocalParameters) -> Array:
    """Filled, at its holding pressure, hose warm, air in the room."""
    y = np.zeros(STATES)
    y[MASS], y[PRESSURE_PA], y[HOSE], y[OXYGEN] = p.fill_kg, p.pressure_pa, p.room_k, OXYGEN_AIR
    return y


def stored_j(y: Array, p: LocalParameters) -> float:
    """Enthalpy of liquid, vapour and hose (J; saturated liquid at 77.36 K counts nothing)."""
    boiling = saturation_k(float(y[PRESSURE_PA]))
    vapour = float(y[PRESSURE_PA]) / (R_NITROGEN * boiling) * (p.dewar_m3 - float(y[MASS]) / LIQUID_KG_M3)
    warm = LIQUID_J_KGK * (boiling - BOILING_K)
    return float(y[MASS]) * warm + vapour * (warm + LATENT_NITROGEN) + p.hose_j_k * float(y[HOSE])
