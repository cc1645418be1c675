"""Traceability: every rule answers a known hazard, every hazard is answered or said to be somebody else's."""

from __future__ import annotations

import pytest

from chamber.hazards import ANSWERED_BY_DESIGN, HAZARDS
from cryochamber.docs_pages import answers

# Nothing in this release answers these: the page says so, and what has to do it outside.
ONLY_OUTSIDE = {"H-06", "H-19", "H-31"}


def test_no_rule_names_an_unknown_hazard() -> None:
    assert set(answers()) <= set(HAZARDS)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_every_hazard_is_answered_or_stated(hazard: str) -> None:
    assert (hazard in answers()) != (hazard in ONLY_OUTSIDE)
    assert HAZARDS[hazard].outside


DEADLY = [h.id for h in HAZARDS.values() if h.severity == 5 and h.id not in ONLY_OUTSIDE | set(ANSWERED_BY_DESIGN)]


@pytest.mark.parametrize("hazard", DEADLY)
def test_what_can_kill_is_answered_by_a_rule_and_not_only_annunciated(hazard: str) -> None:
    kinds = {a.split()[0] for a in answers()[hazard]} - {"alarm"}
    assert kinds, f"{hazard}: only annunciated"


def test_ids_are_in_order_and_unique() -> None:
    assert list(HAZARDS) == [f"H-{n:02d}" for n in range(1, len(HAZARDS) + 1)]
