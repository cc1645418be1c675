#!/usr/bin/env bash
# Every check. The browser sessions mostly wait for a real chamber's clock, so they run beside the rest.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=.venv/bin
# the result is handed on by hand: `set -e` does not reach into a function behind `||`
step() {
  echo "== $1"; shift
  local began=$SECONDS result=0
  "$@" || result=$?
  echo "   $((SECONDS - began)) s"
  return "$result"
}

step "ruff" "$bin/ruff" check --quiet .
step "ruff format" "$bin/ruff" format --quiet --check .
step "import law" "$bin/lint-imports" --no-cache
step "pages from tables" "$bin/cryochamber" docs --check

browser_log="$(mktemp)"
"$bin/pytest" -q -m "browser and not long" >"$browser_log" 2>&1 &
browser=$!
trap 'kill "$browser" 2>/dev/null || true; rm -f "$browser_log"' EXIT

step "panel: types, vitest, generated API types" deploy/tools/npm.sh .venv run --silent check
step "pyright" "$bin/pyright"
step "scenario: a day of sessions in virtual time" "$bin/cryochamber" simulate scenarios/day-of-sessions.toml --no-plot
failed=0
unit_log="$(mktemp)"
trap 'kill "$browser" 2>/dev/null || true; rm -f "$browser_log" "$unit_log"' EXIT
step "pytest" "$bin/pytest" -q -m "not browser and not long" 2>&1 | tee "$unit_log" || failed=1
wait "$browser" || failed=1
echo "== pytest: operator sessions in a real browser"
cat "$browser_log"
echo "== pytest, everything else"
grep -E " (passed|failed|error)" "$unit_log" | tail -n 1
exit "$failed"
