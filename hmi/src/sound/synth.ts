// Alarm bursts as samples, from the table the server sends (IEC 60601-1-8: pulses, spacing, fundamental, harmonics). Pure.

export interface Pulse {
  start_s: number;
  duration_s: number;
  note: number;
}
export interface Burst {
  pulses: readonly Pulse[];
  burst_s: number;
  /** Rise and fall of a pulse, inside its duration. */
  edge_s: number;
}
export interface Harmonic {
  multiple: number;
  level_db: number;
}

/** Loudest sample; the rest is the loudspeaker's business. */
const PEAK = 0.9;

/** One burst at `rate` samples per second; `melody` are the fundamentals of its notes in Hz. */
export function synthesise(burst: Burst, melody: readonly number[], harmonics: readonly Harmonic[], rate: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(Math.round(burst.burst_s * rate));
  const parts = harmonics.map((h) => ({ multiple: h.multiple, gain: 10 ** (h.level_db / 20) }));
  const whole = parts.reduce((sum, p) => sum + p.gain, 0);
  for (const pulse of burst.pulses) {
    const fundamental = melody[pulse.note];
    if (fundamental === undefined) throw new RangeError(`the melody has no note ${pulse.note}`);
    const first = Math.round(pulse.start_s * rate);
    const count = Math.round(pulse.duration_s * rate);
    for (let i = 0; i < count && first + i < out.length; i += 1) {
      const at = i / rate;
      let sum = 0;
      for (const part of parts) sum += part.gain * Math.sin(2 * Math.PI * fundamental * part.multiple * at);
      out[first + i] = (PEAK / whole) * sum * edge(at, pulse.duration_s, burst.edge_s);
    }
  }
  return out;
}

/** Raised cosine at both ends: without it a loudspeaker clicks. */
function edge(at: number, duration: number, rise: number): number {
  const near = Math.min(at, duration - at);
  return near >= rise ? 1 : near <= 0 ? 0 : 0.5 - 0.5 * Math.cos((Math.PI * near) / rise);
}
