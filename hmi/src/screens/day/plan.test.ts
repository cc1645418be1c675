import { describe, expect, it } from "vitest";
import { AROUND_S, lengthS, nextFree, plan, TOGETHER_S, type Planned } from "./plan";

const programs = new Map([["standard", { pre_chamber_s: 30, exposure_s: 180 }]]);
const takes = lengthS(programs.get("standard")!);
const at = (id: number, startS: number, persons = 2): Planned => ({ id, startS, program: "standard", persons });
const NOW = 1_000_000;

describe("plan", () => {
  it("asks nothing of a day that fits", () => expect(plan([at(1, NOW), at(2, NOW + takes)], programs, NOW, 4, 100)).toEqual({ persons: 4, needKg: 16, advice: [] }));
  it("names what is too close, and when it could begin", () => expect(plan([at(1, NOW), at(2, NOW + takes - 1)], programs, NOW, null, null).advice).toEqual([{ kind: "too_close", id: 2, earliestS: NOW + takes }]));
  it("one delay pushes the next", () => expect(plan([at(1, NOW), at(2, NOW + 60), at(3, NOW + takes + 60)], programs, NOW, null, null).advice.map((a) => a.kind)).toEqual(["too_close", "too_close"]));
  it("advises to close a long gap", () => {
    expect(plan([at(1, NOW), at(2, NOW + takes + TOGETHER_S)], programs, NOW, null, null).advice).toEqual([]);
    expect(plan([at(1, NOW), at(2, NOW + takes + TOGETHER_S + 60)], programs, NOW, null, null).advice).toEqual([{ kind: "gap", id: 2, gapS: TOGETHER_S + 60, earliestS: NOW + takes }]);
  });
  it("says when the nitrogen is not enough", () => expect(plan([at(1, NOW, 3)], programs, NOW, 5, 14.9).advice).toEqual([{ kind: "nitrogen", needKg: 15, haveKg: 14.9 }]));
  it("does not guess a use that was never measured", () => expect(plan([at(1, NOW)], programs, NOW, null, 1).needKg).toBeNull());
  it("forgets what is over", () => expect(plan([at(1, NOW - AROUND_S - 1), at(2, NOW)], programs, NOW, 4, 100).persons).toBe(2));
});

describe("nextFree", () => {
  it("goes to the next whole five minutes", () => expect(nextFree([], programs, "standard", 301)).toBe(600));
  it("finds the place behind, between and never on top of others", () => {
    const day = [at(1, 600), at(2, 600 + 900)];
    expect(nextFree(day, programs, "standard", 600)).toBe(2100);
    expect(nextFree([at(1, 600), at(2, 6000)], programs, "standard", 600)).toBe(1200);
  });
});
