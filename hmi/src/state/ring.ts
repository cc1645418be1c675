// The last ten minutes of every analogue tag, once a second, in rings of fixed size: memory does not grow.
import { Ring } from "./ring-buffer";
import { description, fresh, tag } from "./store";

export const LIVE_S = 600;

const times = new Ring(LIVE_S);
const rings = new Map<string, Ring>();

function sample(): void {
  times.push(Date.now() / 1000);
  for (const info of description.value?.tags ?? []) {
    if (info.kind !== "analog") continue;
    let ring = rings.get(info.tag);
    if (ring === undefined) {
      ring = new Ring(LIVE_S);
      for (let i = times.list().length; i > 1; i -= 1) ring.push(null);
      rings.set(info.tag, ring);
    }
    const view = tag(info.tag).peek();
    // Stale or bad values leave a gap: a flat line would claim a measurement.
    ring.push(fresh.peek() && view !== null && view.q !== "bad" && typeof view.v === "number" ? view.v : null);
  }
}

export function startRings(): void {
  setInterval(sample, 1000);
}

export function liveSeries(tags: readonly string[]): { t: number[]; values: (number | null)[][] } {
  const t = times.list().map((v) => v ?? 0);
  return { t, values: tags.map((name) => rings.get(name)?.list() ?? t.map(() => null)) };
}
