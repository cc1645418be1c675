// Which screen is shown. The panel is one page; only /hands is an address of its own.
import { effect, signal } from "@preact/signals";
import { inSession } from "./store";

export const SCREENS = ["home", "session", "day", "checklist", "trends", "alarms", "service", "settings"] as const;
/** What the rail shows; the checklist is a part of the day. */
export const RAIL = SCREENS.filter((s) => s !== "checklist");
export type Screen = (typeof SCREENS)[number];

function fromHash(): Screen {
  return SCREENS.find((s) => `#${s}` === location.hash) ?? "home";
}

export const screen = signal<Screen>(fromHash());
export const signInOpen = signal(false);
/** Name of the user who locked the panel; the sign-in asks for his PIN first. */
export const lockedBy = signal<string | null>(null);

export function go(to: Screen): void {
  screen.value = to;
  history.replaceState(null, "", `#${to}`);
}

/** A session that begins takes the operator to its screen; its end brings him home. */
export function followSession(): void {
  let was = inSession.peek();
  effect(() => {
    const is = inSession.value;
    if (is && !was) go("session");
    if (!is && was && screen.peek() === "session") go("home");
    was = is;
  });
  window.addEventListener("hashchange", () => (screen.value = fromHash()));
}
