"""What is in force, flat and comparable: every value of the profile as narrowed by the site, every module that decides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from chamber.profile import DeviceProfile

ROOT = Path(__file__).resolve().parent.parent
DECIDING = ("chamber", "control", "plc_bridge")
"""Rooms whose code decides what happens to people and nitrogen (H-20, H-27)."""


def in_force(profile: DeviceProfile) -> dict[str, str]:
    """Name -> value or digest. ``profile`` with the site's limits applied."""
    return {**dict(_flat("profile", profile.model_dump(mode="json"))), **_code()}


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}", inner)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            own = inner["id"] if isinstance(inner, dict) and "id" in inner else n
            yield from _flat(f"{name}.{own}", inner)
    else:
        yield name, str(value)


@cache
def _code() -> dict[str, str]:
    files = sorted(file for room in DECIDING for file in (ROOT / room).rglob("*.py"))
    return {f"code.{file.relative_to(ROOT).as_posix()}": hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in files}
