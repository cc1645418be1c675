// The day plan: what the rooms do between the blocks, what it saves, the order to follow it and its end.
import { signal, useComputed } from "@preact/signals";
import { api } from "../../api/http";
import type { CommandKind, PlanStep, PlanView } from "../../api/types";
import { persons, reasonText, span, t } from "../../i18n";
import type { UiKey } from "../../i18n/en";
import { blocked, pending, send } from "../../state/actions";
import { number, timeOfDay } from "../../state/format";
import { reader } from "../../state/reads";
import { cycle } from "../../state/store";
import { HoldButton, TapButton } from "../../widgets/buttons";

const view = signal<PlanView | null>(null);
const plan = reader(view, api.plan, 10_000);
export const readPlan = plan.again;
/** What stands beside the appointments: there is room for one of them. */
export const side = signal<"plan" | "sessions">("plan");

async function order(kind: CommandKind): Promise<void> {
  if (await send(kind)) setTimeout(readPlan, 300);
}

const at = (time: string): string => timeOfDay(new Date(time));

/** Why the plan cannot be ordered now, or null. */
function off(found: PlanView): string | null {
  if (pending.value === "follow_plan") return t("wait");
  const why = blocked("follow_plan");
  return why ?? (found.refused === null ? null : reasonText(found.refused));
}

function Step({ step }: { step: PlanStep }) {
  const state = step.state === "later" ? "" : t(`plan_state_${step.state}` as UiKey);
  if (step.kind === "block")
    return (
      <li class={`block ${step.state}`}>
        <b class="clock">{at(step.start)}</b>
        <span>
          {t("plan_sessions", { n: step.sessions, people: persons(step.persons) })}
          <small>{state}</small>
        </span>
      </li>
    );
  const cool = step.end === null ? t("plan_no_more") : step.cool_at === null ? "" : t("plan_cool_at", { at: at(step.cool_at) });
  const kg = step.way === "hold" || step.kg === null ? "" : t("plan_kg", { kg: number(step.kg, 0), held: number(step.held_kg, 0) });
  return (
    <li class={`gap ${step.state}`}>
      <span class="clock">{at(step.start)}</span>
      <span>
        {t(`plan_${step.way}` as UiKey)}
        <small>{[cool, kg, state].filter((x) => x !== "").join(" · ")}</small>
      </span>
    </li>
  );
}

function ended(why: string): string {
  return t("plan_ended", { why: t((why.startsWith("state_") ? "plan_why_state" : `plan_why_${why}`) as UiKey) });
}

function Followed({ found }: { found: PlanView }) {
  const since = found.since === null ? "" : at(found.since);
  return (
    <p class="said">
      {found.by === null ? t("plan_followed", { at: since }) : t("plan_followed_by", { at: since, who: found.by })}
      {found.recool_s !== null && <small>{t("plan_cool_now", { t: span(found.recool_s) })}</small>}
    </p>
  );
}

/** Between READY and the order the state of the cycle changes: read again. */
export function DayOrder() {
  const state = useComputed(() => cycle.value?.state);
  plan.use(state.value);
  const found = view.value;
  if (found === null) {
    return (
      <section class="card day-order">
        <p class="blank">{t("loading")}</p>
      </section>
    );
  }
  if (found.steps.length === 0) return null;
  const held = found.held_kg ?? null;
  const percent = held === null || found.kg === null || held <= 0 ? null : Math.round(100 * (found.kg / held - 1));
  return (
    <section class="card day-order">
      <h2>
        {t("plan_of_day")}
        <button type="button" class="turn" onClick={() => (side.value = "sessions")}>
          {t("sessions_today")}
        </button>
      </h2>
      {found.followed ? <Followed found={found} /> : found.ended !== "" && <p class="advice">{ended(found.ended)}</p>}
      {found.precool_by !== null && <p class="said strong">{t("plan_precool_by", { at: at(found.precool_by) })}</p>}
      <ol class="scroll" tabIndex={0}>
        {found.steps.map((step) => (
          <Step key={`${step.kind}${step.start}`} step={step} />
        ))}
      </ol>
      {percent !== null && percent < 0 && <p class="said">{t("plan_saving", { kg: number(found.kg, 0), held: number(held, 0), percent })}</p>}
      {found.followed ? (
        <TapButton label={t("plan_end")} off={blocked("end_plan")} onTap={() => void order("end_plan")} />
      ) : (
        <HoldButton class="small" label={t("plan_follow")} sub={t("plan_follow_sub")} off={off(found)} onHeld={() => void order("follow_plan")} />
      )}
    </section>
  );
}
