// How the panel orders what the control process announced. Nothing is decided here, only shown.
import type { AlarmView, CauseView, Priority } from "../api/types";

const RANK: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

export const unacknowledged = (alarm: AlarmView): boolean => alarm.state.includes("unack");
/** Gone but still to be acknowledged. */
export const returned = (alarm: AlarmView): boolean => alarm.state.startsWith("rtn");

/** Highest priority first; within one: first cause, unacknowledged, then the newest. */
export function ordered(alarms: readonly AlarmView[]): AlarmView[] {
  return [...alarms].sort(
    (a, b) =>
      RANK[a.priority] - RANK[b.priority] ||
      Number(b.first_out) - Number(a.first_out) ||
      Number(unacknowledged(b)) - Number(unacknowledged(a)) ||
      b.since.localeCompare(a.since),
  );
}

export interface Group {
  first: AlarmView;
  /** Alarms that came with or after the first cause, oldest first. */
  following: AlarmView[];
}

/**
 * The alarm list: when a first cause is marked, the alarms that came after it stand under it; what was there before
 * stands alone.
 */
export function grouped(alarms: readonly AlarmView[]): Group[] {
  const list = ordered(alarms);
  const root = list.find((a) => a.first_out);
  if (root === undefined) return list.map((first) => ({ first, following: [] }));
  const later = list.filter((a) => a !== root && a.since >= root.since);
  const alone = list.filter((a) => a !== root && a.since < root.since);
  later.sort((a, b) => a.since.localeCompare(b.since));
  return [{ first: root, following: later }, ...alone.map((first) => ({ first, following: [] }))];
}

/** Present causes first, then latched ones; the first cause on top. */
export function orderedCauses(causes: readonly CauseView[]): CauseView[] {
  return [...causes].sort(
    (a, b) => Number(b.first_out) - Number(a.first_out) || Number(b.present) - Number(a.present) || b.since_s - a.since_s,
  );
}
