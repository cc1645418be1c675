// Trends: the last minutes live from the snapshots, recorded days as a band between lowest and highest, or two sessions over
// each other. Pan, zoom, marks of sessions and alarms, export as a table or a picture.
import { computed, effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api, HttpError } from "../../api/http";
import type { HistoryView, SessionRecord, SessionRow } from "../../api/types";
import { dateTime, programName, tagText, t } from "../../i18n";
import { tellError } from "../../state/actions";
import { keep, kept } from "../../state/keep";
import { reader, reads } from "../../state/reads";
import { LIVE_S } from "../../state/ring";
import { connected, description, simulated, site } from "../../state/store";
import { theme } from "../../state/theme";
import { TapButton } from "../../widgets/buttons";
import { Icon } from "../../widgets/icons";
import { Tabs } from "../../widgets/tabs";
import { analogTags, buildCompare, buildHistory, buildLive, comparedLegend, css, legendOf, MOST, pen, type Built } from "./build";
import { csv, download } from "./csv";
import { markedAt, readMarkers } from "./markers";
import { Plot } from "./plot";
import { bounds, pan, zoom, type Range } from "./range";

type Tab = "live" | "3600" | "28800" | "86400" | "compare";
const tab = signal<Tab | "free">("live");
const range = signal<Range>({ live: true, seconds: LIVE_S });
const DEFAULT_TAGS = ["TT-101", "TT-102", "TT-103", "TT-201"];
const chosen = signal<readonly string[]>(kept("trend")?.split(",").filter(Boolean) ?? DEFAULT_TAGS);
const message = signal("");
const pointed = signal("");
const built = signal<Built | null>(null);
const rows = signal<readonly SessionRow[] | null>(null);
const recorded = reader(rows, () => api.sessions(200).then((view) => view.sessions), 10_000);
const pair = signal<readonly [number | null, number | null]>([null, null]);
const records = signal<readonly SessionRecord[]>([]);
const POINTS = 600;
const RELOAD_MS = 30_000;
/** Between the last touch and the question to the server: a drag asks once. */
const SETTLE_MS = 150;

const nowS = (): number => Date.now() / 1000;
/** The rings hold the last minutes; anything else is asked of the records. */
const fromRings = computed(() => range.value.live && range.value.seconds <= LIVE_S);

function toggle(tag: string): void {
  const now = chosen.value;
  chosen.value = now.includes(tag) ? now.filter((x) => x !== tag) : now.length < MOST ? [...now, tag] : now;
  keep("trend", chosen.value.join(","));
}

function free(next: Range): void {
  range.value = next;
  tab.value = "free";
}

async function history(): Promise<void> {
  if (chosen.value.length === 0) {
    built.value = null;
    message.value = t("choose_tags");
    return;
  }
  const tags = chosen.value;
  const { from, to } = bounds(range.value, nowS());
  try {
    const view = await api.history(tags, from, to, POINTS);
    if (fromRings.peek() || tab.peek() === "compare") return; // the answer came too late
    const any = Object.values(view.tags).some((trend) => trend.t.length > 0);
    message.value = any ? t("min_max") : t("no_points");
    const next = buildHistory(view, tags, to - from);
    next.options.scales = { ...next.options.scales, x: { time: true, range: [from, to] } };
    built.value = next;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    message.value = error.status === 0 ? t("server_silent") : `${error.message} ${error.remedy}`;
  }
}

/** Keeps `built` in step with what is chosen, as long as the screen is shown. */
function follow(): () => void {
  return effect(() => {
    const compared = tab.value === "compare";
    const tags = chosen.value;
    const window = range.value;
    void theme.value;
    void description.value;
    void connected.value; // what was missed meanwhile
    message.value = "";
    if (compared) {
      built.value = records.value.length === 0 ? null : buildCompare(records.value);
      return undefined;
    }
    if (fromRings.value && window.live) {
      let past: HistoryView | null = null;
      const live = (): void => void (built.value = tags.length === 0 ? null : buildLive(tags, window.seconds, past, nowS()));
      live();
      const ask = (): Promise<HistoryView> => api.history(tags, nowS() - window.seconds, nowS(), POINTS);
      const stop = tags.length === 0 ? () => undefined : reads(ask, (found) => (past = found), null, () => undefined); // without the records there is what this page has seen
      const timer = setInterval(live, 1000);
      return () => {
        stop();
        clearInterval(timer);
      };
    }
    const soon = setTimeout(() => void history(), SETTLE_MS);
    const again = setInterval(() => void history(), RELOAD_MS);
    return () => {
      clearTimeout(soon);
      clearInterval(again);
    };
  });
}

