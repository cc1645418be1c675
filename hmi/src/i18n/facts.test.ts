// Whatever the Python side names must have its words here: a new tag, cause, limit, fault or sentence fails this test.
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { causeTitle } from ".";
import { detailText, plcCode, programName, tagText } from "./facts";
import { CAUSES, CHECKS, CONTACTS, DETAILS, FAULTS, LIMITS, NE107, PLC_CODES, PROGRAMS, TAGS, WHY, PROOF_TESTS, PROOF_TEST_HOW, POINTS, POINT_HOW, POINT_EVIDENCE, LIMIT_BASIS, JOURNAL, FIELDS, WORK, CODES, FAULT_PARAMS, FAULT_TARGETS, LABELS, OUTPUTS } from "./facts.data";
import { languageFor, setLanguage } from "./language";
import { de } from "./de";

const root = new URL("../../../", import.meta.url);
const source = (path: string): string => readFileSync(new URL(path, root), "utf8");
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((m) => m[1] ?? "");
const causes = readdirSync(new URL("chamber/causes/", root))
  .filter((name) => name.endsWith(".py"))
  .map((name) => source(`chamber/causes/${name}`))
  .join("\n");
const faults = ["sensor", "plant", "house"].map((of) => source(`simulator/${of}_faults.py`)).join("\n");
const holes = (text: string): string => text.replace(/\{[^{}]*\}/g, "{}");

function part(path: string, begin: string, end: string): string {
  const text = source(path);
  const at = text.indexOf(begin);
  expect([path, begin, at >= 0]).toEqual([path, begin, true]);
  return text.slice(at, text.indexOf(end, at + begin.length));
}

afterEach(() => setLanguage("en"));

