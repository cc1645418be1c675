// A journal entry as a sentence in the language of the panel: the fact first, then what belongs to it, codes by their words.
import type { SkinSiteView } from "../api/types";
import { localDigits, number } from "../state/format";
import { alarmState, causeTitle, checkText, reasonText, stateName, t, word } from ".";
import { checkName, codeText, detailText, fieldName, outputText, plcCode, pointText, programName, proofTestText, workText } from "./facts";

type Data = Readonly<Record<string, unknown>>;
/** What is read: its kind, and the English name of an alarm or a cause. */
interface About {
  kind: string;
  english: (id: string) => string | undefined;
}

/** What only matters to machines, is said by another field, or is looked at elsewhere. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  "": ["id", "utc_s", "user", "row"],
  alarm: ["event", "priority"],
  tuning: ["in_force", "undo"],
  twin: ["twin", "design"],
};
/** The field that says what the entry is about: first, and without its name. */
const HEAD: Readonly<Record<string, string>> = { alarm: "alarm", cause: "cause", command: "command", bypass: "cause", upkeep: "entry" };
const UNITS: readonly (readonly [string, string])[] = [
  ["_pct", "%"],
  ["_min", "min"],
  ["_s", "s"],
  ["_c", "°C"],
];
/** A whole configuration is looked at elsewhere. */
const SHOWN = 20;

/** A whole configuration, or a table in a table. */
const elsewhere = (v: unknown): boolean =>
  typeof v === "object" && v !== null && !Array.isArray(v) && (Object.keys(v).length > SHOWN || Object.values(v).some((x) => typeof x === "object" && x !== null));
const empty = (v: unknown): boolean => v === null || v === "" || v === false || (typeof v === "object" && Object.keys(v).length === 0);
const figure = (v: number): string => number(v, Number.isInteger(v) ? 0 : 1);

/** A no is said, too. */
const ANSWERED = new Set(["passed", "paused"]);
/** A word of a button inside a line. */
const said = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);

function moved(kind: string, code: string): string {
  return kind === "alarm" ? alarmState(code) : stateName(code);
}

function reason(value: unknown): string {
  if (typeof value === "string") return reasonText({ code: value, params: {}, text: plcCode(value) });
  const { code, ...params } = value as { code: string } & Record<string, number | string>;
  return reasonText({ code, params, text: plcCode(code) });
}

function coded({ kind, english }: About, field: string, value: string): string {
  switch (field) {
    case "cause":
    case "alarm":
    case "ended_by":
      return causeTitle(value.replace(/^cause:/, ""), english(value.replace(/^cause:/, "")) ?? word(value));
    case "phase":
    case "state":
      return kind === "plc" ? plcCode(value) : stateName(value);
    case "first_out":
      return plcCode(value);
    case "detail":
      return detailText(value);
    case "program":
      return programName({ id: value, name: value });
    case "subject":
      return proofTestText(value, workText(value) === value ? word(value) : workText(value));
    case "forced":
      return outputText(value);
    case "note":
      return codeText(value) ?? value;
    case "origin":
    case "address":
    case "measure":
    case "instrument":
    case "version":
    case "boot_id":
      return value;
    default:
      return localDigits(word(value));
  }
}

/** Coldest estimate of a person: value and bounds. */
const skin = ({ c, low_c, high_c }: SkinSiteView): string => t("skin_band", { c: figure(c), low: figure(low_c), high: figure(high_c) });

function list(field: string, values: readonly unknown[]): string {
  const one = (v: unknown): string => {
    if (field === "reasons") return reason(v);
    if (field === "skin") return skin(v as SkinSiteView);
    if (typeof v !== "string") return String(v);
    return field === "checks" ? checkText(v) : field === "trips" ? plcCode(v) : checkName(v);
  };
  return values.map(one).join(", ");
}

function pairs(about: About, value: Data): string {
  const name = (key: string): string => (about.kind === "upkeep" ? pointText({ id: key, text: key }) : fieldName(key));
  return Object.entries(value)
    .map(([k, v]) => `${name(bare(k))} ${text(about, k, v)}`)
    .join(", ");
}

function text(about: About, field: string, value: unknown): string {
  if (typeof value === "number") {
    const unit = UNITS.find(([end]) => field.endsWith(end));
    return unit === undefined ? figure(value) : `${figure(value)} ${unit[1]}`;
  }
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "string") return coded(about, field, value);
  if (Array.isArray(value)) return list(field, value);
  return typeof value === "object" && value !== null ? pairs(about, value as Data) : "";
}

const bare = (field: string): string => field.replace(/_(pct|min|s|c)$/, "");

function part(about: About, field: string, value: unknown): string {
  if (field === "outcome" || field === "change" || field === "detail" || field === "entry" || field === "reasons" || field === "subject" || field === "instrument") return text(about, field, value);
  if (field === "reason" && about.kind === "alarm") return text(about, field, value);
  if (field === "passed") return said(t(value === true ? "test_passed" : "test_failed"));
  if (value === true && !ANSWERED.has(field)) return fieldName(bare(field));
  return `${fieldName(bare(field))} ${text(about, field, value)}`;
}

/** `head` is what it is about; empty where the kind says it all. `english` names alarms and causes where the language has no name. */
export function entryText(kind: string, data: Data, english: (id: string) => string | undefined = () => undefined): { head: string; rest: string } {
  const self: About = { kind, english };
  const out = new Set([...(LEFT_OUT[""] ?? []), ...(LEFT_OUT[kind] ?? [])]);
  const about = HEAD[kind];
  const rest: string[] = [];
  if (typeof data["from"] === "string" && typeof data["to"] === "string") rest.push(`${moved(kind, data["from"])} → ${moved(kind, data["to"])}`);
  for (const [field, value] of Object.entries(data)) {
    if (out.has(field) || field === about || field === "from" || field === "to") continue;
    if (empty(value) && !(value === false && ANSWERED.has(field))) continue;
    if (elsewhere(value)) continue;
    rest.push(part(self, field, value));
  }
  const head = about === undefined || data[about] === undefined ? "" : text(self, about, data[about]);
  return { head, rest: rest.join(" · ") };
}
