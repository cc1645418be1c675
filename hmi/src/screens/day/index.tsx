// The day: appointments and what they need, sessions as recorded, people, nitrogen.
import { signal, useComputed } from "@preact/signals";
import { api } from "../../api/http";
import type { SessionRow } from "../../api/types";
import { causeTitle, programName, t, word } from "../../i18n";
import type { UiKey } from "../../i18n/en";
import { clock } from "../../link/countdown";
import { number, timeOfDay } from "../../state/format";
import { reader } from "../../state/reads";
import { description, nitrogen, shown } from "../../state/store";
import { tankKg } from "../../widgets/instruments";
import { dayPlan, Schedule } from "./schedule";
import { DayOrder, side } from "./order";
import { SetBack } from "./set_back";
import { DayTabs } from "./tabs";

const rows = signal<SessionRow[] | null>(null);
const LIMIT = 100;
const sessions = reader(rows, () => api.sessions(LIMIT).then((view) => view.sessions), 10_000);

function today(row: SessionRow): boolean {
  return new Date(row.opened).toDateString() === new Date().toDateString();
}

function Tile({ title, read, unit }: { title: string; read: () => string; unit: string }) {
  const text = useComputed(read);
  return (
    <div class="tile">
      <h4>{title}</h4>
      <p>
        <b>{text}</b> <small>{unit}</small>
      </p>
    </div>
  );
}

/** What ended a session: a word of the panel, or the name of a cause. */
function ended(code: string): string {
  const id = code.replace(/^cause:/, "");
  return causeTitle(id, description.value?.causes.find((c) => c.id === id)?.text ?? word(code));
}

function Row({ row }: { row: SessionRow }) {
  const program = programName(description.value?.programs.find((p) => p.id === row.program) ?? { id: row.program, name: row.program });
  return (
    <tr>
      <td>{timeOfDay(new Date(row.opened))}</td>
      <td>{program}</td>
      <td>{row.persons ?? ""}</td>
      <td>
        {clock(row.elapsed_s)} <small class="below">{t("of_limit", { t: clock(row.limit_s) })}</small>
      </td>
      <td>
        {number(row.main_mean_c, 1)} <small>°C</small>
        {row.skin.length > 0 && <small class="below">{t("skin_about", { c: number(Math.min(...row.skin.map((s) => s.c)), 0) })}</small>}
      </td>
      <td>
        {number(row.o2_main_min_pct, 1)} <small>%</small>
      </td>
      <td>
        {row.state === "closed" ? ended(row.ended_by ?? "") : t(`session_state_${row.state}` as UiKey)} <small>{row.reason === null || row.reason === "" ? "" : word(row.reason)}</small>
      </td>
    </tr>
  );
}

export function Day() {
  sessions.use();
  const list = rows.value?.filter(today) ?? null;
  return (
    <div class="screen day">
      <div class="row">
        <DayTabs />
        <span class="grow" />
        <SetBack />
      </div>
      <div class="tiles">
        <Tile title={t("people_today")} read={() => number(shown(() => nitrogen.value?.persons_today), 0)} unit="" />
        <Tile title={t("nitrogen_today")} read={() => number(shown(() => nitrogen.value?.today_kg), 1)} unit="kg" />
        <Tile title={t("people_to_come")} read={() => String(dayPlan.value.persons)} unit={dayPlan.value.needKg === null ? "" : t("about_kg", { kg: number(dayPlan.value.needKg, 0) })} />
        <Tile title={t("nitrogen_each")} read={() => number(shown(() => nitrogen.value?.per_person_kg), 1)} unit="kg" />
        <Tile title={t("tank")} read={() => number(tankKg(), 0)} unit="kg" />
      </div>
      <div class={`day-body show-${side.value}`}>
      <Schedule />
      <DayOrder />
      <section class="card sessions">
      <h2>
        {t("sessions_today")}
        <button type="button" class="turn" onClick={() => (side.value = "plan")}>
          {t("plan_of_day")}
        </button>
      </h2>
      <div class="scroll" tabIndex={0}>
        {list === null ? (
          <p class="blank">{t("loading")}</p>
        ) : list.length === 0 ? (
          <p class="blank">{t("no_sessions")}</p>
        ) : (
          <table class="grid">
            <thead>
              <tr>
                <th>{t("started")}</th>
                <th>{t("program")}</th>
                <th>{t("persons")}</th>
                <th>{t("stay")}</th>
                <th>
                  {t("main_room")}, {t("mean")}
                </th>
                <th>{t("lowest_oxygen")}</th>
                <th>{t("ended_by")}</th>
              </tr>
            </thead>
            <tbody>
              {list.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      </section>
      </div>
    </div>
  );
}
