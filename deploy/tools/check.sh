#!/usr/bin/env bash
# Every check, in the order that fails fastest. pytest's closing line comes last.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=.venv/bin
step() { echo "== $1"; shift; local began=$SECONDS; "$@"; echo "   $((SECONDS - began)) s"; }
step "ruff" "$bin/ruff" check --quiet .
step "ruff format" "$bin/ruff" format --quiet --check .
step "import law" "$bin/lint-imports" --no-cache
step "pages from tables" "$bin/cryochamber" docs --check
step "panel: types, vitest, generated API types" deploy/tools/npm.sh .venv run --silent check
step "pyright" "$bin/pyright"
step "scenario: a day of sessions in virtual time" "$bin/cryochamber" simulate scenarios/day-of-sessions.toml --no-plot
step "pytest" "$bin/pytest" -q -m "not long"
