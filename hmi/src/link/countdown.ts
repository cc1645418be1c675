// A countdown runs on the server's clock: the snapshot says how much was left at its own monotonic time, the panel only
// interpolates between frames, and never for longer than data may be old.

export interface Anchor {
  /** Server's monotonic time of the newest frame, s. */
  monoS: number;
  /** Local monotonic time at which it arrived, ms. */
  atMs: number;
}

/** Time left in s, never negative; null when unknown or when the data is stale. */
export function remaining(leftAtFrameS: number | null | undefined, anchor: Anchor | null, nowMs: number, fresh: boolean): number | null {
  if (leftAtFrameS === null || leftAtFrameS === undefined || anchor === null || !fresh) return null;
  return Math.max(0, leftAtFrameS - Math.max(0, nowMs - anchor.atMs) / 1000);
}

/** `m:ss`, counting so that 0:00 means over; `-:--` when unknown. */
export function clock(seconds: number | null): string {
  if (seconds === null) return "−:−−";
  const whole = Math.ceil(seconds - 1e-6);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
