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

# Three things at a time for two cores: the browser sessions mostly wait for a real chamber's clock; what only computes
# stands back (nice) and takes what the others leave.
computing=(tests/explore tests/stateful tests/simulator tests/plc_program tests/cryochamber tests/records)
logs="$(mktemp -d)"
names=() running=()
behind() { # name, command...: runs beside the rest
  names+=("$1"); shift
  "$@" >"$logs/${names[-1]}" 2>&1 &
  running+=("$!")
}
behind browser "$bin/pytest" -q -m "browser and not long" --ignore=tests/plc_program
behind computing nice -n 10 "$bin/pytest" -q -m "not browser and not long" "${computing[@]}"
trap 'kill "${running[@]}" 2>/dev/null || true; rm -rf "$logs"' EXIT

step "panel: types, vitest, generated API types" deploy/tools/npm.sh .venv run --silent check
step "pyright" "$bin/pyright"
step "scenario: a day of sessions in virtual time" "$bin/cryochamber" simulate scenarios/day-of-sessions.toml --no-plot
failed=0
step "pytest" "$bin/pytest" -q -m "not browser and not long" "${computing[@]/#/--ignore=}" 2>&1 | tee "$logs/rest" || failed=1
for k in "${!names[@]}"; do
  wait "${running[k]}" || failed=1
  echo "== pytest: ${names[k]}"
  cat "$logs/${names[k]}"
done
echo "== pytest, in all"
grep -hE " (passed|failed|error).* in " "$logs/browser" "$logs/computing" "$logs/rest"
exit "$failed"
