"""A small Kalman filter on tuples: constants that wander slowly, seen through one number at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Belief(NamedTuple):
    """Mean and covariance, row by row."""

    mean: tuple[float, ...]
    cov: tuple[tuple[float, ...], ...]

    def std(self, i: int) -> float:
        return math.sqrt(max(0.0, self.cov[i][i]))


def believe(mean: Sequence[float], std: Sequence[float]) -> Belief:
    n = len(mean)
    return Belief(tuple(mean), tuple([tuple([std[i] ** 2 if i == j else 0.0 for j in range(n)]) for i in range(n)]))


def wander(b: Belief, std: Sequence[float]) -> Belief:
    """Time passes: each value may have moved by its ``std``."""
    return Belief(b.mean, tuple([tuple([v + (std[i] ** 2 if i == j else 0.0) for j, v in enumerate(row)]) for i, row in enumerate(b.cov)]))


def foretold(b: Belief, h: Sequence[float]) -> tuple[float, float]:
    """Mean and variance of what would be seen through ``h``."""
    seen = [sum(c * x for c, x in zip(row, h, strict=True)) for row in b.cov]
    return sum(m * x for m, x in zip(b.mean, h, strict=True)), sum(s * x for s, x in zip(seen, h, strict=True))


def see(b: Belief, h: Sequence[float], value: float, std: float, *, bound: float = 5.0) -> Belief:
    """One look: ``value`` is ``h`` times the state, give or take ``std``. A surprise counts as ``bound`` standard deviations at most."""
    ph = [sum(c * x for c, x in zip(row, h, strict=True)) for row in b.cov]
    variance = sum(p * x for p, x in zip(ph, h, strict=True)) + std * std
    most = bound * math.sqrt(variance)
    error = min(max(value - sum(m * x for m, x in zip(b.mean, h, strict=True)), -most), most)
    mean = tuple([m + p / variance * error for m, p in zip(b.mean, ph, strict=True)])
    cov = tuple([tuple([c - ph[i] * ph[j] / variance for j, c in enumerate(row)]) for i, row in enumerate(b.cov)])
    return Belief(mean, cov)


def pin(b: Belief, i: int, std: float) -> Belief:
    """From now on value ``i`` is known no worse than ``std`` and tied to no other: its own reference."""
    cov = [list(row) for row in b.cov]
    for j in range(len(cov)):
        cov[i][j] = cov[j][i] = 0.0
    cov[i][i] = std * std
    return Belief(b.mean, tuple([tuple(row) for row in cov]))
