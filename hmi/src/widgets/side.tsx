// Right column of every screen: may somebody be inside, how is the air outside, "I am here", and the urgent buttons.
import { computed, useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { persons, reasonText, t } from "../i18n";
import { clock } from "../link/countdown";
import { blocked, send } from "../state/actions";
import { staying, stayLeftS } from "../state/stay";
import { entry, left, mainRoom, preRoom, roomAir, session, shown, state } from "../state/store";
import { Icon } from "./icons";
import { reading } from "./reading";
import { UrgentButtons } from "./urgent";

/** People the server holds to be inside in a session that has begun. */
const aboard = computed(() => {
  const s = session.value;
  return s === null || s.phase === "boarding" ? null : s.persons;
});
/** Whatever screen is looked at, the time is on it. */
const stayLeft = computed(() => clock(stayLeftS.value));
/** States in which people may still be inside although no session says so. */
const EMERGENCY = new Set(["EVACUATE", "ESTOP"]);
const inside = computed(() => shown(() => (mainRoom.value?.presence ?? null) || (preRoom.value?.presence ?? null)));

function Entry() {
  if (state.value === null) {
    return <EntryTile tone="unknown" icon="question" title={t("entry_unknown")} sub={t("entry_unknown_sub")} />;
  }
  const told = aboard.value;
  if (told !== null) {
    return (
      <EntryTile tone="inside" icon="person" title={t("people_inside")} sub={persons(told)}>
        {staying.value && (
          <span class="stay">
            <b>{stayLeft}</b> {t("left_word")}
          </span>
        )}
      </EntryTile>
    );
  }
  if (EMERGENCY.has(state.value ?? "")) return <EntryTile tone="unknown" icon="question" title={t("entry_unknown")} sub={t("entry_unknown_sub")} />;
  const refused = entry.value?.room.reason ?? null;
  if (refused !== null) {
    return <EntryTile tone="closed" icon="no_entry" title={t("room_oxygen_low")} sub={reasonText(refused)} />;
  }
  if (state.value === "BOARDING") return <EntryTile tone="open" icon="enter" title={t("entry_open")} sub={t("entry_open_sub")} />;
  if (inside.value === true) return <EntryTile tone="inside" icon="person" title={t("people_inside")} sub={t("entry_closed")} />;
  return <EntryTile tone="closed" icon="no_entry" title={t("entry_closed")} sub={t("entry_closed_sub")} />;
}

interface TileProps {
  tone: string;
  icon: "question" | "person" | "enter" | "no_entry";
  title: string;
  sub: string;
  children?: ComponentChildren;
}

function EntryTile(props: TileProps) {
  return (
    <div class={`tile entry ${props.tone}`}>
      <Icon name={props.icon} />
      <b>{props.title}</b>
      <small>
        {props.sub}
        {props.children}
      </small>
    </div>
  );
}

const roomOxygen = reading(() => shown(() => roomAir.value?.oxygen_pct), 1);
const floorOxygen = reading(() => shown(() => roomAir.value?.oxygen_floor_pct), 1);

function RoomOxygen() {
  return (
    <div class="tile air">
      <h4>
        {t("room_oxygen")}
      </h4>
      <p class="own">
        <b>{roomOxygen}</b> <small>%</small>
      </p>
      <small class="own">
        {t("oxygen_floor")} {floorOxygen} %
      </small>
    </div>
  );
}

/** The dead-man of the operator: pressed at least every 30 s while people are inside. */
function Presence() {
  const leftS = useComputed(() => left(session.value?.confirm_in_s));
  const width = useComputed(() => {
    const every = session.value?.confirm_every_s ?? 30;
    return `transform:scaleX(${leftS.value === null ? 0 : Math.min(1, leftS.value / every).toFixed(2)})`; // a hundredth is a pixel or two
  });
  const words = useComputed(() => t("within", { t: leftS.value === null ? "−−" : `${Math.ceil(leftS.value)} s` }));
  const urgency = useComputed(() => `btn here ${leftS.value !== null && leftS.value < 10 ? "soon" : ""}`);
  const off = blocked("operator_present");
  return (
    <button type="button" class={urgency} aria-disabled={off !== null} onClick={() => off === null && void send("operator_present")}>
      <span class="words">
        <b>{t("i_am_here")}</b>
        <small>{off ?? words}</small>
      </span>
      <i>
        <em style={width} />
      </i>
    </button>
  );
}

const asked = computed(() => session.value !== null && session.value.confirm_in_s !== null);

export function Side() {
  const confirm = asked.value;
  return (
    <aside class="side">
      <Entry />
      {confirm ? <Presence /> : <RoomOxygen />}
      <span class="grow" />
      <UrgentButtons />
    </aside>
  );
}

