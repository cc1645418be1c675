// The bursts are measured from their samples, as a bench would, against the numbers of IEC 60601-1-8 (safety reference, 1.6).
import { describe, expect, it } from "vitest";
import { amplitude, fundamental, pulses } from "./measure";
import table from "./signals.fixture.json";
import { synthesise } from "./synth";
import { wanted } from "./wanted";

const RATE = 9000;
/** Half-way down its edges a pulse is as long as it counts; the detector sees a tenth, hence the tolerance. */
const SEEN_S = 0.02;

const NORM = {
  high: { pulses: 10, duration: [0.075, 0.2], spacing: [0.05, 0.125], pause: [2.5, 15] },
  medium: { pulses: 3, duration: [0.125, 0.25], spacing: [0.125, 0.25], pause: [2.5, 30] },
  low: { pulses: 2, duration: [0.125, 0.25], spacing: [0.125, 0.25], pause: [15, Infinity] },
} as const;

const between = (value: number, [low, high]: readonly [number, number], slack = SEEN_S): void => {
  expect(value).toBeGreaterThanOrEqual(low - slack);
  expect(value).toBeLessThanOrEqual(high + slack);
};

describe.each(["high", "medium", "low"] as const)("%s", (priority) => {
  const signal = table.priorities[priority];
  const norm = NORM[priority];
  describe.each(["general", "oxygen", "temperature"] as const)("%s", (melody) => {
    const notes = table.melodies[melody];
    const samples = synthesise(signal, notes, table.harmonics, RATE);
    const found = pulses(samples, RATE);
    it("has its pulses, as long and as far apart as the standard says", () => {
      expect(found).toHaveLength(norm.pulses);
      for (const p of found) between(p.durationS, norm.duration);
      const gaps = found.slice(1).map((p, i) => p.startS - (found[i]!.startS + found[i]!.durationS));
      if (priority !== "high") for (const gap of gaps) between(gap, norm.spacing);
      else {
        const usual = gaps.filter((_, i) => ![2, 4, 7].includes(i));
        for (const gap of usual) between(gap, norm.spacing);
        const x = usual.reduce((a, b) => a + b, 0) / usual.length;
        for (const i of [2, 7]) expect(gaps[i]).toBeCloseTo(2 * x + found[0]!.durationS, 1);
        between(gaps[4]!, [0.35, 1.3]);
      }
      between(signal.inter_burst_s, norm.pause, 0);
    });
    it("sounds at the fundamentals of its melody", () => {
      found.forEach((p, i) => {
        const hz = notes[signal.pulses[i]!.note]!;
        between(hz, [150, 1000], 0);
        expect(Math.abs(fundamental(p.samples, RATE) - hz)).toBeLessThan(4);
      });
    });
    it("has at least four harmonics between 300 and 4000 Hz within 15 dB of the fundamental", () => {
      for (const [i, p] of found.entries()) {
        const hz = notes[signal.pulses[i]!.note]!;
        const base = amplitude(p.samples, hz, RATE);
        const strong = [2, 3, 4, 5, 6, 7, 8].filter((n) => n * hz >= 300 && n * hz <= 4000 && Math.abs(20 * Math.log10(amplitude(p.samples, n * hz, RATE) / base)) <= 15);
        expect(strong.length).toBeGreaterThanOrEqual(4);
      }
    });
  });
});

describe("synthesise", () => {
  const one = { pulses: [{ start_s: 0, duration_s: 0.2, note: 0 }], burst_s: 0.2, edge_s: 0.02 };
  it("neither clips nor clicks", () => {
    const samples = synthesise(one, [440], table.harmonics, RATE);
    expect(Math.max(...samples.map(Math.abs))).toBeLessThanOrEqual(0.9);
    expect(Math.abs(samples[0]!) + Math.abs(samples.at(-1)!)).toBeLessThan(0.001);
  });
  it("refuses a note the melody does not have", () => expect(() => synthesise(one, [], table.harmonics, RATE)).toThrow("no note 0"));
  it("the measurement can fail: a pure tone has no harmonics, another tone another pitch", () => {
    const pure = synthesise(one, [440], [{ multiple: 1, level_db: 0 }], RATE);
    expect(20 * Math.log10(amplitude(pure, 880, RATE) / amplitude(pure, 440, RATE))).toBeLessThan(-30);
    expect(Math.abs(fundamental(pure, RATE) - 440)).toBeLessThan(4);
    expect(Math.abs(fundamental(pure, RATE) - 392)).toBeGreaterThan(20);
  });
});

describe("what sounds", () => {
  const high = { priority: "high", melody: "oxygen", paused_s: null } as const;
  it("follows the control process", () => expect(wanted(true, true, high, false)).toEqual({ priority: "high", melody: "oxygen" }));
  it("is silent while paused, and with no alarm", () => {
    expect(wanted(true, true, { ...high, paused_s: 60 }, false)).toBeNull();
    expect(wanted(true, true, { priority: null, melody: null, paused_s: null }, false)).toBeNull();
  });
  it("missing data sounds by itself, whatever was paused at the server", () => {
    expect(wanted(false, true, { ...high, paused_s: 60 }, false)).toEqual({ priority: "medium", melody: "general" });
    expect(wanted(false, true, high, true)).toBeNull();
    expect(wanted(false, false, null, false)).toBeNull();
  });
});
