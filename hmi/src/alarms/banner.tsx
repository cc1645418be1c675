// The alarm line on every screen: the highest alarm, what it means and what to do. Shape, text and colour together.
import { computed, signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { api } from "../api/http";
import type { AlarmView, Priority } from "../api/types";
import { alarmAction, alarmTitle, detailText, t } from "../i18n";
import { go } from "../state/route";
import { alarms, connected, fresh, freshness, link, silentS } from "../state/store";
import { ordered, returned, unacknowledged } from "./order";

const top = computed(() => ordered(alarms.value ?? [])[0] ?? null);
const plcSlow = computed(() => link.value?.plc === "slow");
const silentText = computed(() => (silentS.value === null ? "" : `${Math.floor(silentS.value)} s`));

/** ▲ high, ◆ medium, ● low: told apart without colour. */
export function Shape({ priority }: { priority: Priority }) {
  return (
    <svg class={`shape ${priority}`} viewBox="0 0 24 24" aria-hidden="true">
      {priority === "high" && <path d="M12 2.5 22.5 21h-21z" />}
      {priority === "medium" && <path d="M12 1.5 22.5 12 12 22.5 1.5 12z" />}
      {priority === "low" && <circle cx="12" cy="12" r="10" />}
      <path class="mark" d={priority === "high" ? "M12 9v6 M12 17.6v.4" : "M12 7v6.5 M12 16.6v.4"} />
    </svg>
  );
}

function NoData() {
  return (
    <div class="banner nodata" role="alert">
      <b>
        {t("no_data")} <span class="secs">{silentText}</span>
      </b>
      <span>{silentS.value === null && !connected.value ? t("connecting") : t("no_data_help")}</span>
    </div>
  );
}

const lately = signal<number | null>(null);
const LATELY_MS = 60_000;

/** How many were announced in a day: calm now does not mean calm before. Read while nothing alarms. */
function Lately() {
  useEffect(() => {
    const read = (): void =>
      void api.alarmFigures(-86400).then(
        (found) => (lately.value = found.announced),
        () => (lately.value = null), // the link has its own words for this
      );
    read();
    const timer = setInterval(read, LATELY_MS);
    return () => clearInterval(timer);
  }, []);
  return lately.value === null ? null : <span class="lately">{t("alarms_today", { n: lately.value })}</span>;
}

/**
 * Flash periods of IEC 60601-1-8, lit for half of each: high 1.4-2.8 Hz, medium 0.4-0.8 Hz, low steady. Two changes of a class
 * a period; an animation in the style sheet would have the page drawn at every frame of the screen.
 */
const FLASH_MS: Readonly<Record<Priority, number | null>> = { high: 500, medium: 1660, low: null };

/** The banner has one line for what was seen; the rest of a list is on the alarm's own row. */
const inShort = (detail: string) => detailText(detail).split(";")[0];

function AlarmLine({ alarm, children }: { alarm: AlarmView; children: ComponentChildren }) {
  const period = unacknowledged(alarm) && !returned(alarm) ? FLASH_MS[alarm.priority] : null;
  const off = useSignal(false);
  useEffect(() => {
    off.value = false;
    if (period === null) return undefined;
    const timer = setInterval(() => (off.value = !off.value), period / 2);
    return () => clearInterval(timer);
  }, [period]);
  return (
    <button type="button" class={`banner alarm ${alarm.priority} ${off.value ? "flash-off" : ""}`} onClick={() => go("alarms")}>
      {children}
    </button>
  );
}

export function Banner() {
  if (!fresh.value) return <NoData />;
  const alarm = top.value;
  const count = alarms.value?.length ?? 0;
  const slow = freshness.value === "slow" ? <span class="slow">{t("link_slow")}</span> : null;
  if (alarm === null) {
    return (
      <div class="banner calm">
        <span>{t("no_alarms")}</span>
        <span class="grow" />
        <Lately />
        {slow}
        {plcSlow.value && <span class="slow">PLC · {t("link_slow")}</span>}
      </div>
    );
  }
  return (
    <AlarmLine alarm={alarm}>
      <Shape priority={alarm.priority} />
      <span class="pri">{t(alarm.priority)}</span>
      <span class="what">
        <b>{alarmTitle(alarm)}</b>
        <small>{returned(alarm) ? t("st_rtn_unack") : inShort(alarm.detail)}</small>
      </span>
      <span class="do">{returned(alarm) ? t("look_then_ack") : alarmAction(alarm)}</span>
      {slow}
      {count > 1 && <span class="more">{t("more_alarms", { n: count - 1 })}</span>}
    </AlarmLine>
  );
}
