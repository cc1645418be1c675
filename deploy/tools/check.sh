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
computing=(tests/chamber tests/mcdc tests/explore tests/stateful tests/simulator tests/plc_program tests/cryochamber tests/records)
browser() { "$bin/pytest" -q -m "browser and not long" --ignore=tests/plc_program; }
computing() {
  renice -n 10 "$BASHPID" >/dev/null
  local result=0
  step "pyright" "$bin/pyright" || result=1
  step "scenario: a day of sessions in virtual time" "$bin/cryochamber" simulate scenarios/day-of-sessions.toml --no-plot || result=1
  "$bin/pytest" -q -m "not browser and not long" "${computing[@]}" || result=1
  return "$result"
}
logs="$(mktemp -d)"
names=(browser computing) running=()
for name in "${names[@]}"; do
  "$name" >"$logs/$name" 2>&1 &
  running+=("$!")
done
trap 'for p in "${running[@]}"; do pkill -P "$p" || true; done 2>/dev/null; rm -rf "$logs"' EXIT

step "panel: types, vitest, generated API types" deploy/tools/npm.sh .venv run --silent check
failed=0
step "pytest" "$bin/pytest" -q -m "not browser and not long" "${computing[@]/#/--ignore=}" 2>&1 | tee "$logs/rest" || failed=1
for k in "${!names[@]}"; do
  wait "${running[k]}" || failed=1
  echo "== beside it: ${names[k]}"
  cat "$logs/${names[k]}"
done
echo "== pytest, in all"
grep -hE " (passed|failed|error).* in " "$logs/browser" "$logs/computing" "$logs/rest"
exit "$failed"
