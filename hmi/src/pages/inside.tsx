// The screen at the chamber window, for the people inside: time left, a slow breath, and when to leave. Nothing else, no
// sign-in, no button. The PLC's own voice and light are the safety path; this only shows the same.
import { computed } from "@preact/signals";
import { t } from "../i18n";
import { clock } from "../link/countdown";
import { cycle, fresh, left, mainRoom, preRoom, session, shown, simulated, state } from "../state/store";
import { Others } from "./others";
import { voiceState } from "./voice";
import { insideView, type InsideView } from "./inside-view";

const wholeS = computed(() => {
  const s = session.value;
  const rest = s === null ? null : left(s.phase === "pre_chamber" ? s.pre_chamber_remaining_s : s.remaining_s);
  return rest === null ? null : Math.ceil(rest - 1e-6);
});
const seen = computed(() => {
  const rooms = [shown(() => mainRoom.value?.presence), shown(() => preRoom.value?.presence)];
  return rooms.includes(true) ? true : rooms.includes(null) ? null : false;
});
export const insideNow = computed<InsideView>(() =>
  insideView({
    fresh: fresh.value,
    state: state.value,
    voice: shown(() => cycle.value?.voice),
    phase: session.value?.phase ?? null,
    seen: seen.value,
    leftS: wholeS.value,
  }),
);

function Stay({ view }: { view: Extract<InsideView, { kind: "pre" | "stay" }> }) {
  return (
    <>
      <h1 class="where">{t(view.kind === "pre" ? "pre_chamber" : "main_room")}</h1>
      <div class={`breath ${view.breathe}`}>
        <i aria-hidden="true" />
        <b class="clock">{clock(view.leftS)}</b>
      </div>
      <p class="cue">{t(view.breathe === "in" ? "in_breathe_in" : "in_breathe_out")}</p>
    </>
  );
}

function Body() {
  const view = insideNow.value;
  switch (view.kind) {
    case "stay":
    case "pre":
      return <Stay view={view} />;
    case "leave":
      return (
        <>
          <svg class="arrow" viewBox="0 0 120 80" aria-hidden="true">
            <path d="M6 40h96 M68 8l36 32-36 32" />
          </svg>
          <h1>{t("in_leave")}</h1>
          <Others text="in_leave" />
          <p class="cue">{t("in_push")}</p>
        </>
      );
    case "go":
      return (
        <>
          <svg class="arrow" viewBox="0 0 120 80" aria-hidden="true">
            <path d="M6 40h96 M68 8l36 32-36 32" />
          </svg>
          <h1>{t("in_go")}</h1>
          <Others text="in_go" />
        </>
      );
    case "welcome":
    case "wait":
      return <h1 class="calm">{t(view.kind === "wait" ? "in_wait" : "in_welcome")}</h1>;
    case "unknown":
      return (
        <>
          <b class="clock">−:−−</b>
          <h1 class="calm">{t("in_unknown")}</h1>
          <p class="cue">{t("in_push")}</p>
        </>
      );
    case "rest":
      return <h1 class="calm rest">{t("in_rest")}</h1>;
  }
}

export function InsidePage() {
  const view = insideNow.value;
  return (
    <main class={`inside-page ${view.kind} ${view.kind === "leave" && view.danger ? "danger" : ""}`} aria-live="assertive">
      <Body />
      <div class="marks">
        {simulated.value && <span class="sim">{t("simulated")}</span>}
        {voiceState.value === "blocked" && <span class="slow">{t("sound_blocked")}</span>}
        {voiceState.value === "failed" && <span class="slow">{t("voice_failed")}</span>}
      </div>
    </main>
  );
}
