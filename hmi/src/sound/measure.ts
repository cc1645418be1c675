// Measures a burst the way a test bench would: from its samples alone.

export interface MeasuredPulse {
  startS: number;
  durationS: number;
  samples: Float32Array;
}

/** Stretches where the envelope (peak over 4 ms) is above a tenth of the loudest. */
export function pulses(samples: Float32Array, rate: number): MeasuredPulse[] {
  const window = Math.round(0.004 * rate);
  const envelope = Array.from({ length: Math.ceil(samples.length / window) }, (_, i) => {
    let most = 0;
    for (const v of samples.subarray(i * window, (i + 1) * window)) most = Math.max(most, Math.abs(v));
    return most;
  });
  const level = Math.max(...envelope) / 10;
  const found: MeasuredPulse[] = [];
  let from: number | null = null;
  for (let i = 0; i <= envelope.length; i += 1) {
    const loud = (envelope[i] ?? 0) > level;
    if (loud && from === null) from = i;
    if (!loud && from !== null) {
      found.push({ startS: (from * window) / rate, durationS: ((i - from) * window) / rate, samples: samples.subarray(from * window, i * window) });
      from = null;
    }
  }
  return found;
}

/** Amplitude of one frequency (Goertzel with a Hann window). */
export function amplitude(samples: Float32Array, hz: number, rate: number): number {
  let re = 0;
  let im = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length);
    const angle = (2 * Math.PI * hz * i) / rate;
    re += (samples[i] ?? 0) * hann * Math.cos(angle);
    im += (samples[i] ?? 0) * hann * Math.sin(angle);
  }
  return (4 * Math.hypot(re, im)) / samples.length;
}

/** The lowest strong frequency of a pulse, in Hz, within half a hertz. */
export function fundamental(samples: Float32Array, rate: number): number {
  const step = 4;
  const spectrum: [hz: number, a: number][] = [];
  for (let hz = 100; hz <= 1200; hz += step) spectrum.push([hz, amplitude(samples, hz, rate)]);
  const loudest = Math.max(...spectrum.map(([, a]) => a));
  const at = spectrum.findIndex(([, a], i) => a > 0.5 * loudest && a >= (spectrum[i - 1]?.[1] ?? 0) && a >= (spectrum[i + 1]?.[1] ?? 0));
  const near = spectrum[at]?.[0] ?? 0;
  let best = near;
  for (let hz = near - step; hz <= near + step; hz += 0.5) if (amplitude(samples, hz, rate) > amplitude(samples, best, rate)) best = hz;
  return best;
}
