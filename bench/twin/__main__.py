"""``python -m bench.twin [PIECE ...]``: every fault once, then ten healthy chambers; renews the tables of docs/twin.md.

A piece is the name of a fault ("frost main") or a healthy chamber ("healthy 3"); without any, all of them. About ten minutes of CPU, half a
minute a piece; each is kept as soon as it is done.
"""

from __future__ import annotations

import sys

from bench.twin.proof import FAULTS, Days, after_learning, broken, healthy
from bench.twin.report import keep

HEALTHY = tuple([f"healthy {seed}" for seed in range(1, 11)])


def main(pieces: list[str]) -> None:
    faults = {f.name: f for f in FAULTS}
    unknown = [p for p in pieces if p not in faults and p not in HEALTHY]
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}; known: {', '.join((*faults, *HEALTHY))}")
    learned: Days | None = None
    for piece in pieces or [*faults, *HEALTHY]:
        if piece in faults:
            learned = after_learning(0) if learned is None else learned
            found = broken(learned, faults[piece])
            text = (
                "not found"
                if found.after_h is None
                else f"{found.after_h:.1f} h, {found.evidence}; others: {', '.join(found.others) or 'none'}"
            )
        else:
            found = healthy(int(piece.split()[1]))
            text = "; ".join(found.alarms) or "no alarm"
        keep(piece, found)
        print(f"{piece}: {text}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
