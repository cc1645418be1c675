// What the day's appointments need, and where they do not fit. Pure. It advises; it starts and refuses nothing.

export interface Planned {
  id: number;
  /** Seconds since 1970. */
  startS: number;
  program: string;
  persons: number;
}
export interface ProgramTimes {
  pre_chamber_s: number;
  exposure_s: number;
}

/** Letting guests in, seeing them out, cooling back: what a session takes besides the stay itself, s (proposed). */
export const AROUND_S = 240;
/** Up to this gap the room is held cold; a longer one is worth closing up, s (proposed). */
export const TOGETHER_S = 20 * 60;

export const lengthS = (program: ProgramTimes): number => AROUND_S + program.pre_chamber_s + program.exposure_s;

export type Advice =
  | { kind: "too_close"; id: number; earliestS: number }
  /** Nothing happens between the two for `gapS`; the later one could follow at `earliestS`. */
  | { kind: "gap"; id: number; gapS: number; earliestS: number }
  | { kind: "nitrogen"; needKg: number; haveKg: number };

export interface Plan {
  persons: number;
  /** For the people still to come; null when no use per person is known yet. */
  needKg: number | null;
  advice: readonly Advice[];
}

/** `perPersonKg` as measured today, `tankKg` as measured now; null: not known. Appointments before `nowS` count no more. */
export function plan(day: readonly Planned[], programs: ReadonlyMap<string, ProgramTimes>, nowS: number, perPersonKg: number | null, tankKg: number | null): Plan {
  const coming = [...day].sort((a, b) => a.startS - b.startS).filter((p) => p.startS >= nowS - AROUND_S);
  const advice: Advice[] = [];
  let endS: number | null = null;
  for (const p of coming) {
    if (endS !== null && p.startS < endS) advice.push({ kind: "too_close", id: p.id, earliestS: endS });
    else if (endS !== null && p.startS - endS > TOGETHER_S) advice.push({ kind: "gap", id: p.id, gapS: p.startS - endS, earliestS: endS });
    const times = programs.get(p.program);
    endS = Math.max(endS ?? 0, p.startS) + (times === undefined ? AROUND_S : lengthS(times));
  }
  const persons = coming.reduce((sum, p) => sum + p.persons, 0);
  const needKg = perPersonKg === null ? null : persons * perPersonKg;
  if (needKg !== null && tankKg !== null && needKg > tankKg) advice.unshift({ kind: "nitrogen", needKg, haveKg: tankKg });
  return { persons, needKg, advice };
}

/** The next free start at or after `fromS`, on a whole five minutes. */
export function nextFree(day: readonly Planned[], programs: ReadonlyMap<string, ProgramTimes>, program: string, fromS: number): number {
  const step = 300;
  const own = programs.get(program);
  const takes = own === undefined ? AROUND_S : lengthS(own);
  let at = Math.ceil(fromS / step) * step;
  for (const p of [...day].sort((a, b) => a.startS - b.startS)) {
    const times = programs.get(p.program);
    const end = p.startS + (times === undefined ? AROUND_S : lengthS(times));
    if (at + takes > p.startS && at < end) at = Math.ceil(end / step) * step;
  }
  return at;
}
