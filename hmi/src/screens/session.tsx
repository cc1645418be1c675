// The session from the first question to the last guest outside. Which view is shown follows the server's state alone.
import { computed } from "@preact/signals";
import { t } from "../i18n";
import { cycle, fresh, session } from "../state/store";
import { GuidanceLine } from "../widgets/guidance";
import { Steps } from "../widgets/steps";
import { Boarding } from "./boarding";
import { Leaving, Running } from "./running";
import { Wizard } from "./wizard";

const phase = computed(() => session.value?.phase ?? null);
const ready = computed(() => cycle.value?.state.toUpperCase() === "READY");

function Body() {
  switch (phase.value) {
    case "boarding":
      return <Boarding />;
    case "pre_chamber":
    case "exposure":
      return <Running />;
    case "exit":
      return <Leaving />;
    case null:
      return ready.value && fresh.value ? <Wizard /> : <NoSession />;
  }
}

function NoSession() {
  return (
    <>
      <div class="card empty">
        <h2>{t("session_none")}</h2>
        <p>{t("session_none_sub")}</p>
      </div>
      <GuidanceLine />
    </>
  );
}

export function SessionScreen() {
  return (
    <div class="screen session">
      <Steps />
      <Body />
    </div>
  );
}
