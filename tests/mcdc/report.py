"""Runs the search and says what was found."""

from __future__ import annotations

import time

from tests.mcdc.coupled import COUPLED
from tests.mcdc.instrument import Recorder
from tests.mcdc.search import Found
from tests.mcdc.subjects import every


def complete(recorder: Recorder, *, verbose: bool) -> bool:
    """Search every subject, print the figures and what is missing. True: nothing is, and no excuse is stale."""
    began = time.monotonic()
    places = [((d.module, d.text, c), (m, n)) for m, d in enumerate(recorder.decisions) for n, c in enumerate(d.conditions)]
    stale = [key for key in COUPLED if key not in {k for k, _ in places}]
    excused = {place for key, place in places if key in COUPLED}
    found = Found(recorder, frozenset(excused))
    for subject in every():
        found.search(subject)
    stale += [key for key, place in places if key in COUPLED and place in found.pairs]
    missing = [p for _, p in places if p not in found.pairs and p not in excused]
    _table(recorder, found, excused)
    if verbose:
        _evidence(recorder, found)
    for number, n in missing:
        d = recorder.decisions[number]
        local = " although it changes the decision" if (number, n) in found.locally else ""
        print(f"NO PAIR for {d.conditions[n]!r} in {d}: no answer was seen to depend on it{local}")
    for module, text, condition in stale:
        print(f"STALE in coupled.py: {module}: {condition!r} in {text!r} is gone or has its pair")
    if missing:
        print("The search asks what tests/mcdc/subjects.py lists; a new function or a new kind of input has to be added there.")
    print(f"{found.asked} questions, {time.monotonic() - began:.1f} s")
    return not missing and not stale


def _table(recorder: Recorder, found: Found, excused: set[tuple[int, int]]) -> None:
    print(f"{'module':26s} decisions  conditions  shown  coupled  vectors")
    total = [0] * 5
    for module in sorted({d.module for d in recorder.decisions}):
        mine = [n for n, d in enumerate(recorder.decisions) if d.module == module]
        conditions = [(m, n) for m in mine for n in range(len(recorder.decisions[m].conditions))]
        shown = sum(c in found.pairs for c in conditions)
        row = [len(mine), len(conditions), shown, sum(c in excused for c in conditions), sum(len(found.vectors(m)) for m in mine)]
        total = [a + b for a, b in zip(total, row, strict=True)]
        print("{:26s} {:9d} {:11d} {:6d} {:8d} {:8d}".format(module, *row))
    print("{:26s} {:9d} {:11d} {:6d} {:8d} {:8d}".format("all", *total))


def _evidence(recorder: Recorder, found: Found) -> None:
    for number, d in enumerate(recorder.decisions):
        print(f"\n{d}")
        for n, condition in enumerate(d.conditions):
            for pair in found.pairs.get((number, n), [])[:1]:
                print(f"  {condition}\n    {pair}")
