#!/usr/bin/env bash
# Build the panel, unless a built one is there and no Node is needed (an unpacked source distribution).
set -euo pipefail
here="$(dirname "$0")"; venv="$1"
echo "setting up: panel"
log="$venv/panel.log"
if ! { "$here/npm.sh" "$venv" ci --no-audit --no-fund && "$here/npm.sh" "$venv" run build; } >"$log" 2>&1; then
  tail -20 "$log" >&2
  echo "set-up: the panel could not be built; whole log in $log. Is an npm registry reachable (npm config get registry)?" >&2; exit 1
fi
