// Which language this panel speaks. Kept per user: whoever signs in finds his own again; signed out, it is the panel's.
import { signal } from "@preact/signals";
import { keep, kept } from "../state/keep";
import { setDecimal } from "../state/format";

export const LANGUAGES = ["en", "pl", "de"] as const;
export type Language = (typeof LANGUAGES)[number];
export const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", pl: "pl-PL", de: "de-DE" };

const read = (key: string): Language | null => LANGUAGES.find((l) => l === kept(key)) ?? null;
export const language = signal<Language>(read("language") ?? "en");
let user: string | null = null;

const key = (): string => (user === null ? "language" : `language@${user}`);

/** Without keeping it: a display whose address fixes its language. */
export function speak(value: Language): void {
  language.value = value;
  setDecimal(value === "en" ? "." : ",");
  if (typeof document !== "undefined") document.documentElement.lang = value;
}

export function setLanguage(value: Language): void {
  keep(key(), value);
  speak(value);
}

/** Somebody signed in or out: his language, else the panel's. */
export function languageFor(name: string | null): void {
  user = name;
  speak(read(key()) ?? read("language") ?? "en");
}
