import { describe, expect, it } from "vitest";
import type { AlarmView } from "../api/types";
import { grouped, ordered, unacknowledged } from "./order";

const alarm = (id: string, priority: AlarmView["priority"], since: string, more: Partial<AlarmView> = {}): AlarmView => ({
  id, priority, since: `2026-01-01T00:00:${since}Z`, state: "unack", title: id, detail: "", action: "", first_out: false, count: 1, active: true, melody: "general", under: null, ...more,
});

describe("ordered", () => {
  it("puts the highest priority first, whatever came last", () => {
    const list = [alarm("low", "low", "09"), alarm("high", "high", "01"), alarm("medium", "medium", "05")];
    expect(ordered(list).map((a) => a.id)).toEqual(["high", "medium", "low"]);
  });
  it("puts the first cause before its followers and the unacknowledged before the acknowledged", () => {
    const list = [alarm("acked", "high", "09", { state: "ack" }), alarm("new", "high", "02"), alarm("root", "high", "01", { first_out: true })];
    expect(ordered(list).map((a) => a.id)).toEqual(["root", "new", "acked"]);
  });
});

describe("grouped", () => {
  it("hangs the consequences under their first cause and leaves the others alone", () => {
    const list = [
      alarm("older", "medium", "01"), alarm("root", "high", "05", { first_out: true }),
      alarm("b", "high", "07", { under: "root" }), alarm("a", "low", "06", { under: "root" }),
    ];
    const groups = grouped(list);
    expect(groups.map((g) => g.first.id)).toEqual(["root", "older"]);
    expect(groups[0]?.following.map((a) => a.id)).toEqual(["a", "b"]);
  });
  it("shows a consequence even when its first cause is not in the list", () => {
    expect(grouped([alarm("a", "low", "06", { under: "root" })]).map((g) => g.first.id)).toEqual(["a"]);
  });
  it("groups nothing without a first cause", () => {
    expect(grouped([alarm("a", "high", "01"), alarm("b", "low", "02")]).every((g) => g.following.length === 0)).toBe(true);
  });
});

describe("unacknowledged", () => {
  it.each([
    ["unack", true],
    ["rtn_unack", true],
    ["latched_unack", true],
    ["ack", false],
    ["latched_ack", false],
  ])("%s: %s", (state, expected) => expect(unacknowledged(alarm("x", "low", "01", { state }))).toBe(expected));
});
