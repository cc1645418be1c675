"""docs/control.md made of what the pieces have found; prose of its own is in notes.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bench.regulation.page import chambers, days, plants
from bench.regulation.page.tables import head
from bench.regulation.pieces import PIECES
from bench.regulation.stored import Stored

NOTES = Path(__file__).parents[1] / "notes.md"
_HEAD = """# Temperature control: how good it is, and how that was measured

Made by `make bench-control` (`bench/regulation`); which part of it when, with which code and on how many plants stands [at the end](#when-this-was-played).
Simulated throughout; median / worst of the plants named. Settling: last instant outside ±2 K after a door has shut. Occupied RMS: from 60 s after the door
until the exit. Travel: sum of the valve's moves a session.
"""
_SECTIONS: tuple[tuple[tuple[str, ...], Callable[..., list[str]]], ...] = (
    (("reference",), plants.reference),
    (("floors", "reference"), plants.floors),
    (("tuning",), plants.tuning),
    (("circumstances",), chambers.circumstances),
    (("own",), chambers.own),
    (("cascade",), chambers.cascade),
    (("day",), days.day),
    (("breaks",), days.breaks),
    (("ready",), days.ready),
    (("ready-own",), days.ready_own),
    (("robust",), plants.robust),
    (("cost",), chambers.cost),
    (("session",), lambda _: ["![one session](control-session.png)\n"]),
)


def text(results: Mapping[str, Stored], codes: Mapping[str, str]) -> str:
    """``codes``: the code as it is now, by piece."""
    page = [_HEAD]
    for needed, section in _SECTIONS:
        missing = [p for p in needed if p not in results]
        page += [f"*Not played yet: {', '.join(missing)}.*\n"] if missing else _section(section, needed, results, codes)
    return "\n".join([*page, NOTES.read_text(encoding="utf-8"), *_state(results, codes), ""])


def _section(
    section: Callable[..., list[str]], needed: tuple[str, ...], results: Mapping[str, Stored], codes: Mapping[str, str]
) -> list[str]:
    older = [p for p in needed if results[p].code != codes[p]]
    try:
        return section(*(results[p].figures for p in needed))
    except (KeyError, TypeError, ValueError):
        if not older:
            raise
        return [f"*Kept figures of {', '.join(older)} are of older code and fit this page no more: to be played anew.*\n"]


def _state(results: Mapping[str, Stored], codes: Mapping[str, str]) -> list[str]:
    """What was played when. A result of other code than now is told to be older: `--missing` plays it anew."""
    lines = ["## When this was played\n"]
    older = [p.what for p in PIECES if p.name in results and results[p.name].code != codes[p.name]]
    lines += [f"Older than the code as this page was written: **{', '.join(older)}**.\n"] if older else []
    lines += head("piece", "of it", "of `--plants`", "played, UTC", "CPU, s", "on the clock, s", "code")
    for p in PIECES:
        r = results.get(p.name)
        if r is None:
            lines.append(f"| `{p.name}` | {p.what} | | not played | | | |")
            continue
        of = "" if r.plants is None else str(r.plants)
        age = "" if r.code == codes[p.name] else ", older than now"
        lines.append(f"| `{p.name}` | {p.what} | {of} | {r.played} | {r.cpu_s:.0f} | {r.took_s:.0f} | {r.code}{age} |")
    total = sum(r.cpu_s for r in results.values())
    tuned = results.get("tuning")
    before = "" if tuned is None else f", and {tuned.figures['identification_cpu_s']:.0f} s of the identification of the plants before"
    return [
        *lines,
        "",
        f"Together {total:.0f} s of CPU{before}. Code: what the piece imports of this project, directly or not, and its data. `python -m bench.regulation PIECE` plays one, `--missing`",
        "what is older or was never played.",
    ]
