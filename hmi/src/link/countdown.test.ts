import { describe, expect, it } from "vitest";
import { clock, remaining } from "./countdown";

const anchor = { monoS: 100, atMs: 5000 };

describe("remaining", () => {
  it("runs on between frames", () => {
    expect(remaining(73, anchor, 5400, true)).toBeCloseTo(72.6);
  });
  it("is never negative and never runs backwards before the frame", () => {
    expect(remaining(0.2, anchor, 6000, true)).toBe(0);
    expect(remaining(10, anchor, 4000, true)).toBe(10);
  });
  it.each([
    ["stale data", 73, anchor, false],
    ["nothing left to count", null, anchor, true],
    ["no frame yet", 73, null, true],
  ])("is unknown with %s", (_name, left, at, fresh) => {
    expect(remaining(left, at, 5400, fresh)).toBeNull();
  });
});

describe("clock", () => {
  it.each([
    [180, "3:00"],
    [73, "1:13"],
    [72.001, "1:13"],
    [59.2, "1:00"],
    [0.1, "0:01"],
    [0, "0:00"],
  ])("%d s is %s", (seconds, text) => {
    expect(clock(seconds)).toBe(text);
  });
  it("shows dashes for unknown", () => {
    expect(clock(null)).not.toMatch(/\d/);
  });
});
