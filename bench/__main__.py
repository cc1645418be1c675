"""`make bench`: every measurement, one after the other, with the machine it was taken on."""

from __future__ import annotations

import platform
from importlib import import_module
from pathlib import Path


def main() -> None:
    print(f"Python {platform.python_version()} on {platform.machine()}, {platform.platform()}")
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"\n== {file.stem}", flush=True)
        import_module(f"bench.{file.stem}").main()


if __name__ == "__main__":
    main()
