#!/usr/bin/env bash
# Programs the tests need from the system: take them, install them with apt where that is possible, or name the remedy.
set -euo pipefail
declare -A package=([chromium]=chromium [mosquitto]=mosquitto)
have() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || { [ "$1" = chromium ] && { command -v chromium-browser || command -v google-chrome; } >/dev/null; }; }
missing=()
for program in "$@"; do have "$program" || missing+=("${package[$program]}"); done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "setting up: ${missing[*]} (apt-get)"
  log="$(mktemp)"
  if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then exit 0; fi
  tail -5 "$log" >&2
fi
echo "set-up: missing: ${missing[*]}. The tests need them. On Debian and Ubuntu: sudo apt-get install ${missing[*]}" >&2
exit 1
