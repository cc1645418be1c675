// A value as a marker on a track with its normal band, and the number beside it. Cheap at ten frames a second: the
// signals touch one style and one text node, the component itself renders once.
import { useComputed } from "@preact/signals";
import { localDigits, UNKNOWN } from "../state/format";
import { useReading, useSteady } from "./reading";

export interface Scale {
  low: number;
  high: number;
}
export interface Band {
  low: number | null;
  high: number | null;
}

interface BarProps {
  label: string;
  unit: string;
  digits: number;
  /** Noise of the instrument where it is larger than the last digit. */
  step?: number;
  /** The range drawn; may depend on the value. */
  scale: () => Scale;
  value: () => number | null;
  /** The normal band; null limits reach to the end of the scale. */
  band?: () => Band | null;
  /** A tick, e.g. the set point or a trip limit. */
  mark?: () => number | null;
  /** Outside what is allowed. */
  abnormal?: () => "high" | "medium" | null;
}

/** Per cent of the track: a pixel or two. */
const MARKER_STEP = 1;
const share = (value: number, scale: Scale): number => Math.min(100, Math.max(0, (100 * (value - scale.low)) / (scale.high - scale.low)));

export function Bar({ label, unit, digits, step, scale, value, band, mark, abnormal }: BarProps) {
  const text = useReading(value, digits, step);
  const place = useSteady(() => {
    const v = value();
    return v === null ? null : share(v, scale());
  }, MARKER_STEP);
  const marker = useComputed(() => (place.value === null ? "display:none" : `transform:translateX(${(Math.round(2 * place.value) / 2).toFixed(1)}%)`)); // half a per cent is a pixel
  const bandStyle = useComputed(() => {
    const b = band?.() ?? null;
    if (b === null) return "display:none";
    const range = scale();
    const low = share(b.low ?? range.low, range);
    return `left:${low.toFixed(1)}%;width:${(share(b.high ?? range.high, range) - low).toFixed(1)}%`;
  });
  const markStyle = useComputed(() => {
    const m = mark?.() ?? null;
    return m === null ? "display:none" : `left:${share(m, scale()).toFixed(1)}%`;
  });
  const cls = useComputed(() => {
    const a = abnormal?.() ?? null;
    return a === null ? (text.value === UNKNOWN ? "bar unknown" : "bar") : `bar ab-${a}`;
  });
  return (
    <div class={cls}>
      <span class="name">{localDigits(label)}</span>
      <div class="track">
        <i style={bandStyle} />
        <s style={markStyle} />
        <u style={marker} />
      </div>
      <span class="num">
        <span class="own">
          <b>{text}</b>
          <small>{unit}</small>
        </span>
      </span>
    </div>
  );
}

/** A large number with its unit. */
export function Big({ value, digits, step, unit, note }: { value: () => number | null; digits: number; step?: number; unit: string; note?: string | undefined }) {
  const text = useReading(value, digits, step);
  const cls = useComputed(() => (text.value === UNKNOWN ? "big unknown" : "big"));
  return (
    <div class={cls}>
      <div class="own">
        <b>{text}</b>
        <small>
          {unit}
          {note === undefined ? "" : ` ${note}`}
        </small>
      </div>
    </div>
  );
}
