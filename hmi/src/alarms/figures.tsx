// How well the alarms serve: the figures of the journal, each beside its target.
import { signal } from "@preact/signals";
import { api } from "../api/http";
import type { AlarmFigures } from "../api/types";
import { alarmTitle, t } from "../i18n";
import type { UiKey } from "../i18n/en";
import { number } from "../state/format";
import { reader } from "../state/reads";
import { description } from "../state/store";
import { TapButton } from "../widgets/buttons";

const DAYS = [1, 7, 30];
const days = signal(1);
const found = signal<AlarmFigures | null>(null);
const figures = reader(found, () => api.alarmFigures(-86400 * days.peek()), 30_000);

function title(id: string): string {
  return alarmTitle({ id, title: description.value?.alarms.find((a) => a.id === id)?.title ?? id });
}

function Names({ text, ids }: { text: string; ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <p>
      <b>{text}:</b> {[...new Set(ids)].map(title).join(" · ")}
    </p>
  );
}

export function Figures() {
  figures.use(days.value);
  const view = found.value;
  return (
    <div class="figures">
      <div class="row">
        {DAYS.map((n) => (
          <TapButton key={n} class={`choice ${n === days.value ? "on" : ""}`} label={t("n_days", { n })} onTap={() => (days.value = n)} />
        ))}
      </div>
      {view === null ? (
        <p class="blank">{t("loading")}</p>
      ) : (
        <>
          <table class="grid">
            <thead>
              <tr>
                <th>{t("figure")}</th>
                <th>{t("value")}</th>
                <th>{t("fig_target")}</th>
                <th>{t("state")}</th>
              </tr>
            </thead>
            <tbody>
              {view.figures.map((f) => (
                <tr key={f.id}>
                  <td>{t(`fig_${f.id}` as UiKey)}</td>
                  <td class="value">{f.value === null ? "–" : `${number(f.value, f.unit === "%" || f.id === "rate" || f.id.startsWith("per") ? 1 : 0)}${f.unit === "%" ? " %" : ""}`}</td>
                  <td>{f.most === null ? "–" : `≤ ${number(f.most, 0)}${f.unit === "%" ? " %" : ""}`}</td>
                  <td>{f.met === null ? "–" : f.met ? t("fig_met") : <b>{t("fig_missed")}</b>}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p>
            {t("fig_announced", { n: view.announced, s: view.sessions })} · {t("high")} {view.priorities.high ?? 0} · {t("medium")} {view.priorities.medium ?? 0} ·{" "}
            {t("low")} {view.priorities.low ?? 0}
          </p>
          {view.top.length > 0 && (
            <table class="grid">
              <thead>
                <tr>
                  <th>{t("fig_top")}</th>
                  <th>{t("fig_count")}</th>
                </tr>
              </thead>
              <tbody>
                {view.top.map((a) => (
                  <tr key={a.alarm}>
                    <td>{title(a.alarm)}</td>
                    <td class="value">{a.count}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <Names text={t("fig_chattering")} ids={view.chattering} />
          <Names text={t("fig_stale")} ids={view.stale} />
          <Names text={t("fig_unanswered")} ids={view.unanswered} />
        </>
      )}
    </div>
  );
}
