// Frames of the snapshot stream, and how changes are laid over a snapshot. Pure.
import type { CommandResult, Snapshot } from "../api/types";

export interface Ages {
  snapshot_ms: number;
  plc_ms?: number | null;
}

export type Frame =
  | { type: "snapshot"; seq: number; server_time: string; mono_s: number; ages: Ages; snapshot: Snapshot }
  | { type: "changes"; seq: number; server_time: string; mono_s: number; ages: Ages; set: Record<string, unknown>; remove: string[] }
  | { type: "no_data"; server_time: string; ages: { snapshot_ms: number | null } }
  | { type: "command"; result: CommandResult };

/** Sections that are dictionaries: a change names one entry of them as `section/name`. */
const KEYED = new Set(["tags", "commands", "regulators"]);

/**
 * A new snapshot with the changes applied. Sections that did not change keep their identity, so that a signal holding
 * one does not fire.
 */
export function apply(base: Snapshot, set: Record<string, unknown>, remove: readonly string[]): Snapshot {
  const next: Record<string, unknown> = { ...base };
  const opened = new Set<string>();
  const open = (section: string): Record<string, unknown> => {
    if (!opened.has(section)) {
      next[section] = { ...(next[section] as Record<string, unknown>) };
      opened.add(section);
    }
    return next[section] as Record<string, unknown>;
  };
  for (const [key, value] of Object.entries(set)) {
    const [section, name] = split(key);
    if (name === null) next[section] = value;
    else open(section)[name] = value;
  }
  for (const key of remove) {
    const [section, name] = split(key);
    if (name !== null) delete open(section)[name];
  }
  return next as unknown as Snapshot;
}

function split(key: string): [string, string | null] {
  const at = key.indexOf("/");
  if (at < 0) return [key, null];
  const section = key.slice(0, at);
  return KEYED.has(section) ? [section, key.slice(at + 1)] : [key, null];
}

/** The frame in `text`, or null if it is not one this panel knows. */
export function parse(text: string): Frame | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof raw !== "object" || raw === null || !("type" in raw)) return null;
  const kind = (raw as { type: unknown }).type;
  return kind === "snapshot" || kind === "changes" || kind === "no_data" || kind === "command" ? (raw as Frame) : null;
}
