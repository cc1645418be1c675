// The plot itself: draws what it is given; dragging pans, wheel or two fingers zoom, arrow and plus keys do the same.
import { effect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Built } from "./build";
import { drawMarkers, markers } from "./markers";

interface Props {
  built: ReadonlySignal<Built | null>;
  label: string;
  /** Share of the window to move by; seconds of the point to zoom around. Null: this plot stands still. */
  onPan: ((share: number) => void) | null;
  onZoom: ((factor: number, atS: number | null) => void) | null;
  onPoint?: (atS: number, secondsPerPixel: number) => void;
  canvas: { current: HTMLCanvasElement | null };
}

const STEP = 0.25;
const ZOOM = 1.6;

export function Plot({ built, label, onPan, onZoom, onPoint, canvas }: Props) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = host.current;
    if (box === null) return undefined;
    let plot: uPlot | null = null;
    const fingers = new Map<number, number>();
    const at = (clientX: number): number | null => (plot === null ? null : plot.posToVal(clientX - plot.over.getBoundingClientRect().left, "x"));

    const draw = (): void => {
      const b = built.peek();
      plot?.destroy();
      plot = null;
      canvas.current = null;
      if (b === null || box.clientWidth === 0) return;
      plot = new uPlot({ ...b.options, width: box.clientWidth, height: box.clientHeight, hooks: { drawClear: b.relative ? [] : [drawMarkers] } }, b.data, box);
      canvas.current = plot.ctx.canvas;
    };
    const down = (event: PointerEvent): void => {
      if (event.target instanceof Element && box.contains(event.target)) box.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, event.clientX);
      const s = at(event.clientX);
      if (s !== null && plot !== null) onPoint?.(s, (at(event.clientX + 1) ?? s) - s);
    };
    const move = (event: PointerEvent): void => {
      const before = fingers.get(event.pointerId);
      if (before === undefined || plot === null) return;
      const width = plot.over.clientWidth;
      const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
      const other = others[0];
      if (other !== undefined) {
        const ratio = Math.abs(before - other) / Math.max(20, Math.abs(event.clientX - other));
        if (Math.abs(ratio - 1) > 0.01) onZoom?.(ratio, at((event.clientX + other) / 2));
      } else if (Math.abs(event.clientX - before) >= 2) onPan?.((before - event.clientX) / width);
      else return;
      fingers.set(event.pointerId, event.clientX);
    };
    const up = (event: PointerEvent): void => void fingers.delete(event.pointerId);
    const wheel = (event: WheelEvent): void => {
      if (onZoom === null) return;
      event.preventDefault();
      onZoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, at(event.clientX));
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key === "ArrowLeft") onPan?.(-STEP);
      else if (event.key === "ArrowRight") onPan?.(STEP);
      else if (event.key === "+" || event.key === "=") onZoom?.(1 / ZOOM, null);
      else if (event.key === "-") onZoom?.(ZOOM, null);
      else return;
      event.preventDefault();
    };
    box.addEventListener("pointerdown", down);
    box.addEventListener("pointermove", move);
    for (const kind of ["pointerup", "pointercancel"] as const) box.addEventListener(kind, up);
    box.addEventListener("wheel", wheel, { passive: false });
    box.addEventListener("keydown", key);
    const resize = new ResizeObserver(draw);
    resize.observe(box);
    const stop = effect(() => {
      void built.value;
      void markers.value;
      draw();
    });
    return () => {
      stop();
      resize.disconnect();
      plot?.destroy();
      canvas.current = null;
    };
  }, []);
  return <div class="plot" ref={host} role="application" aria-label={label} tabIndex={0} />;
}
