"""How long a trend takes: a day of telemetry at 1 Hz, asked for as the panel asks. Run: python -m bench.bench_history

Prints one line per question: milliseconds (median, worst of 20), points, and the size of the file per day.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import time
from pathlib import Path

from chamber.tags import ANALOG_TAGS, BIT_TAGS
from records.telemetry import QUEUE, TelemetryReader, TelemetryWriter

DAY_S = 86_400
BEGIN_S = 1_770_000_000
QUESTIONS = ((600, 600), (3_600, 600), (8 * 3_600, 600), (DAY_S, 600), (DAY_S, 2000))  # seconds back, points
ROUNDS = 20


def record(url: str, names: list[str], seconds: int) -> float:
    """Write ``seconds`` frames as fast as they are taken; returns frames per second."""
    writer = TelemetryWriter(url, names)
    began = time.perf_counter()
    for second in range(seconds):
        while writer.health.queued >= QUEUE - 1:
            time.sleep(0.0005)
        writer.put(BEGIN_S + second, {name: -110.0 + 5.0 * math.sin(second / 300.0 + i) for i, name in enumerate(names)})
    writer.close(60.0)
    if writer.health.dropped or not writer.health.ok:
        raise SystemExit(f"recording failed: {writer.health}")
    return seconds / (time.perf_counter() - began)


def ask(reader: TelemetryReader, tags: list[str], back_s: int, points: int) -> tuple[float, float]:
    took: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = reader.query(tags, BEGIN_S + DAY_S - back_s, BEGIN_S + DAY_S, points)
        took.append((time.perf_counter() - began) * 1000.0)
        if any(math.isnan(value) for trend in found.tags.values() for value in trend.low.tolist()):
            raise SystemExit("a gap where there is none")
    return statistics.median(took), max(took)


def main() -> None:
    names = [tag.tag for tag in ANALOG_TAGS] + [tag.tag for tag in BIT_TAGS] + ["main_c", "pre_c", "setpoint_main_c"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "telemetry.sqlite"
        rate = record(f"sqlite:///{file}", names, DAY_S)
        size = file.stat().st_size
        sys.stdout.write(f"{len(names)} tags at 1 Hz for a day: {rate:.0f} frames/s written, {size / 1e6:.1f} MB\n")
        reader = TelemetryReader(f"sqlite:///{file}")
        for back_s, points in QUESTIONS:
            for tags in (names[:1], names[:6]):
                median, worst = ask(reader, tags, back_s, points)
                sys.stdout.write(
                    f"{back_s / 3600:6.2f} h, {len(tags)} tags, {points:4d} points: {median:7.1f} ms median, {worst:7.1f} ms worst\n"
                )


if __name__ == "__main__":
    main()
