// What is said inside, and when. Pure. The PLC's own announcements are the safety path; these count the time down as well.
import type { InsideView } from "./inside-view";

export const MARKS_S = [150, 120, 90, 60, 30] as const;
export const COUNT_FROM_S = 10;
/** "Leave now" is said again after so long, while somebody may be inside. */
export const REPEAT_MS = 6000;
/** A mark that was missed by more than this is not said late: it would be untrue. */
const LATE_S = 2;

export interface Said {
  view: InsideView;
  atMs: number;
}

/** The announcement due now, or null. `last` is what was shown before, `spokenMs` when something was last said. */
export function announcement(last: InsideView | null, view: InsideView, nowMs: number, spokenMs: number): string | null {
  if (view.kind === "leave") {
    const begun = last?.kind !== "leave" || last.words !== view.words;
    return begun || (view.repeat && nowMs - spokenMs >= REPEAT_MS) ? view.words : null;
  }
  if (view.kind === "stay") return countdown(last?.kind === "stay" ? last.leftS : null, view.leftS);
  if (last?.kind === view.kind) return null;
  return view.kind === "go" ? "go_to_main" : view.kind === "welcome" || view.kind === "wait" ? view.kind : null;
}

function countdown(before: number | null, left: number | null): string | null {
  if (before === null || left === null || left >= before) return null;
  if (left <= COUNT_FROM_S) return left >= 1 ? `count_${left}` : null;
  const mark = MARKS_S.find((m) => left <= m && before > m);
  return mark !== undefined && mark - left <= LATE_S ? `left_${mark}` : null;
}
