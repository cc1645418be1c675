// The plant as it stands: nitrogen line on top, treatment room, pre-chamber and main room side by side, doors that open.
import { computed, useComputed, type ReadonlySignal } from "@preact/signals";
import type { RoomView } from "../api/types";
import { t } from "../i18n";
import { number } from "../state/format";
import { analog, bit, description, mainRoom, nitrogen, plc, preRoom, regulators, roomAir, session, shown } from "../state/store";
import { Bar, Big } from "../widgets/bar";
import { Icon } from "../widgets/icons";
import { limit, mainHeights, OXYGEN_SCALE, preHeights, temperatureScale, type Height } from "../widgets/instruments";

type Room = ReadonlySignal<RoomView | null>;

function oxygenState(value: number | null, alarm: string, trip: string): "high" | "medium" | null {
  if (value === null) return null;
  const low = limit(alarm);
  const lower = limit(trip);
  if (lower !== null && value < lower) return "high";
  return low !== null && value < low ? "medium" : null;
}

/** Marker of one height, the READY band around the set point behind it. */
export function HeightBar({ height, room }: { height: Height; room: Room }) {
  return (
    <Bar
      label={height.label}
      unit="°C"
      digits={1}
      scale={temperatureScale.value}
      value={() => analog(height.tag)}
      band={() => {
        const r = room.value;
        return r === null || r.setpoint_c === null ? null : { low: r.setpoint_c - 4, high: r.setpoint_c + 4 };
      }}
    />
  );
}

export function OxygenBar({ room, label }: { room: Room; label: string }) {
  const value = (): number | null => shown(() => room.value?.oxygen_pct);
  return (
    <Bar
      label={label}
      unit="%"
      digits={1}
      scale={OXYGEN_SCALE}
      value={value}
      band={() => ({ low: limit("o2_chamber_pre_alarm_pct") ?? 20, high: 22 })}
      mark={() => limit("o2_chamber_trip_pct")}
      abnormal={() => oxygenState(value(), "o2_chamber_pre_alarm_pct", "o2_chamber_trip_pct")}
    />
  );
}

export function RoomOxygenBar({ label }: { label: string }) {
  const value = (): number | null => shown(() => roomAir.value?.oxygen_pct);
  return (
    <Bar
      label={label}
      unit="%"
      digits={1}
      scale={OXYGEN_SCALE}
      value={value}
      band={() => ({ low: limit("o2_room_pre_alarm_pct") ?? 20, high: 22 })}
      mark={() => limit("o2_room_trip_pct")}
      abnormal={() => oxygenState(value(), "o2_room_pre_alarm_pct", "o2_room_trip_pct")}
    />
  );
}

function People({ room }: { room: Room }) {
  const words = useComputed(() => {
    const seen = shown(() => room.value?.presence);
    return seen === null ? t("presence_unknown") : seen ? t("somebody") : t("nobody");
  });
  const count = useComputed(() => (shown(() => room.value?.presence) === true ? Math.max(1, session.value?.persons ?? 1) : 0));
  return (
    <div class={`people ${count.value > 0 ? "some" : ""}`}>
      {Array.from({ length: count.value }, (_, i) => (
        <Icon key={i} name="person" />
      ))}
      <span>{words}</span>
    </div>
  );
}

/** The wall with its door: the leaf turns when the contacts say open; unknown or faulty is drawn dashed. */
function Wall({ room, name }: { room: Room; name: "inner_door" | "outer_door" }) {
  const state = useComputed(() => shown(() => room.value?.door.state) ?? "unknown");
  const words = useComputed(() => t(`door_${state.value}`));
  const cls = useComputed(() => `wall door-${state.value}`);
  return (
    <div class={cls} aria-label={t(name)}>
      <span class="post" />
      <span class="gap">
        <span class="leaf" />
        <em>{words}</em>
      </span>
      <span class="post" />
    </div>
  );
}

function RoomBox({ room, name, heights, kind }: { room: Room; name: string; heights: readonly Height[]; kind: "main" | "pre" }) {
  const set = useComputed(() => {
    const c = shown(() => room.value?.setpoint_c);
    return c === null ? "" : `${t("setpoint")} ${number(c, 0)} °C`;
  });
  return (
    <div class={`room ${kind}`}>
      <header>
        <h3>{name}</h3>
        <span>{set}</span>
      </header>
      <Big value={() => shown(() => room.value?.temperature_c)} digits={1} unit="°C" />
      <div class="bars">
        {heights.map((h) => (
          <HeightBar key={h.tag} height={h} room={room} />
        ))}
        <OxygenBar room={room} label="O₂" />
      </div>
      <People room={room} />
    </div>
  );
}

