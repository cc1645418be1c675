import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Snapshot } from "../api/types";
import { BACKOFF_MS, DEAD_SOCKET_MS, Stream, type Freshness, type SocketLike } from "./stream";

class FakeSocket implements SocketLike {
  sent: Record<string, unknown>[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  kinds(): unknown[] {
    return this.sent.map((m) => m["type"]).filter((kind) => kind !== "panel");
  }
}

const SNAPSHOT = { seq: 1, boot_id: "a", main: { temperature_c: -110 }, tags: { "TT-101": { v: -108 }, "TT-102": { v: -110 } } } as unknown as Snapshot;
const whole = (seq: number, ageMs = 0): object => ({ type: "snapshot", seq, server_time: "", mono_s: 5, ages: { snapshot_ms: ageMs, plc_ms: 0 }, snapshot: SNAPSHOT });
const changes = (seq: number, set: object = {}, remove: string[] = []): object => ({ type: "changes", seq, server_time: "", mono_s: 6, ages: { snapshot_ms: 0, plc_ms: 0 }, set, remove });

let sockets: FakeSocket[];
let seen: Freshness[];
let snapshots: Snapshot[];
let stream: Stream;
const last = (): FakeSocket => sockets[sockets.length - 1] as FakeSocket;
const freshness = (): Freshness | undefined => seen[seen.length - 1];

function joined(): FakeSocket {
  const socket = last();
  socket.onopen?.();
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  seen = [];
  snapshots = [];
  stream = new Stream(
    () => {
      sockets.push(new FakeSocket());
      return last();
    },
    () => Date.now(),
    () => true,
    { snapshot: (s) => snapshots.push(s), freshness: (f) => seen.push(f), command: () => undefined },
  );
  stream.start();
});

afterEach(() => {
  stream.stop();
  vi.useRealTimers();
});

describe("freshness", () => {
  it("has no data before the first snapshot", () => {
    vi.advanceTimersByTime(100);
    expect(freshness()).toBe("none");
  });

  it("is live up to 500 ms of silence, slow after it, without data after 1 s [SRS-HMI-001]", () => {
    joined().say(whole(1));
    expect(freshness()).toBe("live");
    vi.advanceTimersByTime(500);
    expect(freshness()).toBe("live");
    vi.advanceTimersByTime(100);
    expect(freshness()).toBe("slow");
    vi.advanceTimersByTime(400);
    expect(freshness()).toBe("slow");
    vi.advanceTimersByTime(100);
    expect(freshness()).toBe("none");
  });

  it("counts the age the server tells: a fresh message with old data is old data [SRS-HMI-001]", () => {
    joined().say(whole(1, 700));
    expect(freshness()).toBe("slow");
  });

  it("knows a frame that waited on its way by the server's clock, although it looks new [SRS-HMI-001] [SRS-HMI-003]", () => {
    const socket = joined();
    const frame = (n: number): object => ({ ...changes(n), mono_s: 5 + n / 10 }); // a scan every 100 ms
    socket.say({ ...whole(1), mono_s: 5.1 });
    for (let n = 2; n <= 10; n += 1) {
      vi.advanceTimersByTime(100);
      socket.say(frame(n));
    }
    expect(freshness()).toBe("live");
    vi.advanceTimersByTime(3000); // the line stalls; then everything that waited comes at once
    for (let n = 11; n <= 29; n += 1) {
      socket.say(frame(n));
      expect(freshness()).toBe("none");
    }
    for (let n = 30; n <= 34; n += 1) {
      socket.say(frame(n));
      expect(freshness()).toBe("slow");
    }
    for (let n = 35; n <= 40; n += 1) {
      socket.say(frame(n));
      expect(freshness()).toBe("live");
    }
  });

  it("takes the clock of a control process that started anew, and two clocks that drift apart", () => {
    const socket = joined();
    socket.say({ ...whole(1), mono_s: 9000 });
    vi.advanceTimersByTime(100);
    socket.say({ ...whole(2), mono_s: 3, snapshot: { ...SNAPSHOT, boot_id: "b" } });
    expect(freshness()).toBe("live");
    for (let n = 3; n < 40_000; n += 1) {
      vi.advanceTimersByTime(100);
      socket.say({ ...changes(n), mono_s: 3 + (n - 2) * 0.099_99 }); // 100 ppm slow: 0.4 s in that time
    }
    expect(freshness()).toBe("live");
    expect(seen.slice(1).every((f) => f === "live")).toBe(true);
  });

  it("keeps ageing while the server says that the control process is silent", () => {
    const socket = joined();
    socket.say(whole(1));
    for (let i = 0; i < 8; i += 1) {
      vi.advanceTimersByTime(200);
      socket.say({ type: "no_data", server_time: "", ages: { snapshot_ms: 200 * i } });
    }
    expect(freshness()).toBe("none");
    expect(sockets).toHaveLength(1); // the line itself is good
  });

  it("comes back with the next snapshot", () => {
    const socket = joined();
    socket.say(whole(1));
    vi.advanceTimersByTime(1500);
    expect(freshness()).toBe("none");
    socket.say(changes(2));
    expect(freshness()).toBe("live");
  });
});

