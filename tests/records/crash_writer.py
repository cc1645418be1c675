"""Writes until it is killed; tells on standard output what was reported as committed."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from chamber.events import Event, EventKind
from records.writer import Recorder


def main(url: str) -> None:
    recorder = Recorder(url, "chamber-1", "boot-1")
    if not recorder.wait_open(20.0):
        raise SystemExit(str(recorder.health))
    recorder.append(
        [Event(EventKind.SESSION_OPENED, 0.0, {"session": 1, "program": "standard", "persons": 1, "limit_s": 90.0})], datetime.now(UTC)
    )
    told = 0
    second = 0.0
    while True:
        second += 1.0
        ticket = recorder.append([Event(EventKind.STATE, second, {"number": n}) for n in range(5)], datetime.now(UTC))
        recorder.sample(1, second, {"main_c": -110.0})
        while recorder.committed < ticket - 50:
            time.sleep(0.0005)  # the writer is a thread of this process: let it work
        if recorder.committed != told:
            told = recorder.committed
            sys.stdout.write(f"{told}\n")
            sys.stdout.flush()


main(sys.argv[1])
