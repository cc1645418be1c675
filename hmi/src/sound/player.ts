// Plays the bursts. A browser may refuse to sound until somebody touches the page: then the panel says so in plain words.
// The sounder that matters is the PLC's; this one is the panel's own.
import { computed, effect, signal } from "@preact/signals";
import { audio, description, fresh, serverTime } from "../state/store";
import { synthesise } from "./synth";
import { wanted, type Wanted } from "./wanted";

const HERE_PAUSE_S = 120;

/** `blocked`: nothing can be heard until the panel is touched. `none`: this browser has no sound at all. */
export const soundState = signal<"ready" | "blocked" | "none">("blocked");
/** Missing data are announced here, so they are paused here. */
const hereUntilMs = signal(0);
const now = signal(Date.now());

let context: AudioContext | null = null;
let source: AudioBufferSourceNode | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export const sounding = computed<Wanted | null>(() => wanted(fresh.value, serverTime.value !== null, audio.value, now.value < hereUntilMs.value));

/** Seconds of pause left, here or at the server; null when not paused. */
export const pausedS = computed(() => {
  if (!fresh.value) return now.value < hereUntilMs.value ? (hereUntilMs.value - now.value) / 1000 : null;
  return audio.value?.paused_s ?? null;
});

export function pauseHere(): void {
  hereUntilMs.value = Date.now() + 1000 * HERE_PAUSE_S;
}

function stop(): void {
  clearTimeout(timer);
  source?.stop();
  source = null;
}

function play(what: Wanted): void {
  const signals = description.peek()?.signals;
  if (context === null || context.state !== "running" || signals === undefined) return;
  const burst = signals.priorities[what.priority];
  if (burst === undefined) return;
  const samples = synthesise(burst, signals.melodies[what.melody] ?? [], signals.harmonics, context.sampleRate);
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.start();
  timer = setTimeout(() => play(what), 1000 * (burst.burst_s + burst.inter_burst_s));
}

/** Once, by a touch on "test the sound": the low-priority burst. */
export function testSound(): void {
  stop();
  play({ priority: "low", melody: "general" });
  clearTimeout(timer);
}

function look(): void {
  soundState.value = context === null ? "none" : context.state === "running" ? "ready" : "blocked";
}

export function unlock(): void {
  if (context !== null && context.state !== "running") void context.resume().then(look, look);
}

export function startSound(): void {
  if (typeof AudioContext === "undefined") {
    soundState.value = "none";
    return;
  }
  context = new AudioContext();
  context.onstatechange = look;
  look();
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, unlock, { capture: true });
  setInterval(() => (now.value = Date.now()), 1000);
  const key = computed(() => (sounding.value === null || soundState.value !== "ready" || description.value === null ? "" : `${sounding.value.priority} ${sounding.value.melody}`));
  effect(() => {
    stop();
    if (key.value !== "" && sounding.peek() !== null) play(sounding.peek() as Wanted);
  });
}
