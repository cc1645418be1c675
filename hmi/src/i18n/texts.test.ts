import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { de } from "./de";
import { ALARM_IDS, en } from "./en";
import { pl } from "./pl";

const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? "").sort();

describe.each([
  ["pl", pl],
  ["de", de],
])("%s", (_name, dict) => {
  it("names the same parameters as English in every text", () => {
    for (const part of ["ui", "guidance"] as const) {
      const own: Record<string, string> = dict[part];
      for (const [key, text] of Object.entries(en[part])) expect([key, names(own[key] ?? "")]).toEqual([key, names(text)]);
    }
  });
  it("has no empty text", () => {
    for (const text of [...Object.values(dict.ui), ...Object.values(dict.guidance), ...Object.values(dict.states)]) expect(text).not.toBe("");
    for (const id of ALARM_IDS) expect(dict.alarmTexts[id].title.length * dict.alarmTexts[id].action.length).toBeGreaterThan(0);
  });
});

/** Keys of a dictionary written in the Python source: the one list of codes that leave the core. */
function codes(file: string, pattern: RegExp): string[] {
  const source = readFileSync(new URL(`../../../chamber/${file}`, import.meta.url), "utf8");
  return [...source.matchAll(pattern)].map((m) => m[1] ?? "");
}

describe("codes of the control process", () => {
  const texts = readFileSync(new URL("../../../chamber/texts.py", import.meta.url), "utf8");
  const part = (name: string): string[] => {
    const body = texts.slice(texts.indexOf(`${name}: dict`)).split("\n}")[0] ?? "";
    return [...body.matchAll(/^ {4}"(\w+)":/gm)].map((m) => m[1] ?? "");
  };

  it("all have a guidance sentence in every language", () => {
    const known = part("GUIDANCE");
    expect(known.length).toBeGreaterThan(20);
    for (const code of known) for (const dict of [en, pl, de]) expect(dict.guidance).toHaveProperty(code);
  });
  it("all reasons are translated", () => {
    const known = part("REASONS");
    expect(known.length).toBeGreaterThan(20);
    for (const code of known) for (const dict of [pl, de]) expect(dict.reasons).toHaveProperty(code);
  });
  it("all alarms are translated [SRS-ALM-001]", () => {
    const known = codes("alarm_list.py", /AlarmInfo\("([A-Z0-9-]+)"/g);
    expect(known.length).toBeGreaterThan(20);
    for (const id of known) expect(ALARM_IDS).toContain(id);
  });
});
