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
# 0.115 k (9.81 Pr dT / (T nu²))^(1/3) with k = 0.0241 x^0.92, nu = 1.33e-5 x^1.8, Pr = 0.72, x = T / 273.15
_STILL, _STILL_POWER = 1.46, -0.613
_MOVING, _MOVING_POWER = 10.3, -0.16
_RADIATES = 5.670374e-8 * 0.95 * 0.75  # emissivity of skin, share of what it sees that is wall


def film(skin_c: Array, gas_c: Array, wall_c: Array, speed_m_s: Array, factor: Array) -> tuple[Array, Array]:
    """(film coefficient in W/m²K, temperature in °C of what the film leads to) of bare skin.

    ``factor`` is convection of the site against the mean of the body.
    """
    middle = 0.5 * (skin_c + gas_c) + ZERO_C_K
    still = _STILL * np.cbrt(np.abs(skin_c - gas_c)) * (middle / ZERO_C_K) ** _STILL_POWER
    moving = _MOVING * speed_m_s**0.6 * (middle / 300.0) ** _MOVING_POWER
    convective = factor * np.cbrt(still**3 + moving**3)
    skin_k, wall_k = skin_c + ZERO_C_K, wall_c + ZERO_C_K
    radiative = _RADIATES * (skin_k * skin_k + wall_k * wall_k) * (skin_k + wall_k)
    both = convective + radiative
    return both, (convective * gas_c + radiative * wall_c) / both
