// Trends: the last ten minutes live from the snapshots, or recorded hours as a band between lowest and highest.
import { effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { api, HttpError } from "../api/http";
import type { HistoryView, TagInfo } from "../api/types";
import { tagText, t } from "../i18n";
import { keep, kept } from "../state/keep";
import { description } from "../state/store";
import { theme } from "../state/theme";
import { liveSeries } from "../state/ring";
import { Tabs } from "../widgets/tabs";

type Span = "live" | "3600" | "28800" | "86400";
const span = signal<Span>("live");
const DEFAULT_TAGS = ["TT-101", "TT-102", "TT-103", "TT-201"];
const chosen = signal<readonly string[]>(kept("trend")?.split(",").filter(Boolean) ?? DEFAULT_TAGS);
const message = signal("");
/** Told apart by dash as well as by shade: colour stays with the alarms. */
const PENS = [
  { light: "#1d5b78", dark: "#6fb7d9", dash: [] },
  { light: "#7a4d1d", dark: "#d9a86f", dash: [] },
  { light: "#3f6b3a", dark: "#8fc487", dash: [] },
  { light: "#6a4a86", dark: "#bb9ad6", dash: [] },
  { light: "#18242c", dark: "#e6edf2", dash: [8, 4] },
  { light: "#1d5b78", dark: "#6fb7d9", dash: [3, 4] },
] as const;
const MOST = PENS.length;

const analogTags = (): TagInfo[] => (description.value?.tags ?? []).filter((i) => i.kind === "analog");
const unitOf = (tag: string): string => analogTags().find((i) => i.tag === tag)?.unit ?? "";

function toggle(tag: string): void {
  const now = chosen.value;
  chosen.value = now.includes(tag) ? now.filter((x) => x !== tag) : now.length < MOST ? [...now, tag] : now;
  keep("trend", chosen.value.join(","));
}

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function pen(i: number): { stroke: string; dash: number[] } {
  const p = PENS[i % MOST] ?? PENS[0];
  return { stroke: theme.value === "dark" ? p.dark : p.light, dash: [...p.dash] };
}

function axes(units: readonly string[], clock: string): uPlot.Axis[] {
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(size * 1.5)}px "Inter Variable", sans-serif`;
  const common = { stroke: css("--ink2"), font, labelFont: font, ticks: { stroke: css("--line") }, labelSize: size * 2.2 };
  return [
    { ...common, grid: { stroke: css("--line"), width: 1 }, size: size * 3.4, values: clock as never },
    ...units.map((unit, i) => ({
      ...common,
      scale: unit,
      label: unit,
      side: (i === 0 ? 3 : 1) as uPlot.Axis.Side,
      size: size * 5.6,
      grid: { show: i === 0, stroke: css("--line"), width: 1 },
      values: (_u: uPlot, ticks: number[]) => ticks.map((v) => String(v).replace("-", "\u2212")),
    })),
  ];
}

interface Built {
  options: Omit<uPlot.Options, "width" | "height">;
  data: uPlot.AlignedData;
}

/** Live: one line per tag. */
function buildLive(tags: readonly string[]): Built {
  const { t: time, values } = liveSeries(tags);
  const units = [...new Set(tags.map(unitOf))];
  const series: uPlot.Series[] = [{}, ...tags.map((tag, i) => ({ label: tag, scale: unitOf(tag), width: 2, points: { show: false }, ...pen(i) }))];
  return { options: frame(series, units, [], "{HH}:{mm}:{ss}"), data: [time, ...values] };
}

/** Recorded: lowest and highest per point with the band between. Tags share buckets; times are joined to be safe. */
function buildHistory(view: HistoryView, tags: readonly string[]): Built {
  const present = tags.filter((tag) => view.tags[tag] !== undefined);
  const tables = present.map((tag) => {
    const trend = view.tags[tag];
    return [trend?.t ?? [], trend?.min ?? [], trend?.max ?? []] as unknown as uPlot.AlignedData;
  });
  const data = tables.length === 0 ? ([[]] as unknown as uPlot.AlignedData) : uPlot.join(tables);
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  present.forEach((tag) => {
    const p = pen(tags.indexOf(tag));
    const at = series.length;
    series.push({ label: tag, scale: unitOf(tag), width: 1.5, points: { show: false }, ...p });
    series.push({ label: tag, scale: unitOf(tag), width: 1.5, points: { show: false }, ...p });
    bands.push({ series: [at + 1, at], fill: `${p.stroke}33` });
  });
  return { options: frame(series, [...new Set(present.map(unitOf))], bands, "{HH}:{mm}"), data };
}

function frame(series: uPlot.Series[], units: readonly string[], bands: uPlot.Band[], clock: string): Omit<uPlot.Options, "width" | "height"> {
  return { series, bands, axes: axes(units, clock), legend: { show: false }, cursor: { drag: { x: false, y: false } }, scales: { x: { time: true } } };
}

function Plot() {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = host.current;
    if (box === null) return undefined;
    let plot: uPlot | null = null;
    const draw = (built: Built): void => {
      plot?.destroy();
      plot = new uPlot({ ...built.options, width: box.clientWidth, height: box.clientHeight }, built.data, box);
    };
    let shown: (() => void) | null = null;
    const resize = new ResizeObserver(() => shown?.());
    resize.observe(box);
    const stopEffect = effect(() => {
      const tags = chosen.value;
      const range = span.value;
      void theme.value;
      void description.value;
      message.value = "";
      if (range === "live") {
        shown = () => draw(buildLive(tags));
        shown();
        const timer = setInterval(() => plot?.setData(buildLive(tags).data), 1000);
        return () => clearInterval(timer);
      }
      let ended = false;
      const load = (): void =>
        void readHistory(tags, Number(range)).then((view) => {
          if (ended || view === null) return;
          shown = () => draw(buildHistory(view, tags));
          shown();
        });
      load();
      const timer = setInterval(load, 30_000);
      return () => {
        ended = true;
        clearInterval(timer);
      };
    });
    return () => {
      stopEffect();
      resize.disconnect();
      plot?.destroy();
    };
  }, []);
  return <div class="plot" ref={host} />;
}

async function readHistory(tags: readonly string[], seconds: number): Promise<HistoryView | null> {
  if (tags.length === 0) return null;
  try {
    const view = await api.history(tags, seconds, 600);
    const any = Object.values(view.tags).some((trend) => trend.t.length > 0);
    message.value = any ? t("min_max") : t("no_points");
    return view;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    message.value = error.status === 0 ? t("server_silent") : `${error.message} ${error.remedy}`;
    return null;
  }
}

function Signals() {
  return (
    <div class="signals">
      {analogTags().map((info) => {
        const at = chosen.value.indexOf(info.tag);
        return (
          <button key={info.tag} type="button" role="switch" aria-checked={at >= 0} class={at >= 0 ? "on" : ""} onClick={() => toggle(info.tag)}>
            <i style={at >= 0 ? `background:${pen(at).stroke}` : ""} />
            <span>
              {tagText(info)}
              <small>{info.tag}</small>
            </span>
          </button>
        );
      })}
    </div>
  );
}

export function Trends() {
  return (
    <div class="screen trends">
      <div class="row">
        <Tabs
          value={span}
          tabs={[
            ["live", t("live_10min")],
            ["3600", t("hours", { n: 1 })],
            ["28800", t("hours", { n: 8 })],
            ["86400", t("hours", { n: 24 })],
          ]}
        />
        <span class="grow" />
        <span class="quiet">{message}</span>
      </div>
      <div class="trend-body">
        <Signals />
        <div class="card plot-card">
          <Plot />
        </div>
      </div>
    </div>
  );
}
