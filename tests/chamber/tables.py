"""Every number, word and order in the tables of ``chamber/``, written out. ``python -m tests.chamber.tables`` writes it anew.

The file is not where values come from: it is there so that none changes unseen. Who changes a limit changes it here as well,
in the same commit, and whoever reads that commit sees old and new beside each other.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import json
import pkgutil
from collections.abc import Callable, Mapping, Set
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

import chamber

FILE = Path(__file__).with_name("tables.json")


def _said(value: Any, told: set[int]) -> Any:
    """A value as JSON; functions by their name, for what they do is another test's business. A row is written out once."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return repr(value)
    row = isinstance(value, BaseModel) or hasattr(value, "_fields") or (dataclasses.is_dataclass(value) and not isinstance(value, type))
    if row and id(value) in told:
        return "(written out before)"
    if row:
        told.add(id(value))
    if isinstance(value, BaseModel):
        return _said(value.model_dump(), told)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _said(getattr(value, f.name), told) for f in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: _said(getattr(value, name), told) for name in value._fields}
    if isinstance(value, Mapping):
        return {str(_said(k, told)): _said(v, told) for k, v in value.items()}
    if isinstance(value, Set):
        return sorted((_said(v, told) for v in value), key=str)
    if isinstance(value, list | tuple):
        return [_said(v, told) for v in value]
    if isinstance(value, Callable | type):  # type: ignore[arg-type]
        return f"<{getattr(value, '__qualname__', type(value).__name__)}>"
    return f"<{type(value).__name__}>"


def _class(value: type, told: set[int]) -> Any:
    if issubclass(value, Enum):
        return {m.name: _said(m.value, told) for m in value}
    if issubclass(value, BaseModel):
        return _said(value.model_json_schema(), set())
    if hasattr(value, "_field_defaults"):
        return {name: _said(v, told) for name, v in value._field_defaults.items()}  # type: ignore[attr-defined]
    if dataclasses.is_dataclass(value):
        return {f.name: _said(f.default, told) for f in dataclasses.fields(value) if f.default is not dataclasses.MISSING}
    return None


def _module(module: ModuleType, rows: set[int]) -> dict[str, Any]:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    told: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            described = _class(getattr(module, node.name), rows)
            if described:
                told[node.name] = described
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            for name in ast.walk(target):
                if isinstance(name, ast.Name) and hasattr(module, name.id):
                    told[name.id] = _said(getattr(module, name.id), rows)
    return told


@cache
def tables() -> dict[str, Any]:
    """By module, everything assigned at its top and every default of its classes."""
    rows: set[int] = set()
    names = sorted(m.name for m in pkgutil.walk_packages(chamber.__path__, "chamber."))
    return {name: told for name in names if (told := _module(importlib.import_module(name), rows))}


if __name__ == "__main__":
    FILE.write_text(json.dumps(tables(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
