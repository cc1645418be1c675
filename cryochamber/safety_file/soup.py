"""Software of others: docs/safety/soup.toml against requirements.lock and the panel's package.json."""

from __future__ import annotations

import json
import re

from cryochamber.safety_file.requirements import FOLDER, ROOT, Soup, read_tables

_LINE = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)")


def read_soup() -> tuple[Soup, ...]:
    """Raises ScenarioError."""
    return read_tables(FOLDER / "soup.toml", "package", Soup)


def locked() -> dict[str, str]:
    """Name -> version(s) of every locked Python package and of what the panel is built from (its direct dependencies)."""
    versions: dict[str, list[str]] = {}
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        if (m := _LINE.match(line)) is not None:
            versions.setdefault(m["name"], []).append(m["version"])
    panel = json.loads((ROOT / "hmi" / "package.json").read_text())
    for name, version in {**panel["dependencies"], **panel["devDependencies"]}.items():
        versions.setdefault(f"npm {name}", []).append(version)
    return {name: " / ".join(v) for name, v in versions.items()}


def differences() -> list[str]:
    """Packages locked but not listed, and listed but not locked; empty if the list is whole."""
    listed, there = {s.name for s in read_soup()}, set(locked())
    return [f"{name}: locked, but not in docs/safety/soup.toml" for name in sorted(there - listed)] + [
        f"{name}: in docs/safety/soup.toml, but not locked" for name in sorted(listed - there)
    ]
