"""Conduction into skin, fat and muscle: linear finite elements over the depth, in steps of two seconds.

Followed is the change since rest, so the heat that flows at rest cancels. The film at the surface and the blood of the skin differ
from second to second and are no part of the matrix: it is inverted once for all (Sherman and Morrison 1950 for the film).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from control.skin.film import Array

STEP_S = 2.0
IMPLICIT = 0.55  # share of the new temperatures in the heat of a step: a little above the middle, against ringing at a sudden cold
_SKIN, _FAT, _MUSCLE = (0.37, 3.76e6), (0.21, 2.14e6), (0.49, 3.73e6)  # W/mK, J/m³K (tissue data bases)
_MUSCLE_M = 0.020
_DEEP_BLOOD_W_M3K = 1.0e3  # of fat and muscle
# nodes at these shares of a layer: close where temperatures change soon
_SKIN_AT, _FAT_AT, _MUSCLE_AT = (0.15, 0.35, 0.65, 1.0), (0.15, 0.35, 0.65, 1.0), (0.25, 0.6, 1.0)
SKIN_NODES = 1 + len(_SKIN_AT)
NODES = SKIN_NODES + len(_FAT_AT) + len(_MUSCLE_AT) - 1  # the deepest keeps its temperature


class Tissue(NamedTuple):
    """Of one site, for row vectors. ``moves``: from (all temperatures, heat into the skin's nodes in W/m²) to the change in a step with
    an insulated surface. ``yields``: change by 1 W/m² into the surface. ``blood``: share of the skin's blood that each of its nodes has."""

    moves: Array
    yields: Array
    blood: Array


@lru_cache(maxsize=64)
def tissue(skin_m: float, fat_m: float) -> Tissue:
    """Matrices of a site with skin and fat of these thicknesses."""
    conduct, store = np.zeros((NODES + 1, NODES + 1)), np.zeros(NODES + 1)
    blood, node = np.zeros(SKIN_NODES), 0
    for thickness, (k, rc), shares in ((skin_m, _SKIN, _SKIN_AT), (fat_m, _FAT, _FAT_AT), (_MUSCLE_M, _MUSCLE, _MUSCLE_AT)):
        above = 0.0
        for share in shares:
            dx, above = (share - above) * thickness, share
            both = slice(node, node + 2)
            conduct[both, both] += k / dx * np.array([[1.0, -1.0], [-1.0, 1.0]])
            store[both] += 0.5 * rc * dx
            if node < SKIN_NODES - 1:
                blood[both] += 0.5 * dx / thickness
            else:
                conduct[[node, node + 1], [node, node + 1]] += 0.5 * _DEEP_BLOOD_W_M3K * dx
            node += 1
    conduct, store = conduct[:NODES, :NODES], store[:NODES]
    inverse: Array = np.asarray(np.linalg.inv(np.diag(store / STEP_S) + IMPLICIT * conduct), dtype=np.float64)
    return Tissue(np.concatenate([-conduct @ inverse, inverse[:SKIN_NODES]]), inverse[0], blood)
