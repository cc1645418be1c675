"""Published skin temperatures of whole-body cryotherapy beside the estimate, run through each study's protocol.

Papers give the display of their chamber, not the gas: each is run in gas as displayed, and in gas warmer by one offset for all, as the
validation of the simulator has it (``simulator.validation.predict.OFFSET``). People wait in a room of 22 °C until the picture is taken.
"""

from __future__ import annotations

from typing import NamedTuple

from chamber.voting import Vote
from control.skin import body
from control.skin.model import Estimate
from control.skin.state import Look, begin, follow
from simulator.validation.cases import MEAN, Case, Measurement, part_of, read_cases
from simulator.validation.predict import OFFSET

ROOM_C = 22.0
_AS = {"chest": body.TRUNK, "back": body.TRUNK, "arm": body.ARM, "thigh": body.LEG, "leg": body.LEG}
_BY_AREA = {site.name: site.share for site in body.SITES if site.share > 0.0}
_REST = {site.name: site.rest_c for site in body.SITES}


class Row(NamedTuple):
    """Measured value beside the estimate in gas as displayed and in gas warmer by the offset: middle, lower and upper end."""

    study: str
    what: str
    measured: float
    sd: float | None
    nominal: tuple[float, float, float]
    offset: tuple[float, float, float]


def rows() -> list[Row]:
    """Every measurement of bare skin in a walk-in chamber whose site the estimate has."""
    found: list[Row] = []
    for case in read_cases():
        for m in case.measurements:
            shares = _shares(m)
            if shares is None or m.value is None or any(e.room != "walk-in" for e in case.exposures):
                continue
            if m.kind in ("drop", "post") and m.delay_s <= 120.0 and m.depth_mm == 0.0 and case.status == "verified":
                nominal, offset = (_told(_run(case, share, m.delay_s), shares, m.kind) for share in (0.0, OFFSET))
                found.append(Row(case.study, f"{m.site} {m.kind}", m.value, m.sd, nominal, offset))
    return found


def _shares(m: Measurement) -> dict[str, float] | None:
    """Share of each of our sites in what was measured; None if one is not ours."""
    if m.weights is None and m.site == MEAN:
        return _BY_AREA
    shares: dict[str, float] = {}
    for site, share in (m.weights or {m.site: 1.0}).items():
        try:
            ours = _AS.get(part_of(site))
        except KeyError:
            return None
        if ours is None:
            return None
        shares[ours] = shares.get(ours, 0.0) + share
    return shares


def _run(case: Case, share: float, delay_s: float) -> tuple[Estimate, ...]:
    s, t = begin(1, 1, (1, 1), 0.0, head_out=False), 0.0
    waits = (delay_s, ROOM_C)
    for seconds, shown_c in (*((e.seconds, e.gas_c + share * (ROOM_C - e.gas_c)) for e in case.exposures), waits):
        vote = Vote(shown_c, shown_c, shown_c, 3, 3)
        look = Look((vote,), (vote,), (None, None), presence_pre=False, presence_main=True, outer_shut=True, inner_shut=True, leaving=False)
        for _ in range(round(seconds)):
            t += 1.0
            s = follow(s, look, t)
    return s.now[0]


def _told(now: tuple[Estimate, ...], shares: dict[str, float], kind: str) -> tuple[float, float, float]:
    """Middle, lower, upper end of what was measured: °C after, or K of the drop."""
    whole = sum(shares.values())
    by_site = {e.site: e for e in now}
    c, low, high = (sum(share * getattr(by_site[s], of) for s, share in shares.items()) / whole for of in ("c", "low_c", "high_c"))
    if kind == "post":
        return c, low, high
    rest = sum(share * _REST[s] for s, share in shares.items()) / whole
    return rest - c, rest - high, rest - low
