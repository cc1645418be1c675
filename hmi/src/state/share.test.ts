import { describe, expect, it } from "vitest";
import { share } from "./share";

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const room = { t: -110.2, door: { state: "shut", since: null }, list: [{ a: 1 }, { b: [1, 2] }] };

describe("share", () => {
  it("is the old object when nothing differs", () => {
    expect(share(room, copy(room))).toBe(room);
  });

  it("keeps the parts that did not change and shows the one that did", () => {
    const next = share(room, { ...copy(room), t: -110.1 });
    expect(next).toEqual({ ...room, t: -110.1 });
    expect(next.door).toBe(room.door);
    expect(next.list).toBe(room.list);
  });

  it("looks into lists entry by entry", () => {
    const later = copy(room);
    (later.list[0] as { a: number }).a = 2;
    const next = share(room, later);
    expect(next.list).not.toBe(room.list);
    expect(next.list[0]).toEqual({ a: 2 });
    expect(next.list[1]).toBe(room.list[1]);
  });

  it.each([
    ["a key more", { a: 1 }, { a: 1, b: 2 }],
    ["a key less", { a: 1, b: 2 }, { a: 1 }],
    ["another key", { a: 1 }, { b: 1 }],
    ["an entry less", [1, 2], [1]],
    ["an entry more", [1], [1, 2]],
    ["null for an object", { a: {} }, { a: null }],
    ["an object for null", null, { a: 1 }],
    ["a list for an object", { 0: 1 }, [1]],
    ["an object for a list", [1], { 0: 1 }],
    ["the sign of zero", [0], [-0]],
    ["another type", { v: 1 }, { v: "1" }],
    ["unknown for a value", { v: true }, { v: null }],
  ])("never hides %s", (_name, old, next) => {
    expect(share(old, copy(next))).toEqual(copy(next));
  });
});
