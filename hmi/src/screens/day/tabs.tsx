// The two halves of a day: what is planned and done, and what is looked at before it begins.
import { t } from "../../i18n";
import { go, screen } from "../../state/route";
import { cycle, shown } from "../../state/store";

export function DayTabs() {
  const due = shown(() => cycle.value?.day_checked) === false;
  return (
    <div class="tabs" role="tablist">
      <button type="button" role="tab" aria-selected={screen.value === "day"} class={screen.value === "day" ? "on" : ""} onClick={() => go("day")}>
        {t("day_plan")}
      </button>
      <button type="button" role="tab" aria-selected={screen.value === "checklist"} class={screen.value === "checklist" ? "on" : ""} onClick={() => go("checklist")}>
        {t("checklist_day")} {due && <span class="chip">{t("to_do")}</span>}
      </button>
    </div>
  );
}
