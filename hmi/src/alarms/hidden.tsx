// What is not announced and why: shelved, suppressed by design, out of service. Hiding and showing are orders to control,
// which says what it refuses; nothing is decided here.
import { signal, useSignal } from "@preact/signals";
import { api, uuid } from "../api/http";
import type { HiddenAlarmView } from "../api/types";
import { alarmTitle, detailText, t } from "../i18n";
import { judge, send, tellError } from "../state/actions";
import { clock } from "../link/countdown";
import { description, fresh, hasRole, hiddenAlarms } from "../state/store";
import { TapButton } from "../widgets/buttons";
import { Sheet } from "../widgets/sheet";
import { Shape } from "./banner";

type Kind = "shelve" | "out_of_service";
/** The alarm about to be hidden; null: the sheet is closed. */
export const hiding = signal<{ alarm: string; kind: Kind } | null>(null);

const MINUTES = [15, 30, 60, 240, 480];
const REASONS = ["hide_work", "hide_part", "hide_known"] as const;

const info = (id: string) => description.value?.alarms.find((a) => a.id === id);
/** Longest shelving in minutes; null: this alarm is never shelved. */
export const shelfMinutes = (id: string): number | null => {
  const most = info(id)?.shelf_max_s ?? null;
  return most === null ? null : most / 60;
};
export const hideOff = (kind: Kind): string | null => {
  if (!fresh.value) return t("no_data");
  if (kind === "shelve") return hasRole("operator") ? null : t("sign_in_as_operator");
  return hasRole("service") ? null : t("sign_in_as_service");
};

async function takeOut(alarm: string, reason: string, second: { name: string; pin: string } | null): Promise<boolean> {
  try {
    return judge(await api.outOfService(alarm, uuid(), reason, second));
  } catch (error) {
    tellError(error);
    return false;
  }
}

/** Why, for how long, and who signs, too. Rendered once by the alarm screen. */
export function HideSheet() {
  const wanted = hiding.value;
  const minutes = useSignal(15);
  const reason = useSignal("");
  const name = useSignal("");
  const pin = useSignal("");
  if (wanted === null) return null;
  const about = info(wanted.alarm);
  const most = shelfMinutes(wanted.alarm) ?? 0;
  const two = wanted.kind === "out_of_service" && about?.klass === "safety";
  const missing =
    hideOff(wanted.kind) ?? (reason.value.trim().length < 3 ? t("hide_why") : two && (name.value === "" || pin.value === "") ? t("hide_second") : null);
  const close = (): void => {
    hiding.value = null;
    reason.value = pin.value = name.value = "";
  };
  const go = async (): Promise<void> => {
    const why = reason.value.trim();
    const done =
      wanted.kind === "shelve"
        ? await send("shelve", { alarm: wanted.alarm, minutes: Math.min(minutes.value, most), reason: why })
        : await takeOut(wanted.alarm, why, two ? { name: name.value, pin: pin.value } : null);
    pin.value = "";
    if (done) close();
  };
  return (
    <Sheet class="hide" label={t(wanted.kind)} close={close}>
      <h2>
        {t(wanted.kind)}: {alarmTitle({ id: wanted.alarm, title: about?.title ?? wanted.alarm })}
      </h2>
      <p class="quiet">{t("hide_note")}</p>
      {wanted.kind === "shelve" && (
        <div class="row">
          {MINUTES.filter((m) => m <= most).map((m) => (
            <TapButton key={m} class={`choice ${m === minutes.value ? "on" : ""}`} label={t("n_minutes", { n: m })} onTap={() => (minutes.value = m)} />
          ))}
        </div>
      )}
      <div class="row">
        {REASONS.map((key) => (
          <TapButton key={key} class={`choice ${reason.value === t(key) ? "on" : ""}`} label={t(key)} onTap={() => (reason.value = t(key))} />
        ))}
      </div>
      <label class="hide-field">
        {t("hide_why")}
        <input value={reason.value} maxLength={200} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      {two && (
        <div class="row">
          <label class="hide-field">
            {t("hide_second")}
            <input value={name.value} maxLength={32} autocomplete="off" onInput={(event) => (name.value = event.currentTarget.value)} />
          </label>
          <label class="hide-field">
            {t("pin")}
            <input type="password" inputMode="numeric" autocomplete="off" value={pin.value} maxLength={32} onInput={(event) => (pin.value = event.currentTarget.value)} />
          </label>
        </div>
      )}
      <div class="row end">
        <TapButton label={t("cancel")} onTap={close} />
        <TapButton label={t(wanted.kind)} sub={missing ?? undefined} off={missing} onTap={() => void go()} />
      </div>
    </Sheet>
  );
}

function Row({ alarm }: { alarm: HiddenAlarmView }) {
  return (
    <li class={`alarm-row ${alarm.priority}`}>
      <Shape priority={alarm.priority} />
      <div class="what">
        <b>{alarmTitle(alarm)}</b>
        <small>{alarm.state === "suppressed" ? detailText(alarm.reason) : alarm.reason}</small>
        {alarm.active && <p>{t("condition_on")}</p>}
      </div>
      <div class="when">
        <span>{t(`st_${alarm.state}`)}</span>
        {alarm.remaining_s !== null && <small>{t("still", { t: clock(alarm.remaining_s) })}</small>}
      </div>
      {alarm.state === "shelved" && (
        <TapButton label={t("unshelve")} off={hideOff("shelve")} sub={hideOff("shelve") ?? undefined} onTap={() => void send("unshelve", { alarm: alarm.id })} />
      )}
      {alarm.state === "out_of_service" && (
        <TapButton
          label={t("return_to_service")}
          off={hideOff("out_of_service")}
          sub={hideOff("out_of_service") ?? undefined}
          onTap={() => void send("return_to_service", { alarm: alarm.id })}
        />
      )}
      {alarm.state === "suppressed" && <span class="acked">{t("ends_by_itself")}</span>}
    </li>
  );
}

/** The list with its way to take one out of service. */
export function Hidden() {
  const chosen = useSignal("");
  if (!fresh.value) return <p class="blank">{t("no_data")}</p>;
  const list = hiddenAlarms.value ?? [];
  const known = new Set(list.map((a) => a.id));
  const others = (description.value?.alarms ?? []).filter((a) => !known.has(a.id));
  const off = hideOff("out_of_service") ?? (chosen.value === "" ? t("choose_alarm") : null);
  return (
    <>
      {list.length === 0 ? (
        <p class="blank">{t("hidden_none")}</p>
      ) : (
        <ul class="alarm-list">
          {list.map((a) => (
            <Row key={a.id} alarm={a} />
          ))}
        </ul>
      )}
      <div class="row take-out">
        <label class="hide-field">
          {t("alarm")}
          <select value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
            <option value="">{t("choose_alarm")}</option>
            {others.map((a) => (
              <option key={a.id} value={a.id}>
                {alarmTitle(a)}
              </option>
            ))}
          </select>
        </label>
        <TapButton label={t("out_of_service")} sub={off ?? undefined} off={off} onTap={() => (hiding.value = { alarm: chosen.value, kind: "out_of_service" })} />
      </div>
    </>
  );
}
