import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "../widgets/icons";
import { Hands } from "./hands";

export { AlarmsScreen as Alarms } from "./alarms";
export { Checklist } from "./checklist";
export { Day } from "./day/index";
export { Home } from "./home";
export { Service } from "./service";
export { SessionScreen as Session } from "./session";
export { Settings } from "./settings";
export { SignIn as SignInSheet } from "./signin";

/** Loaded when it is first looked at: the plotting library is a third of the panel. */
export function Trends() {
  const view = useSignal<(() => JSX.Element) | null>(null);
  useEffect(() => {
    void import("./trends/index").then((m) => (view.value = m.Trends));
  }, []);
  const View = view.value;
  return View === null ? <p class="blank">{t("loading")}</p> : <View />;
}

/** Docked below the operator's frame; open, it makes the frame smaller instead of covering it. */
export function HandsDrawer() {
  const open = useSignal(false);
  useEffect(() => {
    document.documentElement.classList.toggle("drawer-open", open.value);
    return () => document.documentElement.classList.remove("drawer-open");
  }, [open.value]);
  return (
    <section class="drawer">
      <button type="button" class="handle" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        <Icon name={open.value ? "chevron_down" : "chevron_up"} />
        <b>{t("hands")}</b>
        <span>{t("hands_sub")}</span>
      </button>
      {open.value && <Hands />}
    </section>
  );
}

/** The same as a page of its own, for a second screen beside the panel. */
export function HandsPage() {
  return (
    <main class="hands-page">
      <h1>
        {t("hands")} <span class="sim">{t("simulated")}</span>
      </h1>
      <p class="quiet">{t("hands_sub")}</p>
      <Hands />
    </main>
  );
}
