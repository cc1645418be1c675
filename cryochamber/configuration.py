"""What is in force, flat and comparable: every value of the profile as narrowed by the site, every module that decides."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chamber.profile import DeviceProfile
from chamber.upkeep import flat
from control.autotune import room_of, rooms_of
from control.fit import mark
from control.tuning_scan import tuned
from control.tuning_state import Tuning

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
DECIDING = ("chamber", "control", "plc_bridge")
"""Rooms whose code decides what happens to people and nitrogen (H-20, H-27)."""


def in_force(profile: DeviceProfile) -> dict[str, str]:
    """Name -> value or digest. ``profile`` with the site's limits applied."""
    return {**dict(flat("profile", profile.model_dump(mode="json"))), **_code()}


def in_use(profile: DeviceProfile, told: Mapping[str, Any] | None) -> tuple[DeviceProfile, Tuning]:
    """The profile of the file with the regulators that were tuned and accepted here. ``told``: data of the newest TUNING event.

    What is no regulator any more (written by another version) is left out: the file's regulate, and the log says so.
    """
    marks = {room: mark(room_of(profile, room)) for room in rooms_of(profile)}
    try:
        return tuned(profile, told, marks)
    except ValidationError as error:
        log.warning("the regulators tuned here cannot be used, those of the profile's file are: %s", error)
        return tuned(profile, None, marks)


@cache
def _code() -> dict[str, str]:
    files = sorted(file for room in DECIDING for file in (ROOT / room).rglob("*.py"))
    return {f"code.{file.relative_to(ROOT).as_posix()}": hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in files}
