"""The two routines of scipy the law needs, with types; scipy ships none. What identification needs stands in ``control.identify``."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Matrix = NDArray[np.float64]


def transition(a: Matrix) -> Matrix:
    """Matrix exponential."""
    return np.asarray(linalg.expm(a), dtype=np.float64)


def riccati(a: Matrix, b: Matrix, weight: Matrix, effort: Matrix) -> Matrix:
    """Stabilising solution of the discrete algebraic Riccati equation. Raises numpy.linalg.LinAlgError if there is none."""
    return np.asarray(linalg.solve_discrete_are(a, b, weight, effort), dtype=np.float64)
