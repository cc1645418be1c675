"""Hazards: every rule answers a known one, and what can kill is answered by a rule, not only by a word."""

from __future__ import annotations

import re

import pytest

from chamber.alarm_list import ALARMS
from chamber.hazards import HAZARDS
from cryochamber.safety_file.requirements import ROOT
from cryochamber.safety_file.trace import TABLES

# Answered by how the software is built, or only outside of it: docs/safety/traceability.md names the requirements.
NO_ROW = {"H-21", "H-28"}


@pytest.mark.parametrize("kind", TABLES)
def test_no_rule_names_an_unknown_hazard(kind: str) -> None:
    assert {h for hazards in TABLES[kind].values() for h in hazards} <= set(HAZARDS)


@pytest.mark.parametrize("hazard", [h.id for h in HAZARDS.values() if h.severity == 5])
def test_what_can_kill_is_answered_by_a_rule_and_not_only_annunciated(hazard: str) -> None:
    kinds = {kind for kind, rows in TABLES.items() for hazards in rows.values() if hazard in hazards}
    assert kinds - {"alarm"} or hazard in NO_ROW


def test_ids_are_in_order_and_unique() -> None:
    assert list(HAZARDS) == [f"H-{n:02d}" for n in range(1, len(HAZARDS) + 1)]


def test_every_hazard_says_what_remains_and_who_has_to_act() -> None:
    for h in HAZARDS.values():
        assert h.text
        assert h.outside
        assert h.remains
        assert h.who


@pytest.mark.req("SRS-RM-005")
@pytest.mark.parametrize("alarm", [a.id for a in ALARMS.values() if "H-03" in a.hazards])
def test_whoever_reads_of_deadly_oxygen_is_told_to_stay_out(alarm: str) -> None:
    said = {"en": ALARMS[alarm].action}
    for language in ("de", "pl"):
        line = re.search(
            rf'^\s*"{alarm}": \{{.*action: "(?P<action>.*?)"', (ROOT / f"hmi/src/i18n/{language}.ts").read_text(), re.MULTILINE
        )
        assert line is not None
        said[language] = line["action"]
    out = {"en": r"\bNOT\b|[Kk]eep .*out", "de": r"\bNICHT\b|fernhalten", "pl": r"\bNIE\b|Nie wpuszcza"}
    assert all(re.search(out[language], text) for language, text in said.items()), said