function Signals() {
  return (
    <div class="signals">
      {analogTags().map((info) => {
        const at = chosen.value.indexOf(info.tag);
        const full = at < 0 && chosen.value.length >= MOST;
        return (
          <button key={info.tag} type="button" role="switch" aria-checked={at >= 0} aria-disabled={full} class={at >= 0 ? "on" : ""} onClick={() => toggle(info.tag)}>
            <i style={at >= 0 ? `background:${pen(at).stroke}` : ""} />
            <span>
              {tagText(info)}
              <small>{full ? t("at_most", { n: MOST }) : info.tag}</small>
            </span>
          </button>
        );
      })}
    </div>
  );
}

function choose(slot: 0 | 1, id: number): void {
  const before = pair.value;
  const next: readonly [number | null, number | null] = slot === 0 ? [id, pair.value[1]] : [pair.value[0], id];
  pair.value = next;
  const wanted = next.filter((x) => x !== null);
  void Promise.all(wanted.map((x) => api.session(x))).then(
    (found) => {
      if (pair.peek() === next) records.value = found;
    },
    (error: unknown) => {
      if (pair.peek() === next) pair.value = before; // the curves are still those of before
      tellError(error);
    },
  );
}

function Pair() {
  const programs = new Map(description.value?.programs.map((p) => [p.id, p]));
  const name = (r: SessionRow): string => `${dateTime(new Date(r.opened))} · ${programName(programs.get(r.program) ?? { id: r.program, name: r.program })}`;
  return (
    <div class="signals pair">
      {([0, 1] as const).map((slot) => (
        <label key={slot}>
          <span class={`line ${slot === 0 ? "" : "dashed"}`} aria-hidden="true" />
          {t(slot === 0 ? "compare_first" : "compare_second")}
          <select value={pair.value[slot] ?? ""} onChange={(event) => choose(slot, Number(event.currentTarget.value))}>
            <option value="" disabled selected={pair.value[slot] === null}>
              {t(rows.value === null ? "loading" : rows.value.length === 0 ? "no_sessions_recorded" : "choose_session")}
            </option>
            {rows.value?.map((r) => (
              <option key={r.id} value={r.id}>
                {name(r)}
              </option>
            ))}
          </select>
        </label>
      ))}
      {comparedLegend().map((l) => (
        <p key={l.name} class="pen">
          <i style={`background:${l.pen.stroke}`} />
          {l.name}
        </p>
      ))}
    </div>
  );
}

function exportCsv(): void {
  const b = built.peek();
  if (b !== null) download(`cryochamber-${stamp()}.csv`, new Blob([csv(b.data[0], b.columns, b.relative)], { type: "text/csv" }));
}

