"""Who may go in: room and chamber both at 20.0 % for 60 s, unknown is not good (H-03)."""

from __future__ import annotations

from typing import Any

import pytest

from chamber.cause_effect import Effect
from chamber.entry import chamber_refusal, room_refusal
from chamber.texts import REASONS, say
from tests.chamber.facts_factory import facts

pytestmark = pytest.mark.req("SRS-RM-007")

NOTHING: frozenset[Effect] = frozenset()


def asked(effects: frozenset[Effect] = NOTHING, **changes: Any) -> tuple[str | None, str | None]:
    f = facts(**changes)
    reasons = room_refusal(f, effects), chamber_refusal(f, effects)
    for reason in reasons:
        assert reason is None or "{" not in say(REASONS, reason.code, reason.params)
    return tuple(None if r is None else r.code for r in reasons)  # type: ignore[return-value]


WAIT = "oxygen_not_good_long_enough"


@pytest.mark.parametrize(
    ("changes", "room", "chamber"),
    [
        ({}, None, None),
        ({"o2_entry_good_s": 60.0, "room_entry_good_s": 60.0}, None, None),
        ({"o2_entry_good_s": 59.9, "room_entry_good_s": 59.9}, WAIT, WAIT),
        ({"o2_entry_good_s": 59.9}, None, WAIT),  # a chamber analyser came back a moment ago
        ({"o2_main": (None, 20.9, 20.9), "o2_entry_good_s": 0.0}, None, "oxygen_unknown"),
        ({"o2_room": None, "o2_entry_good_s": 0.0, "room_entry_good_s": 0.0}, "oxygen_unknown", "oxygen_unknown"),
        ({"o2_floor": None, "o2_entry_good_s": 0.0, "room_entry_good_s": 0.0}, "oxygen_unknown", "oxygen_unknown"),
        ({"o2_floor": 19.99, "o2_entry_good_s": 0.0, "room_entry_good_s": 0.0}, "oxygen_too_low", "oxygen_too_low"),
        ({"o2_pre": (19.99, 20.9), "o2_entry_good_s": 0.0, "room_entry_good_s": 0.0}, "oxygen_too_low", "oxygen_too_low"),
    ],
)
def test_entry(changes: dict[str, Any], room: str | None, chamber: str | None) -> None:
    assert asked(**changes) == (room, chamber)


def test_nobody_enters_a_room_under_evacuation() -> None:
    assert asked(frozenset({Effect.ROOM_EVACUATION})) == ("room_evacuated", "room_evacuated")
