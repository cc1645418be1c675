#!/usr/bin/env bash
# Every check.
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

# Three things at a time for two cores: the browser sessions mostly wait for a real chamber's clock; what only computes
# stands back (nice) and takes what the others leave. What comes `afterwards` follows the rest, so that no core ends idle.
logs="$(mktemp -d)"
only=(tests/chamber tests/mcdc tests/explore tests/stateful tests/plc_program tests/records)
afterwards=(tests/simulator tests/cryochamber)
tests() { # name, marker, paths and options
  local name="$1" marker="$2"; shift 2
  "$bin/pytest" -q -m "$marker and not long" -o cache_dir="$logs/$name.cache" "$@"
}
browser() { tests browser "browser" --ignore=tests/plc_program "$@"; }
rest() { tests rest "not browser" "${only[@]/#/--ignore=}" "${afterwards[@]/#/--ignore=}" "$@"; }
afterwards() {
  renice -n 19 "$BASHPID" >/dev/null
  tests afterwards "not browser" "${afterwards[@]}"
}
computing() {
  renice -n 19 "$BASHPID" >/dev/null
  local result=0
  step "pages from tables" "$bin/cryochamber" docs --check || result=1
  step "pyright" "$bin/pyright" || result=1
  step "scenario: a day of sessions in virtual time" "$bin/cryochamber" simulate scenarios/day-of-sessions.toml --no-plot || result=1
  tests computing "not browser" "${only[@]}" || result=1
  return "$result"
}
# Real sockets, processes and browsers, with claims about seconds: what failed beside the other checks is asked once more
# alone, and both answers are printed. What only computes has no such excuse, nor have four failures.
again() {
  local name="$1" log="$logs/$1" count
  count="$(grep -cE '^(FAILED|ERROR) ' "$log" || true)"
  [[ "$count" -ge 1 && "$count" -le 3 ]] || return 1
  mv "$log" "$log.first"
  step "$name: $count failed beside the other checks; once more, alone" "$name" --last-failed --last-failed-no-failures none >"$log" 2>&1
}
running=()
for name in browser computing; do
  "$name" >"$logs/$name" 2>&1 &
  running+=("$!")
done
trap 'for p in "${running[@]}"; do pkill -P "$p" || true; done 2>/dev/null; rm -rf "$logs"' EXIT

failed=0
step "panel: types, vitest, generated API types" deploy/tools/npm.sh .venv run --silent check || failed=1
late=()
echo "== tests: rest, beside browser and computing"
rest 2>&1 | tee "$logs/rest" | sed -u 's/^/  rest | /' || late=(rest)
afterwards 2>&1 | tee "$logs/afterwards" | sed -u "s/^/  afterwards | /" || failed=1
for k in 0 1; do
  wait "${running[k]}" || if [[ $k == 0 ]]; then late+=(browser); else failed=1; fi
done
for name in "${late[@]}"; do again "$name" || failed=1; done
for name in rest afterwards browser computing; do
  [[ ! -e "$logs/$name.first" ]] || { echo "== first try: $name"; sed 's/^/  first try | /' "$logs/$name.first"; }
  echo "== tests: $name"
  cat "$logs/$name"
done
echo "== pytest, in all"
for first in "$logs"/*.first; do [[ ! -e "$first" ]] || sed -n 's/^\([0-9]* failed.* in \)/first try: \1/p' "$first"; done
grep -hE "^[0-9]+ (passed|failed|error).* in " "$logs/rest" "$logs/afterwards" "$logs/browser" "$logs/computing"
exit "$failed"