/** The plot with its ground and a heading: a picture that explains itself. */
function exportPicture(canvas: HTMLCanvasElement | null): void {
  if (canvas === null) return;
  const compared = tab.peek() === "compare";
  const legend = compared ? comparedLegend() : legendOf(chosen.peek());
  const row = Math.round(canvas.height / 20);
  const columns = 2;
  const head = Math.round(row * (1.4 + Math.ceil(legend.length / columns)));
  const whole = document.createElement("canvas");
  whole.width = canvas.width;
  whole.height = canvas.height + head;
  const ctx = whole.getContext("2d");
  if (ctx === null) return;
  ctx.fillStyle = css("--surface");
  ctx.fillRect(0, 0, whole.width, whole.height);
  ctx.fillStyle = css("--ink");
  ctx.font = `600 ${Math.round(row / 1.8)}px "Inter Variable", sans-serif`;
  const what = compared ? records.peek().map((r) => dateTime(new Date(r.opened))) : [dateTime(new Date())];
  ctx.fillText([simulated.peek() ? t("simulated") : "", site.peek()?.name ?? "", ...what].filter((x) => x !== "").join(" · "), row / 2, row * 0.9);
  ctx.font = `500 ${Math.round(row / 2)}px "Inter Variable", sans-serif`;
  legend.forEach((l, n) => {
    const x = row / 2 + ((n % columns) * whole.width) / columns;
    const y = row * (1.9 + Math.floor(n / columns));
    ctx.strokeStyle = l.pen.stroke;
    ctx.setLineDash(l.pen.dash);
    ctx.lineWidth = row / 8;
    ctx.beginPath();
    ctx.moveTo(x, y - row / 6);
    ctx.lineTo(x + 1.2 * row, y - row / 6);
    ctx.stroke();
    ctx.fillText(l.name, x + 1.5 * row, y);
  });
  ctx.setLineDash([]);
  ctx.drawImage(canvas, 0, head);
  whole.toBlob((blob) => blob !== null && download(`cryochamber-${stamp()}.png`, blob));
}

const stamp = (): string => new Date().toISOString().slice(0, 19).replaceAll(":", "");

export function Trends() {
  const canvas = useRef<HTMLCanvasElement | null>(null);
  recorded.use();
  useEffect(() => {
    const marks = reads(readMarkers, () => undefined, RELOAD_MS, () => undefined); // the curves are shown without
    const stop = follow();
    const pick = effect(() => {
      const named = tab.value;
      if (named === "live") range.value = { live: true, seconds: LIVE_S };
      else if (named !== "free" && named !== "compare") range.value = { live: true, seconds: Number(named) };
    });
    return () => {
      marks();
      stop();
      pick();
    };
  }, []);
  const compared = tab.value === "compare";
  const nothing = built.value === null ? t(compared ? "choose_session" : "choose_tags") : null;
  return (
    <div class="screen trends">
      <div class="row">
        <Tabs
          value={tab}
          tabs={[
            ["live", t("live_10min")],
            ["3600", t("hours", { n: 1 })],
            ["28800", t("hours", { n: 8 })],
            ["86400", t("hours", { n: 24 })],
            ["compare", t("compare")],
          ]}
        />
        <span class="grow" />
        {!compared && (
          <div class="tools">
            <button type="button" aria-label={t("earlier")} onClick={() => free(pan(range.value, -0.5, nowS()))}>
              <Icon name="back" />
            </button>
            <button type="button" aria-label={t("zoom_out")} onClick={() => free(zoom(range.value, 2, middle(), nowS()))}>
              <Icon name="minus" />
            </button>
            <button type="button" aria-label={t("zoom_in")} onClick={() => free(zoom(range.value, 0.5, middle(), nowS()))}>
              <Icon name="plus" />
            </button>
            <button type="button" aria-label={t("later")} onClick={() => free(pan(range.value, 0.5, nowS()))}>
              <Icon name="forward" />
            </button>
          </div>
        )}
        <TapButton class="small" label="CSV" off={nothing} onTap={exportCsv} />
        <TapButton class="small" label="PNG" off={nothing} onTap={() => exportPicture(canvas.current)} />
      </div>
      <div class="trend-body">
        {compared ? <Pair /> : <Signals />}
        <div class="card plot-card">
          <Plot
            built={built}
            label={t("trends")}
            canvas={canvas}
            onPan={(share) => tab.peek() !== "compare" && free(pan(range.peek(), share, nowS()))}
            onZoom={(factor, at) => tab.peek() !== "compare" && free(zoom(range.peek(), factor, at ?? middle(), nowS()))}
            onPoint={(at, perPixel) => (pointed.value = markedAt(at, 8 * perPixel))}
          />
          {nothing !== null && <p class="blank">{nothing}</p>}
          <p class="quiet plot-say">{pointed.value === "" ? message : pointed}</p>
        </div>
      </div>
    </div>
  );
}

function middle(): number {
  const { from, to } = bounds(range.peek(), nowS());
  return (from + to) / 2;
}
