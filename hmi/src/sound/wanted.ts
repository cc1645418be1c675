// Which burst should sound now. The alarms' sound is decided in the control process; the panel adds one case of its own:
// it has no data, so it cannot know of any alarm.

export type Priority = "high" | "medium" | "low";
export type Melody = "general" | "oxygen" | "temperature";
export interface Audio {
  priority: Priority | null;
  melody: Melody | null;
  paused_s: number | null;
}
export interface Wanted {
  priority: Priority;
  melody: Melody;
}

/** `pausedHere`: the sound of missing data was paused on this panel; the server cannot be asked. */
export function wanted(fresh: boolean, everFresh: boolean, audio: Audio | null, pausedHere: boolean): Wanted | null {
  if (!fresh) return everFresh && !pausedHere ? { priority: "medium", melody: "general" } : null;
  if (audio === null || audio.priority === null || audio.paused_s !== null) return null;
  return { priority: audio.priority, melody: audio.melody ?? "general" };
}
