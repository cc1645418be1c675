"""Install the locked packages into this environment: all of them for tests, those of the run-time for a run."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    what = sys.argv[1]
    lock = ROOT / "requirements.lock"
    uv_version = next(line for line in lock.read_text().splitlines() if line.startswith("uv=="))
    bootstrap = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", uv_version]
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = list(project["dependencies"])
    if what == "test":
        extras = project["optional-dependencies"]
        wanted += [r for name in ("dev", "postgres") for r in extras[name]]
    names = [re.split(r"[<>=!;\[ ]", w, maxsplit=1)[0] + (re.search(r"\[.*?\]", w) or [""])[0] for w in wanted]
    try:
        # the lock as a constraint: what is asked for and what that needs, at the locked versions, and nothing else
        subprocess.run(bootstrap, check=True)
        subprocess.run([*install, "--constraint", str(lock), *names], check=True)
        subprocess.run([*install, "--no-deps", "--editable", str(ROOT)], check=True)
    except subprocess.CalledProcessError:
        print("set-up: packages could not be installed; see above. Is a package index reachable (pip config list)?", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
