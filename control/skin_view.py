"""What the world may see of the skin estimate: each person's sites with their bounds, the limit, or why nothing can be said."""

from __future__ import annotations

from typing import Literal

from control.skin.model import Estimate
from control.skin.state import Skin
from control.snapshot import SkinSiteView, SkinView


def skin_view(skin: Skin | None, session: int, end_c: float) -> SkinView:
    """Of the session ``session``; ``end_c``: limit of the lower bound in °C."""
    mine = None if skin is None or skin.session != session else skin
    return SkinView(
        off=_off(mine),
        unread=mine is not None and mine.unread,
        end_c=end_c,
        persons=[] if mine is None else [[_site(e) for e in of_person] for of_person in mine.now],
    )


def _off(skin: Skin | None) -> Literal["", "nobody_inside", "not_measured"]:
    if skin is None or skin.where.inside == 0:
        return "nobody_inside"
    return "" if skin.now else "not_measured"


def _site(e: Estimate) -> SkinSiteView:
    return SkinSiteView.model_validate({"site": e.site, "c": round(e.c, 1), "low_c": round(e.low_c, 1), "high_c": round(e.high_c, 1)})
