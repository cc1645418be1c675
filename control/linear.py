"""The two routines of linear algebra the law needs, for matrices of a few rows.

Written out because those of scipy hand even a matrix of four rows to a pool of threads, which costs some milliseconds each on two
cores; here it is some hundred microseconds, and a start or a scan never waits for it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_TERMS = 13  # of the series, at a norm of 0.5: the rest is below 1e-14
_ROUNDS = 40
_CONVERGED = 1e-13
_LARGE = 1e30  # the closed loop's powers go to nothing where there is a solution


def transition(a: Matrix) -> Matrix:
    """Matrix exponential: scaled to a norm of at most 0.5, Taylor series, squared back (Moler & Van Loan, SIAM Review 45 (2003) 3)."""
    size = float(np.abs(a).sum(axis=1).max())
    halvings = max(0, math.ceil(math.log2(size / 0.5))) if size > 0.0 else 0
    scaled = a / 2.0**halvings
    total = term = np.eye(len(a))
    for k in range(1, _TERMS + 1):
        term = term @ scaled / k
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total


def riccati(a: Matrix, b: Matrix, weight: Matrix, effort: Matrix) -> Matrix:
    """Stabilising solution of the discrete algebraic Riccati equation by doubling (Chu, Fan, Lin & Wang, Int. J. Control 77 (2004) 767).

    Raises numpy.linalg.LinAlgError if it does not converge: there is none.
    """
    one = np.eye(len(a))
    g: Matrix = b @ np.linalg.inv(effort) @ b.T
    h = weight
    for _ in range(_ROUNDS):
        w = np.linalg.inv(one + g @ h)
        aw: Matrix = a @ w
        step: Matrix = a.T @ h @ w @ a
        g, h, a = g + aw @ g @ a.T, h + step, aw @ a
        if not float(np.abs(a).max()) < _LARGE:
            break
        if float(np.abs(step).max()) <= _CONVERGED * float(np.abs(h).max()):
            return 0.5 * (h + h.T)
    raise np.linalg.LinAlgError("the Riccati equation has no stabilising solution")
