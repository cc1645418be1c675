// The shipped announcements: fetched and decoded once, then playable without network; each file is checked against the index.
import { effect, signal } from "@preact/signals";
import { LANGUAGES, language, type Language } from "../i18n";
import { nowMs } from "../state/store";
import { announcement } from "./announce";
import type { InsideView } from "./inside-view";

interface Entry {
  text: string;
  seconds: number;
  sha256: string;
}
type Index = Record<Language, Record<string, Entry>>;

/** `blocked`: the browser wants a touch first. `failed`: a file is missing or damaged. */
export const voiceState = signal<"loading" | "ready" | "blocked" | "failed">("loading");
const TOLERANCE_S = 0.2;
/** The server may only have been starting. */
const AGAIN_MS = 10_000;

async function decode(context: BaseAudioContext, lang: Language, name: string, entry: Entry): Promise<AudioBuffer> {
  const response = await fetch(`/voice/${lang}/${name}.opus`);
  const data = await response.arrayBuffer();
  const buffer = await context.decodeAudioData(data);
  const off = Math.abs(buffer.duration - entry.seconds);
  if (!response.ok || off > TOLERANCE_S) throw new Error(`/voice/${lang}/${name}.opus: ${buffer.duration.toFixed(2)} s instead of ${entry.seconds} s`);
  if (buffer.getChannelData(0).every((v) => Math.abs(v) < 0.01)) throw new Error(`/voice/${lang}/${name}.opus is silent`);
  return buffer;
}

/** Loads every announcement in every language, the display's own first. Throws on the first that is missing or damaged. */
export async function loadVoice(context: BaseAudioContext): Promise<Map<string, AudioBuffer>> {
  const index = (await (await fetch("/voice/index.json")).json()) as Index;
  const found = new Map<string, AudioBuffer>();
  for (const lang of [language.peek(), ...LANGUAGES.filter((l) => l !== language.peek())]) {
    for (const [name, entry] of Object.entries(index[lang])) found.set(`${lang}/${name}`, await decode(context, lang, name, entry));
  }
  return found;
}

export function startVoice(view: { readonly value: InsideView; peek(): InsideView }): void {
  if (typeof AudioContext === "undefined") {
    voiceState.value = "failed";
    return;
  }
  const context = new AudioContext();
  let buffers = new Map<string, AudioBuffer>();
  let source: AudioBufferSourceNode | null = null;
  let last: InsideView | null = null;
  let spokenMs = -Infinity;
  let turn = 0;
  const look = (): void => {
    if (voiceState.peek() === "ready" || voiceState.peek() === "blocked") voiceState.value = context.state === "running" ? "ready" : "blocked";
  };
  context.onstatechange = look;
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, () => void context.resume());
  const load = (): void =>
    void loadVoice(context).then(
      (loaded) => {
        buffers = loaded;
        voiceState.value = "ready";
        look();
      },
      (error: unknown) => {
        console.error("announcements:", error);
        voiceState.value = "failed";
        setTimeout(load, AGAIN_MS);
      },
    );
  load();
  const say = (name: string): void => {
    // Repeated calls to leave go round the languages: a guest may speak none of the operator's.
    const others = LANGUAGES.filter((l) => l !== language.peek());
    const order = [language.peek(), ...others];
    turn = name === "leave_now" || name === "evacuate" ? turn + 1 : 0;
    const lang = order[turn === 0 ? 0 : (turn - 1) % order.length] ?? "en";
    const buffer = buffers.get(`${lang}/${name}`);
    if (buffer === undefined || context.state !== "running") return;
    source?.stop();
    source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start();
  };
  effect(() => {
    const now = view.value;
    const at = nowMs.value; // ten times a second: repeats are due by the clock
    const name = announcement(last, now, at, spokenMs);
    last = now;
    if (name !== null) {
      spokenMs = at;
      say(name);
    }
  });
}
