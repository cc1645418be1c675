import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HttpError } from "../api/http";
import { reads, RETRY_MS } from "./reads";

const EVERY_MS = 10_000;
const silent = new HttpError(0, "", "");
const broken = new HttpError(503, "storage", "");
let answers: (string | HttpError)[];
let found: string[];
let told: unknown[];
let asked: number;

/** The next answer; the last one for ever. */
const ask = (): Promise<string> => {
  const answer = (answers.length > 1 ? answers.shift() : answers[0]) as string | HttpError;
  asked += 1;
  return typeof answer === "string" ? Promise.resolve(answer) : Promise.reject(answer);
};
const start = (everyMs: number | null) => reads(ask, (x) => found.push(x), everyMs, (e) => told.push(e));
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("reads", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    [answers, found, told, asked] = [[], [], [], 0];
  });
  afterEach(() => void vi.useRealTimers());

  it("asks at once and goes on", async () => {
    answers = ["a", "b"];
    start(EVERY_MS);
    await pass(0);
    expect(found).toEqual(["a"]);
    await pass(EVERY_MS);
    expect(found).toEqual(["a", "b"]);
  });

  it("asks again soon when nobody answered, and says nothing of it", async () => {
    answers = [silent, silent, "a"];
    start(EVERY_MS);
    await pass(2 * RETRY_MS);
    expect([found, told]).toEqual([["a"], []]);
  });

  it("what is read once is asked until it is here, and no more", async () => {
    answers = [silent, broken, "a"];
    start(null);
    await pass(100 * EVERY_MS);
    expect([found, asked]).toEqual([["a"], 3]);
  });

  it("tells a lasting failure once, and the next one again", async () => {
    answers = [broken, broken, "a", broken];
    start(EVERY_MS);
    await pass(2 * RETRY_MS);
    expect([found, told.length]).toEqual([["a"], 1]);
    await pass(EVERY_MS);
    expect(told.length).toBe(2);
  });

  it("uses no answer that comes after it was stopped", async () => {
    answers = ["a"];
    start(EVERY_MS)();
    await pass(EVERY_MS);
    expect([found, asked]).toEqual([[], 1]);
  });
});
