#!/usr/bin/env bash
# Chromium as the panel wants it: no gestures that leave the page, sound without a touch first, timers that never slow down.
set -euo pipefail
page="${CRYOCHAMBER_PANEL:-http://127.0.0.1:8000/}"
profile="${RUNTIME_DIRECTORY:-/tmp/cryochamber-kiosk}/profile"
# The first page is there as soon as the server answers; until then the panel stays dark and the red button works.
until curl --silent --fail --max-time 1 --output /dev/null "${page%%\?*}"; do sleep 0.5; done
exec "${CHROMIUM:-chromium}" --kiosk --app="$page" --user-data-dir="$profile" \
  --no-first-run --noerrdialogs --disable-infobars --disable-session-crashed-bubble --disable-pinch \
  --overscroll-history-navigation=0 --disable-features=Translate,TouchpadOverscrollHistoryNavigation \
  --autoplay-policy=no-user-gesture-required --disable-background-timer-throttling --disable-renderer-backgrounding \
  --disable-backgrounding-occluded-windows --disable-background-networking --disable-component-update --disable-sync \
  --ozone-platform=wayland --password-store=basic
