import { describe, expect, it } from "vitest";
import { steady } from "./steady";

describe("a steady number", () => {
  it("keeps its last digit for the second in which it was written", () => {
    const show = steady();
    expect([-110.2, -110.3, -110.1, -110.3].map((v) => show(v, 0.1, 7))).toEqual([-110.2, -110.2, -110.2, -110.2]);
    expect(show(-110.3, 0.1, 8)).toBe(-110.3);
  });
  it("shows a real change at once, and goes on from there", () => {
    const show = steady();
    show(20.9, 0.1, 7);
    expect([20.8, 20.7, 20.6, 20.4].map((v) => show(v, 0.1, 7))).toEqual([20.9, 20.7, 20.7, 20.4]);
  });
  it("never keeps a number for a value that is not known, nor the dash for one that is", () => {
    const show = steady();
    show(20.9, 0.1, 7);
    expect(show(null, 0.1, 7)).toBeNull();
    expect(show(20.9, 0.1, 7)).toBe(20.9);
  });
  it("counts in steps", () => {
    const show = steady();
    show(100, 1, 7);
    expect(show(101, 1, 7)).toBe(100);
    expect(show(102, 1, 7)).toBe(102);
  });
});
