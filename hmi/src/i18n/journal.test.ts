import { afterEach, describe, expect, it } from "vitest";
import { entryText } from "./journal";
import { setLanguage, type Language } from "./language";

afterEach(() => setLanguage("en"));

const line = (language: Language, kind: string, data: Record<string, unknown>): string => {
  setLanguage(language);
  const { head, rest } = entryText(kind, data, (id) => ({ "COMM-PLC": "PLC silent" })[id]);
  return head === "" ? rest : `${head} | ${rest}`;
};

const ALARM = {
  alarm: "COMM-PLC", priority: "medium", from: "unack", to: "rtn_unack", detail: "nothing heard yet", event: "off", reason: "condition gone", second: "", until_in_s: null,
};
const CLOSED = {
  session: 4, ended_by: "cause:TIME-LIMIT", reason: "program", elapsed_s: 180.1, persons: 3, broken_off: false, main_min_c: -113.2, o2_main_min_pct: 20.7,
};

describe("a line of the journal", () => {
  it.each<[Language, string]>([
    ["en", "PLC silent | new → gone, not acknowledged · nothing heard yet · the condition went"],
    ["de", "SPS stumm | neu → weg, nicht quittiert · noch nichts gehört · Bedingung ist weg"],
    ["pl", "PLC milczy | nowy → minął, niepotwierdzony · jeszcze brak sygnału · warunek ustąpił"],
  ])("tells an alarm in %s", (language, said) => expect(line(language, "alarm", ALARM)).toBe(said));

  it.each<[Language, string]>([
    ["en", "Precool → Ready · cause at temperature"],
    ["de", "Vorkühlen → Bereit · Ursache auf Temperatur"],
    ["pl", "Schładzanie → Gotowa · przyczyna w zakresie temperatury"],
  ])("tells a change of state in %s", (language, said) => expect(line(language, "state", { from: "precool", to: "ready", cause: "condition:in_band" })).toBe(said));

  it("tells a refused command with the reason in the language", () => {
    const data = { id: "x", command: "begin_boarding", outcome: "rejected", reasons: [{ code: "checklist_due" }], user: "operator", origin: "http 127.0.0.1" };
    expect(line("de", "command", data)).toBe("Gäste einlassen | abgelehnt · Die Checkliste vor dem Start ist heute nicht abgezeichnet. · Herkunft http 127.0.0.1");
  });

  it("gives numbers their units and the decimal sign of the language", () => {
    expect(line("de", "session_closed", CLOSED)).toBe(
      "Sitzung 4 · beendet durch Aufenthaltszeit ist um · Grund Programm · Dauer 180,1 s · Personen 3 · kälteste Hauptkammer \u2212113,2 °C · O₂ Hauptkammer min. 20,7 %",
    );
  });

  it("tells the coldest skin of each guest as an estimate with its bounds", () => {
    const skin = [{ site: "spot", c: 3.7, low_c: -2.5, high_c: 10 }, { site: "spot", c: 4, low_c: -2, high_c: 10.2 }];
    expect(line("de", "session_closed", { session: 4, ended_by: "cause:SKIN-COLD", skin })).toBe(
      "Sitzung 4 · beendet durch Geschätzte Haut an ihrer Grenze · geschätzte Haut 3,7 °C (\u22122,5 bis 10), 4 °C (\u22122 bis 10,2)",
    );
  });

  it("tells what the checklist found, leaves out a whole configuration and what is empty", () => {
    const daily = { entry: "checklist", subject: "daily", instrument: "", passed: true, note: "", utc_s: 1, configuration: { LIGHTS: "confirmed" } };
    expect(line("pl", "upkeep", daily)).toBe("lista kontrolna | dzienna · zaliczona · stwierdzono Światło w środku w porządku");
    const whole = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]));
    expect(line("en", "upkeep", { entry: "accepted", subject: "7f94", passed: true, configuration: whole })).toBe("accepted | 7f94 · passed");
  });

  it("tells the state of the PLC, wear by room, and what it does not know as it is", () => {
    expect(line("de", "plc", { state: "run", trips: ["o2_main_ll"], first_out: null })).toBe("Zustand läuft · Auslösungen Sauerstoff niedrig, Hauptkammer");
    expect(line("de", "wear", { main: { travel_pct: 250, cycles: 3 } })).toBe("Hauptkammer Weg 250 %, Schaltspiele 3");
    expect(line("de", "system", { something_new: "a_code" })).toBe("something new a code");
  });
});
