// The window of time that is looked at. Pure.

/** `live` follows the clock; else a fixed window, seconds since 1970. */
export type Range = { live: true; seconds: number } | { live: false; from: number; to: number };

export const SHORTEST_S = 30;
export const LONGEST_S = 7 * 86_400;

export const bounds = (range: Range, nowS: number): { from: number; to: number } => (range.live ? { from: nowS - range.seconds, to: nowS } : range);

/** Moved by a share of its own length; never past now. */
export function pan(range: Range, share: number, nowS: number): Range {
  const { from, to } = bounds(range, nowS);
  const step = share * (to - from);
  const end = Math.min(nowS, to + step);
  return { live: false, from: end - (to - from), to: end };
}

/** Longer (`factor` > 1) or shorter around `atS`, which keeps its place; never past now. */
export function zoom(range: Range, factor: number, atS: number, nowS: number): Range {
  const { from, to } = bounds(range, nowS);
  const length = Math.min(LONGEST_S, Math.max(SHORTEST_S, factor * (to - from)));
  const share = Math.min(1, Math.max(0, (atS - from) / (to - from)));
  const end = Math.min(nowS, atS + (1 - share) * length);
  return { live: false, from: end - length, to: end };
}
