// The operator's frame: top line, alarm line, rail, the screen, the right column; below it, only with a simulated plant,
// the drawer with the simulated hands.
import { computed, effect, signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Banner, Shape } from "./alarms/banner";
import { causeTitle, deviceName, LANGUAGES, language, roleName, setLanguage, t } from "./i18n";
import { Alarms, Checklist, Day, HandsDrawer, Home, Service, Session, Settings, SignInSheet, Trends } from "./screens";
import { notice } from "./state/actions";
import { keep, kept } from "./state/keep";
import { timeOfDay } from "./state/format";
import { go, RAIL, screen, signInOpen, type Screen } from "./state/route";
import { alarms, bypasses, me, session, shown, simulated, site } from "./state/store";
import { setTheme, theme } from "./state/theme";
import { dimmed } from "./state/wake";
import { Icon } from "./widgets/icons";
import { Side } from "./widgets/side";
import { Sound } from "./widgets/sound";
import { tab } from "./screens/service-tab";
import { lock, signOut } from "./screens/signin";
import { TapButton } from "./widgets/buttons";
import { useOpen } from "./widgets/sheet";

const wall = signal(timeOfDay(new Date()));

function Clock() {
  useEffect(() => {
    const timer = setInterval(() => (wall.value = timeOfDay(new Date())), 1000);
    return () => clearInterval(timer);
  }, []);
  return <b class="clock">{wall}</b>;
}

/** Guests are inside or on their way: somebody has to be able to confirm that he watches. */
const staying = computed(() => session.value !== null);

function UserMenu({ close }: { close: () => void }) {
  const box = useOpen<HTMLSpanElement>(close);
  useEffect(() => {
    const touched = (event: Event): void => {
      if (event.target instanceof Node && box.current?.parentElement?.contains(event.target) !== true) close();
    };
    window.addEventListener("pointerdown", touched);
    return () => window.removeEventListener("pointerdown", touched);
  }, []);
  const off = staying.value ? t("lock_inside") : null;
  const then = (what: () => Promise<void>) => (): void => {
    close();
    void what();
  };
  return (
    <span ref={box} class="top-menu" tabIndex={-1}>
      <TapButton label={t("lock")} off={off} onTap={then(lock)} />
      <TapButton label={t("sign_out")} off={off} onTap={then(signOut)} />
    </span>
  );
}

/** One button, whoever is signed in: what it opened gives the focus back to it. */
function User() {
  const menu = useSignal(false);
  const name = me.value.name;
  return (
    <span class="user-box">
      <button
        type="button"
        class="top-btn user"
        aria-expanded={name === null ? undefined : menu.value}
        onClick={() => {
          if (name === null) signInOpen.value = true;
          else menu.value = !menu.value;
        }}
      >
        <Icon name={name === null ? "lock" : "session"} /> {name ?? t("sign_in")} {name !== null && <small>{roleName(me.value.role)}</small>}
      </button>
      {name !== null && menu.value && <UserMenu close={() => (menu.value = false)} />}
    </span>
  );
}

function nextLanguage(): void {
  const at = LANGUAGES.indexOf(language.value);
  setLanguage(LANGUAGES[(at + 1) % LANGUAGES.length] ?? "en");
}

/** A safeguard is out of force: said on every screen, whatever else alarms, until it is back. */
const bypassed = computed(() => {
  const list = shown(() => bypasses.value) ?? [];
  const first = list[0];
  if (first === undefined) return null;
  const minutes = Math.ceil(Math.min(...list.map((b) => b.remaining_s)) / 60);
  return { what: list.length === 1 ? causeTitle(first.cause, first.text) : String(list.length), left: `${minutes} min` };
});

function Bypassed() {
  if (bypassed.value === null) return null;
  return (
    <button
      type="button"
      class="bypassed"
      onClick={() => {
        tab.value = "upkeep";
        go("service");
      }}
    >
      <Shape priority="medium" />
      <b>{t("bypass")}</b>
      <span class="fits">
        <span>{bypassed.value.what}</span>
      </span>
      <b>{bypassed.value.left}</b>
    </button>
  );
}

function Top() {
  return (
    <header class="top">
      <b class="name">{site.value?.name ?? "Cryochamber"}</b>
      <span class="device">
        <b>{site.value === null ? "" : deviceName(site.value.profile, site.value.device)}</b>
      </span>
      {simulated.value && <span class="sim">{t("simulated")}</span>}
      <Bypassed />
      <span class="grow" />
      <Sound />
      <User />
      <button type="button" class="top-btn theme" onClick={() => setTheme(theme.value === "dark" ? "light" : "dark")}>
        <Icon name={theme.value === "dark" ? "sun" : "moon"} /> {t(theme.value === "dark" ? "light" : "dark")}
      </button>
      <button type="button" class="top-btn lang" onClick={nextLanguage}>
        {language.value.toUpperCase()}
      </button>
      <Clock />
    </header>
  );
}

function Rail() {
  const count = alarms.value?.length ?? 0;
  const at = screen.value === "checklist" ? "day" : screen.value;
  return (
    <nav class="rail">
      {RAIL.map((id) => (
        <button key={id} type="button" class={at === id ? "on" : ""} aria-current={at === id ? "page" : undefined} onClick={() => go(id)}>
          <Icon name={id} />
          {t(id)}
          {id === "alarms" && count > 0 && <i class="badge">{count}</i>}
        </button>
      ))}
    </nav>
  );
}

const VIEWS: Record<Screen, () => preact.JSX.Element> = {
  home: Home,
  session: Session,
  day: Day,
  checklist: Checklist,
  trends: Trends,
  alarms: Alarms,
  service: Service,
  settings: Settings,
};

function NoticeLine() {
  const n = notice.value;
  if (n === null) return null;
  return (
    <div class={`notice ${n.tone}`} role="alert" onClick={() => (notice.value = null)}>
      <b>{n.title}</b>
      <span>{n.text}</span>
    </div>
  );
}

/** Before the plant is read: as it was last time, so that STOP stands from the first moment where it stays. */
const drawer = computed(() => site.value?.simulated ?? kept("simulated") === "yes");
effect(() => {
  if (site.value !== null) keep("simulated", site.value.simulated ? "yes" : "no");
});

export function App() {
  const View = VIEWS[screen.value];
  return (
    <div class={`page ${dimmed.value ? "dimmed" : ""}`}>
      <div class="frame">
        <Top />
        <section class="alarm-line" aria-label={t("alarms")}>
          <Banner />
        </section>
        <Rail />
        <main>
          <View />
          <NoticeLine />
        </main>
        <Side />
        {signInOpen.value && <SignInSheet />}
      </div>
      {drawer.value && <HandsDrawer />}
    </div>
  );
}
