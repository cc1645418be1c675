// A made-up plant for developing the panel without the real system: scenes that follow the commands, values that move a
// little. Nothing here is used by the product; the real behaviour is the control process's.

const TEMPS = [["TT-101", "Main room 1.7 m", 1.4], ["TT-102", "Main room 1.1 m", 0], ["TT-103", "Main room 0.6 m", -2.1]];
const A = [
  ...TEMPS.map(([t, x]) => [t, x, "°C", -205, 60]),
  ["TT-111", "Main coil outlet", "°C", -205, 60],
  ["TT-201", "Pre-chamber 1.5 m", "°C", -205, 60],
  ["TT-202", "Pre-chamber 0.8 m", "°C", -205, 60],
  ["TT-211", "Pre-chamber coil outlet", "°C", -205, 60],
  ["TT-301", "Treatment room", "°C", -205, 60],
  ...["101A", "101B", "101C", "201A", "201B"].map((n) => [`AT-${n}`, `${n[0] === "1" ? "Main room" : "Pre-chamber"} oxygen ${n[3]}`, "vol%", 0, 25]),
  ["AT-301", "Room oxygen, breathing height", "vol%", 0, 25],
  ["AT-302", "Room oxygen, floor", "vol%", 0, 25],
  ["PT-401", "LN2 supply pressure", "bar(a)", 0, 10],
  ["LT-401", "LN2 tank content", "kg", 0, 6000],
  ["FT-401", "LN2 flow", "kg/h", 0, 600],
  ["ZT-101", "Main LN2 valve position", "%", -1, 101],
  ["ZT-201", "Pre-chamber LN2 valve position", "%", -1, 101],
];
const B = [
  ["ZS-101A", "Inner door contact A (closes when shut)", "door shut"],
  ["ZS-101B", "Inner door contact B (opens when shut)", "door not shut"],
  ["ZS-201A", "Outer door contact A (closes when shut)", "door shut"],
  ["ZS-201B", "Outer door contact B (opens when shut)", "door not shut"],
  ["YS-101", "Presence in main room", "somebody present"],
  ["YS-201", "Presence in pre-chamber", "somebody present"],
  ["HS-001A", "Emergency stop channel A", "not pressed"],
  ["HS-001B", "Emergency stop channel B", "not pressed"],
  ["HS-101", "Call button inside", "pressed"],
  ["FS-101", "Purge fan airflow", "flow proven"],
  ["FS-102", "Oxygen sample flow", "flow proven"],
  ["FS-301", "Room extract airflow", "flow proven"],
  ["ES-001", "Mains supply", "present"],
  ["ZSC-401", "LN2 main valve closed switch", "closed"],
  ["ZSO-401", "LN2 main valve open switch", "open"],
];
const SITE = { site: "site", chamber: "chamber-1", name: "Chamber 1", profile: "walk-in-two-room", device: "Walk-in, two rooms", simulated: true, version: "0.1.0" };
const LIMITS = [
  ["exposure_s", "s", 180, 30, 180, "over 180 s called dangerous"],
  ["o2_chamber_pre_alarm_pct", "vol%", 20, 20, 20.5, "pre-alarm"],
  ["o2_chamber_trip_pct", "vol%", 19.7, 19.5, 20.2, "trip"],
  ["o2_room_pre_alarm_pct", "vol%", 20, 20, 20.5, "pre-alarm"],
  ["o2_room_trip_pct", "vol%", 19.7, 19.5, 20.2, "trip"],
];
const CAUSES = [
  ["ESTOP", 10, "Emergency stop pressed", "ESTOP", "ESTOP"],
  ["O2-CH-LL", 1, "Chamber oxygen too low", "STOP_COOLING", "EVACUATE"],
  ["O2-CH-L", 3, "Chamber oxygen falling", "BLOCK_NEW", "END_SESSION"],
  ["FAN-EXTRACT", 21, "Room extract lost", "STOP_COOLING", "END_SESSION"],
  ["LN2-LOW", 30, "Liquid nitrogen low", "NOTIFY", "NOTIFY"],
];
const PROGRAMS = [["first-visit", "First visit", 90], ["standard", "Standard", 180], ["short", "Short", 120]];

