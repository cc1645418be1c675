"""What the runs found, kept by piece, and the tables of docs/twin.md made from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.twin.proof import FAULTS, Healthy, Result
from control.twin.findings import NAMES

RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[2] / "docs" / "twin.md"
_END = "<!-- end -->"


def load() -> dict[str, dict[str, Any]]:
    """Piece -> what it found; empty before the first run."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


def keep(piece: str, found: Result | Healthy) -> None:
    """One piece anew, the others as they were; the page follows."""
    results = load() | {piece: found._asdict()}
    RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(page(PAGE.read_text(), results))


def page(text: str, results: dict[str, dict[str, Any]]) -> str:
    """The page with its tables made anew. Raises ValueError if a marker is gone."""
    for name, table in (("faults", _faults(results)), ("healthy", _healthy(results))):
        begin = f"<!-- bench.twin: {name} -->"
        if begin not in text or _END not in text.split(begin, 1)[1]:
            raise ValueError(f"docs/twin.md: no {begin} ... {_END}: put both back where the table belongs")
        before, after = text.split(begin, 1)
        text = f"{before}{begin}\n{table}\n{_END}{after.split(_END, 1)[1]}"
    return text


def _faults(results: dict[str, dict[str, Any]]) -> str:
    rows = ["| what is broken | alarm | after | evidence (± one standard deviation) | other alarms |", "|---|---|---|---|---|"]
    for f in FAULTS:
        r = results.get(f.name)
        if r is None:
            rows.append(f"| {f.text} | {f.alarm} | not run | | |")
            continue
        after = "**not found**" if r["after_h"] is None else f"{r['after_h']:.1f} h"
        rows.append(f"| {f.text} | {f.alarm} | {after} | {r['evidence']} | {'; '.join(r['others']) or 'none'} |")
    return "\n".join(rows)


def _healthy(results: dict[str, dict[str, Any]]) -> str:
    runs = {piece: r for piece, r in results.items() if piece.startswith("healthy ")}
    alarms = [f"- {piece}: {'; '.join(r['alarms'])}" for piece, r in runs.items() if r["alarms"]]
    quiet = len(runs) - len(alarms)
    rows = [f"{quiet} of {len(runs)} healthy chambers raised no alarm in two days."]
    rows += ["", *alarms, ""] if alarms else [""]
    rows += ["| estimate | lowest | highest | ± one standard deviation, widest | reference |", "|---|---|---|---|---|"]
    for e, (text, unit) in NAMES.items():
        seen = [r["evening"][e] for r in runs.values() if e in r["evening"]]
        if seen:
            values, stds, references = zip(*seen, strict=True)
            known = [x for x in references if x is not None]
            reference = (
                "" if not known else f"{min(known):.3g}" if max(known) - min(known) < 1e-9 else f"{min(known):.3g} to {max(known):.3g}"
            )
            rows.append(f"| {text}, {unit} | {round(min(values), 6):.3g} | {round(max(values), 6):.3g} | {max(stds):.2g} | {reference} |")
    return "\n".join(rows)
