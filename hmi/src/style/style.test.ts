// Style sheets of many hands: a brace lost in a merge nests everything behind it, and no tool complains.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("./", import.meta.url);

it.each(readdirSync(folder).filter((name) => name.endsWith(".css")))("%s: braces are balanced, rules nest in media and keyframes only", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8").replace(/\/\*[^]*?\*\//g, "");
  const open: string[] = [];
  for (const part of text.match(/[^{};]*[{};]/g) ?? []) {
    const rule = part.slice(0, -1).trim();
    if (part.endsWith("{")) {
      expect([rule, open.filter((outer) => !outer.startsWith("@"))]).toEqual([rule, []]);
      open.push(rule);
    } else if (part.endsWith("}")) expect([rule, open.pop() !== undefined]).toEqual([rule, true]);
  }
  expect(open).toEqual([]);
});

/** Contrast of two colours after WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [r, g, blue] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (blue ?? 0);
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const base = readFileSync(new URL("base.css", folder), "utf8");
const tokens = (selector: string): Record<string, string> => {
  const at = base.indexOf(`${selector} {`);
  return Object.fromEntries([...base.slice(at, base.indexOf("}", at)).matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]));
};

describe.each([
  ["light", tokens(":root")],
  ["dark", { ...tokens(":root"), ...tokens(':root[data-theme="dark"]') }],
])("%s", (_theme, colour) => {
  it.each([
    ["ink", "bg", 7],
    ["ink", "surface", 7],
    ["ink", "raised", 7],
    ["ink2", "bg", 4.5],
    ["ink2", "surface", 4.5],
    ["ink2", "raised", 4.5],
    ["act-ink", "act", 4.5],
    ["act", "raised", 4.5],
    ["hi-ink", "hi", 4.5],
    ["med-ink", "med", 4.5],
    ["go-ink", "go", 4.5],
    ["stop-ink", "stop", 7],
    ["hi", "surface", 3],
    ["med-mark", "surface", 3],
    ["low", "surface", 3],
    ["act", "bg", 3],
  ] as const)("--%s on --%s: at least %d : 1", (front, back, least) => {
    expect(contrast(colour[front] ?? "", colour[back] ?? "")).toBeGreaterThanOrEqual(least);
  });
});
