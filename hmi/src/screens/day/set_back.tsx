// Set-back until the next appointment: the order is the operator's, the chamber cools again by itself in time.
import { useComputed } from "@preact/signals";
import { t } from "../../i18n";
import { blocked, send } from "../../state/actions";
import { cycle } from "../../state/store";
import { TapButton } from "../../widgets/buttons";
import { nextStartS } from "./schedule";

const LEAST_MIN = 20;
const MOST_MIN = 480;
const WITHOUT_PLAN_MIN = 60;

export function SetBack() {
  const back = useComputed(() => cycle.value?.guidance.code === "set_back");
  const minutes = useComputed(() => {
    const next = nextStartS.value;
    if (next === undefined) return 0;
    return next === null ? WITHOUT_PLAN_MIN : Math.min(MOST_MIN, Math.floor((next - Date.now() / 1000) / 60));
  });
  if (back.value) return <TapButton class="small" label={t("cool_now")} off={blocked("set_back")} onTap={() => void send("set_back", { minutes: 0 })} />;
  if (minutes.value < LEAST_MIN) return null;
  return <TapButton class="small" label={t("set_back_for", { n: minutes.value })} off={blocked("set_back")} onTap={() => void send("set_back", { minutes: minutes.value })} />;
}
