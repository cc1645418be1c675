// Dimming and the wake touch. A dimmed screen swallows the touch that wakes it, except on STOP and EVACUATE. There is no
// dimming while people may be inside, while an alarm is active or while the data is stale.
import { effect, signal } from "@preact/signals";
import { alarms, fresh, inSession } from "./store";

export const DIM_AFTER_MS = 5 * 60_000;
const CHECK_MS = 1000;
export const dimmed = signal(false);
let touchedAt = performance.now();
/** The touch under way began on a dimmed screen: nothing of it may act. */
let swallowing = false;

const mustStayBright = (): boolean => inSession.value || !fresh.value || (alarms.value?.length ?? 0) > 0;

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** The beginning of a touch or a key press. */
function begin(event: Event): void {
  touchedAt = performance.now();
  const target = event.target;
  const urgent = target instanceof Element && target.closest("[data-urgent]") !== null;
  swallowing = dimmed.peek() && !urgent;
  dimmed.value = false;
  if (swallowing) swallow(event);
}

/** Whatever else belongs to the same touch. */
function follow(event: Event): void {
  if (swallowing) swallow(event);
}

export function watchTouch(): void {
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, begin, true);
  for (const kind of ["pointerup", "pointercancel", "keyup", "click"]) window.addEventListener(kind, follow, true);
  setInterval(() => {
    if (!mustStayBright() && performance.now() - touchedAt > DIM_AFTER_MS) dimmed.value = true;
  }, CHECK_MS);
  effect(() => {
    if (mustStayBright()) dimmed.value = false;
  });
}
