"""What a number of clean trials says about the chance of a violation."""

from __future__ import annotations

import math

CONFIDENCE = 0.95


def upper_bound(violations: int, trials: float, confidence: float = CONFIDENCE) -> float:
    """One-sided upper bound of the chance per trial (Clopper and Pearson, Biometrika 26, 1934), 1 if there was no trial.

    With no violation it is 1 - (1 - confidence)^(1/n), near 3/n for 95 % (rule of three). Raises ValueError for figures that
    cannot be: fewer trials than violations, a confidence that is no share.
    """
    if not 0.0 < confidence < 1.0 or violations < 0 or violations > trials:
        raise ValueError(f"{violations} of {trials} with confidence {confidence}: cannot be")
    if trials <= 0 or violations == trials:
        return 1.0
    if violations == 0:
        return -math.expm1(math.log1p(-confidence) / trials)
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _at_most(violations, trials, middle) > 1.0 - confidence else (low, middle)
    return high


def upper_rate(violations: int, exposure: float, confidence: float = CONFIDENCE) -> float:
    """One-sided upper bound of a rate of independent events per unit of ``exposure`` (Poisson; Garwood, Biometrika 28, 1936)."""
    if exposure <= 0.0:
        return math.inf
    if violations == 0:
        return -math.log1p(-confidence) / exposure
    low, high = 0.0, 10.0 * violations + 20.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        term = total = math.exp(-middle)
        for k in range(1, violations + 1):
            term *= middle / k
            total += term
        low, high = (middle, high) if total > 1.0 - confidence else (low, middle)
    return high / exposure


def _at_most(k: int, n: float, p: float) -> float:
    """Chance of at most ``k`` of ``n`` at ``p`` each, for 0 < p < 1."""
    return sum(
        math.exp(math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p))
        for i in range(k + 1)
    )
