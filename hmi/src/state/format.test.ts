import { describe, expect, it } from "vitest";
import { age, fill, number, UNKNOWN } from "./format";

describe("number", () => {
  it("writes the real minus sign", () => {
    expect(number(-110.24, 1)).toBe("\u2212110.2");
  });
  it("has no minus zero", () => {
    expect(number(-0.04, 1)).toBe("0.0");
  });
  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])("%s is unknown, not zero", (value) => {
    expect(number(value, 1)).toBe(UNKNOWN);
  });
  it("keeps zero a number", () => {
    expect(number(0, 1)).toBe("0.0");
  });
});

describe("age", () => {
  it.each([
    [0.34, "0.3 s"],
    [42, "42 s"],
    [300, "5 min"],
    [10800, "3 h"],
  ])("%d s", (s, text) => expect(age(s)).toBe(text));
});

describe("fill", () => {
  it("puts numbers with the real minus sign", () => {
    expect(fill("{a} and {b}", { a: -60.25, b: 3 })).toBe("\u221260.3 and 3");
  });
  it("leaves an unknown name visible", () => {
    expect(fill("wait for {x}", {})).toBe("wait for {x}");
  });
  it("leaves out a bracket whose number is missing", () => {
    expect(fill("Cooling.[ Ready in {eta}.]", {})).toBe("Cooling.");
    expect(fill("Cooling.[ Ready in {eta}.]", { eta: "5 min" })).toBe("Cooling. Ready in 5 min.");
  });
});
