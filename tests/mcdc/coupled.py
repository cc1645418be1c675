"""Conditions that cannot change alone: another one of the same decision always goes with them. Reviewed; a stale entry fails.

All but the property of a row are there for the type checker: they say to it what the line before or a data type already holds.
"""

from __future__ import annotations

_ENDS = "a vote has a lowest value exactly if it has a highest and a middle one (chamber.voting.vote)"
_KNOWN = "``was`` says it: only a state that is there can have been acting, and one that is left out is 'cleared' one line above"
_EDGE = "was and new is not None and (old is not None) and (old.present_since_s is not None) and (new.present_since_s is None)"

COUPLED: dict[tuple[str, str, str], str] = {
    ("chamber.causes.cold", "f.main.value is None or f.main.lowest is None", "f.main.lowest is None"): _ENDS,
    ("chamber.causes.oxygen", "v.lowest is None or v.highest is None", "v.highest is None"): _ENDS,
    (
        "chamber.causes.oxygen",
        "v.lowest is not None and v.highest is not None and (v.highest - v.lowest > limit)",
        "v.highest is not None",
    ): _ENDS,
    ("chamber.interlocks", "old is None or not old.latched", "old is None"): "a row that is not present and was not is passed over before",
    ("chamber.interlocks", _EDGE, "new is not None"): _KNOWN,
    ("chamber.interlocks", _EDGE, "old is not None"): _KNOWN,
    ("chamber.interlocks", "state.acting_since_s is not None", "state.acting_since_s is not None"): "only rows that act are ranked",
}
