"""The law's own linear algebra against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg

from control.linear import riccati, transition


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3.0, 3.0), min_size=16, max_size=16), st.sampled_from([0.0, 0.01, 1.0, 20.0]))
def test_the_exponential(values: list[float], scale: float) -> None:
    a = np.array(values).reshape(4, 4) * scale / 3.0
    expected = linalg.expm(a)
    assert np.abs(transition(a) - expected).max() <= 1e-9 * max(1.0, np.abs(expected).max())


@settings(max_examples=40, deadline=None)
@given(st.floats(1e-4, 0.5), st.floats(0.5, 300.0), st.floats(0.01, 30.0), st.floats(0.1, 100.0))
def test_the_riccati_equation(loss_per_s: float, lag_s: float, slope: float, effort: float) -> None:
    """Rooms from sluggish to nervous: gas with a loss, feed with a lag."""
    step = transition(np.array([[-loss_per_s, -slope, 0.0], [0.0, -1.0 / lag_s, 1.0 / lag_s], [0.0, 0.0, 0.0]]))
    a, b = step[:2, :2], step[:2, 2:]
    q, r = np.diag([1.0, 0.0]), np.array([[effort]])
    x = riccati(a, b, q, r)
    assert x == pytest.approx(linalg.solve_discrete_are(a, b, q, r), rel=1e-5, abs=1e-7)
    gain = np.linalg.inv(r + b.T @ x @ b) @ b.T @ x @ a
    assert np.abs(np.linalg.eigvals(a - b @ gain)).max() < 1.0


def test_what_no_law_can_hold_has_no_solution() -> None:
    with pytest.raises(np.linalg.LinAlgError, match="no stabilising solution"):
        riccati(np.diag([1.2, 0.5]), np.array([[0.0], [1.0]]), np.eye(2), np.eye(1))
