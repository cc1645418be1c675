// A measured number as text, for a place of its own on the screen. `step`: its last digit, or its noise where that is larger.
import { computed, useComputed, type ReadonlySignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { number } from "../state/format";
import { steady, type Steady } from "../state/steady";
import { second } from "../state/store";

const lastDigit = (digits: number): number => 10 ** -digits;

export function reading(read: () => number | null, digits: number, step = lastDigit(digits)): ReadonlySignal<string> {
  const show = steady();
  return computed(() => number(show(read(), step, second.value), digits));
}

/** What to show of a value inside a component; see `steady`. */
export function useSteady(read: () => number | null, step: number): ReadonlySignal<number | null> {
  const show = useRef<Steady | null>(null);
  show.current ??= steady();
  const kept = show.current;
  return useComputed(() => kept(read(), step, second.value));
}

/** `reading` inside a component. */
export function useReading(read: () => number | null, digits: number, step = lastDigit(digits)): ReadonlySignal<string> {
  const shown = useSteady(read, step);
  return useComputed(() => number(shown.value, digits));
}
