"""``python -m tests.explore [SECONDS [FAULTS_THAT_MAY_MEET]]``: explore, print the figures and whatever was broken."""

from __future__ import annotations

import sys

from tests.explore.moves import Moves
from tests.explore.search import Explored, aside, explore, spine, starts

LIVENESS_NODES = 400


def main(arguments: list[str]) -> int:
    seconds = float(arguments[0]) if arguments else 480.0
    meet = int(arguments[1]) if len(arguments) > 1 else 2
    still = Moves(faults=(), restarts=False, fall=False, both_doors=False)
    ok = _show("without faults", explore(still, seconds=seconds / 2.0))
    session = spine()
    met = explore(Moves(meet=meet), [*starts(), *session, *aside(session)], seconds=seconds / 2.0)
    return 0 if _show(f"up to {meet} faults meeting, restarts", met) and ok else 1


def _show(title: str, e: Explored) -> bool:
    e.lead_to_stopped(LIVENESS_NODES)
    print(f"== {title}\n{e.report()}", flush=True)
    for found in e.found.values():
        print(found)
    for name in e.stuck[:10]:
        print(f"stuck after: {' | '.join(e.path(name))}")
    return not e.found and not e.stuck


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
