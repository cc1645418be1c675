// The plant as it stands: nitrogen line on top, treatment room, pre-chamber and main room side by side, doors that open.
import { computed, useComputed, type ReadonlySignal } from "@preact/signals";
import type { RoomView } from "../api/types";
import { t } from "../i18n";
import { number, UNKNOWN } from "../state/format";
import { analog, bit, description, mainRoom, nitrogen, oneRoom, plc, preRoom, regulators, roomAir, session, shown } from "../state/store";
import { Bar, Big } from "../widgets/bar";
import { Icon } from "../widgets/icons";
import { useReading } from "../widgets/reading";
import { around, limit, mainHeights, OXYGEN_SCALE, preHeights, tankKg, zones, type Height } from "../widgets/instruments";
import { Standing, ZoneBar } from "./cabin";

type Room = ReadonlySignal<RoomView | null>;
/** Usual difference between the heights of a room, K. */
const LAYERS_K = 4;
/** Noise of the instruments. */
const THERMOMETER_K = 0.2;
const FLOW_KG_H = 1;
const PRESSURE_BAR = 0.03;

function oxygenState(value: number | null, alarm: string, trip: string): "high" | "medium" | null {
  if (value === null) return null;
  const low = limit(alarm);
  const lower = limit(trip);
  if (lower !== null && value < lower) return "high";
  return low !== null && value < low ? "medium" : null;
}

/** Marker of a temperature; the band is as wide as the layers of a cold room differ when all is well. */
function TemperatureBar({ label, room, value }: { label: string; room: Room; value: () => number | null }) {
  const set = (): number | null => shown(() => room.value?.setpoint_c);
  return (
    <Bar
      label={label}
      unit="°C"
      digits={1}
      step={THERMOMETER_K}
      scale={() => around(set(), value())}
      value={value}
      band={() => {
        const c = set();
        const half = Math.max(LAYERS_K, room.value?.band_k ?? 0);
        return c === null ? null : { low: c - half, high: c + half };
      }}
      mark={set}
    />
  );
}

export const HeightBar = ({ height, room }: { height: Height; room: Room }) => (
  <TemperatureBar label={height.label} room={room} value={() => analog(height.tag)} />
);

/** The mean of a room. */
export const RoomBar = ({ label, room }: { label: string; room: Room }) => (
  <TemperatureBar label={label} room={room} value={() => shown(() => room.value?.temperature_c)} />
);

export function OxygenBar({ room, label }: { room: Room; label: string }) {
  const value = (): number | null => shown(() => room.value?.oxygen_pct);
  return (
    <Bar
      label={label}
      unit="%"
      digits={1}
      scale={() => OXYGEN_SCALE}
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
      scale={() => OXYGEN_SCALE}
      value={value}
      band={() => ({ low: limit("o2_room_pre_alarm_pct") ?? 20, high: 22 })}
      mark={() => limit("o2_room_trip_pct")}
      abnormal={() => oxygenState(value(), "o2_room_pre_alarm_pct", "o2_room_trip_pct")}
    />
  );
}

/** Last line of a room: who is seen, and its door in words. */
function Foot({ room, door }: { room: Room; door: "inner_door" | "outer_door" }) {
  const words = useComputed(() => {
    const seen = shown(() => room.value?.presence);
    return seen === null ? t("presence_unknown") : seen ? t("somebody") : t("nobody");
  });
  const count = useComputed(() => (shown(() => room.value?.presence) === true ? Math.max(1, session.value?.persons ?? 1) : 0));
  const state = useComputed(() => doorState(room));
  const doorWords = useComputed(() => `${t(door)} ${t(`door_${state.value}`)}`);
  const doorClass = useComputed(() => `door-text is-${state.value}`);
  return (
    <footer>
      <div class={`seen ${count.value > 0 ? "some" : ""}`}>
        {Array.from({ length: count.value }, (_, i) => (
          <Icon key={i} name="person" />
        ))}
        <span>{words}</span>
      </div>
      <span class={doorClass}>{doorWords}</span>
    </footer>
  );
}

const doorState = (room: Room): "shut" | "open" | "fault" | "unknown" => shown(() => room.value?.door.state) ?? "unknown";

/** The wall with its door: the leaf turns when the contacts say open; unknown or faulty is drawn dashed. */
function Wall({ room }: { room: Room }) {
  const cls = useComputed(() => `wall door-${doorState(room)}`);
  return (
    <div class={cls} aria-hidden="true">
      <span class="post" />
      <span class="gap">
        <span class="leaf" />
      </span>
      <span class="post" />
    </div>
  );
}

const VALVE = "M3 3v18L18 12z M33 3v18L18 12z";

/** The branch of the nitrogen line that enters a room, with its valve. Filled: open. */
function Branch({ pct }: { pct: () => number | null }) {
  const cls = useComputed(() => {
    const p = pct();
    return `branch ${p === null ? "unknown" : p > 0.5 ? "open" : ""}`;
  });
  return (
    <span class={cls} aria-hidden="true">
      <svg viewBox="0 0 36 24">
        <path d={VALVE} />
      </svg>
    </span>
  );
}

interface RoomProps {
  room: Room;
  name: string;
  heights: readonly Height[];
  kind: "main" | "pre";
  door: "inner_door" | "outer_door";
  coil: string;
}

