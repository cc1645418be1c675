// Dimming and the wake touch. A dimmed screen swallows the touch that wakes it, except on STOP and EVACUATE. There is no
// dimming while people may be inside, while an alarm is active or while the data is stale.
import { effect, signal } from "@preact/signals";
import { alarms, fresh, inSession } from "./store";

export const DIM_AFTER_MS = 5 * 60_000;
const CHECK_MS = 1000;
export const dimmed = signal(false);
let touchedAt = performance.now();

const mustStayBright = (): boolean => inSession.value || !fresh.value || (alarms.value?.length ?? 0) > 0;

function wake(event: Event): void {
  touchedAt = performance.now();
  if (!dimmed.peek()) return;
  const target = event.target;
  const urgent = target instanceof Element && target.closest("[data-urgent]") !== null;
  if (!urgent) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  if (event.type !== "pointerdown") dimmed.value = false;
  else swallowClick(urgent);
}

/** The click that follows the waking pointerdown belongs to it. */
function swallowClick(urgent: boolean): void {
  const done = (event: Event): void => {
    if (!urgent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    window.removeEventListener("click", done, true);
    dimmed.value = false;
  };
  window.addEventListener("click", done, true);
}

export function watchTouch(): void {
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, wake, true);
  setInterval(() => {
    if (!mustStayBright() && performance.now() - touchedAt > DIM_AFTER_MS) dimmed.value = true;
  }, CHECK_MS);
  effect(() => {
    if (mustStayBright()) dimmed.value = false;
  });
}
