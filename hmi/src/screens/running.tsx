// People are inside: the time left, readable from across the room; who; how cold; how much oxygen; and the way out.
import { computed, useComputed } from "@preact/signals";
import type { SessionView } from "../api/types";
import { causeText, guidanceText, lower, persons, t, word as wordFor } from "../i18n";
import { clock } from "../link/countdown";
import { inPre, stayLeftS } from "../state/stay";
import { causes, cycle, fresh, mainRoom, oneRoom, preRoom, session, shown } from "../state/store";
import { CommandTap } from "../widgets/buttons";
import { CountOut } from "../widgets/count-out";
import { Icon } from "../widgets/icons";
import { mainHeights, preHeights, zones } from "../widgets/instruments";
import { SkinBar, SkinNote } from "../widgets/skin";
import { ZoneBar } from "./cabin";
import { HeightBar, OxygenBar, RoomBar, RoomOxygenBar } from "./mimic";

const CIRCLE = 2 * Math.PI * 196;

const wholeS = computed(() => {
  const s = session.value;
  if (s === null) return null;
  if (s.phase !== "pre_chamber") return s.limit_s;
  return cycleStart(s);
});

/** Length of the pre-chamber stay: what is left plus what has passed in this state. */
function cycleStart(s: SessionView): number | null {
  return s.pre_chamber_remaining_s === null || cycle.value === null ? null : s.pre_chamber_remaining_s + cycle.value.since_s;
}

const words = computed(() => clock(stayLeftS.value));
/** The ring moves twice a second: a few pixels each time, and a fifth of the drawing that ten small moves would cost. */
const RING_STEP_S = 0.5;
const ringS = computed(() => (stayLeftS.value === null ? null : Math.ceil(stayLeftS.value / RING_STEP_S) * RING_STEP_S));
const offset = computed(() => {
  const rest = ringS.value;
  const whole = wholeS.value;
  const share = rest === null || whole === null || whole <= 0 ? 0 : Math.min(1, rest / whole);
  return (CIRCLE * (1 - share)).toFixed(1);
});

function Ring() {
  const under = useComputed(() => {
    const s = session.value;
    return s === null ? "" : inPre.value ? `${t("main_room")} ${clock(s.limit_s)}` : t("of_limit", { t: clock(s.limit_s) });
  });
  return (
    <div class="card count">
      <svg class="ring" viewBox="0 0 420 420" aria-hidden="true">
        <circle cx="210" cy="210" r="196" />
        <circle class="fill" cx="210" cy="210" r="196" stroke-dasharray={CIRCLE.toFixed(1)} stroke-dashoffset={offset} transform="rotate(-90 210 210)" />
      </svg>
      <div class="face">
        <span>{inPre.value ? t("pre_left") : t("time_left")}</span>
        <b class="t">{words}</b>
        <span>{under}</span>
      </div>
    </div>
  );
}

function Guests() {
  const count = useComputed(() => session.value?.persons ?? 0);
  const limit = useComputed(() => clock(session.value?.limit_s ?? null));
  const reason = useComputed(() => t("limit_by", { what: wordFor(session.value?.limit_reason ?? "") }));
  const where = useComputed(() => {
    const main = shown(() => mainRoom.value?.presence);
    const pre = shown(() => preRoom.value?.presence);
    if (main === true) return t("main_room");
    if (pre === true) return t("pre_chamber");
    return main === null || pre === null ? t("presence_unknown") : t("nobody");
  });
  return (
    <div class="card guests">
      <h3>
        <span>
          {t("inside_now")} · {where}
        </span>
        <small>{reason}</small>
      </h3>
      <ul>
        {Array.from({ length: count.value }, (_, i) => (
          <li class="guest" key={i}>
            <Icon name="person" />
            <span>
              <b>{t("guest", { n: i + 1 })}</b>
              <small>{t("stay_limit", { t: limit.value })}</small>
              <SkinBar person={i} />
            </span>
          </li>
        ))}
      </ul>
      <SkinNote />
    </div>
  );
}

