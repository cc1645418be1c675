// May the treatment room be entered? Anything unknown, late or missing says no.

export interface DoorFacts {
  fresh: boolean;
  plc: "ok" | "slow" | "silent" | null;
  entry: "allowed" | "do_not_enter" | null;
  oxygenPct: number | null;
  floorPct: number | null;
}

export type DoorReason = "no_data" | "plc_silent" | "oxygen_unknown" | "refused";
export type DoorView = { enter: true } | { enter: false; reason: DoorReason };

export function doorView(f: DoorFacts): DoorView {
  if (!f.fresh) return { enter: false, reason: "no_data" };
  if (f.plc !== "ok" && f.plc !== "slow") return { enter: false, reason: "plc_silent" };
  if (f.oxygenPct === null || f.floorPct === null) return { enter: false, reason: "oxygen_unknown" };
  return f.entry === "allowed" ? { enter: true } : { enter: false, reason: "refused" };
}