export const description = {
  site: SITE,
  tags: [
    ...A.map(([tag, text, unit, low, high]) => ({ tag, text, unit, kind: "analog", low, high, true: null })),
    ...B.map(([tag, text, on]) => ({ tag, text, unit: "", kind: "bit", low: null, high: null, true: on })),
  ],
  programs: PROGRAMS.map(([id, name, exposure_s]) => ({ id, name, setpoint_main_c: -110, setpoint_pre_c: -60, pre_chamber_s: 30, exposure_s })),
  checklist: ["dry_skin", "no_jewellery", "socks_shoes", "gloves", "mask", "headband", "no_contraindication"],
  persons_max: 3,
  limits: LIMITS.map(([name, unit, value, low, high, basis]) => ({ name, unit, value, low, high, recommended_low: low, recommended_high: high, basis, hazards: ["H-01"] })),
  alarms: [],
  causes: CAUSES.map(([id, row, text, empty, occupied]) => ({ id, row, text, where: "supervisor", delay_s: 1, action_empty: empty, action_occupied: occupied, clear: "when_clear", hazards: [], alarm: id })),
  states: {},
};

const ALARMS = {
  "O2-CH-LL": ["high", "Chamber oxygen too low", "19.4 %, limit 19.7 %", "Call everybody out; the door opens by a push. Do NOT go in below 19.5 %. No answer: call emergency services."],
  "O2-CH-L": ["medium", "Chamber oxygen falling", "19.4 %, limit 20.0 %", "End the session now. Check extract and nitrogen valves."],
  "FAN-EXTRACT": ["medium", "Room extract lost", "no proven airflow", "End the session, open doors and windows, check the fan."],
  "LN2-LOW": ["low", "Liquid nitrogen low", "22 kg left", "Change or refill the tank."],
};
const NEXT = {
  recovery: { confirm_empty: "stopped" },
  stopped: { start_up: "idle" },
  idle: { precool: "precool" },
  precool: {},
  ready: { begin_boarding: "boarding", shut_down: "stopped" },
  boarding: { start_session: "pre_chamber", cancel_boarding: "ready" },
  pre_chamber: { end_session: "exit", operator_present: null },
  exposure: { end_session: "exit", operator_present: null },
  exit: { confirm_empty: "recool", operator_present: null },
  recool: { shut_down: "stopped" },
  fault: { reset: "stopped" },
  evacuate: { confirm_empty: "fault" },
};
const GUIDE = {
  recovery: ["look_inside_confirm_empty", "confirm_empty"],
  stopped: ["press_start_up", "start_up"],
  idle: ["choose_precool", "precool"],
  precool: ["cooling_down", null],
  ready: ["start_a_session", "begin_boarding"],
  boarding: ["start_when_inside", "start_session"],
  pre_chamber: ["pre_chamber", null],
  exposure: ["exposure", null],
  exit: ["confirm_everybody_out", "confirm_empty"],
  recool: ["recooling", null],
  fault: ["reset_possible", "reset"],
  evacuate: ["evacuating", "confirm_empty"],
};
const COLD = new Set(["precool", "ready", "boarding", "pre_chamber", "exposure", "recool"]);

export class Plant {
  constructor() {
    this.state = "recovery";
    this.since = 0;
    this.now = 100;
    this.seq = 0;
    this.alarms = [];
    this.acked = new Set();
    this.here = 0;
    this.persons = 2;
    this.program = "standard";
    this.main = 18;
    this.doors = { inner: "shut", outer: "shut" };
    this.frozen = false;
    this.people = { outside: 3, pre: 0, main: 0, moving: 0 };
  }

  enter(state) {
    this.state = state;
    this.since = this.now;
    this.here = this.now;
    if (state === "boarding") this.people = { outside: 3 - this.persons, pre: this.persons, main: 0, moving: 0 };
    if (state === "exposure") this.people = { outside: 3 - this.persons, pre: 0, main: this.persons, moving: 0 };
    if (["recool", "ready", "exit"].includes(state)) this.people = { outside: 3, pre: 0, main: 0, moving: 0 };
    if (["ready", "boarding", "pre_chamber", "exposure", "recool"].includes(state)) this.main = -110;
  }

  scene(name, alarms) {
    this.alarms = alarms;
    this.acked.clear();
    this.enter(name);
  }

  advance(dt) {
    this.now += dt;
    this.seq += 1;
    const age = this.now - this.since;
    if (this.state === "precool") {
      this.main += (-112 - this.main) * dt * 0.05;
      if (this.main < -108.5) this.enter("ready");
    }
    if (this.state === "pre_chamber" && age > 30) this.enter("exposure");
    if (this.state === "exposure" && age > 180) this.enter("exit");
    if (this.state === "recool" && age > 20) this.enter("ready");
  }