describe("sequence", () => {
  it("applies changes to sections and to entries of tables", () => {
    const socket = joined();
    socket.say(whole(1));
    socket.say(changes(2, { "tags/TT-101": { v: -107 }, main: { temperature_c: -109 } }, ["tags/TT-102"]));
    const now = snapshots[1] as unknown as { main: unknown; tags: unknown };
    expect(now.tags).toEqual({ "TT-101": { v: -107 } });
    expect(now.main).toEqual({ temperature_c: -109 });
    expect(snapshots[0]?.tags).toHaveProperty("TT-102"); // the older one is untouched
  });

  it("asks for a snapshot at a gap and uses no change until it is there [SRS-HMI-003]", () => {
    const socket = joined();
    socket.say(whole(1));
    socket.say(changes(3));
    expect(socket.kinds()).toEqual(["resync"]);
    socket.say(changes(4));
    expect(snapshots).toHaveLength(1);
    socket.say(whole(5));
    socket.say(changes(6));
    expect(snapshots).toHaveLength(3);
    expect(socket.kinds()).toEqual(["resync"]);
  });

  it("ignores what it cannot read", () => {
    const socket = joined();
    socket.onmessage?.({ data: "{" });
    socket.onmessage?.({ data: "null" });
    socket.say({ type: "other" });
    expect(snapshots).toHaveLength(0);
  });
});

describe("reconnecting", () => {
  it("never gives up and never waits longer than 2 s", () => {
    for (let i = 0; i < 40; i += 1) {
      last().onclose?.();
      const before = sockets.length;
      vi.advanceTimersByTime(BACKOFF_MS[Math.min(i, BACKOFF_MS.length - 1)] as number);
      expect(sockets).toHaveLength(before + 1);
    }
    expect(Math.max(...BACKOFF_MS)).toBe(2000);
  });

  it("starts with short waits again after a good connection", () => {
    for (let i = 0; i < 6; i += 1) {
      last().onclose?.();
      vi.advanceTimersByTime(2000);
    }
    joined().say(whole(1));
    const before = sockets.length;
    last().onclose?.();
    vi.advanceTimersByTime(100);
    expect(sockets).toHaveLength(before + 1);
  });

  it("drops a socket that says nothing although it claims to be open", () => {
    const first = joined();
    first.say(whole(1));
    vi.advanceTimersByTime(DEAD_SOCKET_MS + 300);
    expect(first.closed).toBe(true);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("takes nothing from a socket it has left", () => {
    const old = joined();
    const handler = old.onmessage;
    old.onclose?.();
    vi.advanceTimersByTime(100);
    handler?.({ data: JSON.stringify(whole(1)) });
    expect(snapshots).toHaveLength(0);
  });

  it("needs a whole snapshot after a reconnect before it takes changes", () => {
    joined().say(whole(7));
    last().onclose?.();
    vi.advanceTimersByTime(100);
    const socket = joined();
    socket.say(changes(8));
    expect(snapshots).toHaveLength(1);
  });
});

describe("stop", () => {
  it("goes over the socket also while the data is stale [SRS-HMI-002]", () => {
    const socket = joined();
    vi.advanceTimersByTime(2000);
    expect(freshness()).toBe("none");
    expect(stream.urgent("stop", "id-1")).toBe(true);
    expect(socket.sent).toContainEqual({ type: "stop", id: "id-1" });
  });

  it("says that the socket way is closed when it is", () => {
    expect(stream.urgent("evacuate", "id-2")).toBe(false);
  });
});

it("tells the server every second that the page lives", () => {
  const socket = joined();
  socket.say(whole(1));
  for (let i = 2; i < 40; i += 1) {
    vi.advanceTimersByTime(100);
    socket.say(changes(i));
  }
  const beats = socket.sent.filter((m) => m["type"] === "panel");
  expect(beats.length).toBeGreaterThanOrEqual(3);
  expect(beats[0]).toEqual({ type: "panel", visible: true });
});
