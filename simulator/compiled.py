"""Optional compilation of the plant's arithmetic with numba (extra ``speed``); without it the same functions run as plain Python.

A compiled function takes and gives floats, ints and one-dimensional float64 arrays only. One source, two speeds: a test
compares the two. ``CRYOCHAMBER_COMPILED=0`` asks for plain Python where numba is installed.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])
Vector = Any  # of floats: a float64 array when compiled, a list in plain Python

COMPILED: bool = os.environ.get("CRYOCHAMBER_COMPILED", "1") != "0" and importlib.util.find_spec("numba") is not None
_SOURCES = Path(__file__).parent


def compiled(function: F) -> F:
    """``function`` compiled at its first call, result kept on disk; itself where numba is missing."""
    if not COMPILED:
        return function
    numba: Any = importlib.import_module("numba")  # heavy: only who simulates pays for it
    folder = _store()
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, folder or ""
    try:
        return cast(F, numba.njit(cache=folder is not None, error_model="numpy")(function))
    finally:
        numba.config.CACHE_DIR = before


@cache
def _store() -> str | None:
    """Folder of the compiled code, one for each state of the sources; None where nothing can be written.

    numba looks at the file of a function alone; ours call each other across files, hence a folder by the content of all.
    """
    digest = hashlib.sha256()
    for source in sorted(_SOURCES.rglob("*.py")):
        text = source.read_bytes()
        if b"simulator.compiled import" in text:
            digest.update(text)
    name = f"numba-{digest.hexdigest()[:12]}"
    user = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # Path.home() fails where there is none
    for parent in (_SOURCES / "__pycache__", Path(user) / "cryochamber"):
        try:
            folder = parent / name
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return str(folder)
        except OSError:
            continue  # read-only installation: the next place, or compile anew in each process
    return None
