// Names of what the plant is made of, in the language chosen. What the tables do not know is shown as the server says it.
import { fill, localDigits } from "../state/format";
import { CAUSES, CHECKS, CODES, CONTACTS, DETAILS, DEVICES, FAULT_PARAMS, FAULT_TARGETS, FAULTS, FIELDS, JOURNAL, LABELS, LIMIT_BASIS, LIMITS, NE107, OUTPUTS, PLC_CODES, POINT_EVIDENCE, POINT_HOW, POINTS, PROGRAMS, PROOF_TEST_HOW, PROOF_TESTS, TAGS, WHY, WORK, type Three, type Two } from "./facts.data";
import { computed } from "@preact/signals";
import { description, oneRoom } from "../state/store";
import { language } from "./language";
import { ONE_ROOM } from "./one-room";

const COLUMN = { en: 0, de: 1, pl: 2 } as const;

/** `english` is what the server says; null when the row is missing. */
function two(table: Readonly<Record<string, Two>>, key: string): string | null {
  const row = Object.hasOwn(table, key) ? table[key] : undefined;
  return row === undefined || language.value === "en" ? null : row[COLUMN[language.value] - 1] ?? null;
}

function three(table: Readonly<Record<string, Three>>, key: string): string | null {
  const row = Object.hasOwn(table, key) ? table[key] : undefined;
  const word = row?.[COLUMN[language.value]];
  return word === undefined ? null : ((oneRoom.value ? ONE_ROOM[language.value].facts[word] : undefined) ?? word);
}

export const programName = (p: { id: string; name: string }): string => two(PROGRAMS, p.id) ?? p.name;
export const deviceName = (profile: string, name: string): string => two(DEVICES, profile) ?? name;
export const tagText = (info: { tag: string; text: string }): string => localDigits(two(LABELS, info.text) ?? two(TAGS, info.tag) ?? info.text);
export const contactText = (text: string): string => two(CONTACTS, text) ?? text;
/** English names of the causes, from the description of the device: a code that travels alone is named in English, too. */
export const englishCauses = computed(() => new Map((description.value?.causes ?? []).map((c) => [c.id, c.text] as const)));
export const causeName = (id: string): string | null => two(CAUSES, id);
export const faultText = (kind: string, text: string): string => two(FAULTS, kind) ?? text;
export const outputText = (name: string): string => three(OUTPUTS, name.toUpperCase()) ?? name;
/** A parameter of a fault with its unit. */
export const faultParam = (name: string): string => three(FAULT_PARAMS, name) ?? name.replaceAll("_", " ");
export const faultTarget = (target: string): string => three(FAULT_TARGETS, target) ?? target;
/** The word for a code of the journal; null when there is none. */
export const codeText = (code: string): string | null => three(CODES, code);
export const whyText = (code: string): string => three(WHY, code) ?? code.replaceAll("_", " ");
export const statusText = (code: string): string => three(NE107, code) ?? code.replaceAll("_", " ");
export const plcCode = (code: string): string => three(PLC_CODES, code.toLowerCase()) ?? code.replaceAll("_", " ");
export const checkName = (id: string): string => three(CHECKS, id) ?? id.replaceAll("_", " ");
export const proofTestText = (id: string, text: string): string => two(PROOF_TESTS, id) ?? text;
export const proofTestHow = (id: string, how: string): string => two(PROOF_TEST_HOW, id) ?? how;
export const pointText = (p: { id: string; text: string }): string => two(POINTS, p.id) ?? p.text;
export const pointHow = (p: { id: string; how: string }): string => two(POINT_HOW, p.id) ?? p.how;
/** What was found at a point of the checklist; "" when there is nothing to add. */
export function pointEvidence(p: { id: string; params: Readonly<Record<string, number | string>> }): string {
  const row = three(POINT_EVIDENCE, p.id);
  return row === null || Object.keys(p.params).length === 0 ? "" : fill(row, p.params);
}
export const limitBasis = (l: { name: string; basis: string }): string => localDigits(two(LIMIT_BASIS, l.name) ?? l.basis);
export const journalKind = (kind: string): string => three(JOURNAL, kind) ?? kind.replaceAll("_", " ");
export const fieldName = (name: string): string => two(FIELDS, name.replaceAll("_", " ")) ?? name.replaceAll("_", " ");
export const workText = (code: string): string => three(WORK, code) ?? code.replaceAll("_", " ");
export const limitName = (name: string): string => three(LIMITS, name) ?? name.replaceAll("_", " ");

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const patterns = Object.entries(DETAILS).map(([english, row]) => ({ template: english, row, re: new RegExp(`^${english.split("{}").map(escape).join("(.+?)")}$`) }));

/** A detail of a cause or an alarm: known sentences in the language chosen, codes by their names, digits as written there. */
export function detailText(english: string): string {
  if (english === "") return "";
  for (const { template, row, re } of patterns) {
    const found = re.exec(english);
    if (found === null) continue;
    let at = 0;
    return (language.value === "en" ? template : (row[COLUMN[language.value] - 1] ?? template)).replace(/\{\}/g, () => detailText(found[++at] ?? ""));
  }
  const parts = english.split(", ");
  const named = parts.map((part) => three(PLC_CODES, part.toLowerCase()) ?? three(CHECKS, part) ?? three(WORK, part));
  if (named.every((name) => name !== null)) return named.join(", ");
  return localDigits(english);
}
