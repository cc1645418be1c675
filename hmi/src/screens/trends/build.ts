// From values to what the plotting library draws: live lines, recorded bands, two sessions over each other.
import uPlot from "uplot";
import type { HistoryView, SessionRecord, TagInfo } from "../../api/types";
import { tagText, t } from "../../i18n";
import { clock } from "../../link/countdown";
import { localDigits } from "../../state/format";
import { liveSeries } from "../../state/ring";
import { description, oneRoom } from "../../state/store";
import { theme } from "../../state/theme";
import type { Column } from "./csv";

/** Told apart by dash as well as by shade: alarm colours stay with the alarms. */
const PENS = [
  { light: "#1d5b78", dark: "#6fb7d9", dash: [] },
  { light: "#7a4d1d", dark: "#d9a86f", dash: [] },
  { light: "#3f6b3a", dark: "#8fc487", dash: [] },
  { light: "#6a4a86", dark: "#bb9ad6", dash: [] },
  { light: "#18242c", dark: "#e6edf2", dash: [8, 4] },
  { light: "#1d5b78", dark: "#6fb7d9", dash: [3, 4] },
] as const;
export const MOST = PENS.length;

export const analogTags = (): TagInfo[] => (description.value?.tags ?? []).filter((i) => i.kind !== "bit");
const infoOf = (tag: string): TagInfo | undefined => analogTags().find((i) => i.tag === tag);
const unitOf = (tag: string): string => infoOf(tag)?.unit ?? "";
export const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function pen(i: number): { stroke: string; dash: number[] } {
  const p = PENS[i % MOST] ?? PENS[0];
  return { stroke: theme.value === "dark" ? p.dark : p.light, dash: [...p.dash] };
}

/** One line of the list beside the plot that says what the pens are. */
export interface Legend {
  name: string;
  pen: { stroke: string; dash: number[] };
}

export interface Built {
  options: Omit<uPlot.Options, "width" | "height">;
  data: uPlot.AlignedData;
  /** The same as a table. */
  columns: Column[];
  /** Seconds of a session rather than wall time. */
  relative: boolean;
}

