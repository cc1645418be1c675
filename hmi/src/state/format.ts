// Numbers as the panel writes them: real minus sign, fixed decimals, a dash row for what is unknown.

import { signal } from "@preact/signals";

export const UNKNOWN = "- - -";
const MINUS = "\u2212";
/** A signal, so that numbers already on the screen change with the language. */
const decimal = signal<"." | ",">(".");

/** The decimal sign of the language. */
export function setDecimal(sign: "." | ","): void {
  decimal.value = sign;
}

/** Numbers inside a ready text, in the way of the language: `1.7 m` as `1,7 m`. */
export function localDigits(text: string): string {
  const real = text.replace(/(^|[\s(])-(?=\d)/g, `$1${MINUS}`);
  return decimal.value === "." ? real : real.replace(/(\d)\.(?=\d)/g, "$1,");
}

/** `value` with `digits` decimals; the dash row when null. -0.04 with one digit is 0.0, not a minus zero. */
export function number(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const fixed = Math.abs(value).toFixed(digits);
  const text = fixed.replace(".", decimal.value);
  return value < 0 && Number(fixed) !== 0 ? MINUS + text : text;
}

/** Seconds as a short age: `0.3 s`, `42 s`, `5 min`, `3 h`. */
export function age(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return UNKNOWN;
  if (seconds < 10) return `${number(seconds, 1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** Wall time as HH:MM or HH:MM:SS in the panel's time zone. */
export function timeOfDay(date: Date, seconds = false): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return seconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}

/** Decimals by unit, as precise as the instruments are. */
export function digitsOf(unit: string): number {
  return unit === "kg" || unit === "%" ? 0 : unit === "bar(a)" ? 2 : 1;
}

/**
 * `text` with `{name}` replaced from `params`; numbers with the real minus sign and at most one decimal.
 * A part in square brackets is left out when one of its parameters is missing.
 */
export function fill(text: string, params: Readonly<Record<string, number | string>>): string {
  const whole = text.replace(/\[([^\]]*)\]/g, (_, part: string) => ([...part.matchAll(/\{(\w+)\}/g)].every((m) => params[m[1] ?? ""] !== undefined) ? part : ""));
  return whole.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number(value, Number.isInteger(value) ? 0 : 1) : value;
  });
}
