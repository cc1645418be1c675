// Photographs every screen at both sizes and both themes against the mock server:  npm run mock & npm run shots -- OUT_DIR
import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";

const out = process.argv[2] ?? "shots";
const only = process.argv[3];
const base = process.env.PANEL ?? "http://127.0.0.1:8100";
const operator = { name: "M. Nowak", role: "operator" };
const service = { name: "service", role: "service" };
const SHOTS = [
  ["recovery", { scene: "recovery", user: operator }, "#home"],
  ["home-anonymous", { scene: "ready", user: { name: null, role: "anonymous" } }, "#home"],
  ["home", { scene: "ready", user: operator }, "#home"],
  ["home-dark", { scene: "ready" }, "#home", { dark: true }],
  ["precool", { scene: "precool" }, "#home"],
  ["wizard", { scene: "ready" }, "#session"],
  ["boarding", { scene: "boarding", doors: { inner: "shut", outer: "open" } }, "#session"],
  ["pre-chamber", { scene: "pre_chamber", age: 8, doors: { inner: "shut", outer: "shut" } }, "#session"],
  ["running", { scene: "exposure", age: 107 }, "#session"],
  ["running-dark", { scene: "exposure", age: 107 }, "#session", { dark: true }],
  ["alarm", { scene: "evacuate", alarms: ["O2-CH-LL", "O2-CH-L", "LN2-LOW"] }, "#session"],
  ["exit", { scene: "exit", doors: { inner: "open", outer: "shut" } }, "#session"],
  ["alarms", { scene: "evacuate", alarms: ["O2-CH-LL", "O2-CH-L", "LN2-LOW"] }, "#alarms"],
  ["home-alarm", { scene: "ready", alarms: ["FAN-EXTRACT"], doors: { inner: "shut", outer: "shut" } }, "#home"],
  ["causes", { scene: "ready", alarms: ["LN2-LOW"] }, "#alarms", { click: "[role=tab]:nth-child(3)" }],
  ["day", { scene: "ready", alarms: [] }, "#day"],
  ["trends", { scene: "ready" }, "#trends", { click: "[role=tab]:nth-child(2)" }],
  ["service", { scene: "ready", user: service }, "#service"],
  ["service-plc", { scene: "ready" }, "#service", { click: "[role=tab]:nth-child(2)" }],
  ["faults", { scene: "ready" }, "#service", { click: "[role=tab]:nth-child(6)" }],
  ["hands", { scene: "ready", user: operator }, "#home", { click: ".handle" }],
  ["signin", { scene: "ready", user: { name: null, role: "anonymous" } }, "#home", { click: ".top-btn.user" }],
  ["home-de", { scene: "ready", user: operator }, "#home", { lang: "de" }],
  ["wizard-pl", { scene: "ready" }, "#session", { lang: "pl" }],
  ["running-pl", { scene: "exposure", age: 60 }, "#session", { lang: "pl" }],
  ["boarding-de", { scene: "boarding" }, "#session", { lang: "de" }],
  ["stale", { scene: "ready" }, "#home", { freeze: true }],
];

await mkdir(out, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
for (const [width, height] of [[1280, 800], [1920, 1080]]) {
  for (const [name, mock, hash, extra = {}] of SHOTS) {
    if (only && !name.includes(only)) continue;
    await fetch(`${base}/mock`, { method: "POST", body: JSON.stringify({ frozen: false, ...mock }) });
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: extra.dark ? "dark" : "light" });
    const page = await context.newPage();
    page.on("console", (m) => ["error", "warning"].includes(m.type()) && console.log(name, m.text()));
    page.on("pageerror", (e) => console.log(name, "PAGE ERROR", e.message));
    if (extra.lang) await page.addInitScript((l) => localStorage.setItem("cryochamber.language", l), extra.lang);
    await page.goto(`${base}/${hash}`);
    await page.waitForTimeout(700);
    if (extra.click) await page.click(extra.click);
    if (extra.freeze) await fetch(`${base}/mock`, { method: "POST", body: JSON.stringify({ frozen: true }) });
    await page.waitForTimeout(extra.freeze ? 3300 : 500);
    await page.screenshot({ path: `${out}/${name}-${width}.png` });
    const over = await page.evaluate(() => {
      const bad = [];
      for (const el of document.querySelectorAll("main *, .side *, .top *, .banner *, .rail *")) {
        if (el.closest(".scroll, .signals, .plot, svg")) continue;
        if (el.scrollWidth > el.clientWidth + 2 && el.clientWidth > 0 && getComputedStyle(el).display !== "inline") bad.push(`${el.tagName}.${el.className} w${el.scrollWidth}>${el.clientWidth} ${el.textContent.slice(0, 30)}`);
        else if (el.scrollHeight > el.clientHeight + 3 && el.clientHeight > 0 && getComputedStyle(el).display !== "inline") bad.push(`${el.tagName}.${el.className} h${el.scrollHeight}>${el.clientHeight} ${el.textContent.slice(0, 30)}`);
      }
      return bad.slice(0, 6);
    });
    if (over.length) console.log(name, width, "overflow:", over.join(" | "));
    await context.close();
  }
}
await browser.close();
