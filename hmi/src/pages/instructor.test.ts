import { describe, expect, it } from "vitest";
import { TEXTS } from "./instructor-texts";

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? "").sort();

describe.each(["de", "pl"] as const)("%s", (language) => {
  it("has every text of the instructor's page, with the same places", () => {
    for (const [key, text] of Object.entries(TEXTS.en)) {
      const own: Record<string, string> = TEXTS[language];
      expect([key, places(own[key] ?? "")]).toEqual([key, places(text)]);
      expect(own[key]).not.toBe("");
    }
  });
});
