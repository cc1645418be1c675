"""Datasheets of small devices: a TOML table per parameter with value, unit, range and source, read into a NamedTuple of floats.

A NamedTuple because compiled functions take it as it is. ``low`` and ``high`` bound what is plausible; they feed the
sensitivity table of docs/devices.md. ``source`` is never empty: where nothing is published it begins with "assumed".
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from simulator.parameters import PLANTS, ParameterError


class Entry(NamedTuple):
    """One parameter of a datasheet, in SI units unless its name says otherwise."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    source: str


class _Values(Protocol):
    _fields: tuple[str, ...]


V = TypeVar("V", bound=_Values)


def entries(device: str, folder: Path = PLANTS) -> tuple[Entry, ...]:
    """All parameters of ``device``. Raises ParameterError with file and key."""
    path = folder / f"{device}.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterError(f"{path}: no such datasheet") from None
    except tomllib.TOMLDecodeError as error:
        raise ParameterError(f"{path}: {error}") from None
    return tuple(_entry(name, given, path.name) for name, given in raw.items())


def _entry(name: str, given: Any, where: str) -> Entry:
    if not isinstance(given, dict):
        raise ParameterError(f"{where}: {name} must be a table with value, unit, low, high and source")
    row = cast(dict[str, Any], given)
    unknown = set(row) - {"value", "unit", "low", "high", "source"}
    if unknown:
        raise ParameterError(f"{where}: {name} has an unknown key {min(unknown)!r}")
    numbers: list[float] = []
    for key in ("value", "low", "high"):
        number = row.get(key)
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number) or number < 0:
            raise ParameterError(f"{where}: {name}.{key} must be a number, finite and not negative")
        numbers.append(float(number))
    value, low, high = numbers
    if not low <= value <= high:
        raise ParameterError(f"{where}: {name} = {value:g} is outside its own range {low:g} to {high:g}")
    texts: list[str] = []
    for key in ("unit", "source"):
        text = row.get(key)
        if not isinstance(text, str) or not text.strip():
            raise ParameterError(f'{where}: {name}.{key} is missing; a value nobody published has the source "assumed"')
        texts.append(text)
    return Entry(name, value, texts[0], low, high, texts[1])


def load(device: str, form: type[V], folder: Path = PLANTS) -> V:
    """The values of ``device`` as ``form``. Raises ParameterError if one is missing, unknown or impossible."""
    found = {e.name: e.value for e in entries(device, folder)}
    fields = form._fields
    for name in fields:
        if name not in found:
            raise ParameterError(f"{device}.toml: {name} is missing")
    for name in found:
        if name not in fields:
            raise ParameterError(f"{device}.toml: unknown parameter {name!r}; known: {', '.join(fields)}")
    return form(**found)
