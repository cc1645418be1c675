import { describe, expect, it } from "vitest";
import { doorView, type DoorFacts } from "./door-view";
import { insideView, type InsideFacts } from "./inside-view";

const inside: InsideFacts = { fresh: true, state: "EXPOSURE", voice: "silent", phase: "exposure", seen: true, leftS: 95 };
const door: DoorFacts = { fresh: true, plc: "ok", entry: "allowed", oxygenPct: 20.9, floorPct: 20.8 };

describe("inside", () => {
  it("shows the time left", () => expect(insideView(inside)).toEqual({ kind: "stay", leftS: 95, breathe: "out" }));
  it("never shows a time on stale data", () => expect(insideView({ ...inside, fresh: false })).toEqual({ kind: "unknown" }));
  it.each(["EXIT", "EVACUATE", "ESTOP"])("%s: leave, whatever the session says", (state) => expect(insideView({ ...inside, state }).kind).toBe("leave"));
  it.each(["leave_now", "evacuate"])("says what the voice says: %s", (voice) => expect(insideView({ ...inside, voice })).toEqual({ kind: "leave", danger: true }));
  it("the ordinary end is no danger", () => expect(insideView({ ...inside, state: "EXIT", voice: "leave_now", phase: "exit" })).toEqual({ kind: "leave", danger: false }));
  it("somebody inside without a session must leave", () => expect(insideView({ ...inside, state: "READY", phase: null })).toEqual({ kind: "leave", danger: true }));
  it("rests when nobody is inside", () => expect(insideView({ ...inside, state: "READY", phase: null, seen: false })).toEqual({ kind: "rest" }));
  it("sends on into the main room with the voice", () => expect(insideView({ ...inside, state: "PRE_CHAMBER", phase: "pre_chamber", voice: "go_to_main" })).toEqual({ kind: "go" }));
  it("breathes 4 s in, 6 s out, and out at the end", () => {
    const cue = Array.from({ length: 20 }, (_, s) => insideView({ ...inside, leftS: s })).map((v) => ("breathe" in v ? v.breathe : ""));
    expect(cue).toEqual([...Array(6).fill("out"), ...Array(4).fill("in"), ...Array(6).fill("out"), ...Array(4).fill("in")]);
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
