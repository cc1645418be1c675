#!/usr/bin/env bash
# Make the virtual environment, naming what is missing and the remedy.
set -euo pipefail
python="$1"; venv="$2"
if ! command -v "$python" >/dev/null; then
  echo "set-up: '$python' not found. Install Python 3.11 or newer, or name it: make run PYTHON=/path/to/python3" >&2; exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "set-up: $("$python" --version) is too old; Python 3.11 or newer is needed. Name another: make run PYTHON=python3.12" >&2; exit 1
fi
echo "setting up: virtual environment ($("$python" --version))"
if ! "$python" -m venv "$venv"; then
  echo "set-up: no virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1
fi
