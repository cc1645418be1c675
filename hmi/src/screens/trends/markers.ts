// Sessions as shaded stretches and alarms as marks above the curves: what happened while the values moved.
import { signal } from "@preact/signals";
import type uPlot from "uplot";
import { api } from "../../api/http";
import type { Priority } from "../../api/types";
import { alarmTitle, programName } from "../../i18n";
import { timeOfDay } from "../../state/format";
import { description } from "../../state/store";
import { css } from "./build";

export interface Marker {
  kind: "session" | "alarm";
  from: number;
  to: number;
  text: string;
  priority: Priority;
}

export const markers = signal<readonly Marker[]>([]);
const BEGINS = new Set(["unack"]);

export async function readMarkers(): Promise<void> {
  const [sessions, alarms] = await Promise.all([api.sessions(200), api.alarms()]);
  const titles = new Map(description.value?.alarms.map((a) => [a.id, a]));
  const programs = new Map(description.value?.programs.map((p) => [p.id, p]));
  markers.value = [
    ...sessions.sessions.map((s): Marker => {
      const from = Date.parse(s.opened) / 1000;
      const program = programName(programs.get(s.program) ?? { id: s.program, name: s.program });
      return { kind: "session", from, to: s.closed === null ? Date.now() / 1000 : Date.parse(s.closed) / 1000, text: `${timeOfDay(new Date(s.opened))} ${program}`, priority: "low" };
    }),
    ...alarms.history
      .filter((c) => BEGINS.has(c.to))
      .map((c): Marker => {
        const at = Date.parse(c.time) / 1000;
        const info = titles.get(c.alarm);
        return { kind: "alarm", from: at, to: at, text: `${timeOfDay(new Date(c.time), true)} ${alarmTitle({ id: c.alarm, title: info?.title ?? c.alarm })}`, priority: (c.priority as Priority | null) ?? info?.priority ?? "low" };
      }),
  ];
}

/** Drawn under the curves. */
export function drawMarkers(u: uPlot): void {
  const { ctx, bbox } = u;
  const px = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const m of markers.value) {
    const x = u.valToPos(m.from, "x", true);
    const end = u.valToPos(m.to, "x", true);
    if (end < bbox.left || x > bbox.left + bbox.width) continue;
    if (m.kind === "session") {
      ctx.fillStyle = css("--band");
      ctx.globalAlpha = 0.35;
      ctx.fillRect(x, bbox.top, Math.max(2 * px, end - x), bbox.height);
      ctx.globalAlpha = 1;
      continue;
    }
    ctx.fillStyle = ctx.strokeStyle = css(m.priority === "high" ? "--hi" : m.priority === "medium" ? "--med-mark" : "--low");
    ctx.lineWidth = 1.5 * px;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    shape(ctx, m.priority, x, bbox.top + 10 * px, 9 * px);
  }
  ctx.restore();
}

/** Triangle, diamond, circle: the alarms' own shapes. */
function shape(ctx: CanvasRenderingContext2D, priority: Priority, x: number, y: number, r: number): void {
  ctx.beginPath();
  if (priority === "low") ctx.arc(x, y, r * 0.8, 0, 2 * Math.PI);
  else if (priority === "medium") for (const [dx, dy] of [[0, -1], [1, 0], [0, 1], [-1, 0]] as const) ctx.lineTo(x + dx * r, y + dy * r);
  else for (const [dx, dy] of [[0, -1], [1, 0.8], [-1, 0.8]] as const) ctx.lineTo(x + dx * r, y + dy * r);
  ctx.fill();
}

/** What is marked near a point in time. */
export function markedAt(atS: number, withinS: number): string {
  return markers.value
    .filter((m) => atS >= m.from - withinS && atS <= m.to + withinS)
    .map((m) => m.text)
    .join(" · ");
}
