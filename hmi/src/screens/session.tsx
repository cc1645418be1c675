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
/** The next group may be asked while the room still cools: the button says what is waited for. */
const PREPARING = new Set(["PRECOOL", "READY", "RECOOL"]);
const preparing = computed(() => fresh.value && PREPARING.has(cycle.value?.state.toUpperCase() ?? ""));

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
      return preparing.value ? <Wizard /> : <NoSession />;
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