  command(kind, args) {
    if (kind === "stop" || kind === "evacuate") {
      this.enter(kind === "evacuate" ? "evacuate" : ["pre_chamber", "exposure"].includes(this.state) ? "exit" : "stopped");
      return { outcome: "accepted", reasons: [] };
    }
    if (kind === "acknowledge") {
      for (const id of this.alarms) if (args.alarm === undefined || args.alarm === id) this.acked.add(id);
      return { outcome: "accepted", reasons: [] };
    }
    const next = NEXT[this.state]?.[kind];
    if (next === undefined) return { outcome: "rejected", reasons: [{ code: "not_in_this_state", params: { state: this.state }, text: `Not possible in state ${this.state}.` }] };
    if (kind === "operator_present") this.here = this.now;
    if (args.persons) this.persons = args.persons;
    if (args.program) this.program = args.program;
    if (next !== null) this.enter(next);
    return { outcome: "accepted", reasons: [] };
  }

  analog(tag) {
    const wave = 0.15 * Math.sin(this.now / 3 + tag.length * tag.charCodeAt(tag.length - 1));
    const low = this.alarms.includes("O2-CH-LL");
    const t = TEMPS.find(([name]) => name === tag);
    if (t) return this.main + t[2] + wave;
    if (tag.startsWith("TT-20")) return Math.max(-60, this.main) + (tag === "TT-201" ? 0.8 : -0.7) + wave;
    if (tag === "TT-111" || tag === "TT-211") return COLD.has(this.state) ? -168 + 4 * wave : 15;
    if (tag === "TT-301") return 21.4;
    if (tag.startsWith("AT-1")) return (low ? 19.4 : 20.8) + 0.2 * wave;
    if (tag.startsWith("AT-")) return 20.9 + 0.2 * wave;
    if (tag.startsWith("ZT-")) return COLD.has(this.state) ? 38 + 20 * wave : 0;
    return { "PT-401": 3.12, "LT-401": 1312 - this.now / 100, "FT-401": COLD.has(this.state) ? 62 + 6 * wave : 0 }[tag];
  }

  room(kind) {
    const main = kind === "main";
    const cold = COLD.has(this.state);
    return {
      name: main ? "Main room" : "Pre-chamber",
      temperature_c: this.analog(main ? "TT-102" : "TT-201"),
      coldest_c: this.analog(main ? "TT-103" : "TT-202"),
      warmest_c: this.analog(main ? "TT-101" : "TT-201"),
      setpoint_c: cold || this.state === "exit" ? (main ? -110 : -60) : null,
      band_k: main ? 2 : 10,
      oxygen_pct: this.analog(main ? "AT-101A" : "AT-201A"),
      oxygen_good: main ? 3 : 2,
      oxygen_total: main ? 3 : 2,
      presence: this.people[kind] > 0,
      valve_pct: this.analog(main ? "ZT-101" : "ZT-201"),
      door: { state: this.doors[main ? "inner" : "outer"], since_s: null },
    };
  }

  session() {
    if (!["boarding", "pre_chamber", "exposure", "exit", "evacuate"].includes(this.state)) return null;
    const age = this.now - this.since;
    const limit = PROGRAMS.find(([id]) => id === this.program)[2];
    const elapsed = this.state === "exposure" ? age : 0;
    return {
      id: 41, program: this.program, persons: this.persons, phase: this.state === "evacuate" ? "exit" : this.state,
      limit_s: limit, elapsed_s: elapsed, remaining_s: Math.max(0, limit - elapsed),
      pre_chamber_remaining_s: this.state === "pre_chamber" ? Math.max(0, 30 - age) : null,
      confirm_in_s: ["pre_chamber", "exposure", "exit"].includes(this.state) ? Math.max(0, 30 - (this.now - this.here)) : null,
      confirm_every_s: 30, durable: true, limit_reason: "program",
    };
  }

