"""Optional compilation of the plant's arithmetic with numba (extra ``speed``); without it the same functions run as plain Python.

A compiled function takes and gives floats, ints and one-dimensional float64 arrays only. One source, two speeds: a test
compares the two. ``CRYOCHAMBER_COMPILED=0`` asks for plain Python where numba is installed.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

COMPILED: bool = os.environ.get("CRYOCHAMBER_COMPILED", "1") != "0" and importlib.util.find_spec("numba") is not None


def compiled(function: F) -> F:
    """``function`` compiled at its first call, result kept on disk beside the source; itself where numba is missing."""
    if not COMPILED:
        return function
    from numba import njit  # heavy: only who simulates pays for it

    return cast(F, njit(cache=True, error_model="numpy")(function))
