"""The skin estimate in the scan: what it is shown every two seconds while a session is open, and what the session's record gets of it."""

from __future__ import annotations

from typing import Any

from chamber.facts import Door, Facts
from chamber.profile import DeviceProfile
from chamber.readings import NEVER
from chamber.session import Session
from chamber.voting import vote
from control.scan import Scan
from control.skin.state import Look, Skin, begin, follow
from control.skin.tissue import STEP_S
from control.state import Perception

_SHUT = Door.SHUT
EARLY_S = 1e-6  # what sums of seconds are off by


def follow_skin(scan: Scan) -> Skin | None:
    """The estimate as of now. It reads what the scan has found; the rules see of it ``Facts.skin_low_c``."""
    s, old, profile = scan.session, scan.old.skin, scan.profile
    if s is None:
        return None
    if old is None or old.session != s.id:
        return new_skin(s, profile, scan.now)
    if scan.now - old.at_s < STEP_S - EARLY_S:
        return old
    return follow(old, look(scan.facts, scan.perception, s, profile), scan.now)


def new_skin(s: Session, profile: DeviceProfile, now_s: float) -> Skin:
    zones = (0, len(profile.zones)) if profile.pre is None else (1, 1)
    return begin(s.id, s.persons, zones, now_s, head_out=profile.head_out)


def look(f: Facts, p: Perception, s: Session, profile: DeviceProfile) -> Look:
    """What was measured. In a cabin the gas about the guest is not what is regulated: each of its thermometers is a zone."""
    if profile.pre is None:
        pre, main = (), tuple([vote([p.analog.get(tag, NEVER)]) for tag in profile.zones])
        regulated = (None, None)
    else:
        pre, main = (f.pre,), (f.main,)
        regulated = (s.program.setpoint_pre_c, s.program.setpoint_main_c)
    return Look(
        pre, main, regulated, f.presence_pre, f.presence_main, f.outer_door is _SHUT, f.inner_door is _SHUT, s.exit_from_s is not None
    )


def skin_record(skin: Skin | None, session: int) -> list[dict[str, Any]]:
    """Lowest estimate of each person, °C, with bounds: for the session's record."""
    if skin is None or skin.session != session:
        return []
    return [{"site": e.site, "c": round(e.c, 1), "low_c": round(e.low_c, 1), "high_c": round(e.high_c, 1)} for e in skin.least]
