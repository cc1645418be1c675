import { afterEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../api/types";
import { section } from "../state/store";
import { alarmTitle, guidanceText, reasonText, stateName, t } from ".";
import { en } from "./en";
import { codeText, outputText } from "./facts";
import * as tables from "./facts.data";
import { LANGUAGES, setLanguage } from "./language";
import { ONE_ROOM } from "./one-room";

/** What no text for a cabin may speak of. */
const ROOMS = /both rooms|pre-chamber|main room|inner door|outer door|beide Kammern|Vorkammer|Hauptkammer|Innentür|Außentür|obu komór|przedsion|komor[aęy] główn|drzwi (ze|we)wn/i;

function device(rooms: 1 | 2): void {
  section("main").value = {} as Snapshot["main"];
  section("pre").value = rooms === 2 ? ({} as NonNullable<Snapshot["pre"]>) : null;
}

afterEach(() => {
  section("main").value = null;
  setLanguage("en");
});

describe("a device with one room", () => {
  it.each(LANGUAGES)("has the same keys in %s as in English, and speaks of no second room", (l) => {
    for (const part of ["ui", "states", "guidance", "reasons", "alarmTexts"] as const) {
      expect([part, Object.keys(ONE_ROOM[l][part]).filter((k) => k !== "in_rest").sort()]).toEqual([part, Object.keys(ONE_ROOM.en[part]).sort()]);
      expect(JSON.stringify(ONE_ROOM[l][part])).not.toMatch(ROOMS);
    }
    expect(Object.values(ONE_ROOM[l].facts).join()).not.toMatch(ROOMS);
    expect(Object.keys(ONE_ROOM[l].facts)).toHaveLength(Object.keys(ONE_ROOM.en.facts).length);
  });
  it("calls by another word only what the tables of facts really say", () => {
    const said = new Set(Object.values(tables).flatMap((table) => Object.values(table as Record<string, readonly string[]>).flat()));
    for (const l of LANGUAGES) for (const word of Object.keys(ONE_ROOM[l].facts)) expect([word, said.has(word)]).toEqual([word, true]);
  });
  it.each(LANGUAGES)("is guided in %s without a word of what it does not have", (l) => {
    device(1);
    setLanguage(l);
    for (const code of Object.keys(en.guidance)) {
      if (code === "pre_chamber" || code === "guests_go_to_main") continue; // its pre-chamber lasts one scan
      expect(guidanceText({ code, text: "", params: { persons: 1, door: "outer", left_s: 1, done: 1, total: 2, cause: "OVERCOLD", to_c: 30 }, command: null })).not.toMatch(ROOMS);
    }
    const ui = Object.keys(en.ui).filter((k) => k !== "pre_chamber" && k !== "pre_left" && k !== "in_go");
    for (const key of ui) expect([key, ROOMS.test(t(key as keyof typeof en.ui))]).toEqual([key, false]);
    expect(stateName("PRE_CHAMBER")).not.toMatch(ROOMS);
    expect(outputText("TCV-101") + String(codeText("main"))).not.toMatch(ROOMS);
  });
  it("takes back its words where there are two rooms", () => {
    device(1);
    expect([t("main_room"), alarmTitle({ id: "OVERCOLD", title: "Too cold inside" })]).toEqual(["Cabin", "Supply gas too cold"]);
    expect(reasonText({ code: "door_not_shut", text: "The inner door is not shut.", params: { door: "inner" } })).toBe("The door is not shut.");
    device(2);
    expect([t("main_room"), alarmTitle({ id: "OVERCOLD", title: "Too cold inside" })]).toEqual(["Main room", "Too cold inside"]);
  });
});