function RoomBox({ room, name, heights, kind, door, coil }: RoomProps) {
  const pct = (): number | null => shown(() => room.value?.valve_pct);
  const set = useComputed(() => {
    const c = shown(() => room.value?.setpoint_c);
    return c === null ? "" : `${t("setpoint")} ${number(c, 0)} °C`;
  });
  const coilC = useReading(() => analog(coil), 0);
  const cooling = useComputed(() => {
    const view = shown(() => regulators.value?.[kind]);
    return `${view === null ? UNKNOWN : t(`reg_${view.mode}`)} · ${t("coil")} ${coilC.value} °C`;
  });
  return (
    <div class={`room ${kind} ${oneRoom.value ? "cabin" : ""}`}>
      <Branch pct={pct} />
      <header>
        <h3>{name}</h3>
        <span>{set}</span>
      </header>
      <Big value={() => shown(() => room.value?.temperature_c)} digits={1} step={THERMOMETER_K} unit="°C" note={oneRoom.value ? t("supply_gas") : undefined} />
      {oneRoom.value && <Standing />}
      <div class="bars">
        {heights.map((h) => (
          <HeightBar key={h.tag} height={h} room={room} />
        ))}
        {oneRoom.value && zones.value.map((z) => <ZoneBar key={z.tag} zone={z} />)}
        <OxygenBar room={room} label={oneRoom.value ? t("oxygen_face") : "O₂"} />
        <Bar label={t("valve_short")} unit="%" digits={0} scale={() => PERCENT} value={pct} />
      </div>
      <small class="cooling">
        <span class="own">{cooling}</span>
      </small>
      <Foot room={room} door={door} />
    </div>
  );
}

const PERCENT = { low: 0, high: 100 } as const;

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
      <Big value={() => shown(() => roomAir.value?.temperature_c)} digits={1} step={THERMOMETER_K} unit="°C" />
      <RoomOxygenBar label="O₂" />
      <div class="proofs">
        <Proof label={t("extract")} read={() => shown(() => roomAir.value?.extract_proven)} wanted={() => true} />
        <Proof label={t("purge")} read={() => bit("FS-101")} wanted={() => driven("purge_fan")} />
        <Proof label={t("recirc")} read={() => shown(() => plc.value?.outputs["recirc_fan"])} wanted={() => false} />
      </div>
    </div>
  );
}

const tankLevel = computed(() => {
  const kg = tankKg();
  const full = description.value?.tags.find((i) => i.tag === "LT-401")?.high ?? null;
  return kg === null || full === null ? "display:none" : `height:${Math.min(100, Math.max(2, (100 * kg) / full)).toFixed(0)}%`;
});

/** Nitrogen line: tank, main valve, flow, pressure, and what a guest takes. */
function Line() {
  const n = nitrogen;
  const tank = useReading(tankKg, 0);
  const flow = useReading(() => shown(() => n.value?.flow_kg_h), 1, FLOW_KG_H);
  const pressure = useReading(() => shown(() => n.value?.pressure_bar_a), 2, PRESSURE_BAR);
  const open = useComputed(() => shown(() => n.value?.main_valve_open));
  const openWords = useComputed(() => (open.value === null ? t("unknown") : open.value ? t("open") : t("shut")));
  const each = useComputed(() => {
    const kg = shown(() => n.value?.per_person_kg);
    const full = tankKg();
    return kg === null || full === null || kg <= 0 ? t("tank") : t("persons_left", { n: Math.floor(full / kg) });
  });
  const today = useComputed(() => {
    const kg = shown(() => n.value?.per_person_kg);
    return kg === null ? t("nitrogen_used") : t("per_person", { kg: number(kg, 1) });
  });
  const used = useReading(() => shown(() => n.value?.today_kg), 1);
  const valve = useComputed(() => `cell valve ${open.value === true ? "open" : open.value === null ? "unknown" : ""}`);
  const pipe = useComputed(() => `line ${open.value === true ? "cold" : ""}`);
  return (
    <div class={pipe}>
      <div class="own">
        <div class="cell tank">
          <span class="glass">
            <i style={tankLevel} />
          </span>
          <span class="val">
            <b>{tank}</b> kg LN₂
          </span>
          <small>{each}</small>
        </div>
        <div class={valve}>
          <svg viewBox="0 0 36 24" aria-hidden="true">
            <path d={VALVE} />
          </svg>
          <span class="val">
            <b>{openWords}</b>
          </span>
          <small>{t("main_valve")}</small>
        </div>
        <div class="cell">
          <span class="val">
            <b>{flow}</b> kg/h
          </span>
          <small>{t("flow")}</small>
        </div>
        <div class="cell">
          <span class="val">
            <b>{pressure}</b> bar
          </span>
          <small>{t("pressure")}</small>
        </div>
        <div class="cell">
          <span class="val">
            <b>{used}</b> kg {t("today")}
          </span>
          <small>{today}</small>
        </div>
      </div>
    </div>
  );
}

/** `rooms` leaves out the nitrogen line and the treatment room: what matters while guests walk in. */
export function Mimic({ only }: { only?: "rooms" }) {
  return (
    <div class={`mimic ${only ?? ""}`}>
      {only === undefined && <Line />}
      <div class={oneRoom.value ? "plan one" : "plan"}>
        {only === undefined && <Outside />}
        <Wall room={preRoom} />
        {!oneRoom.value && <RoomBox room={preRoom} name={t("pre_chamber")} heights={preHeights.value} kind="pre" door="outer_door" coil="TT-211" />}
        {!oneRoom.value && <Wall room={mainRoom} />}
        <RoomBox room={mainRoom} name={t("main_room")} heights={mainHeights.value} kind="main" door="inner_door" coil="TT-111" />
        <div class="wall solid" />
      </div>
    </div>
  );
}
