// Which language the panel speaks, and the look-ups. Codes the panel does not know fall back to the server's English.
import { computed } from "@preact/signals";
import type { AlarmView, CauseView, GuidanceView, ReasonView } from "../api/types";
import { fill, timeOfDay } from "../state/format";
import { oneRoom } from "../state/store";
import { de } from "./de";
import { en, type AlarmText, type Dict, type UiKey } from "./en";
import { causeName, codeText, englishCauses, plcCode, pointText } from "./facts";
import { language, LOCALES, type Language } from "./language";
import { ONE_ROOM } from "./one-room";
import { pl } from "./pl";

export * from "./facts";
export { LANGUAGES, language, languageFor, setLanguage, speak, type Language } from "./language";
const DICTS: Record<Language, Dict> = { en, pl, de };
const dict = computed(() => DICTS[language.value]);
/** What this device says otherwise; null: nothing. */
const own = computed(() => (oneRoom.value ? ONE_ROOM[language.value] : null));

/** The name of a language in itself. */
export const languageName = (l: Language): string => DICTS[l].language;

/** A text of the panel, with `{name}` filled in. */
export function t(key: UiKey, params: Readonly<Record<string, number | string>> = {}): string {
  return fill(own.value?.ui[key] ?? dict.value.ui[key], params);
}

/** The same in one language, whatever the panel speaks. */
export function tIn(l: Language, key: UiKey): string {
  return (oneRoom.value ? ONE_ROOM[l].ui[key] : undefined) ?? DICTS[l].ui[key];
}

/** The display name of a cycle state, by its code. */
export function stateName(code: string): string {
  const names: Record<string, string> = { ...dict.value.states, ...own.value?.states };
  return names[code.toUpperCase()] ?? code;
}

const ALARM_STATES = ["unack", "ack", "rtn_unack", "latched_unack", "latched_ack", "normal", "shelved", "suppressed", "out_of_service"];

/** A state of ISA-18.2 in the words of the panel. */
export const alarmState = (state: string): string => (ALARM_STATES.includes(state) ? t(`st_${state}` as UiKey) : state);

/** The word for a code of an action, a command, a reset, a limit or the end of a session; `cause:` and the like are left off. */
export function word(code: string): string {
  const bare = code.replace(/^(cause|command|condition):/, "");
  const words: Record<string, string> = dict.value.words;
  return words[bare] ?? words[bare.toLowerCase()] ?? codeText(bare) ?? causeTitle(bare, englishCauses.value.get(bare) ?? bare.replaceAll("_", " "));
}

export function persons(n: number): string {
  return new Intl.PluralRules(language.value).select(n) === "one" ? `${n} ${t("person")}` : `${n} ${peopleWord(n)}`;
}

function peopleWord(n: number): string {
  if (language.value === "pl") return n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? "osoby" : "osób";
  return language.value === "de" ? "Personen" : "people";
}

/** Seconds as words short enough for a sentence: `40 s`, `12 min`. */
export function span(seconds: number): string {
  return seconds < 90 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.ceil(seconds / 60)} min`;
}

function sentenceParams(params: Readonly<Record<string, number | string>>): Record<string, number | string> {
  const out: Record<string, number | string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (name === "persons" && typeof value === "number") out[name] = persons(value);
    else if (name.endsWith("_s") && typeof value === "number") out[name] = span(value);
    else if (name === "door" && typeof value === "string") out[name] = doorName(value);
    else if (name === "cause" && typeof value === "string") out[name] = causeTitle(value, englishCauses.value.get(value) ?? value);
    else if (name === "state" && typeof value === "string") out[name] = stateName(value);
    else if (name === "needed" && typeof value === "string") out[name] = roleName(value);
    else if ((name === "trip" || name === "reason") && typeof value === "string") out[name] = plcCode(value);
    else if (name === "items" && typeof value === "string") out[name] = value.split(",").map(checkText).join(", ");
    else if (name === "points" && typeof value === "string") out[name] = value.split(",").map((id) => pointText({ id, text: id })).join(", ");
    else out[name] = value;
  }
  return out;
}

export function doorName(door: string): string {
  const known = door.toLowerCase();
  return known === "inner" || known === "main" ? t("inner_door") : known === "outer" || known === "pre" ? t("outer_door") : door;
}

/** The sentence of the guidance line. A sentence whose numbers are missing shows the server's text instead. */
export function guidanceText(view: GuidanceView): string {
  const texts: Record<string, string> = { ...dict.value.guidance, ...own.value?.guidance };
  const known = texts[view.code];
  if (known === undefined) return view.text;
  const text = fill(known, sentenceParams(view.params));
  return /\{\w+\}/.test(text) ? view.text : text;
}

export function reasonText(view: ReasonView): string {
  const known = own.value?.reasons[view.code] ?? dict.value.reasons[view.code];
  if (known === undefined) return view.text;
  const text = fill(known, sentenceParams(view.params));
  return /\{\w+\}/.test(text) ? view.text : text;
}

function alarmText(id: string): AlarmText | undefined {
  const otherwise: Record<string, AlarmText> | undefined = own.value?.alarmTexts;
  return otherwise?.[id] ?? dict.value.alarmTexts[id];
}

export const alarmTitle = (view: Pick<AlarmView, "id" | "title">): string => alarmText(view.id)?.title ?? view.title;
export const alarmAction = (view: Pick<AlarmView, "id" | "action">): string => alarmText(view.id)?.action ?? view.action;
/** Causes carry the id of the alarm they raise. */
export function causeTitle(id: string, text: string): string {
  return alarmText(id)?.title ?? causeName(id) ?? text;
}
export const causeText = (view: Pick<CauseView, "id" | "text">): string => causeTitle(view.id, view.text);

/** One point of the list that is checked on everybody before boarding. */
export function checkText(item: string): string {
  return item in en.ui ? t(item as UiKey) : item.replaceAll("_", " ");
}

export function roleName(role: string): string {
  return role in en.roles ? dict.value.roles[role as keyof typeof en.roles] : role;
}

/** `03/05/2026, 10:42` in the order of the language. */
export function dateTime(date: Date): string {
  return new Intl.DateTimeFormat(LOCALES[language.value], { dateStyle: "short", timeStyle: "short", hourCycle: "h23" }).format(date);
}

/** `03/05/2026`, for a date from the server. */
export function shortDate(date: Date): string {
  return new Intl.DateTimeFormat(LOCALES[language.value], { dateStyle: "short" }).format(date);
}

/** `10:42:07`, with the day before it when it was not today. */
export function dayAndTime(date: Date): string {
  const at = timeOfDay(date, true);
  return date.toDateString() === new Date().toDateString() ? at : `${shortDate(date)} ${at}`;
}

/** A heading inside a sentence. German nouns keep their capital. */
export const lower = (text: string): string => (language.value === "de" ? text : text.charAt(0).toLowerCase() + text.slice(1));
