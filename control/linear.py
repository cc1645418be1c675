"""The few routines of scipy the regulators need, with types; scipy ships none."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, signal

Matrix = NDArray[np.float64]


class Fit(NamedTuple):
    """Result of a least-squares fit: the best point and the Jacobian of the residuals there."""

    x: Matrix
    jacobian: Matrix


def transition(a: Matrix) -> Matrix:
    """Matrix exponential."""
    return np.asarray(linalg.expm(a), dtype=np.float64)


def riccati(a: Matrix, b: Matrix, weight: Matrix, effort: Matrix) -> Matrix:
    """Stabilising solution of the discrete algebraic Riccati equation. Raises numpy.linalg.LinAlgError if there is none."""
    return np.asarray(linalg.solve_discrete_are(a, b, weight, effort), dtype=np.float64)


def low_pass(x: Matrix, share: float) -> Matrix:
    """First-order low-pass; ``share`` of the difference is taken in each sample."""
    return np.asarray(signal.lfilter([share], [1.0, share - 1.0], x), dtype=np.float64)


def fit(residual: Callable[[Matrix], Matrix], start: Matrix, low: Matrix, high: Matrix, evaluations: int) -> Fit:
    """Bounded least squares (trust region)."""
    best = optimize.least_squares(residual, start, bounds=(low, high), x_scale="jac", max_nfev=evaluations)
    return Fit(np.asarray(best.x, dtype=np.float64), np.asarray(best.jac, dtype=np.float64))
