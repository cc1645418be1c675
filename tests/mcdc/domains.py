"""Values to try for an input, from its type: every member of an enumeration, None where it may be missing, numbers around each limit."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from chamber.facts import Facts
from chamber.instruments.consumption import Used
from chamber.readings import Reading
from chamber.upkeep import UpkeepFacts
from tests.chamber.facts_factory import PLC_WELL, bad, facts, good
from tests.mcdc.search import Question

BESIDE = 1e-3  # just on the other side of a limit
AT_LEAST = 2.0  # where nothing was compared yet
GROUPS: dict[str, Any] = {
    name: p.default
    for name, p in inspect.signature(facts).parameters.items()
    if name != "occupied" and p.kind is p.KEYWORD_ONLY and p.default is not p.empty
}
"""Inputs of the factory that are measured several times: one input here, however many sensors it has."""
_HINTS = get_type_hints(Facts)
PARTS: dict[str, type] = {"plc": type(PLC_WELL), "upkeep": UpkeepFacts}
"""Inputs with fields of their own, each an input of its own."""
_READS = {f"{g}_readings": g for g in GROUPS}


def numbers(value: float, distances: Iterable[float]) -> Iterator[float]:
    """``value`` moved onto, just below and just above every limit it was compared with."""
    for d in {*distances, -AT_LEAST, AT_LEAST}:
        for target in (value + d, value - d):
            yield from (target, target - BESIDE, target + BESIDE)


def values(hint: Any, now: Any, distances: frozenset[float]) -> Iterator[Any]:
    """Other values of a type."""
    if get_origin(hint) in (Union, types.UnionType):
        kinds = get_args(hint)
        if type(None) in kinds:
            yield None
        for kind in kinds:
            if kind is not type(None):
                yield from values(kind, now, distances)
    elif hint is bool:
        yield from (False, True)
    elif isinstance(hint, type) and issubclass(hint, Enum):
        yield from hint
    elif hint is float:
        yield from numbers(now if isinstance(now, int | float) else 0.0, distances)
    elif hint is int:
        yield from range(4)
    elif hint is str:
        yield from ("", "anything")
    elif get_origin(hint) is Reading or hint is Reading:
        yield bad()
        yield from (good(v) for v in numbers(now.value if isinstance(now, Reading) and now.value is not None else 0.0, distances))
    elif hint is Used:
        yield from (Used(1.0, 1.0), Used(9.0, 1.0))
    elif get_origin(hint) in (tuple, frozenset, set):
        yield get_origin(hint)()
        yield get_origin(hint)(["anything"])
        yield get_origin(hint)(f"thing {n}" for n in range(4))
    elif get_origin(hint) is Mapping:
        yield {}  # what the spoiled base holds, gone


def _measured(now: Any, distances: frozenset[float]) -> Iterator[Any]:
    """One sensor, or all of a group, moved to a limit or lost."""
    if not isinstance(now, Sequence):
        yield None
        yield from numbers(now if now is not None else 0.0, distances)
        return
    if now:
        yield ()  # the device has no such room
    known = [v for v in now if v is not None]
    for lost in range(1, len(now) + 1):
        yield tuple(None if n < lost else v for n, v in enumerate(now))
    for value in numbers(min(known, default=0.0), distances):
        for moved in range(1, len(now) + 1):
            yield tuple(value if n < moved else v for n, v in enumerate(now))


class Spy(Facts):
    """Facts that remember which fields were asked for."""

    asked: set[str] = set()

    def __getattribute__(self, name: str) -> Any:
        if name in _HINTS:
            Spy.asked.add(name)
        return tuple.__getattribute__(self, name)


def build(question: Question) -> Facts:
    """Facts of a question; ``plc.x`` is a field of what the PLC says."""
    f = facts(**{k: v for k, v in question.items() if "." not in k})
    for key, value in question.items():
        name, dot, part = key.partition(".")
        if dot and getattr(f, name) is not None:
            f = f._replace(**{name: getattr(f, name)._replace(**{part: value})})
    return f


def spied(question: Question) -> Facts:
    Spy.asked.clear()
    return Spy._make(build(question))


def moves(question: Question, distances: frozenset[float], asked: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Every change of one input among those that were ``asked`` for."""
    f = build(question)
    names = sorted({_READS.get(n, n) for n in asked})
    for name in names:
        if name in GROUPS:
            yield from ((name, v) for v in _measured(question.get(name, GROUPS[name]), distances))
        elif name in PARTS:
            if type(None) in get_args(_HINTS[name]):
                yield name, None
            if getattr(f, name) is None:
                yield name, getattr(facts(), name)
                continue
            for part, hint in get_type_hints(PARTS[name]).items():
                yield from ((f"{name}.{part}", v) for v in values(hint, getattr(getattr(f, name), part), distances))
        else:
            yield from ((name, v) for v in values(_HINTS[name], getattr(f, name), distances))
