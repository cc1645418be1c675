"""The twin's heat balance: walls with their memory, what hangs in the room, the coil, and how nitrogen flows through a valve.

Design data of the device come from its profile; what they get wrong is learned while the twin takes its reference. It shares no
code with the simulator. Temperatures °C, powers W, times s.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from chamber.profile import TwinRoom

LAYERS = 6
_OUTSIDE_W_M2K = 7.0  # film outside a wall, still air
_ZERO_K = 273.15
_LATENT_J_KG = 199.18e3  # nitrogen at 1 atm, CoolProp 8
_CP_J_KGK = 1050.0
_FLASH = 0.065  # kg/kg, of 2 bar liquid let down to 1 atm
_CP_AIR = 1006.0
_ICE_J_KG = 2.84e6
_R_AIR = 287.05
_STANDARD_PA = 101_325.0
_BOILS_K, _CLAPEYRON, _ATM_BAR = 77.355, 1.431e-3, 1.01325
_ROOM_HUMIDITY = 0.0075  # kg/kg, 45 % at 22 °C, assumed


class Walls(NamedTuple):
    """Foam of one room from inside to outside, and what hangs in it."""

    foam_c: tuple[float, ...]
    slow_c: float


class Heat(NamedTuple):
    """What flows into the room in W: through foam and bridges, out of what hangs in it."""

    wall_w: float
    slow_w: float


def walls(inside_c: float, outside_c: float) -> Walls:
    """Long at rest between these two."""
    step = (outside_c - inside_c) / LAYERS
    return Walls(tuple([inside_c + step * (n + 0.5) for n in range(LAYERS)]), inside_c)


def conduct(p: TwinRoom, w: Walls, inside_c: float, outside_c: float, dt_s: float) -> tuple[Walls, Heat]:
    """One step of at most about 60 s; the heat is the mean of it."""
    layer = p.foam_m / LAYERS
    g, c, half = p.foam_w_mk / layer, p.foam_j_m3k * layer, 0.5 * dt_s
    out = 1.0 / (1.0 / _OUTSIDE_W_M2K + 0.5 * layer / p.foam_w_mk)
    foam, taken = list(w.foam_c), 0.0
    for _ in range(2):
        flows = [2.0 * g * (foam[0] - inside_c), *[g * (foam[n + 1] - foam[n]) for n in range(LAYERS - 1)], out * (outside_c - foam[-1])]
        foam = [t + half / c * (flows[n + 1] - flows[n]) for n, t in enumerate(foam)]
        taken += 0.5 * flows[0]
    wall_w = p.wall_m2 * taken + p.bridge_w_k * (outside_c - inside_c)
    slow_w = p.slow_w_k * (w.slow_c - inside_c)
    slow_c = w.slow_c + (inside_c - w.slow_c) * -math.expm1(-dt_s * p.slow_w_k / p.slow_j_k)
    return Walls(tuple(foam), slow_c), Heat(wall_w, slow_w)


def boils_c(pressure_bar: float) -> float:
    """Boiling point of nitrogen under bar(a): Clausius-Clapeyron through 1 atm."""
    return 1.0 / (1.0 / _BOILS_K - _CLAPEYRON * math.log(max(0.5, pressure_bar) / _ATM_BAR)) - _ZERO_K


def cooling_j_kg(outlet_c: float, boiling_c: float) -> float:
    """Heat a kilogram takes up in the coil on its way to the outlet."""
    return _LATENT_J_KG * (1.0 - _FLASH) + _CP_J_KGK * max(0.0, outlet_c - boiling_c)


def gap_w_cm2(cold_c: float, warm_c: float, *, height_m: float, moist: bool) -> float:
    """Heat that one cm² of gap around a shut door lets in, W: buoyant exchange (Brown and Solvason 1963), with the frost if it is moist.

    ``cold_c`` and ``warm_c`` on either side.
    """
    if warm_c <= cold_c:
        return 0.0
    cold, warm = _STANDARD_PA / _R_AIR / (cold_c + _ZERO_K), _STANDARD_PA / _R_AIR / (warm_c + _ZERO_K)
    volume = 0.2 * 1e-4 * math.sqrt(9.81 * height_m * (cold - warm) / (0.5 * (cold + warm)))
    return volume * 0.5 * (cold + warm) * (_CP_AIR * (warm_c - cold_c) + (_ROOM_HUMIDITY * _ICE_J_KG if moist else 0.0))


def push(supply_bar: float, nominal_bar: float, back_bar: float) -> float:
    """Flow through a valve against that at nominal line pressure."""
    return math.sqrt(max(0.0, supply_bar - back_bar) / (nominal_bar - back_bar))
