// What the screen at the chamber window says to the people inside. Pure: from the server's state alone.

export interface InsideFacts {
  fresh: boolean;
  /** State of the cycle in capitals, what the PLC is told to announce, phase of the session. */
  state: string | null;
  voice: string | null;
  phase: "boarding" | "pre_chamber" | "exposure" | "exit" | null;
  /** Somebody is seen in either room; null: not known. */
  seen: boolean | null;
  /** Whole seconds left here, by the server's clock. */
  leftS: number | null;
}

export type InsideView =
  | { kind: "unknown" }
  | { kind: "rest" }
  | { kind: "welcome" | "wait" | "go" }
  | { kind: "leave"; danger: boolean; words: "leave_now" | "evacuate"; repeat: boolean }
  | { kind: "pre" | "stay"; leftS: number | null; breathe: "in" | "out" };

const LEAVE_VOICES = new Set(["leave_now", "evacuate"]);
const LEAVE_STATES = new Set(["EXIT", "EVACUATE", "ESTOP"]);
/** Slow breathing, longer out than in: 4 s and 6 s, six breaths a minute. */
export const BREATH_IN_S = 4;
export const BREATH_S = 10;

export function insideView(f: InsideFacts): InsideView {
  if (!f.fresh || f.state === null) return { kind: "unknown" };
  if (LEAVE_STATES.has(f.state) || LEAVE_VOICES.has(f.voice ?? "")) return leave(f, f.state !== "EXIT" || f.voice === "evacuate");
  switch (f.phase) {
    case "boarding":
      return { kind: f.voice === "wait" ? "wait" : "welcome" };
    case "pre_chamber":
      return f.voice === "go_to_main" ? { kind: "go" } : { kind: "pre", leftS: f.leftS, breathe: breath(f.leftS) };
    case "exposure":
      return { kind: "stay", leftS: f.leftS, breathe: breath(f.leftS) };
    case "exit":
      return leave(f, false);
    case null:
      // Nobody should be inside now: whoever is reads here that he must not be.
      return f.seen === true ? leave(f, true) : { kind: "rest" };
  }
}

/** Said again while somebody is seen inside, or nobody knows. */
function leave(f: InsideFacts, danger: boolean): InsideView {
  return { kind: "leave", danger, words: f.voice === "evacuate" ? "evacuate" : "leave_now", repeat: f.seen !== false };
}

/** Counted from the end, so that everybody breathes out as the time runs out. */
function breath(leftS: number | null): "in" | "out" {
  return leftS === null || leftS % BREATH_S < BREATH_S - BREATH_IN_S ? "out" : "in";
}
