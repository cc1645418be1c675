import { describe, expect, it } from "vitest";
import { asPage } from "./instructor-save";
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

describe("a saved report", () => {
  it("is a page of its own, whatever the chamber is called", () => {
    const page = asPage("A & B <1>", "pl", "<p>x</p>");
    expect(page).toContain("<title>A &amp; B &lt;1></title>");
    expect(page).toContain('<html lang="pl">');
    expect(page).toContain("<p>x</p></html>");
    expect(page).not.toMatch(/src=|href=|<script/);
  });
});