describe.each<[string, Readonly<Record<string, unknown>>, () => string[], number]>([
  ["tags", TAGS, () => all(source("chamber/tags.py"), /(?:Analog|Bit)Tag\("([^"]+)"/g), 30],
  ["contacts", CONTACTS, () => all(source("chamber/tags.py"), /BitTag\("[^"]+", "[^"]+", "([^"]+)"/g), 10],
  ["causes", { ...de.alarmTexts, ...CAUSES }, () => all(causes, /^ {8}"([A-Z0-9-]+)", \d+, "/gm), 25],
  ["fixed details", DETAILS, () => all(causes, /plain\("([^"]+)"\)/g), 8],
  ["details with values", DETAILS, () => all(causes, /lambda f: f"([^"]+)"/g).map(holes), 8],
  ["reasons of a quality", WHY, () => all(part("chamber/readings.py", "class Why", "class Reading"), /= "(\w+)"/g), 12],
  ["states after NE 107", NE107, () => all(part("chamber/instruments/ne107.py", "class Status", "\n\n\n"), /= "(\w+)"/g), 5],
  ["trips", PLC_CODES, () => all(part("plc_bridge/contract.py", "class Trip", "\n\n\n"), /^ {4}([A-Z0-9_]+) = /gm).map((x) => x.toLowerCase()), 20],
  ["refusals of the PLC", PLC_CODES, () => all(part("plc_bridge/contract.py", "class MailReason", "\n\n\n"), /^ {4}([A-Z0-9_]+) = /gm).map((x) => x.toLowerCase()), 8],
  ["states of the PLC", PLC_CODES, () => all(part("plc_bridge/contract.py", "class PlcState", "\n\n\n"), /^ {4}([A-Z0-9_]+) = /gm).map((x) => x.toLowerCase()), 5],
  ["self-test", CHECKS, () => all(source("chamber/self_test.py"), /Check\(\s*"(\w+)"/g), 10],
  ["limits", LIMITS, () => all(source("chamber/limits.py"), /_rail\(\s*"(\w+)"/g), 12],
  ["faults", FAULTS, () => all(faults, /^ {4}(?:Kind\(|_lost\("\w+",)\s*"(\w+)"/gm), 42],
  ["proof tests", PROOF_TESTS, () => all(source("chamber/proof_tests.py"), /^ {4}ProofTest\("([A-Z0-9-]+)"/gm), 10],
  ["what to do in them", PROOF_TEST_HOW, () => all(source("chamber/proof_tests.py"), /^ {4}ProofTest\("([A-Z0-9-]+)"/gm), 10],
  ["points of the checklist", POINTS, () => all(source("chamber/checklist.py"), /^ {4}Point\("([A-Z0-9-]+)"/gm), 15],
  ["what to look at", POINT_HOW, () => all(source("chamber/checklist.py"), /^ {4}Point\("([A-Z0-9-]+)"/gm), 15],
  ["what the chamber shows", POINT_EVIDENCE, () => all(source("chamber/checklist.py"), /Point\("([A-Z0-9-]+)",(?:(?!Point\()[\s\S])*?"[^"]*\{/g), 4],
  ["where limits come from", LIMIT_BASIS, () => all(source("chamber/limits.py"), /_rail\(\s*"(\w+)"/g), 12],
  ["kinds of the journal", JOURNAL, () => all(part("chamber/events.py", "class EventKind", "\n\n\n"), /= "(\w+)"/g), 15],
  ["commands", { ...CODES, ...de.words }, () => all(part("chamber/commands.py", "class CommandKind", "\n\n\n"), / = "(\w+)"/g), 30],
  ["what became of them", CODES, () => all(part("chamber/commands.py", "class Outcome", "\n\n\n"), / = "(\w+)"/g), 3],
  ["what moves the cycle", CODES, () => all(part("chamber/cycle.py", "class Trigger", "\n\n\n"), / = "(\w+)"/g), 10],
  ["entries of the upkeep", CODES, () => all(part("chamber/upkeep.py", "class Kind", "\n\n\n"), / = "(\w+)"/g), 5],
  ["phases of a tuning", CODES, () => all(part("control/tuning_state.py", "class Phase", "\n\n\n"), / = "(\w+)"/g), 5],
  ["why an alarm moved", CODES, () => all(source("chamber/alarms.py"), /AlarmEvent\.\w+, "([a-z ]+)"\)/g), 4],
  ["why a pause ended", CODES, () => all(source("chamber/annunciation.py"), /ended = "([a-z ]+)"/g), 3],
  ["ends of a bypass", CODES, () => all(part("chamber/bypasses.py", "why = \"occupied", "return stay"), /"([a-z_]{4,})"/g).filter((x) => x !== "occupied"), 1],
  ["outputs", OUTPUTS, () => all(part("chamber/forcing.py", "OUTPUTS = (", ")\n"), /"([A-Z_]+)"/g), 8],
  ["parameters of faults", FAULT_PARAMS, () => all(faults, /Parameter\("(\w+)"/g), 12],
  ["reasons of work in an alarm", DETAILS, () => all(part("chamber/causes/upkeep.py", "WORK_WORDS: ", "\n}\n"), /: "([^"]+)"/g), 5],
  ["reasons of work", WORK, () => all(part("chamber/upkeep.py", "class Work", "class Entry"), / = "(\w+)"/g), 3],
  ["names given by a profile", LABELS, () => all(part("chamber/profiles/cabin.toml", "[labels]", "[[programs]]"), / = "([^"]+)"/g), 14],
  ["programs", PROGRAMS, () => all(source("chamber/profiles/walk-in-two-room.toml"), /\[\[programs\]\]\s*id = "([\w-]+)"/g), 3],
])("%s", (_name, table, read, least) => {
  it("all have their words", () => {
    const known = read();
    expect(known.length).toBeGreaterThanOrEqual(least);
    expect(known.filter((key) => !Object.hasOwn(table, key))).toEqual([]);
  });
});

it.each(Object.entries({ NE107, TAGS, LABELS, DETAILS, CAUSES, FAULTS, LIMITS, WHY, PLC_CODES, CHECKS, CONTACTS, PROGRAMS, LIMIT_BASIS, JOURNAL, FIELDS, POINTS, POINT_HOW, POINT_EVIDENCE, CODES, FAULT_PARAMS, FAULT_TARGETS, OUTPUTS }))("%s: no cell empty, the same holes everywhere", (_name, table) => {
  for (const [key, row] of Object.entries<readonly string[]>(table)) {
    if (key !== "none") for (const cell of row) expect([key, cell.trim().length > 0]).toEqual([key, true]);
    if (table === DETAILS) for (const cell of row) expect([key, cell.split("{}").length]).toEqual([key, key.split("{}").length]);
  }
});

describe("names in the language chosen", () => {
  it("translates a detail with its values, the decimal comma and the parts that are sentences themselves", () => {
    setLanguage("de");
    expect(detailText("median -109.8 °C, coldest -112.0 °C, no set point")).toBe("Median \u2212109,8 °C, kältester \u2212112,0 °C, kein Sollwert");
    setLanguage("pl");
    expect(detailText("19.4 %, limit 19.7 %")).toBe("19,4 %, granica 19,7 %");
    expect(detailText("first: o2_main_ll; latched: estop, mains_lost")).toBe("pierwsze: niski tlen, komora główna; zatrzaśnięte: wyłącznik awaryjny, brak zasilania");
    expect(detailText("oxygen, mains")).toBe("czujniki tlenu wskazują świeże powietrze, zasilanie");
  });
  it("shows what it does not know as the server says it", () => {
    setLanguage("pl");
    expect(detailText("something new")).toBe("something new");
    expect(programName({ id: "sport", name: "Sport" })).toBe("Sport");
    expect(tagText({ tag: "TT-999", text: "Roof 2.5 m" })).toBe("Roof 2,5 m");
    expect(plcCode("SOME_TRIP")).toBe("SOME TRIP");
  });
  it("leaves English to the server, but for the codes that travel alone", () => {
    expect(detailText("19.4 %, limit 19.7 %")).toBe("19.4 %, limit 19.7 %");
    expect(detailText("oxygen, mains")).toBe("oxygen sensors read fresh air, mains");
    expect(detailText("first: call_inside; latched: call_inside, estop")).toBe("first: call from inside; latched: call from inside, emergency stop");
    expect(causeTitle("TIME-LIMIT", "Exposure time is over")).toBe("Exposure time is over");
  });
});

it("keeps a language per user and one of the panel", () => {
  const kept = new Map<string, string>();
  Object.assign(globalThis, { localStorage: { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) } });
  setLanguage("pl");
  languageFor("hans");
  setLanguage("de");
  languageFor(null);
  expect(causeTitle("TIME-LIMIT", "")).toBe("Czas ekspozycji minął");
  languageFor("hans");
  expect(causeTitle("TIME-LIMIT", "")).toBe("Aufenthaltszeit ist um");
  languageFor("jan");
  expect(causeTitle("TIME-LIMIT", "")).toBe("Czas ekspozycji minął");
});
