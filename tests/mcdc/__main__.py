"""``python -m tests.mcdc [-v]``: modified condition/decision coverage of the safety rules; exit code 1 where something is missing."""

from __future__ import annotations

import sys

from tests.mcdc.instrument import Finder, Recorder

MODULES = (
    "chamber.causes",
    "chamber.cause_effect",
    "chamber.cycle",
    "chamber.permissives",
    "chamber.facts",
    "chamber.interlocks",
    "chamber.monitor",
    "chamber.self_test",
    "chamber.voting",
)


def main(arguments: list[str]) -> int:
    recorder = Recorder()
    Finder(recorder, MODULES).install()
    from tests.mcdc.report import complete  # only now: it imports the rules

    return 0 if complete(recorder, verbose="-v" in arguments) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
