import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { announcement, COUNT_FROM_S, MARKS_S } from "./announce";
import { doorView, type DoorFacts } from "./door-view";
import { insideView, type InsideFacts, type InsideView } from "./inside-view";

const inside: InsideFacts = { fresh: true, state: "EXPOSURE", voice: "silent", phase: "exposure", seen: true, leftS: 95 };
const door: DoorFacts = { fresh: true, plc: "ok", entry: "allowed", oxygenPct: 20.9, floorPct: 20.8 };

describe("inside", () => {
  it("shows the time left", () => expect(insideView(inside)).toEqual({ kind: "stay", leftS: 95, breathe: "out" }));
  it("never shows a time on stale data", () => expect(insideView({ ...inside, fresh: false })).toEqual({ kind: "unknown" }));
  it.each(["EXIT", "EVACUATE", "ESTOP"])("%s: leave, whatever the session says", (state) => expect(insideView({ ...inside, state }).kind).toBe("leave"));
  it.each(["leave_now", "evacuate"])("says what the voice says: %s", (voice) => expect(insideView({ ...inside, voice })).toMatchObject({ kind: "leave", danger: true }));
  it("the ordinary end is no danger", () => expect(insideView({ ...inside, state: "EXIT", voice: "leave_now", phase: "exit" })).toMatchObject({ kind: "leave", danger: false }));
  it("somebody inside without a session must leave", () => expect(insideView({ ...inside, state: "READY", phase: null })).toMatchObject({ kind: "leave", danger: true }));
  it("rests when nobody is inside", () => expect(insideView({ ...inside, state: "READY", phase: null, seen: false })).toEqual({ kind: "rest" }));
  it("sends on into the main room with the voice", () => expect(insideView({ ...inside, state: "PRE_CHAMBER", phase: "pre_chamber", voice: "go_to_main" })).toEqual({ kind: "go" }));
  it("breathes 4 s in, 6 s out, and out at the end", () => {
    const cue = Array.from({ length: 20 }, (_, s) => insideView({ ...inside, leftS: s })).map((v) => ("breathe" in v ? v.breathe : ""));
    expect(cue).toEqual([...Array(6).fill("out"), ...Array(4).fill("in"), ...Array(6).fill("out"), ...Array(4).fill("in")]);
  });
});

describe("announcements", () => {
  const stay = (leftS: number): InsideView => ({ kind: "stay", leftS, breathe: "out" });
  const said = (from: number, to: number): string[] => {
    const words: string[] = [];
    for (let s = from; s > to; s -= 1) {
      const word = announcement(stay(s), stay(s - 1), 0, 0);
      if (word !== null) words.push(word);
    }
    return words;
  };
  it("counts each half minute and the last ten seconds, each once", () =>
    expect(said(180, 0)).toEqual(["left_150", "left_120", "left_90", "left_60", "left_30", ...[10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => `count_${n}`)]));
  it("says nothing untrue after a gap", () => {
    expect(announcement(stay(100), stay(55), 0, 0)).toBeNull();
    expect(announcement(stay(61), stay(59), 0, 0)).toBe("left_60");
    expect(announcement({ kind: "unknown" }, stay(60), 0, 0)).toBeNull();
  });
  it("repeats the call to leave every 6 s while somebody may be inside", () => {
    const leave = insideView({ ...inside, state: "EXIT", phase: "exit" });
    const empty = insideView({ ...inside, state: "EXIT", phase: "exit", seen: false });
    expect(announcement(stay(1), leave, 1000, 0)).toBe("leave_now");
    expect(announcement(leave, leave, 6999, 1000)).toBeNull();
    expect(announcement(leave, leave, 7000, 1000)).toBe("leave_now");
    expect(announcement(empty, empty, 90000, 1000)).toBeNull();
    expect(announcement(leave, insideView({ ...inside, voice: "evacuate" }), 1001, 1000)).toBe("evacuate");
  });
  it("every word it can say is shipped in every language", () => {
    const index = JSON.parse(readFileSync(new URL("../../public/voice/index.json", import.meta.url), "utf8")) as Record<string, Record<string, unknown>>;
    const words = ["welcome", "wait", "go_to_main", "leave_now", "evacuate", ...MARKS_S.map((m) => `left_${m}`), ...Array.from({ length: COUNT_FROM_S }, (_, i) => `count_${i + 1}`)];
    for (const lang of ["en", "de", "pl"]) expect([lang, words.filter((w) => index[lang]?.[w] === undefined)]).toEqual([lang, []]);
  });
});

describe("door", () => {
  it("may be entered only when everything is known and good", () => expect(doorView(door)).toEqual({ enter: true }));
  it.each<[Partial<DoorFacts>, string]>([
    [{ fresh: false }, "no_data"],
    [{ plc: "silent" }, "plc_silent"],
    [{ plc: null }, "plc_silent"],
    [{ oxygenPct: null }, "oxygen_unknown"],
    [{ floorPct: null }, "oxygen_unknown"],
    [{ entry: "do_not_enter" }, "refused"],
    [{ entry: null }, "refused"],
  ])("%o: do not enter", (change, reason) => expect(doorView({ ...door, ...change })).toEqual({ enter: false, reason }));
});
