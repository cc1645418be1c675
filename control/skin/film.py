"""What takes the heat from bare skin: still gas, moving gas, radiation.

Still gas as turbulent free convection at an upright surface, Nu = 0.115 Ra^(1/3), between McAdams (0.13) and Bayley (0.10): it
needs no length. Moving gas after de Dear et al. (1997), 10.3 v^0.6, for a standing person. Properties of air by powers of the
temperature of the film, within 3 % from 150 to 300 K. The simulator takes other formulas (``simulator.body``): nothing is shared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ZERO_C_K = 273.15
# cubes of the films, of T / 273.15 K: 0.115 k (9.81 Pr dT / (T nu²))^(1/3) with k = 0.0241 x^0.92, nu = 1.33e-5 x^1.8, Pr = 0.72, its power
# of x taken as -1.75 instead of -1.84 to be two square roots; and 10.3 v^0.6 k nu^-0.6 as at 300 K
_STILL = 1.47**3
_MOVING = 10.3**3 * (ZERO_C_K / 300.0) ** -0.5
_RADIATES = 5.670374e-8 * 0.95 * 0.75  # emissivity of skin, share of what it sees that is wall


def moving(speed_m_s: Array) -> Array:
    """What gas of this speed adds to the cube of the film, (W/m²K)³ at 0 °C."""
    return _MOVING * speed_m_s**1.8


def film(skin_c: Array, gas_c: Array, moves: Array, factor: Array) -> Array:
    """Film coefficient in W/m²K of bare skin, convection and radiation to walls as cold as the gas.

    ``moves``: ``moving`` of the air speed; ``factor``: convection of the site against the mean of the body.
    """
    x = (0.5 / ZERO_C_K) * (skin_c + gas_c) + 1.0
    root = np.sqrt(x)
    convective = factor * np.cbrt((_STILL * np.abs(skin_c - gas_c) / (x * np.sqrt(root)) + moves) / root)
    skin_k, wall_k = skin_c + ZERO_C_K, gas_c + ZERO_C_K
    return convective + _RADIATES * (skin_k * skin_k + wall_k * wall_k) * (skin_k + wall_k)
