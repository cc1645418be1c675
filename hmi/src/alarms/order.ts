// How the panel orders what the control process announced. Nothing is decided here, only shown.
import type { AlarmView, Priority } from "../api/types";

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
  /** Consequences of the first cause, oldest first. */
  following: AlarmView[];
}

/** The alarm list: consequential alarms, as control judged them, stand under the first cause; the others stand alone. */
export function grouped(alarms: readonly AlarmView[]): Group[] {
  const list = ordered(alarms);
  return list
    .filter((a) => a.under === null || !list.some((first) => first.id === a.under))
    .map((first) => ({
      first,
      following: list.filter((a) => a.under === first.id).sort((a, b) => a.since.localeCompare(b.since)),
    }));
}
