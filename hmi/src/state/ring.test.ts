import { expect, it } from "vitest";
import { Ring } from "./ring-buffer";

it("keeps the newest values, oldest first, gaps as null", () => {
  const ring = new Ring(3);
  expect(ring.list()).toEqual([]);
  for (const v of [1, 2, null, 4]) ring.push(v);
  expect(ring.list()).toEqual([2, null, 4]);
});
