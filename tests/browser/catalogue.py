"""The panel's own words by language, read from its dictionaries: what a screen may say, and the names of its controls."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "de", "pl")
_SOURCE = Path(__file__).resolve().parents[2] / "hmi" / "src"
_LITERAL = r'"((?:[^"\\]|\\.)*)"'
_WORD = re.compile(r"[^\W\d_]{3,}")
_COLUMNS = {2: {"de": 0, "pl": 1}, 3: {"en": 0, "de": 1, "pl": 2}}

# What is the same in every language: names of files and units, keys of the keyboard, languages in themselves, the demo's names.
_EVERYWHERE = """
    csv png pin plc bar min vol kpa amigo json http english polski deutsch chamber cryochamber operator service demo
    panel self test cm²
"""


def _read(path: str) -> str:
    return (_SOURCE / path).read_text("utf-8")


def _text(literal: str) -> str:
    return str(json.loads(f'"{literal}"'))


@cache
def ui(language: str) -> dict[str, str]:
    """Texts of the panel by key."""
    source = _read(f"i18n/{language}.ts")
    body = source[source.index("  ui: {") :]
    found = re.findall(rf'^    "?([\w-]+)"?:\s*{_LITERAL},$', body[: body.index("\n  },")], re.MULTILINE)
    return {key: _text(literal) for key, literal in found}


def name(language: str, key: str) -> re.Pattern[str]:
    """How the control with this text reads from its beginning; places that are filled in match anything."""
    return re.compile("^" + re.sub(r"\\\{\w+\\\}", ".+", re.escape(ui(language)[key])))


@cache
def vocabulary(language: str) -> frozenset[str]:
    """Every word of the language's catalogue in small letters."""
    texts = [_text(literal) for literal in re.findall(rf":\s*{_LITERAL}", _read(f"i18n/{language}.ts"))]
    for row in re.findall(rf"\[\s*((?:{_LITERAL},?\s*){{2,3}})\]", _read("i18n/facts.data.ts")):
        cells = re.findall(_LITERAL, row[0])
        column = _COLUMNS[len(cells)].get(language)
        texts += [] if column is None else [_text(cells[column])]
    for apart in ("pages/instructor-texts.ts", "i18n/one-room.ts"):
        rest = _read(apart)
        block = rest[rest.index(f"const {language}") :]
        texts += [_text(literal) for literal in re.findall(rf":\s*{_LITERAL}", block[: block.index("\n}")])]
    words = {w.lower() for text in texts for w in _WORD.findall(text)}
    return frozenset(words | set(_EVERYWHERE.split()))


def foreign(language: str, texts: list[str]) -> list[str]:
    """Words on a screen that the language's catalogue does not have. Tags and codes (``TT-101``, ``FRESH-AIR``) are no words."""
    known = vocabulary(language)
    left: set[str] = set()
    for text in texts:
        bare = re.sub(r"\b[A-Z][A-Z0-9]*[-_][A-Z0-9][\w-]*|\b[0-9a-f]{8,}\b|[\w.-]+@[\w.-]+|\bv?\d[\w.:-]*", " ", text)
        left |= {f"{w} ({text[:60]})" for w in _WORD.findall(bare) if w.lower() not in known}
    return sorted(left)
