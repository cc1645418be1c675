"""What every piece found, kept by piece with the code it was played with, when, on how many plants, and what it cost."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
OWN = frozenset({"api", "bench", "chamber", "control", "cryochamber", "plc_bridge", "records", "simulator"})
DATA = {  # what a module reads at run time, as far as the pieces ask for it
    "cryochamber.config": "chamber/profiles/walk-in-two-room.toml",
    "simulator.parameters": "simulator/plants/walk-in-two-room.toml",
    "simulator.precool": "simulator/plants/walk-in-two-room.precooled.json",
}


class Stored(NamedTuple):
    """``plants`` None: the piece has plants of its own. ``played``: UTC. ``cpu_s`` of all workers, ``took_s`` on the clock."""

    code: str
    plants: int | None
    played: str
    cpu_s: float
    took_s: float
    figures: Any


def load(file: Path) -> dict[str, Stored]:
    """Piece -> what it found; empty before the first run."""
    if not file.exists():
        return {}
    return {piece: Stored(**found) for piece, found in json.loads(file.read_text(encoding="utf-8")).items()}


def save(file: Path, results: Mapping[str, Stored]) -> None:
    """A line a piece, whole or not at all."""
    lines = [f"{json.dumps(piece)}: {json.dumps(found._asdict(), ensure_ascii=False)}" for piece, found in sorted(results.items())]
    new = file.with_suffix(".new")
    new.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    new.replace(file)


def fingerprint(module: str) -> str:
    """Of a module, of every module of the project that it imports, directly or not, and of the data these read."""
    seen: dict[str, Path] = {}
    todo = [module]
    while todo:
        name = todo.pop()
        file = _file(name)
        if file is not None and name not in seen:
            seen[name] = file
            todo += _imported(file)
    files = {*seen.values(), *(ROOT / path for name, path in DATA.items() if name in seen)}
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def _file(module: str) -> Path | None:
    if module.split(".", 1)[0] not in OWN:
        return None
    path = ROOT.joinpath(*module.split("."))
    return next((f for f in (path.with_suffix(".py"), path / "__init__.py") if f.is_file()), None)


@cache
def _imported(file: Path) -> tuple[str, ...]:
    return tuple(_imports(ast.parse(file.read_bytes())))


def _imports(node: ast.AST) -> Iterator[str]:
    """Also those inside functions; not those for types alone."""
    for n in ast.iter_child_nodes(node):
        if isinstance(n, ast.If) and isinstance(n.test, ast.Name) and n.test.id == "TYPE_CHECKING":
            continue
        if isinstance(n, ast.Import):
            yield from (a.name for a in n.names)
        elif isinstance(n, ast.ImportFrom) and n.module is not None:
            yield n.module
            yield from (f"{n.module}.{a.name}" for a in n.names)
        else:
            yield from _imports(n)
