// Alarm list with acknowledgement, what is hidden, history, figures, and the cause-and-effect table with what is active in it.
import { computed, signal, useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../api/http";
import type { AlarmChange, AlarmView, CauseInfo } from "../api/types";
import { grouped, unacknowledged } from "../alarms/order";
import { Shape } from "../alarms/banner";
import { Figures } from "../alarms/figures";
import { Hidden, HideSheet, hideOff, hiding, shelfMinutes } from "../alarms/hidden";
import { alarmAction, alarmState, alarmTitle, causeName, causeTitle, dayAndTime, detailText, t, word } from "../i18n";
import { judge, tellError } from "../state/actions";
import { age, timeOfDay } from "../state/format";
import { reader } from "../state/reads";
import { alarms, causes, description, fresh, hasRole, hiddenAlarms, oneRoom } from "../state/store";
import { TapButton } from "../widgets/buttons";
import { Tabs } from "../widgets/tabs";

const tab = signal<"active" | "hidden" | "history" | "figures" | "causes">("active");
const changes = signal<AlarmChange[] | null>(null);
const history = reader(changes, () => api.alarms().then((view) => view.history), 5000);

async function acknowledge(alarm: string | null): Promise<void> {
  try {
    judge(alarm === null ? await api.acknowledgeAll() : await api.acknowledge(alarm));
  } catch (error) {
    tellError(error);
  }
}

/** A row has come, gone or moved: a touch now was meant for what stood there before. */
const moved = signal(false);
const SETTLE_MS = 600;

function useSettled(order: string): void {
  const before = useRef(order);
  useEffect(() => {
    if (before.current === order) return undefined;
    before.current = order;
    moved.value = true;
    const timer = setTimeout(() => (moved.value = false), SETTLE_MS);
    return () => {
      clearTimeout(timer);
      moved.value = false;
    };
  }, [order]);
}

const ackOff = (): string | null => (moved.value ? t("wait") : !fresh.value ? t("no_data") : hasRole("operator") ? null : t("sign_in_as_operator"));

function AlarmRow({ alarm, under }: { alarm: AlarmView; under: boolean }) {
  const open = unacknowledged(alarm);
  return (
    <li class={`alarm-row ${alarm.priority} ${under ? "under" : ""} ${open ? "open" : ""}`}>
      <Shape priority={alarm.priority} />
      <div class="what">
        <b>{alarmTitle(alarm)}</b>
        <small>
          {detailText(alarm.detail)}
          {under && <em> · {t("consequence")}</em>}
        </small>
        <p>{alarmAction(alarm)}</p>
      </div>
      <div class="when">
        {alarm.first_out && <span class="chip first">{t("first_out")}</span>}
        <span>
          {timeOfDay(new Date(alarm.since), true)}
          {alarm.count > 1 && ` · ${alarm.count}×`}
        </span>
        <small>{alarmState(alarm.state)}</small>
      </div>
      <div class="acts">
        {shelfMinutes(alarm.id) !== null && (
          <TapButton label={t("shelve")} off={hideOff("shelve")} onTap={() => (hiding.value = { alarm: alarm.id, kind: "shelve" })} />
        )}
        {open ? (
          <TapButton label={t("acknowledge")} sub={ackOff() ?? undefined} off={ackOff()} onTap={() => void acknowledge(alarm.id)} />
        ) : (
          <span class="acked">{alarmState("ack")}</span>
        )}
      </div>
    </li>
  );
}

function Active() {
  const list = alarms.value ?? [];
  const groups = grouped(list);
  useSettled(groups.flatMap((g) => [g.first, ...g.following]).map((a) => a.id).join(" "));
  if (!fresh.value) return <p class="blank">{t("no_data")}</p>;
  if (list.length === 0) {
    return (
      <div class="card empty">
        <h2>{t("no_alarms")}</h2>
        <p>{t("no_alarms_sub")}</p>
      </div>
    );
  }
  return (
    <ul class="alarm-list">
      {groups.flatMap((g) => [
        <AlarmRow key={g.first.id} alarm={g.first} under={false} />,
        ...g.following.map((a) => <AlarmRow key={a.id} alarm={a} under />),
      ])}
    </ul>
  );
}

function History() {
  history.use();
  const list = changes.value;
  if (list === null) return <p class="blank">{t("loading")}</p>;
  if (list.length === 0) return <p class="blank">{t("no_history")}</p>;
  const titles = new Map(description.value?.alarms.map((a) => [a.id, a.title]));
  return (
    <table class="grid">
      <thead>
        <tr>
          <th>{t("time")}</th>
          <th>{t("alarm")}</th>
          <th>{t("change")}</th>
          <th>{t("details")}</th>
          <th>{t("user")}</th>
        </tr>
      </thead>
      <tbody>
        {list.map((c, i) => (
          <tr key={i}>
            <td class="when">{dayAndTime(new Date(c.time))}</td>
            <td>{alarmTitle({ id: c.alarm, title: titles.get(c.alarm) ?? c.alarm })}</td>
            <td>{alarmState(c.to)}</td>
            <td>{detailText(c.detail)}</td>
            <td>{c.user ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const acting = computed(() => new Map((fresh.value ? (causes.value ?? []) : []).map((c) => [c.id, c])));
/** Which rows stand on top: the table is sorted anew when this changes, not when a second has passed. */
const actingIds = computed(() => [...acting.value.keys()].join(" "));

function CauseRow({ info }: { info: CauseInfo }) {
  const mark = useComputed(() => {
    const live = acting.value.get(info.id);
    return live === undefined ? "" : live.present ? "present" : "latched";
  });
  const first = useComputed(() => acting.value.get(info.id)?.first_out === true);
  const why = useComputed(() => {
    const live = acting.value.get(info.id);
    return live === undefined ? "" : `${t("why")}: ${detailText(live.detail)} · ${age(live.since_s)}`;
  });
  return (
    <tr class={mark}>
      <td>{info.row}</td>
      <td>
        <b>{causeName(info.id) ?? causeTitle(info.alarm ?? info.id, info.text)}</b>
        {info.off !== null && (
          <small class="why">
            {t("row_off")}: {info.off}
          </small>
        )}
        {mark.value !== "" && <small class="why">{why}</small>}
      </td>
      <td>{word(info.action_empty)}</td>
      <td>{word(info.action_occupied)}</td>
      <td>{age(info.delay_s)}</td>
      <td>{word(info.clear)}</td>
      <td>
        {mark.value !== "" && <span class="chip">{t(mark.value)}</span>}
        {first.value && <span class="chip first">{t("first_out")}</span>}
      </td>
    </tr>
  );
}

function Causes() {
  const rows = (description.value?.causes ?? []).filter((c) => c.id !== "PRE-LIMIT" || !oneRoom.value);
  const top = new Set(actingIds.value.split(" "));
  const sorted = [...rows].sort((a, b) => Number(top.has(b.id)) - Number(top.has(a.id)) || a.row - b.row);
  return (
    <table class="grid causes">
      <thead>
        <tr>
          <th>{t("row")}</th>
          <th>{t("cause")}</th>
          <th>{t("effect_empty")}</th>
          <th>{t("effect_occupied")}</th>
          <th>{t("delay")}</th>
          <th>{t("clears")}</th>
          <th>{t("state")}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((info) => (
          <CauseRow key={info.id} info={info} />
        ))}
      </tbody>
    </table>
  );
}

export function AlarmsScreen() {
  const hidden = hiddenAlarms.value?.length ?? 0;
  const any = (alarms.value ?? []).some(unacknowledged);
  return (
    <div class="screen alarms">
      <div class="row">
        <Tabs
          value={tab}
          tabs={[
            ["active", t("active")],
            ["hidden", t("hidden"), hidden],
            ["history", t("history")],
            ["figures", t("figures")],
            ["causes", t("causes")],
          ]}
        />
        <span class="grow" />
        {tab.value === "active" && any && <TapButton label={t("acknowledge_all")} off={ackOff()} onTap={() => void acknowledge(null)} />}
      </div>
      <div class="scroll" tabIndex={0}>
        {tab.value === "active" && <Active />}
        {tab.value === "hidden" && <Hidden />}
        {tab.value === "history" && <History />}
        {tab.value === "figures" && <Figures />}
        {tab.value === "causes" && <Causes />}
      </div>
      <HideSheet />
    </div>
  );
}

