#!/usr/bin/env bash
# A page that hangs or has crashed sends no sign of life; the server knows how long. The server itself being silent is not the
# page's fault: it then shows NO DATA and waits. Usage: watchdog.sh [restart command ...]
set -euo pipefail
base="${CRYOCHAMBER_PANEL:-http://127.0.0.1:8000/}"; base="${base%%\?*}"; base="${base%/}"
every="${EVERY_S:-3}" limit="${SILENT_S:-10}" grace="${GRACE_S:-30}"
restart=("${@:-systemctl restart cryochamber-kiosk.service}")
started=$SECONDS
while sleep "$every"; do
  [ $((SECONDS - started)) -ge "$grace" ] || continue
  health="$(curl --silent --fail --max-time 2 "$base/api/v1/health")" || continue
  age="$(sed -n 's/.*"panel_age_s": *\([0-9.][0-9.]*\|null\).*/\1/p' <<<"$health")"
  if [ "$age" = null ] || { [ -n "$age" ] && [ "${age%.*}" -ge "$limit" ]; }; then
    echo "the panel's page has been silent for ${age} s: starting the browser again"
    ${restart[*]}
    started=$SECONDS
  fi
done