/** The heights of the room the guests are in; while they wait before the main room, how cold that is, too. */
function Climate() {
  const waiting = inPre.value;
  return (
    <div class="card climate">
      {(waiting ? preHeights : mainHeights).value.map((h) => (
        <HeightBar key={h.tag} height={h} room={waiting ? preRoom : mainRoom} />
      ))}
      {oneRoom.value && zones.value.map((z) => <ZoneBar key={z.tag} zone={z} />)}
      {waiting && <RoomBar label={t("main_room")} room={mainRoom} />}
      <OxygenBar room={mainRoom} label={oneRoom.value ? t("oxygen_face") : `O₂ ${lower(t("main_room"))}`} />
      {!oneRoom.value && <OxygenBar room={preRoom} label={`O₂ ${lower(t("pre_chamber"))}`} />}
      <RoomOxygenBar label={`O₂ ${lower(t("treatment_room"))}`} />
    </div>
  );
}

const guidance = computed(() => {
  const view = cycle.value?.guidance;
  return view === undefined || !fresh.value ? t("no_data") : guidanceText(view);
});

export function Running() {
  return (
    <>
      <div class="running">
        <Ring />
        <div class="col">
          <Guests />
          <Climate />
        </div>
      </div>
      <section class="guidance watch">
        <div class="say">
          <small>{t("now")}</small>
          <h1>{guidance}</h1>
        </div>
        <CommandTap kind="end_session" label={t("end_session")} sub={t("everybody_out")} class="end-session" />
      </section>
    </>
  );
}

function ExitDoor({ name, door, room }: { name: string; door: string; room: typeof mainRoom }) {
  const state = useComputed(() => shown(() => room.value?.door.state) ?? "unknown");
  const seen = useComputed(() => shown(() => room.value?.presence));
  return (
    <div class="card exit-room">
      <h3>{name}</h3>
      <p class={seen.value === false ? "quiet" : "strong"}>
        {seen.value === null ? t("presence_unknown") : seen.value ? t("somebody") : t("nobody")}
      </p>
      <p class="quiet">
        {door}: {t(`door_${state.value}`)}
      </p>
    </div>
  );
}

/** What ended it, when it was not simply over. */
const because = computed(() => {
  const first = fresh.value ? causes.value?.find((c) => c.first_out) : undefined;
  return first === undefined ? "" : causeText(first);
});

/** EXIT: everybody out, then the operator looks and says so. */
export function Leaving() {
  const told = useComputed(() => (session.value === null ? "" : persons(session.value.persons)));
  const word = t("out");
  return (
    <>
      <div class="running leaving">
        <div class="card count">
          <svg class="ring" viewBox="0 0 420 420" aria-hidden="true">
            <circle cx="210" cy="210" r="196" />
          </svg>
          <div class="face">
            <span>{t("everybody_out")}</span>
            <b class="t out" style={`--letters:${word.length}`}>
              {word}
            </b>
            <span>{told}</span>
            {because.value !== "" && (
              <span class="because">
                <small>{t("first_out")}</small>
                {because}
              </span>
            )}
          </div>
        </div>
        <div class="col">
          <ExitDoor name={t("main_room")} door={t("inner_door")} room={mainRoom} />
          {!oneRoom.value && <ExitDoor name={t("pre_chamber")} door={t("outer_door")} room={preRoom} />}
          <div class="card climate">
            <OxygenBar room={mainRoom} label={oneRoom.value ? t("oxygen_face") : `O₂ ${lower(t("main_room"))}`} />
            <RoomOxygenBar label={`O₂ ${lower(t("treatment_room"))}`} />
          </div>
        </div>
      </div>
      <section class="guidance act">
        <div class="say">
          <small>{t("next")}</small>
          <h1>{guidance}</h1>
        </div>
        <CountOut />
      </section>
    </>
  );
}
