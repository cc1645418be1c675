"""Heat given off by an occupant: a one-dimensional skin-fat-muscle slab with blood flow, cooled at its surface.

Pennes (1948) bio-heat equation, implicit in time; natural convection after Churchill and Chu, forced convection after
de Dear (1997), thermal radiation. Only the heat balance of the chamber uses it: it is no estimate of anybody's skin.
"""

from __future__ import annotations

from simulator.gas import KELVIN

STEFAN_BOLTZMANN = 5.670374e-8  # W/m²K⁴
AREA_M2 = 1.52  # exposed skin: 1.9 m² body surface, 80 % exposed
RESPIRATION_W = 45.0  # sensible and latent heat of breath given to the gas
CORE_K = 36.8 + KELVIN
BLOOD_J_M3K = 3.85e6
EMISSIVITY, VIEW_FACTOR = 0.95, 0.75
_LAYERS = (  # thickness m, cells, W/mK, J/m³K (IT'IS-type values)
    (0.002, 3, 0.37, 3.76e6),
    (0.008, 5, 0.21, 2.14e6),
    (0.025, 4, 0.49, 3.73e6),
)
_SKIN_CELLS, _FAT_CELLS = 3, 5
_FLOW_WARM, _FLOW_COLD = 6.3, 0.6  # L/h per m² of skin, vasoconstriction between 34 and 20 °C at the surface
_MUSCLE_W_M3K = 0.5e-3 * BLOOD_J_M3K * 0.5


def convection(surface_k: float, gas_k: float, air_speed_m_s: float, height_m: float = 1.7) -> float:
    """Convective film coefficient in W/m²K of a standing person."""
    film = 0.5 * (surface_k + gas_k)
    conductivity = 0.02587 * (film / 293.15) ** 0.92
    viscosity = 1.458e-6 * film**1.5 / (film + 110.4)
    rho = 101_325.0 / (287.05 * film)
    prandtl = 1010.0 * viscosity / conductivity
    kinematic = viscosity / rho
    rayleigh = 9.81 / film * abs(surface_k - gas_k) * height_m**3 * prandtl / kinematic**2
    natural = (0.825 + 0.387 * rayleigh ** (1 / 6) / (1 + (0.492 / prandtl) ** (9 / 16)) ** (8 / 27)) ** 2 * conductivity / height_m
    # de Dear's 10.3 v^0.6 holds at 300 K; scaled with k (1/nu)^0.6
    forced = 10.3 * max(air_speed_m_s, 0.0) ** 0.6 * (conductivity / 0.02643) * (1.583e-5 / kinematic) ** 0.6
    return (natural**3 + forced**3) ** (1 / 3)


class Skin:
    """State of one person's body slab. Temperatures in K, heat in W/m²."""

    __slots__ = ("convective", "flow", "radiative", "surface_k", "temperatures")

    def __init__(self, surface_k: float = 32.0 + KELVIN) -> None:
        self.surface_k = surface_k
        self.flow = 0.6 * _FLOW_WARM
        self.convective = self.radiative = 0.0
        self.temperatures = _steady(surface_k, self.flow)

    def step(self, gas_k: float, wall_k: float, air_speed_m_s: float, dt_s: float) -> None:
        """Advance by ``dt_s`` in gas and before walls of the given temperatures."""
        surface = self.surface_k
        tone = min(1.0, max(0.0, (surface - KELVIN - 20.0) / 14.0))
        self.flow += (_FLOW_COLD + (_FLOW_WARM - _FLOW_COLD) * tone - self.flow) * min(1.0, dt_s / 30.0)
        h_c = convection(surface, gas_k, air_speed_m_s)
        h_r = EMISSIVITY * VIEW_FACTOR * STEFAN_BOLTZMANN * (surface**2 + wall_k**2) * (surface + wall_k)
        film = h_c + h_r
        effective = (h_c * gas_k + h_r * wall_k) / film
        outer = 1.0 / (1.0 / film + 0.5 * _DX[0] / _K[0])
        skin_blood = self.flow / 3.6e6 * BLOOD_J_M3K / _LAYERS[0][0]
        self.temperatures = _solve(self.temperatures, outer, effective, skin_blood, dt_s)
        heat = outer * (self.temperatures[0] - effective)
        self.surface_k = self.temperatures[0] - heat * 0.5 * _DX[0] / _K[0]
        self.convective = h_c * (self.surface_k - gas_k)
        self.radiative = h_r * (self.surface_k - wall_k)


def _cells() -> tuple[list[float], list[float], list[float], list[float]]:
    dx: list[float] = []
    k: list[float] = []
    rc: list[float] = []
    for thickness, count, conductivity, capacity in _LAYERS:
        for _ in range(count):
            dx.append(thickness / count)
            k.append(conductivity)
            rc.append(capacity)
    between = [1.0 / (0.5 * dx[i] / k[i] + 0.5 * dx[i + 1] / k[i + 1]) for i in range(len(dx) - 1)]
    between.append(k[-1] / (0.5 * dx[-1]))
    return dx, k, rc, between


_DX, _K, _RC, _G = _cells()
_N = len(_DX)


def _blood(skin_blood: float, i: int) -> float:
    if i < _SKIN_CELLS:
        return skin_blood
    return _MUSCLE_W_M3K if i >= _SKIN_CELLS + _FAT_CELLS else 0.0


def _solve(old: list[float], outer: float, effective_k: float, skin_blood: float, dt_s: float) -> list[float]:
    """Implicit Euler over the slab (Thomas algorithm); the last cell touches the core."""
    diagonal = [0.0] * _N
    right = [0.0] * _N
    for i in range(_N):
        store = _RC[i] * _DX[i] / dt_s
        blood = _blood(skin_blood, i) * _DX[i]
        inward = _G[i - 1] if i else outer
        diagonal[i] = store + blood + inward + _G[i]
        right[i] = store * old[i] + blood * CORE_K
    right[0] += outer * effective_k
    right[-1] += _G[-1] * CORE_K
    for i in range(1, _N):
        factor = _G[i - 1] / diagonal[i - 1]
        diagonal[i] -= factor * _G[i - 1]
        right[i] += factor * right[i - 1]
    new = [0.0] * _N
    new[-1] = right[-1] / diagonal[-1]
    for i in range(_N - 2, -1, -1):
        new[i] = (right[i] + _G[i] * new[i + 1]) / diagonal[i]
    return new


def _steady(surface_k: float, flow: float) -> list[float]:
    """Profile at rest with the surface held at ``surface_k``: one very long implicit step."""
    skin_blood = flow / 3.6e6 * BLOOD_J_M3K / _LAYERS[0][0]
    return _solve([CORE_K] * _N, _K[0] / (0.5 * _DX[0]), surface_k, skin_blood, 1e9)