function axes(units: readonly string[], ticks: string | ((u: uPlot, values: number[]) => string[])): uPlot.Axis[] {
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(size * 1.5)}px "Inter Variable", sans-serif`;
  const common = { stroke: css("--ink2"), font, labelFont: font, ticks: { stroke: css("--line") }, labelSize: size * 2.2 };
  return [
    { ...common, grid: { stroke: css("--line"), width: 1 }, size: size * 3.4, space: size * 10, values: ticks as never },
    ...units.map((unit, i) => ({
      ...common,
      scale: unit,
      label: unit,
      side: (i % 2 === 0 ? 3 : 1) as uPlot.Axis.Side,
      size: size * 5.6,
      grid: { show: i === 0, stroke: css("--line"), width: 1 },
      values: (_u: uPlot, values: number[]) => values.map((v) => localDigits(String(v))),
    })),
  ];
}

/** Least span of an axis: noise filling a plot would look like news. */
const LEAST: Readonly<Record<string, number>> = { "vol%": 2, "°C": 5 };

function scaleOf(unit: string): uPlot.Scale {
  const least = LEAST[unit];
  if (least === undefined) return {};
  return {
    range: (_u, low, high) => {
      if (low === null || high === null) return [low, high];
      const more = Math.max(0.05 * (high - low), (least - (high - low)) / 2);
      return [low - more, high + more];
    },
  };
}

const scales = (units: readonly string[], x: uPlot.Scale): uPlot.Scales => ({ x, ...Object.fromEntries(units.map((unit) => [unit, scaleOf(unit)])) });

function frame(series: uPlot.Series[], units: readonly string[], ticks: Parameters<typeof axes>[1], bands: uPlot.Band[] = [], time = true): Built["options"] {
  return { series, bands, axes: axes(units, ticks), legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { show: false } }, scales: scales(units, { time }) };
}

/** What the records hold of before this page was opened: the middle of each point, up to `untilS`. */
function recorded(past: HistoryView | null, tags: readonly string[], fromS: number, untilS: number): (number | null | undefined)[][] {
  const tables = tags.map((tag) => {
    const trend = past?.tags[tag];
    const kept = (trend?.t ?? []).map((s, i) => [s, trend?.min[i], trend?.max[i]] as const).filter(([s]) => s >= fromS && s < untilS);
    return [kept.map(([s]) => s), kept.map(([, low, high]) => (low == null || high == null ? null : (low + high) / 2))] as unknown as uPlot.AlignedData;
  });
  return uPlot.join(tables) as unknown as (number | null | undefined)[][];
}

/** Live: one line per tag, the last `seconds`; what this page has not seen itself comes from `past`. */
export function buildLive(tags: readonly string[], seconds: number, past: HistoryView | null, nowS: number): Built {
  const { t: seen, values } = liveSeries(tags);
  const from = Math.max(0, seen.length - seconds);
  const before = recorded(past, tags, nowS - seconds, seen[from] ?? nowS);
  const time = [...(before[0] ?? []), ...seen.slice(from)];
  const units = [...new Set(tags.map(unitOf))];
  const series: uPlot.Series[] = [{}, ...tags.map((tag, i) => ({ label: tag, scale: unitOf(tag), width: 2, points: { show: false }, ...pen(i) }))];
  const data = [time, ...values.map((v, i) => [...(before[i + 1] ?? []), ...v.slice(from)])] as uPlot.AlignedData;
  const options = frame(series, units, "{HH}:{mm}:{ss}");
  options.scales = scales(units, { time: true, range: [nowS - seconds, nowS] });
  return { options, data, columns: tags.map((name, i) => ({ name, values: data[i + 1] ?? [] })), relative: false };
}

/** Recorded: lowest and highest per point with the band between. Tags share buckets; times are joined to be safe. */
export function buildHistory(view: HistoryView, tags: readonly string[], spanS: number): Built {
  const present = tags.filter((tag) => view.tags[tag] !== undefined);
  const tables = present.map((tag) => {
    const trend = view.tags[tag];
    return [trend?.t ?? [], trend?.min ?? [], trend?.max ?? []] as unknown as uPlot.AlignedData;
  });
  const data = tables.length === 0 ? ([[]] as unknown as uPlot.AlignedData) : uPlot.join(tables);
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const columns: Column[] = [];
  present.forEach((tag) => {
    const p = pen(tags.indexOf(tag));
    const at = series.length;
    for (const end of ["min", "max"] as const) {
      columns.push({ name: `${tag}_${end}`, values: data[series.length] ?? [] });
      series.push({ label: tag, scale: unitOf(tag), width: 1.5, points: { show: false }, ...p });
    }
    bands.push({ series: [at + 1, at], fill: `${p.stroke}33` });
  });
  const ticks = spanS <= 900 ? "{HH}:{mm}:{ss}" : spanS > 2 * 86_400 ? "{DD}.{MM}. {HH}:{mm}" : "{HH}:{mm}";
  return { options: frame(series, [...new Set(present.map(unitOf))], ticks, bands), data, columns, relative: false };
}

const COMPARED = [
  { key: "main_c", unit: "°C", name: () => t("main_room") },
  { key: "pre_c", unit: "°C", name: () => t("pre_chamber") },
  { key: "o2_main", unit: "vol%", name: () => (oneRoom.value ? t("oxygen_face") : `${t("main_room")} O₂`) },
] as const;
const compared = () => COMPARED.filter((c) => c.key !== "pre_c" || !oneRoom.value);

/** Two sessions over each other, both from their opening. The second is dashed. */
export function buildCompare(records: readonly SessionRecord[]): Built {
  const tables = records.map((r) => [r.trace.map((s) => s.t_s), ...compared().map((c) => r.trace.map((s) => s[c.key]))] as unknown as uPlot.AlignedData);
  const data = tables.length === 0 ? ([[]] as unknown as uPlot.AlignedData) : uPlot.join(tables);
  const series: uPlot.Series[] = [{}];
  const columns: Column[] = [];
  records.forEach((r, n) =>
    compared().forEach((c, i) => {
      columns.push({ name: `session ${r.id} ${c.key}`, values: data[series.length] ?? [] });
      series.push({ label: c.key, scale: c.unit, width: 2, points: { show: false }, stroke: pen(i).stroke, dash: n === 0 ? [] : [8, 5] });
    }),
  );
  const ticks = (_u: uPlot, values: number[]): string[] => values.map((v) => clock(v));
  return { options: frame(series, ["°C", "vol%"], ticks, [], false), data, columns, relative: true };
}

/** What the pens are, for a picture that goes without the list beside it. */
export const legendOf = (tags: readonly string[]): Legend[] => tags.map((tag, i) => ({ name: `${tagName(tag)} ${tag}`, pen: pen(i) }));

export function comparedLegend(): Legend[] {
  return compared().map((c, i) => ({ name: c.name(), pen: { stroke: pen(i).stroke, dash: [] } }));
}

export const tagName = (tag: string): string => {
  const info = infoOf(tag);
  return info === undefined ? tag : tagText(info);
};
