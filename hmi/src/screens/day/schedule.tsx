// Appointments: enter, take out, and what the day needs. They start nothing.
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../../api/http";
import type { Appointment } from "../../api/types";
import { persons as personsText, programName, span, t } from "../../i18n";
import { tellError } from "../../state/actions";
import { number, timeOfDay } from "../../state/format";
import { reader } from "../../state/reads";
import { description, fresh, hasRole, nitrogen, shown } from "../../state/store";
import { TapButton } from "../../widgets/buttons";
import { Icon } from "../../widgets/icons";
import { readPlan } from "./order";
import { nextFree, plan, type Advice, type Planned } from "./plan";

const appointments = signal<readonly Appointment[] | null>(null);
const schedule = reader(appointments, () => api.schedule(...today()).then((view) => view.appointments), 15_000);
const program = signal("");
const count = signal(1);
/** Seconds since 1970; null: the next free place. */
const wantedS = signal<number | null>(null);
const STEP_S = 300;
/** The control process hears of a change within a second. */
const NEXT_MS = 1500;

const programs = computed(() => new Map((description.value?.programs ?? []).map((p) => [p.id, p])));
const day = computed<Planned[]>(() => (appointments.value ?? []).map((a) => ({ id: a.id, startS: Date.parse(a.starts) / 1000, program: a.program, persons: a.persons })));
const tick = signal(Date.now() / 1000);
const perPerson = computed(() => shown(() => nitrogen.value?.per_person_kg));
export const dayPlan = computed(() => plan(day.value, programs.value, tick.value, perPerson.value, shown(() => nitrogen.value?.tank_kg)));
/** Begin of the next appointment; null: none today, undefined: not read yet. */
export const nextStartS = computed(() => appointments.value === null ? undefined : day.value.map((p) => p.startS).filter((s) => s >= tick.value).sort((a, b) => a - b)[0] ?? null);
const startS = computed(() => wantedS.value ?? nextFree(day.value, programs.value, program.value, tick.value + 60));

function today(): [Date, Date] {
  const begin = new Date();
  begin.setHours(0, 0, 0, 0);
  const end = new Date(begin);
  end.setDate(end.getDate() + 1);
  return [begin, end];
}

async function enter(): Promise<void> {
  try {
    await api.enter({ starts: new Date(1000 * startS.peek()).toISOString(), program: program.peek(), persons: count.peek() });
    wantedS.value = null;
    setTimeout(readPlan, NEXT_MS);
  } catch (error) {
    tellError(error);
  }
  schedule.again();
}

async function takeOut(id: number): Promise<void> {
  try {
    await api.takeOut(id);
    setTimeout(readPlan, NEXT_MS);
  } catch (error) {
    tellError(error);
  }
  schedule.again();
}

const at = (s: number): string => timeOfDay(new Date(1000 * s));
const off = (): string | null => (hasRole("operator") ? null : t("sign_in_as_operator"));

function adviceText(advice: Advice): string {
  switch (advice.kind) {
    case "too_close":
      return t("plan_too_close", { at: at(advice.earliestS) });
    case "gap":
      return t("plan_gap", { t: span(advice.gapS), at: at(advice.earliestS) });
    case "nitrogen":
      return t("plan_nitrogen", { need: number(advice.needKg, 0), have: number(advice.haveKg, 0) });
  }
}

function Row({ a }: { a: Planned }) {
  const said = dayPlan.value.advice.find((x) => x.kind !== "nitrogen" && x.id === a.id);
  const p = programs.value.get(a.program);
  return (
    <li class={a.startS < tick.value ? "past" : ""}>
      <b class="clock">{at(a.startS)}</b>
      <span class="what">
        {programName(p ?? { id: a.program, name: a.program })} · {personsText(a.persons)}
        {said !== undefined && <small class="advice">{adviceText(said)}</small>}
      </span>
      <button type="button" class="out" aria-label={`${t("take_out")} ${at(a.startS)}`} aria-disabled={off() !== null} title={off() ?? t("take_out")} onClick={() => off() === null && void takeOut(a.id)}>
        <Icon name="cross" />
      </button>
    </li>
  );
}

function Stepper({ label, value, less, more }: { label: string; value: string; less: () => void; more: () => void }) {
  return (
    <div class="stepper" role="group" aria-label={label}>
      <button type="button" aria-label={`${label}: −`} onClick={less}>
        <Icon name="minus" />
      </button>
      <b class="clock">{value}</b>
      <button type="button" aria-label={`${label}: +`} onClick={more}>
        <Icon name="plus" />
      </button>
    </div>
  );
}

function Entry() {
  const most = description.value?.persons_max ?? 1;
  const shift = (by: number): void => void (wantedS.value = Math.max(Math.ceil(tick.value / STEP_S) * STEP_S, startS.value + by));
  return (
    <div class="entry-form">
      <select aria-label={t("program")} value={program.value} onChange={(event) => (program.value = event.currentTarget.value)}>
        {[...programs.value.values()].map((p) => (
          <option key={p.id} value={p.id}>
            {programName(p)}
          </option>
        ))}
      </select>
      <Stepper label={t("time")} value={at(startS.value)} less={() => shift(-STEP_S)} more={() => shift(STEP_S)} />
      <Stepper label={t("persons")} value={personsText(count.value)} less={() => (count.value = Math.max(1, count.value - 1))} more={() => (count.value = Math.min(most, count.value + 1))} />
      <TapButton class="small" label={t("enter_appointment")} off={fresh.value ? off() : t("no_data")} onTap={() => void enter()} />
    </div>
  );
}

export function Schedule() {
  schedule.use();
  useEffect(() => {
    const clock = setInterval(() => (tick.value = Date.now() / 1000), 5000);
    return () => clearInterval(clock);
  }, []);
  useEffect(() => {
    if (!programs.value.has(program.value)) program.value = description.value?.programs[0]?.id ?? "";
  }, [programs.value]);
  const short = dayPlan.value.advice.find((x) => x.kind === "nitrogen");
  return (
    <section class="card schedule">
      <h2>{t("schedule")}</h2>
      <Entry />
      {short !== undefined && <p class="advice strong">{adviceText(short)}</p>}
      <ul class="scroll" tabIndex={0}>
        {appointments.value === null ? <li class="blank">{t("loading")}</li> : day.value.length === 0 ? <li class="blank">{t("no_appointments")}</li> : day.value.map((a) => <Row key={a.id} a={a} />)}
      </ul>
    </section>
  );
}
