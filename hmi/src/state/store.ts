// The newest snapshot as one signal per section: a section that did not change fires nothing, so ten frames a second
// touch only the text nodes whose value changed.
import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { api } from "../api/http";
import type { Description, Me, Role, Snapshot, TagView } from "../api/types";
import { remaining, type Anchor } from "../link/countdown";
import { Stream, type Freshness, type SocketLike } from "../link/stream";
import { share } from "./share";

type Section = Exclude<keyof Snapshot, "tags" | "seq" | "mono_s" | "server_time">;

export const freshness = signal<Freshness>("none");
/** Age of the newest data in whole tenths of a second; null before the first. */
export const silentS = signal<number | null>(null);
export const connected = signal(false);
export const description = signal<Description | null>(null);
export const me = signal<Me>({ name: null, role: "anonymous" });
export const anchor = signal<Anchor | null>(null);
/** Local time of the newest frame; while frames are late it runs on with the link's ticks. */
export const nowMs = signal(performance.now());
/** `nowMs` in whole seconds, for what changes no faster. */
export const second: ReadonlySignal<number> = computed(() => Math.floor(nowMs.value / 1000));
export const serverTime = signal<string | null>(null);
/** Values may be shown and commands given. */
export const fresh: ReadonlySignal<boolean> = computed(() => freshness.value !== "none");

/** A frame every 100 ms; later than this, countdowns run on without it. */
const FRAME_LATE_MS = 150;
const sections = new Map<Section, Signal<unknown>>();
const tagSignals = new Map<string, Signal<TagView | null>>();

/** The signal of one section; null before the first snapshot. It keeps the last value when stale: ask `fresh` too. */
export function section<K extends Section>(name: K): Signal<Snapshot[K] | null> {
  let found = sections.get(name);
  if (found === undefined) {
    found = signal<unknown>(null);
    sections.set(name, found);
  }
  return found as Signal<Snapshot[K] | null>;
}

export const cycle = section("cycle");
export const mainRoom = section("main");
const behindOuterDoor = section("pre");
/** The room behind the outer door; of a device with one room that room. */
export const preRoom: ReadonlySignal<Snapshot["main"] | null> = computed(() => behindOuterDoor.value ?? mainRoom.value);
/** A device with one room and one door, such as a head-out cabin. */
export const oneRoom: ReadonlySignal<boolean> = computed(() => mainRoom.value !== null && behindOuterDoor.value === null);
export const roomAir = section("room");
export const entry = section("entry");
export const session = section("session");
export const alarms = section("alarms");
export const hiddenAlarms = section("hidden_alarms");
export const audio = section("audio");
export const bypasses = section("bypasses");
export const causes = section("causes");
export const commands = section("commands");
export const plc = section("plc");
export const nitrogen = section("nitrogen");
export const regulators = section("regulators");
export const site = section("site");
export const link = section("link");
export const scan = section("scan");
export const records = section("records");

/** The signal of one tag; null when the server does not know the tag. */
export function tag(name: string): Signal<TagView | null> {
  let found = tagSignals.get(name);
  if (found === undefined) {
    found = signal<TagView | null>(null);
    tagSignals.set(name, found);
  }
  return found;
}

/** A value to show: null as soon as the data is stale, whatever the last one was. */
export const shown = <T>(read: () => T | null | undefined): T | null => (fresh.value ? (read() ?? null) : null);

/** A good or uncertain analogue value of a tag; null when bad, unknown or stale. */
export function analog(name: string): number | null {
  return shown(() => {
    const view = tag(name).value;
    return view !== null && view.q !== "bad" && typeof view.v === "number" ? view.v : null;
  });
}

/** A contact; null when bad, unknown or stale. */
export function bit(name: string): boolean | null {
  return shown(() => {
    const view = tag(name).value;
    return view !== null && view.q !== "bad" && typeof view.v === "boolean" ? view.v : null;
  });
}

/** Seconds left of something that runs down, on the server's clock. */
export const left = (atFrame: number | null | undefined): number | null => remaining(atFrame, anchor.value, nowMs.value, fresh.value);

export const simulated = computed(() => site.value?.simulated === true);
export const state = computed(() => shown(() => cycle.value?.state.toUpperCase()));
export const inSession = computed(() => session.value !== null);

const RANK: Record<Role, number> = { anonymous: 0, viewer: 1, operator: 2, service: 3 };
export const hasRole = (role: Role): boolean => RANK[me.value.role] >= RANK[role];

/** Lays a snapshot over the signals. What equals the old by content keeps the old object, down to its smallest part. */
export function load(snapshot: Snapshot, monoS: number, time: string, atMs: number): void {
  batch(() => {
    anchor.value = { monoS, atMs };
    nowMs.value = performance.now();
    serverTime.value = time;
    for (const key in snapshot) {
      if (key === "tags") loadTags(snapshot.tags);
      else if (key !== "seq" && key !== "mono_s" && key !== "server_time") put(section(key as Section) as Signal<unknown>, snapshot[key as Section]);
    }
  });
}

function loadTags(tags: Snapshot["tags"]): void {
  let count = 0;
  for (const name in tags) {
    put(tag(name) as Signal<unknown>, tags[name]);
    count += 1;
  }
  if (count === tagSignals.size) return;
  for (const [name, gone] of tagSignals) if (!(name in tags)) gone.value = null;
}

function put(target: Signal<unknown>, value: unknown): void {
  const old = target.peek();
  if (old !== value) target.value = share(old, value); // a signal that is given what it holds fires nothing
}

function socket(): SocketLike {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${location.host}/api/v1/stream`) as unknown as SocketLike;
}

let boot: string | null = null;

export const stream = new Stream(
  socket,
  () => performance.now(),
  () => document.visibilityState === "visible",
  {
    snapshot: (snapshot, monoS, time, atMs) => {
      load(snapshot, monoS, time, atMs);
      if (snapshot.boot_id !== boot) {
        boot = snapshot.boot_id;
        void refreshDescription();
      }
    },
    freshness: (value, silentMs, open) =>
      batch(() => {
        freshness.value = value;
        silentS.value = silentMs === null ? null : Math.floor(silentMs / 100) / 10;
        connected.value = open;
        if (silentMs === null || silentMs > FRAME_LATE_MS) nowMs.value = performance.now(); // else the frames move it
      }),
    command: () => undefined, // the effect is seen in the snapshot; HTTP carries the answer
  },
);

async function refreshDescription(): Promise<void> {
  try {
    description.value = await api.description();
  } catch {
    setTimeout(() => void refreshDescription(), 2000);
  }
}

async function refreshMe(): Promise<void> {
  const before = me.peek();
  try {
    const found = await api.me();
    if (me.peek() === before) me.value = found; // nobody has signed in or out meanwhile
  } catch {
    setTimeout(() => void refreshMe(), 2000); // nobody answered: whoever is signed in still is
  }
}

/** Who is signed in: asked now and whenever the link is back, for a server that was started again knows nobody. */
export function followMe(): void {
  effect(() => {
    void connected.value;
    void refreshMe();
  });
}

/** `operated`: somebody gives commands here. A mere display neither signs in nor counts as a panel. */
export function startLink(operated: boolean): void {
  stream.operated = operated;
  stream.start();
  if (operated) followMe();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") stream.resync();
  });
}
