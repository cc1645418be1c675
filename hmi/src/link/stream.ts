// The panel's line to the server: connects, watches the clock, declares data stale, reconnects for ever.
// No DOM in here: the socket and the clock come in from outside, so that every rule is tested with fake timers.
import type { CommandResult, Snapshot } from "../api/types";
import { apply, parse } from "./frames";

/** Data older than this is "link slow". */
export const SLOW_MS = 500;
/** Data older than this is no data: values are hidden, commands are off except stop. */
export const STALE_MS = 1000;
/** A socket that says nothing for this long is taken for dead, whatever it claims. */
export const DEAD_SOCKET_MS = 3000;
export const BACKOFF_MS: readonly number[] = [100, 250, 500, 1000, 2000];
const TICK_MS = 100;
const PANEL_ALIVE_MS = 1000;
/** Two clocks differ by less than this share; so fast a shortest way is forgotten. */
const DRIFT = 0.0002;

export type Freshness = "live" | "slow" | "none";

export interface SocketLike {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
}

export interface StreamEvents {
  /** A whole, current snapshot; `monoS` is the server's monotonic clock of its scan, `atMs` the same moment by the local one. */
  snapshot(snapshot: Snapshot, monoS: number, serverTime: string, atMs: number): void;
  /** Called on every tick and at every change. `silentMs` is the age of the newest data; null before the first. */
  freshness(freshness: Freshness, silentMs: number | null, connected: boolean): void;
  command(result: CommandResult): void;
}

export class Stream {
  private socket: SocketLike | null = null;
  private connected = false;
  private attempts = 0;
  private base: Snapshot | null = null;
  private seq: number | null = null;
  private freshAt: number | null = null;
  /** Local clock less the server's at the frame that came the shortest way; and when that was. Of one run of the control process. */
  private shortest: { boot: string; ms: number; atMs: number } | null = null;
  private readonly startedAt: number;
  private heardAt: number;
  private panelAt = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private ticker: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly connect: () => SocketLike,
    private readonly now: () => number,
    private readonly visible: () => boolean,
    private readonly events: StreamEvents,
    /** False for a display nobody operates: it does not count as a panel that is being looked at. */
    public operated = true,
  ) {
    this.startedAt = now();
    this.heardAt = this.startedAt;
  }

  start(): void {
    this.open();
    this.ticker = setInterval(() => this.tick(), TICK_MS);
  }

  stop(): void {
    if (this.ticker !== null) clearInterval(this.ticker);
    if (this.retry !== null) clearTimeout(this.retry);
    this.ticker = this.retry = null;
    this.drop();
  }

  /** Asks for a whole snapshot; until it is here, changes are not used. */
  resync(): void {
    this.seq = null;
    this.write({ type: "resync" });
  }

  /** The second way of a stop-class command, beside HTTP. False if the socket is not open. */
  urgent(kind: "stop" | "evacuate", id: string): boolean {
    return this.write({ type: kind, id });
  }

  private write(message: object): boolean {
    if (this.socket === null || !this.connected) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  private open(): void {
    this.retry = null;
    this.heardAt = this.now();
    const socket = this.connect();
    this.socket = socket;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.connected = true;
      this.heardAt = this.now();
      this.report();
    };
    socket.onmessage = (event) => {
      if (this.socket === socket && typeof event.data === "string") this.receive(event.data);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
    socket.onerror = () => undefined; // a close follows
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.connected = false;
    this.seq = null;
    if (socket !== null) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      socket.close();
    }
  }

  private lost(): void {
    this.drop();
    const wait = BACKOFF_MS[Math.min(this.attempts, BACKOFF_MS.length - 1)] ?? 2000;
    this.attempts += 1;
    this.retry = setTimeout(() => this.open(), wait);
    this.report();
  }

  private receive(text: string): void {
    const frame = parse(text);
    if (frame === null) return;
    this.heardAt = this.now();
    switch (frame.type) {
      case "snapshot":
        this.attempts = 0;
        this.take(frame.snapshot, frame);
        break;
      case "changes":
        if (this.base === null || this.seq === null) return; // a snapshot is on its way
        if (frame.seq !== this.seq + 1) this.resync();
        else this.take(apply(this.base, frame.set, frame.remove), frame);
        break;
      case "command":
        this.events.command(frame.result);
        break;
      case "no_data": // the server lives, the control process is silent: our data keeps ageing
        this.report();
        break;
    }
  }

  private take(snapshot: Snapshot, frame: { seq: number; mono_s: number; server_time: string; ages: { snapshot_ms: number } }): void {
    this.base = snapshot;
    this.seq = frame.seq;
    this.freshAt = this.now() - Math.max(0, frame.ages.snapshot_ms, this.delayMs(snapshot.boot_id, 1000 * frame.mono_s));
    this.events.snapshot(snapshot, frame.mono_s, frame.server_time, this.freshAt);
    this.report();
  }

  /**
   * How much longer than the shortest way this frame took from its scan to here. What waited in a line that stalled, or in a page
   * that was asleep, comes as if it were new; the two monotonic clocks tell that it is not.
   */
  private delayMs(boot: string, scanMs: number): number {
    const now = this.now();
    const way = now - scanMs;
    const least = this.shortest === null || this.shortest.boot !== boot ? way : this.shortest.ms + DRIFT * (now - this.shortest.atMs);
    this.shortest = { boot, ms: Math.min(way, least), atMs: now };
    return way - this.shortest.ms;
  }

  private tick(): void {
    const now = this.now();
    if (this.socket !== null && now - this.heardAt > DEAD_SOCKET_MS) this.lost();
    if (this.operated && this.connected && now - this.panelAt >= PANEL_ALIVE_MS) {
      this.panelAt = now;
      this.write({ type: "panel", visible: this.visible() });
    }
    this.report();
  }

  private report(): void {
    const silent = this.now() - (this.freshAt ?? this.startedAt);
    const freshness: Freshness = this.freshAt === null || silent > STALE_MS ? "none" : silent > SLOW_MS ? "slow" : "live";
    this.events.freshness(freshness, this.freshAt === null ? null : silent, this.connected);
  }
}
