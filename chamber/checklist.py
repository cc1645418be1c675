"""The daily start-up checklist: what is looked at before the first guest of a day, and who answers for it.

Some points only a person can see; the others the chamber answers itself, by what it measures at that moment or by a proof test
that stands. One signature of an operator covers all of them and holds for the day of the site in which it was given. After the
daily lists of makers of such chambers (doors, light, messages, intercom, loudness) and the hazards named in each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, cast

from chamber.cause_effect import Action
from chamber.causes.cold import LN2_LOW_KG
from chamber.commands import Command, Reason
from chamber.facts import Door, Facts
from chamber.interlocks import Verdict
from chamber.upkeep import Signed

NOTE_MIN, NOTE_MAX = 3, 500
AHEAD_S = 3600.0  # H-27: a signature from further ahead was dated by a wrong clock and counts as none


class Found(NamedTuple):
    """What the chamber answers: whether it is in order, and the numbers that show it."""

    ok: bool
    params: dict[str, float | int | str] = {}


Look = Callable[[Facts, Verdict], Found]


class Point(NamedTuple):
    """``look`` is None where only a person can see it. ``evidence`` is filled in with what was found, "" for nothing to add.

    ``proof``: the proof test whose standing answers.
    """

    id: str
    text: str
    how: str
    hazards: tuple[str, ...]
    look: Look | None = None
    evidence: str = ""
    proof: str = ""


def _proof(test: str) -> Look:
    def look(f: Facts, _verdict: Verdict) -> Found:
        wanting = (*f.upkeep.missing, *f.upkeep.missing_by_itself, *f.upkeep.after_work)
        return Found(all(name.split(" ")[0] != test for name in wanting))

    return look


def _doors(f: Facts, _verdict: Verdict) -> Found:
    doors = (f.outer_door,) if f.one_room else (f.inner_door, f.outer_door)
    shut = sum(door is Door.SHUT for door in doors)
    return Found(shut == len(doors), {"shut": shut, "doors": len(doors)})


def _oxygen(f: Facts, verdict: Verdict) -> Found:
    good = [r.good for r in f.oxygen_readings if r.good is not None]
    stands = _proof("FRESH-AIR")(f, verdict).ok
    return Found(stands and len(good) == len(f.oxygen_readings), {"good": len(good), "all": len(f.oxygen_readings)})


def _voice(f: Facts, _verdict: Verdict) -> Found:
    return Found("YS-102" in f.not_fitted or (f.voice_age_s is not None and not f.voice_failed))


def _extract(f: Facts, _verdict: Verdict) -> Found:
    return Found(f.extract_flow is True)


def _nitrogen(f: Facts, _verdict: Verdict) -> Found:
    if f.tank_kg is None:
        return Found("LT-401" in f.not_fitted)
    return Found(f.tank_kg >= LN2_LOW_KG, {"kg": round(f.tank_kg)})


def _no_fault(f: Facts, verdict: Verdict) -> Found:
    holding = sum(c.action_when(occupied=f.occupied) >= Action.BLOCK_NEW for c, _ in verdict.acting)
    return Found(False, {"holding": holding}) if holding > 0 else Found(True)


# fmt: off
POINTS: tuple[Point, ...] = (
    Point("EXIT-PATH", "Way out free",
          "From inside to the outside: nothing in the way, the floor dry and free of ice.", ("H-11", "H-13")),
    Point("LIGHTS", "Light inside",
          "Look inside, through every window: you can see every corner.", ("H-13", "H-17")),
    Point("INTERCOM", "Intercom both ways",
          "One speaks inside, one outside: each hears the other without effort.", ("H-13", "H-24")),
    Point("ALARM-SOUND", "Alarm sound heard",
          "Play the test signal: it is heard wherever the operator may stand.", ("H-24",)),
    Point("CLOTHING", "Clothing in stock",
          "Gloves, socks, shoes, headbands and masks: dry, whole, enough for the day.", ("H-29",)),
    Point("SECOND-PERSON", "A second person near",
          "Somebody else is within call for as long as guests are treated.", ("H-04", "H-13")),
    Point("ESTOP", "Emergency stop tried",
          "A proof test; due every week.", ("H-13",), _proof("ESTOP"), proof="ESTOP"),
    Point("DOOR-RELEASE", "Doors open from inside",
          "A proof test; due every day.", ("H-11",), _proof("DOOR-RELEASE"), proof="DOOR-RELEASE"),
    Point("CALL-BUTTON", "Call button inside",
          "A proof test; due every day.", ("H-13",), _proof("CALL-BUTTON"), proof="CALL-BUTTON"),
    Point("OXYGEN", "Oxygen analysers in fresh air",
          "The self-test at start-up looks at every analyser.", ("H-05",), _oxygen, "{good} of {all} good"),
    Point("VALVE-TIGHT", "Nitrogen valves tight",
          "Seen while the chamber rests.", ("H-07",), _proof("VALVE-TIGHT"), proof="VALVE-TIGHT"),
    Point("VOICE", "Voice heard inside",
          "The self-test at start-up listens to the loudspeaker.", ("H-24",), _voice),
    Point("DOORS", "Doors shut",
          "Both contacts of each door agree.", ("H-12",), _doors, "{shut} of {doors} shut"),
    Point("EXTRACT", "Room ventilated",
          "The flow switch in the extract duct sees air moving.", ("H-02", "H-18"), _extract),
    Point("LN2", "Nitrogen for the day",
          "The tank holds enough for a session; the day view tells what the day needs.", ("H-09",), _nitrogen, "{kg} kg"),
    Point("NO-FAULT", "No fault",
          "Nothing is active that keeps guests out.", ("H-27",), _no_fault, "{holding} in the way"),
)
# fmt: on

BY_PERSON: tuple[str, ...] = tuple(p.id for p in POINTS if p.look is None)


def not_met(facts: Facts, verdict: Verdict) -> tuple[str, ...]:
    """Points the chamber answers itself and that are not in order now."""
    return tuple(p.id for p in POINTS if p.look is not None and not p.look(facts, verdict).ok)


def evidence(facts: Facts, verdict: Verdict, failed: Iterable[str] = ()) -> Mapping[str, str]:
    """What is kept with the signature: each point with what was found."""
    bad = frozenset(failed)
    kept: dict[str, str] = {}
    for p in POINTS:
        if p.look is None:
            kept[p.id] = "not in order" if p.id in bad else "confirmed"
            continue
        found = p.look(facts, verdict)
        shown = p.evidence.format(**found.params) if found.params else ""
        kept[p.id] = f"{'in order' if found.ok else 'not in order'} {shown}".rstrip()
    return kept


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(v) for v in cast("list[object]", value)) if isinstance(value, list) else ()


def found_wanting(command: Command) -> tuple[str, ...]:
    """Points of the command that a person found not in order, in the order of the table."""
    named = _names(command.args.get("failed"))
    return tuple(p for p in BY_PERSON if p in named)


def refusal(command: Command) -> Reason | None:
    """A signature answers every point; a finding says in a note what is wrong."""
    note = command.args.get("note", "")
    if not isinstance(note, str) or len(note) > NOTE_MAX:
        return Reason("result_incomplete")
    if found_wanting(command):
        return None if len(note.strip()) >= NOTE_MIN else Reason("result_incomplete")
    confirmed = _names(command.args.get("confirmed"))
    missing = [p for p in BY_PERSON if p not in confirmed]
    return Reason("checklist_incomplete", {"points": ",".join(missing)}) if missing else None


def holds(signed: Signed | None, utc_s: float | None, day_began_utc_s: float | None) -> bool:
    """The list was signed, all in order, in the day of the site that began at ``day_began_utc_s`` (seconds since 1970).

    An unknown date shows nothing.
    """
    if signed is None or not signed.passed or signed.utc_s is None or utc_s is None or day_began_utc_s is None:
        return False
    return day_began_utc_s <= signed.utc_s <= utc_s + AHEAD_S
