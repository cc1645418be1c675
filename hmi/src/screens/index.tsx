import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { connected } from "../state/store";
import { Icon } from "../widgets/icons";
import { Hands } from "./hands";

export { AlarmsScreen as Alarms } from "./alarms";
export { Checklist } from "./checklist";
export { Day } from "./day/index";
export { Home } from "./home";
export { SessionScreen as Session } from "./session";
export { SignIn as SignInSheet } from "./signin";

type View = () => JSX.Element;
const fetches: (() => Promise<void>)[] = [];

/** A screen that is not needed for the first one. */
function later(load: () => Promise<View>): View {
  const view = signal<View | null>(null);
  const fetch = (): Promise<void> =>
    load().then(
      (found) => void (view.value = found),
      () => undefined, // the server is away; asked again when it is looked at
    );
  fetches.push(fetch);
  return function Later() {
    useEffect(() => {
      if (view.value === null) void fetch();
    }, [connected.value]);
    const Found = view.value;
    return Found === null ? <p class="blank">{t("loading")}</p> : <Found />;
  };
}

/** The plotting library alone is a third of the panel; the others are for technicians. */
export const Trends = later(() => import("./trends/index").then((m) => m.Trends));
export const Service = later(() => import("./service").then((m) => m.Service));
export const Settings = later(() => import("./settings").then((m) => m.Settings));

const FIRST_SCREEN_MS = 3000;

/** Fetches them when the first screen stands, so that they are there whatever becomes of the server. */
export function fetchLater(): void {
  setTimeout(() => fetches.forEach((fetch) => void fetch()), FIRST_SCREEN_MS);
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
