import { signal } from "@preact/signals";
import { keep, kept } from "./keep";

export type Theme = "light" | "dark";
const preferred: Theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const stored = kept("theme");
export const theme = signal<Theme>(stored === "light" || stored === "dark" ? stored : preferred);

export function setTheme(value: Theme): void {
  theme.value = value;
  document.documentElement.dataset["theme"] = value;
  keep("theme", value);
}
