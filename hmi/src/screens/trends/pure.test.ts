import { describe, expect, it } from "vitest";
import { csv } from "./csv";
import { bounds, LONGEST_S, pan, SHORTEST_S, zoom, type Range } from "./range";

const NOW = 1_000_000;
const hour: Range = { live: true, seconds: 3600 };

describe("range", () => {
  it("follows the clock while live", () => expect(bounds(hour, NOW)).toEqual({ from: NOW - 3600, to: NOW }));
  it("pans by its own length and stands still then", () => expect(pan(hour, -0.5, NOW)).toEqual({ live: false, from: NOW - 5400, to: NOW - 1800 }));
  it("never shows the future", () => {
    expect(pan(hour, 3, NOW)).toEqual({ live: false, from: NOW - 3600, to: NOW });
    expect(bounds(zoom({ live: false, from: NOW - 100, to: NOW - 10 }, 100, NOW - 90, NOW), NOW).to).toBe(NOW);
  });
  it("zooms around the point that is touched", () => expect(zoom({ live: false, from: 0, to: 1000 }, 0.5, 250, NOW)).toEqual({ live: false, from: 125, to: 625 }));
  it("has a shortest and a longest window", () => {
    const short = bounds(zoom(hour, 1e-9, NOW - 10, NOW), NOW);
    const long = bounds(zoom(hour, 1e9, NOW - 10, NOW), NOW);
    expect(short.to - short.from).toBeCloseTo(SHORTEST_S);
    expect(long.to - long.from).toBeCloseTo(LONGEST_S);
  });
});

describe("csv", () => {
  it("writes UTC times, decimal points, empty cells for unknown values", () =>
    expect(csv([0, 1.5], [{ name: "TT-101", values: [-110.1234, null] }], false)).toBe("time_utc,TT-101\r\n1970-01-01T00:00:00.000Z,-110.123\r\n1970-01-01T00:00:01.500Z,\r\n"));
  it("counts seconds of a session", () => expect(csv([0, 1], [{ name: "a", values: [1, 2] }], true)).toBe("t_s,a\r\n0,1\r\n1,2\r\n"));
  it("quotes what would break the table or start a formula", () => expect(csv([], [{ name: 'x,"y"', values: [] }, { name: "=1+1", values: [] }], true)).toBe('t_s,"x,""y""",\'=1+1\r\n'));
});