  snapshot() {
    const time = new Date().toISOString();
    const [code, command] = GUIDE[this.state];
    const age = this.now - this.since;
    const params = { persons: this.persons };
    if (this.state === "pre_chamber") params.remaining_s = Math.max(0, 30 - age);
    if (this.state === "precool") params.eta_s = 400;
    const kinds = ["confirm_empty", "start_up", "precool", "begin_boarding", "cancel_boarding", "start_session", "end_session", "operator_present", "resume", "reset", "shut_down", "acknowledge", "stop", "evacuate"];
    const allowed = (k) => k === "stop" || k === "evacuate" || k === "acknowledge" || k in NEXT[this.state];
    return {
      seq: this.seq, boot_id: "mock", server_time: time, mono_s: this.now, site: SITE,
      link: { plc: "ok", plc_age_s: 0.05, requests: this.seq, timeouts: 0, refused_blocks: 0, reconnects: 0 },
      scan: { count: this.seq, late: 0, missed: 0, duration_ms: 1.3, lateness_ms: 0.2 },
      cycle: { state: this.state, packml: "Execute", since_s: age, may_enter: this.state === "boarding", ready_in_s: null, guidance: { code, params, text: code, command }, voice: "silent" },
      main: this.room("main"), pre: this.room("pre"),
      room: { oxygen_pct: this.analog("AT-301"), oxygen_floor_pct: this.analog("AT-302"), temperature_c: 21.4, extract_proven: !this.alarms.includes("FAN-EXTRACT"), entry_allowed: this.alarms.length === 0 },
      session: this.session(), action: "none",
      causes: this.alarms.map((id, i) => ({ id, row: i + 1, text: ALARMS[id][1], detail: ALARMS[id][2], action: "evacuate", since_s: age, present: true, latched: true, first_out: i === 0 })),
      commands: Object.fromEntries(kinds.map((k) => [k, { allowed: allowed(k), reasons: allowed(k) ? [] : [{ code: "not_in_this_state", params: { state: this.state }, text: `Not possible in state ${this.state}.` }] }])),
      alarms: this.alarms.map((id, i) => ({ id, priority: ALARMS[id][0], state: this.acked.has(id) ? "ack" : "unack", title: ALARMS[id][1], detail: ALARMS[id][2], action: ALARMS[id][3], since: new Date(Date.now() - 1000 * Math.floor(age) + 100 * i).toISOString(), first_out: i === 0 && ALARMS[id][0] === "high", count: 1, active: true, melody: id.startsWith("O2") ? "oxygen" : "general", under: i > 0 && ALARMS[this.alarms[0]][0] === "high" ? this.alarms[0] : null })),
      hidden_alarms: [], bypasses: [], audio: { priority: this.alarms.length > 0 ? ALARMS[this.alarms[0]][0] : null, melody: "general", alarm: this.alarms[0] ?? null, paused_s: null },
      plc: { state: COLD.has(this.state) ? "run" : "safe", trips: [], causes: [], first_out: null, lease_remaining_s: 4.9, exposure_elapsed_s: 0, exposure_limit_s: 185, occupied: this.session() !== null, outputs: { xv_401: COLD.has(this.state), recirc_fan: COLD.has(this.state), purge_fan: false, extract_boost: false, light_main: true, light_pre: true, sounder: false, beacon_no_entry: false, door_heater: true, standby_extract: false }, valve_main_pct: 41, valve_pre_pct: 34, clamped: false },
      nitrogen: { tank_kg: this.analog("LT-401"), flow_kg_h: this.analog("FT-401"), pressure_bar_a: 3.12, today_kg: 118.4, persons_today: 26, per_person_kg: 4.1, main_valve_open: COLD.has(this.state) },
      regulators: Object.fromEntries(["main", "pre"].map((r) => [r, { mode: COLD.has(this.state) ? "auto" : "off", error_k: 0.2, proportional_pct: 3, integral_pct: 34, derivative_pct: 0, feedforward_pct: 0, output_pct: 38 }])),
      records: { ok: true, queued: 0, journal_id: 991, detail: "" },
      tags: Object.fromEntries([
        ...A.map(([tag]) => [tag, { v: Math.round(this.analog(tag) * 10) / 10, q: tag === "TT-101" && this.alarms.includes("LN2-LOW") ? "uncertain" : "good", ne107: tag === "TT-101" && this.alarms.includes("LN2-LOW") ? "out_of_specification" : "good", why: "none", age_s: 0.1 }]),
        ...B.map(([tag]) => [tag, { v: !["YS-101", "YS-201", "HS-101", "ZS-101B", "ZS-201B", "FS-101", "ZSC-401"].includes(tag), q: "good", ne107: "good", why: "none", age_s: 0.1 }]),
      ]),
    };
  }
}
