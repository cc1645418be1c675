// Which tags belong to which room, from the description: names and heights come from the instrument list, not from here.
import { computed } from "@preact/signals";
import { tagText } from "../i18n";
import { description, nitrogen, shown } from "../state/store";

export interface Height {
  tag: string;
  label: string;
}

const HEIGHT = /(\d+(?:\.\d+)?)\s*m$/;

/** Temperatures of a room by height, the highest first. 1 = main room, 2 = pre-chamber (ISA numbering). */
function heights(room: 1 | 2): Height[] {
  const prefix = `TT-${room}`;
  const found: Height[] = [];
  for (const info of description.value?.tags ?? []) {
    const height = info.tag.startsWith(prefix) ? HEIGHT.exec(info.text) : null;
    if (height !== null) found.push({ tag: info.tag, label: height[0] });
  }
  return found.sort((a, b) => parseFloat(b.label) - parseFloat(a.label));
}

export const mainHeights = computed(() => heights(1));
export const preHeights = computed(() => heights(2));

export interface Zone extends Height {
  usual: { low: number; high: number };
}

/** Gas about a guest of a cabin, the highest place first: the thermometers whose usual range the profile tells. */
export const zones = computed<readonly Zone[]>(() =>
  (description.value?.tags ?? [])
    .flatMap((i) => (i.unit !== "°C" || i.usual_low == null || i.usual_high == null ? [] : [{ tag: i.tag, label: tagText(i), usual: { low: i.usual_low, high: i.usual_high } }]))
    .reverse(),
);
/** One scale for all zones: what is colder stands further left. */
export const zoneScale = computed(() => ({ low: Math.min(-100, ...zones.value.map((z) => z.usual.low)) - 25, high: 40 }));

/** Limits in force by name, from the description; null until it is here. */
export function limit(name: string): number | null {
  return description.value?.limits.find((l) => l.name === name)?.value ?? null;
}

export const temperatureScale = computed(() => {
  const set = description.value?.programs.map((p) => p.setpoint_main_c) ?? [-110];
  return { low: Math.min(...set) - 40, high: 40 };
});
/** Close to the set point the same bar is drawn wide, so that a kelvin can be seen. */
export function around(setpoint: number | null, value: number | null): { low: number; high: number } {
  if (setpoint === null || value === null || Math.abs(value - setpoint) > 20) return temperatureScale.value;
  return { low: setpoint - 25, high: setpoint + 25 };
}
/** A tank is not weighed to the kilogram, and nobody needs it so. */
const TANK_STEP_KG = 5;
export function tankKg(): number | null {
  const kg = shown(() => nitrogen.value?.tank_kg);
  return kg === null ? null : TANK_STEP_KG * Math.round(kg / TANK_STEP_KG);
}

export const OXYGEN_SCALE = { low: 18, high: 23 } as const;