/** A contact that proves something runs. */
function Proof({ label, read, wanted }: { label: string; read: () => boolean | null; wanted: () => boolean }) {
  const cls = useComputed(() => {
    const seen = read();
    return `proof ${seen === null ? "unknown" : seen ? "on" : wanted() ? "missing" : "off"}`;
  });
  const words = useComputed(() => {
    const seen = read();
    return seen === null ? t("unknown") : seen ? t("running") : wanted() ? t("not_proven") : t("stopped");
  });
  return (
    <div class={cls}>
      <Icon name="fan" />
      <span>
        {label}
        <small>{words}</small>
      </span>
    </div>
  );
}

const driven = (name: string): boolean => plc.value?.outputs[name] === true;

function Outside() {
  return (
    <div class="room outside">
      <header>
        <h3>{t("treatment_room")}</h3>
      </header>
      <Big value={() => shown(() => roomAir.value?.temperature_c)} digits={1} unit="°C" />
      <RoomOxygenBar label="O₂" />
      <div class="proofs">
        <Proof label={t("extract")} read={() => shown(() => roomAir.value?.extract_proven)} wanted={() => true} />
        <Proof label={t("purge")} read={() => bit("FS-101")} wanted={() => driven("purge_fan")} />
        <Proof label={t("recirc")} read={() => shown(() => plc.value?.outputs["recirc_fan"])} wanted={() => false} />
      </div>
    </div>
  );
}

function Valve({ label, pct, coil, regulator }: { label: string; pct: () => number | null; coil: string; regulator: "main" | "pre" }) {
  const text = useComputed(() => number(pct(), 0));
  const open = useComputed(() => `valve ${(pct() ?? 0) > 0.5 ? "open" : ""}`);
  const coilText = useComputed(() => number(analog(coil), 0));
  const mode = useComputed(() => {
    const view = shown(() => regulators.value?.[regulator]);
    return view === null ? "" : t(`reg_${view.mode}`);
  });
  return (
    <div class={open}>
      <svg viewBox="0 0 36 24" aria-hidden="true">
        <path d="M3 3v18L18 12z M33 3v18L18 12z" />
      </svg>
      <span class="val">
        <b>{text}</b> % <small>{mode}</small>
      </span>
      <small class="sub">
        {label} · {t("coil")} {coilText} °C
      </small>
    </div>
  );
}

const tankLevel = computed(() => {
  const kg = shown(() => nitrogen.value?.tank_kg);
  const full = description.value?.tags.find((i) => i.tag === "LT-401")?.high ?? null;
  return kg === null || full === null ? "display:none" : `height:${Math.min(100, Math.max(2, (100 * kg) / full)).toFixed(0)}%`;
});

/** Nitrogen line: tank, main valve, the two regulating valves with their coils. */
function Line() {
  const n = nitrogen;
  const tank = useComputed(() => number(shown(() => n.value?.tank_kg), 0));
  const flow = useComputed(() => number(shown(() => n.value?.flow_kg_h), 1));
  const pressure = useComputed(() => number(shown(() => n.value?.pressure_bar_a), 2));
  const main = useComputed(() => shown(() => n.value?.main_valve_open));
  const mainWords = useComputed(() => (main.value === null ? t("unknown") : main.value ? t("open") : t("shut")));
  const each = useComputed(() => {
    const kg = shown(() => n.value?.per_person_kg);
    const left = shown(() => n.value?.tank_kg);
    return kg === null || left === null || kg <= 0 ? "" : t("persons_left", { n: Math.floor(left / kg) });
  });
  const mainClass = useComputed(() => `valve main ${main.value === true ? "open" : main.value === null ? "unknown" : ""}`);
  const pipe = useComputed(() => `line ${main.value === true ? "cold" : ""}`);
  return (
    <div class={pipe}>
      <div class="tank">
        <span class="glass">
          <i style={tankLevel} />
        </span>
        <span class="val">
          <b>{tank}</b> kg
        </span>
        <small class="sub">{each}</small>
      </div>
      <div class={mainClass}>
        <svg viewBox="0 0 36 24" aria-hidden="true">
          <path d="M3 3v18L18 12z M33 3v18L18 12z" />
        </svg>
        <span class="val">{mainWords}</span>
        <small class="sub">
          {flow} kg/h · {pressure} bar
        </small>
      </div>
      <Valve label={t("pre_chamber")} pct={() => shown(() => preRoom.value?.valve_pct)} coil="TT-211" regulator="pre" />
      <Valve label={t("main_room")} pct={() => shown(() => mainRoom.value?.valve_pct)} coil="TT-111" regulator="main" />
    </div>
  );
}

export function Mimic() {
  return (
    <div class="mimic">
      <Line />
      <div class="plan">
        <Outside />
        <Wall room={preRoom} name="outer_door" />
        <RoomBox room={preRoom} name={t("pre_chamber")} heights={preHeights.value} kind="pre" />
        <Wall room={mainRoom} name="inner_door" />
        <RoomBox room={mainRoom} name={t("main_room")} heights={mainHeights.value} kind="main" />
        <div class="wall solid" />
      </div>
    </div>
  );
}
