// Serves dist/ and a mock of the API on one port, for developing and photographing the panel:
//   npm run build && npm run mock        then open http://127.0.0.1:8100
// POST /mock {"scene": "exposure", "alarms": ["O2-CH-LL"], "frozen": false} sets the scene. Sign in with any name, PIN 123456.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { description, Plant } from "./mock-plant.mjs";

const port = Number(process.env.PORT ?? 8100);
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml" };
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";
const plant = new Plant();
const hands = { estop: false, call: false, autopilot: false };
let user = { name: null, role: "anonymous" };
let wrong = 0;

setInterval(() => !plant.frozen && plant.advance(0.1), 100);

function history(url) {
  const from = Number(url.searchParams.get("from"));
  const now = Date.now() / 1000;
  const n = 300;
  const t = Array.from({ length: n }, (_, i) => now + from * (1 - i / n));
  const tags = {};
  for (const tag of (url.searchParams.get("tags") ?? "").split(",")) {
    const v = t.map((x, i) => (i > 120 && i < 135 ? null : plant.analog(tag) + 6 * Math.sin(x / 900) + 2 * Math.sin(x / 170)));
    tags[tag] = { t, min: v.map((x) => (x === null ? null : x - 1.2)), max: v.map((x) => (x === null ? null : x + 1.2)) };
  }
  return { from: new Date(1000 * (now + from)).toISOString(), to: new Date().toISOString(), bucket_s: -from / n, tags };
}

function sessions() {
  return Array.from({ length: 9 }, (_, i) => ({
    id: 40 - i, chamber: "chamber-1", program: ["standard", "first-visit", "short"][i % 3], state: i === 4 ? "interrupted" : "closed",
    opened: new Date(Date.now() - (i + 1) * 600000).toISOString(), closed: null, persons: 1 + (i % 3), limit_s: [180, 90, 120][i % 3],
    elapsed_s: [180, 90, 61][i % 3], ended_by: i % 3 === 2 ? "operator" : "time", reason: "", main_min_c: -113.1, main_mean_c: -109.8, main_max_c: -104, o2_main_min_pct: 20.6, o2_room_min_pct: 20.8,
  }));
}

const GET = {
  "/me": () => user,
  "/description": () => description,
  "/snapshot": () => plant.snapshot(),
  "/alarms": () => ({ active: plant.snapshot().alarms, history: [{ time: new Date().toISOString(), alarm: "LN2-LOW", from: "unack", to: "ack", priority: "low", detail: "22 kg left", user: "nowak" }] }),
  "/history": history,
  "/sessions": () => ({ sessions: sessions(), next_before: null }),
  "/journal": () => ({ entries: [{ id: 2, time: new Date().toISOString(), boot_id: "mock", mono_s: 3, kind: "state", data: { from: "idle", to: "precool", cause: null }, user: "nowak" }], next_before: null }),
  "/simulator": () => ({ time_s: plant.now, doors: plant.doors, people: plant.people, ...hands, voice: "silent", faults: [], truth: { o2_main_pct: 20.9, o2_room_pct: 20.9, t_main_c: plant.main } }),
  "/simulator/faults": () => ({ faults: [{ kind: "sensor_frozen", text: "Sensor frozen", targets: ["TT-101", "TT-102"], params: [] }, { kind: "leak", text: "Nitrogen leak", targets: ["main", "pre", "room"], params: [{ name: "rate", unit: "kg/h", low: 1, high: 200, default: 40 }] }] }),
};

function post(path, body) {
  if (path === "/commands") return user.name === null && body.kind !== "stop" && body.kind !== "evacuate" ? [401, { detail: "Not signed in.", remedy: "Sign in first." }] : [200, { id: body.id, kind: body.kind, ...plant.command(body.kind, body.args) }];
  if (path === "/sign-in") {
    if (body.pin === "123456") return [200, { ...(user = { name: body.name, role: body.name === "service" ? "service" : "operator" }), expires: "2099-01-01T00:00:00Z" }];
    wrong += 1;
    return wrong % 5 === 0 ? [429, { detail: "Too many tries.", remedy: "Wait.", retry_after_s: 30 }] : [401, { detail: "Name or PIN is wrong.", remedy: "Try again." }];
  }
  if (path === "/sign-out") return [200, (user = { name: null, role: "anonymous" })];
  if (path === "/alarms/acknowledge-all") return [200, { id: "x", kind: "acknowledge", ...plant.command("acknowledge", {}) }];
  if (path.startsWith("/alarms/")) return [200, { id: "x", kind: "acknowledge", ...plant.command("acknowledge", { alarm: path.split("/")[2] }) }];
  if (path === "/simulator") {
    if (body.op === "door") plant.doors[body.door] = body.open ? "open" : "shut";
    else if (body.op === "walk") plant.people = { outside: 0, pre: 0, main: 0, moving: 0, [body.to]: 2 };
    else if (body.op in hands) hands[body.op] = body.pressed ?? body.on;
    return [200, { ok: true }];
  }
  return [404, { detail: "not here", remedy: "" }];
}

function file(response, path) {
  const wanted = join(dist, normalize(path));
  const found = wanted.startsWith(dist) && extname(wanted) !== "" && existsSync(wanted) ? wanted : join(dist, "index.html");
  response.writeHead(200, { "Content-Type": TYPES[extname(found)] ?? "application/octet-stream", "Content-Security-Policy": CSP });
  createReadStream(found).pipe(response);
}

function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://mock");
  const path = url.pathname.replace("/api/v1", "");
  if (request.method === "POST") {
    let text = "";
    for await (const part of request) text += part;
    const body = text === "" ? {} : JSON.parse(text);
    if (url.pathname === "/mock") {
      plant.frozen = body.frozen ?? plant.frozen;
      if (body.scene) plant.scene(body.scene, body.alarms ?? []);
      if (body.age) plant.since = plant.now - body.age;
      if (body.user !== undefined) user = body.user;
      if (body.doors) plant.doors = body.doors;
      return json(response, 200, { ok: true });
    }
    return json(response, ...post(path, body));
  }
  if (!url.pathname.startsWith("/api/v1")) return file(response, url.pathname);
  const answer = GET[path];
  return answer ? json(response, 200, answer(url)) : json(response, 404, { detail: "not here", remedy: "" });
});

new WebSocketServer({ server, path: "/api/v1/stream" }).on("connection", (socket) => {
  let seq = 0;
  let last = null;
  const send = (m) => socket.send(JSON.stringify({ server_time: new Date().toISOString(), mono_s: plant.now, ages: { snapshot_ms: 3, plc_ms: 40 }, ...m }));
  const timer = setInterval(() => {
    if (plant.frozen) return;
    const snapshot = plant.snapshot();
    if (last === null) send({ type: "snapshot", seq: ++seq, snapshot });
    else {
      const set = {};
      for (const [k, v] of Object.entries(snapshot)) {
        if (["tags", "commands", "regulators"].includes(k)) {
          for (const [n, x] of Object.entries(v)) if (JSON.stringify(x) !== JSON.stringify(last[k][n])) set[`${k}/${n}`] = x;
        } else if (JSON.stringify(v) !== JSON.stringify(last[k])) set[k] = v;
      }
      send({ type: "changes", seq: ++seq, set, remove: [] });
    }
    last = snapshot;
  }, 100);
  socket.on("message", (data) => {
    const m = JSON.parse(String(data));
    if (m.type === "resync") last = null;
  });
  socket.on("close", () => clearInterval(timer));
});

server.listen(port, "127.0.0.1", () => console.log(`mock panel on http://127.0.0.1:${port}`));
