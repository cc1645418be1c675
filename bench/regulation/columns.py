"""Figures as they are stored: rows of one kind as columns, floats to seven digits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

Row = TypeVar("Row")
Columns = dict[str, list[Any]]


def packed(rows: Iterable[NamedTuple]) -> Columns:
    """Field -> its value in every row. Empty without rows."""
    out: Columns = {}
    for row in rows:
        for name, value in row._asdict().items():
            out.setdefault(name, []).append(rounded(value))
    return out


def unpacked(kind: Callable[..., Row], columns: Mapping[str, Sequence[Any]]) -> list[Row]:
    """The rows again; tuples come back as lists. Raises TypeError if ``kind`` has other fields by now: the piece has to be played anew."""
    return [kind(**dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True)]


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.7g}")
    return [rounded(v) for v in value] if isinstance(value, list | tuple) else value
