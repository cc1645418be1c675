"""``make bench-control``: the regulators side by side, on the reference scenario and on the project's own two-room plant.

    python -m bench.regulation [PLANTS]      30 random plants unless said otherwise; writes docs/control.md and its plots

Every regulator is commissioned by an identification of its own plant: a recording of a precool, a relay test and one door
opening, and nothing else. The full feed is taken from the data sheet, up to 25 % wrong. Each section of the page is a module.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from multiprocessing import Pool
from pathlib import Path

from bench.regulation import cascade, circumstances, day_section, own_day, reference, robust, session_plot
from bench.regulation.commissioning import commission
from bench.regulation.page import Work

NOTES = Path(__file__).with_name("notes.md")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "control.md"
SECTIONS: tuple[Callable[[Work], list[str]], ...] = (
    reference.section,
    circumstances.section,
    own_day.section,
    cascade.section,
    day_section.section,
    robust.section,
    circumstances.cost,
)
_HEAD = """# Temperature control: how good it is, and how that was measured

Made by `make bench-control` (`bench/regulation`). Simulated throughout; median / worst of the plants named. Settling: last instant outside
±2 K after a door has shut. Occupied RMS: from 60 s after the door until the exit. Travel: sum of the valve's moves a session.
"""


def main() -> None:
    plants = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with Pool() as pool:
        nominal, *found = pool.map(commission, range(plants + 1), chunksize=1)
        work = Work(pool, found, nominal)
        page = [_HEAD, *(line for section in SECTIONS for line in section(work))]
    page += ["![one session](control-session.png)\n", NOTES.read_text(encoding="utf-8")]
    text = "\n".join(page)
    PAGE.write_text(text, encoding="utf-8")
    session_plot.draw(nominal, PAGE.parent / "control-session.png")
    print(text)


if __name__ == "__main__":
    main()
