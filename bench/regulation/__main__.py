"""``make bench-control``: the regulators side by side, on the reference scenario and on the project's own two-room plant.

    python -m bench.regulation                    every piece on 30 random plants; renews docs/control.md after each
    python -m bench.regulation reference robust   these
    python -m bench.regulation --missing          those that were never played, with other code or on another number of plants
    python -m bench.regulation --page             the page alone, from what is kept in bench/regulation/results.json

Every regulator is commissioned by an identification of its own plant: a recording of a precool, a relay test and one door
opening, and nothing else. The full feed is taken from the data sheet, up to 25 % wrong. Plants identified by the same code
before are read from out/bench-control. An interrupted run loses the piece under way, no other.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.regulation import session_plot, stored
from bench.regulation.page import text
from bench.regulation.pieces import PIECES, Piece
from bench.regulation.work import ALL_PLANTS, Work, workers

RESULTS = Path(__file__).with_name("results.json")
DOCS = stored.ROOT / "docs"


def main(arguments: Sequence[str]) -> int:
    asked = _parsed(arguments)
    results, page = (RESULTS, DOCS / "control.md") if asked.out is None else (asked.out / "results.json", asked.out / "control.md")
    page.parent.mkdir(parents=True, exist_ok=True)
    codes = {p.name: p.code for p in PIECES}  # now, of the modules as loaded
    if not asked.page:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            pieces = chosen(asked.pieces, codes, stored.load(results), plants=asked.plants, missing=asked.missing)
            _play(pieces, codes, asked.plants, results, page)
        except KeyboardInterrupt:
            print("\ninterrupted; to go on: the same command with --missing (make bench-control MISSING=1)", file=sys.stderr)
            return 130
    _write(results, page, codes)
    print(f"{page} written from {results}")
    return 0


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.regulation", description="Regulators side by side; renews docs/control.md.")
    names = [p.name for p in PIECES]
    parser.add_argument("pieces", nargs="*", metavar="PIECE", help=f"of: {', '.join(names)}; all of them unless named")
    parser.add_argument("--plants", type=int, default=ALL_PLANTS, help=f"random plants ({ALL_PLANTS})")
    parser.add_argument("--missing", action="store_true", help="only those never played, or with other code or plants")
    parser.add_argument("--page", action="store_true", help="play nothing, write the page from what is kept")
    parser.add_argument("--out", type=Path, help="folder for results and page instead of the repository's own")
    asked = parser.parse_args(arguments)
    unknown = [p for p in asked.pieces if p not in names]
    if unknown:
        parser.error(f"no such piece: {', '.join(unknown)}; there are: {', '.join(names)}")
    if asked.plants < 2:
        parser.error("--plants: at least 2, there are medians and worst of them to tell")
    return asked


def chosen(names: Sequence[str], codes: Mapping[str, str], kept: Mapping[str, stored.Stored], *, plants: int, missing: bool) -> list[Piece]:
    """Those named, or all; with ``missing`` of them what is not kept as this code would play it on so many plants."""

    def current(p: Piece) -> bool:
        found = kept.get(p.name)
        return found is not None and found.code == codes[p.name] and found.plants == (plants if p.by_plants else None)

    return [p for p in PIECES if (not names or p.name in names) and not (missing and current(p))]


def _play(pieces: Sequence[Piece], codes: dict[str, str], plants: int, results: Path, page: Path) -> None:
    with workers() as pool:
        work = Work(pool, plants)
        for n, piece in enumerate(pieces, 1):
            if piece.identified:
                work.commissioned()
            work.piece, work.cpu_s, began = piece.name, 0.0, time.monotonic()
            figures = piece.play(work)
            played = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
            took_s = round(time.monotonic() - began, 1)
            found = stored.Stored(codes[piece.name], plants if piece.by_plants else None, played, round(work.cpu_s, 1), took_s, figures)
            stored.save(results, stored.load(results) | {piece.name: found})
            _write(results, page, codes)
            print(f"{n} of {len(pieces)}: {piece.name}, {work.cpu_s:.0f} s of CPU, {took_s:.0f} s", flush=True)


def _write(results: Path, page: Path, codes: dict[str, str]) -> None:
    found = stored.load(results)
    page.write_text(text(found, codes), encoding="utf-8")
    if "session" in found and found["session"].code == codes["session"]:  # else the drawing stays as it was
        session_plot.draw(found["session"].figures, page.with_name("control-session.png"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
