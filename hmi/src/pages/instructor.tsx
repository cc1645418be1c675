// The instructor's page: breaks things in a simulated plant beside the running panel, and reports what the operator did about
// it. The server refuses it for a real plant and for anybody but service.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api, HttpError } from "../api/http";
import type { Debrief, DebriefAct, DebriefAlarm, DebriefFault, FaultKind } from "../api/types";
import { alarmAction, alarmTitle, dateTime, faultParam, faultTarget, faultText, language, stateName, t, word } from "../i18n";
import { SignIn } from "../screens/signin";
import { notice, tellError } from "../state/actions";
import { number } from "../state/format";
import { signInOpen } from "../state/route";
import { followMe, fresh, hasRole, me, simulated, site } from "../state/store";
import { TapButton } from "../widgets/buttons";
import { asPage, save } from "./instructor-save";
import { x, type Text } from "./instructor-texts";

const PERIOD_MS = 2000;
const catalogue = signal<FaultKind[]>([]);
const chosen = signal("");
const report = signal<Debrief | null>(null);

async function refresh(): Promise<void> {
  if (!simulated.value || !hasRole("service")) {
    report.value = null;
    return;
  }
  try {
    if (catalogue.value.length === 0) catalogue.value = (await api.faults()).faults;
    report.value = await api.debrief();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error; // what was reported stands, and is asked again
  }
}

async function order(request: Record<string, unknown>): Promise<void> {
  try {
    await api.simulate(request);
  } catch (error) {
    tellError(error);
  }
  await refresh();
}

const seconds = (value: FormDataEntryValue | null): number | null => (typeof value === "string" && value.trim() !== "" ? Number(value) : null);

function start(form: HTMLFormElement, kind: FaultKind): void {
  const data = new FormData(form);
  void order({
    op: "inject",
    kind: kind.kind,
    target: data.get("target"),
    params: Object.fromEntries(kind.params.map((p) => [p.name, Number(data.get(`param:${p.name}`))])),
    after_s: seconds(data.get("after")),
    ramp_s: seconds(data.get("ramp")),
    for_s: seconds(data.get("lasts")),
  });
}

function Seconds({ name, text, value }: { name: string; text: Text; value: string }) {
  return (
    <label>
      <small>{x(text)}</small>
      <input name={name} type="number" min={0} max={3600} step="any" defaultValue={value} />
    </label>
  );
}

function Break() {
  const kind = catalogue.value.find((k) => k.kind === chosen.value) ?? catalogue.value[0];
  if (kind === undefined) return null;
  const grows = kind.params.some((p) => p.rest !== null && p.rest !== undefined);
  return (
    <section class="break">
      <h2>{x("break")}</h2>
      <form
        key={kind.kind}
        onSubmit={(event) => {
          event.preventDefault();
          start(event.currentTarget, kind);
        }}
      >
        <div class="fields">
          <label class="wide">
            <small>{x("what")}</small>
            <select value={kind.kind} onChange={(event) => (chosen.value = event.currentTarget.value)}>
              {catalogue.value.map((k) => (
                <option key={k.kind} value={k.kind}>
                  {faultText(k.kind, k.text)}
                </option>
              ))}
            </select>
          </label>
          <label>
            <small>{x("where")}</small>
            <select name="target">
              {kind.targets.map((target) => (
                <option key={target} value={target}>
                    {faultTarget(target)}
                  </option>
              ))}
            </select>
          </label>
          {kind.params.map((p) => (
            <label key={p.name}>
              <small>{faultParam(p.name)}</small>
              <input name={`param:${p.name}`} type="number" min={p.low} max={p.high} step="any" defaultValue={String(p.default)} />
            </label>
          ))}
          <Seconds name="after" text="after" value="0" />
          {grows && <Seconds name="ramp" text="ramp" value="0" />}
          <Seconds name="lasts" text="lasts" value="" />
        </div>
        <div class="press">
          <button type="submit" class="btn primary">
            <span class="words">
              <b>{x("start")}</b>
            </span>
          </button>
        </div>
      </form>
      <form
        class="surprise"
        onSubmit={(event) => {
          event.preventDefault();
          void order({ op: "surprise", within_s: seconds(new FormData(event.currentTarget).get("within")) ?? 0 });
        }}
      >
        <Seconds name="within" text="surprise_within" value="120" />
        <div class="press">
          <button type="submit" class="btn">
            <span class="words">
              <b>{x("surprise")}</b>
            </span>
          </button>
          <TapButton label={x("new_exercise")} onTap={() => void order({ op: "forget" })} />
        </div>
      </form>
      <Running />
    </section>
  );
}

/** A surprise is told by name only once it has begun: the instructor may be watched. */
function name(f: DebriefFault): string {
  return f.surprise && f.began === null ? x("hidden") : `${faultText(f.kind, f.text)}: ${faultTarget(f.target)}`;
}

function Running() {
  const made = report.value === null ? 0 : Date.parse(report.value.made);
  const open = report.value?.faults.filter((f) => f.mended_s === null && f.refused === "") ?? [];
  const when = (f: DebriefFault): string => {
    const s = Math.abs((made - Date.parse(f.began ?? f.due)) / 1000);
    return x(f.began === null ? "due_in" : "since", { s: number(s, 0) });
  };
  return (
    <>
      <h2>{x("running")}</h2>
      {open.length === 0 && <p class="quiet">{x("nothing")}</p>}
      <div class="press">
        {open.map((f) => (
          <TapButton key={f.id} label={`${x("end")}: ${name(f)}`} sub={f.surprise && f.began === null ? "" : when(f)} onTap={() => void order({ op: "clear", id: f.id })} />
        ))}
      </div>
    </>
  );
}

const span = (s: number | null): string => (s === null ? x("never") : `${number(s, 1)} s`);

function Times({ f }: { f: DebriefFault }) {
  const rows: [Text, number | null][] = [
    ["first_alarm", f.first_alarm_s],
    ["first_action", f.first_action_s],
    ["acknowledged", f.acknowledged_s],
    ["safe", f.safe_s],
    ["empty", f.empty_s],
    ["mended", f.mended_s],
  ];
  const allowed = f.allowed_s === null ? "" : ` (${x("allowed", { s: f.allowed_s })})`;
  const open = f.in_time === null && f.allowed_s !== null ? `${x("still_time")}${allowed}` : x("no_alarm");
  const judged = f.reaction_s === null ? "" : `, ${x(f.in_time ? "in_time" : "late")}`; // what never came is not late
  const verdict = f.in_time === null ? open : `${span(f.reaction_s)}${allowed}${judged}`;
  return (
    <dl>
      {rows.map(([text, s]) => (
        <div key={text}>
          <dt>{x(text)}</dt>
          <dd>{span(s)}</dd>
        </div>
      ))}
      <div>
        <dt>{x("reaction")}</dt>
        <dd class={f.in_time === false ? "late" : ""}>{verdict}</dd>
      </div>
    </dl>
  );
}

type Row = readonly [after: number, what: string, more: string, bad?: boolean];

function Lines({ heading, rows }: { heading: Text; rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <table class="grid">
      <thead>
        <tr>
          <th>{x("after_s")}</th>
          <th>{x(heading)}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {rows.map(([s, what, more, bad], n) => (
          <tr key={n}>
            <td>{span(s)}</td>
            <td>{what}</td>
            <td class={bad ? "late" : ""}>{more}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const ANSWER: Record<Exclude<DebriefAlarm["answer"], "operator">, Text> = { chamber: "by_chamber", hand: "by_hand", none: "unanswered" };

/** What the alarm asked for, and who did it when. */
function alarmRow(a: DebriefAlarm): Row {
  const answer = a.answer === "operator" ? x("answered", { s: span(a.answered_in_s) }) : x(ANSWER[a.answer]);
  const seen = a.acknowledged_in_s === null ? x("not_acknowledged") : `${x("acknowledged")} ${span(a.acknowledged_in_s)}`;
  const asked = a.action === "" ? "" : `${x("asked")}: ${alarmAction({ id: a.alarm, action: a.action })}`;
  return [a.after_s, [alarmTitle({ id: a.alarm, title: a.title }), asked].filter(Boolean).join(". "), [seen, answer, a.missed ? x("missed") : ""].filter(Boolean).join(", "), a.missed];
}

function actRow(a: DebriefAct): Row {
  const verdict = a.verdict === null ? "" : x(a.verdict === "right" ? "verdict_right" : "verdict_wrong", { alarm: a.alarm ?? "" });
  const outcome = x(a.outcome === "accepted" ? "accepted" : "not_accepted");
  return [a.after_s, word(a.what), [outcome, verdict, a.user ?? ""].filter(Boolean).join(", "), a.verdict === "wrong"];
}

function Case({ f }: { f: DebriefFault }) {
  return (
    <article class="case">
      <h3>
        {name(f)} <small>{f.began === null ? "" : dateTime(new Date(f.began))}</small> {f.surprise && <small>{x("hidden")}</small>}
      </h3>
      {f.refused !== "" && <p class="hint">{x("refused", { why: f.refused })}</p>}
      {f.began !== null && (
        <>
          <Times f={f} />
          <Lines heading="alarm" rows={f.alarms.map(alarmRow)} />
          <Lines heading="acted" rows={f.acts.map(actRow)} />
          <Lines heading="moved" rows={f.states.map((a) => [a.after_s, stateName(a.what), word(a.outcome)])} />
        </>
      )}
    </article>
  );
}

function Summary({ of }: { of: Debrief["summary"] }) {
  const rows: [Text, string, boolean][] = [
    ["sum_faults", String(of.faults), false],
    ["sum_alarms", String(of.alarms), false],
    ["sum_missed", String(of.missed), of.missed > 0],
    ["sum_right", String(of.right), false],
    ["sum_wrong", String(of.wrong), of.wrong > 0],
    ["sum_mean", of.mean_reaction_s === null ? "–" : span(of.mean_reaction_s), false],
    ["sum_worst", of.worst_reaction_s === null ? "–" : span(of.worst_reaction_s), false],
  ];
  return (
    <dl>
      {rows.map(([text, value, bad]) => (
        <div key={text}>
          <dt>{x(text)}</dt>
          <dd class={bad ? "late" : ""}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Report() {
  const section = useRef<HTMLElement>(null);
  const stamp = report.value === null ? "" : report.value.made.slice(0, 19).replaceAll(":", "-");
  const faults = report.value?.faults.filter((f) => f.began !== null || f.refused !== "") ?? [];
  return (
    <section aria-live="off" ref={section}>
      <h2>
        {x("report")} <small>{report.value === null ? "" : dateTime(new Date(report.value.made))}</small>
      </h2>
      {faults.length === 0 && <p class="quiet">{x("report_empty")}</p>}
      {faults.length > 0 && (
        <div class="press no-print">
          <TapButton label={x("print")} onTap={() => window.print()} />
          <TapButton
            label={x("save_html")}
            onTap={() => save(`debriefing-${stamp}.html`, "text/html", asPage(`${report.value?.chamber ?? ""} · ${x("report")}`, language.value, section.current?.innerHTML ?? ""))}
          />
          <TapButton label={x("save_json")} onTap={() => save(`debriefing-${stamp}.json`, "application/json", JSON.stringify(report.value, null, 1))} />
        </div>
      )}
      {faults.length > 0 && report.value !== null && <Summary of={report.value.summary} />}
      {faults.map((f) => (
        <Case key={f.id} f={f} />
      ))}
    </section>
  );
}

export function InstructorPage() {
  const may = hasRole("service");
  useEffect(followMe, []);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), PERIOD_MS);
    return () => clearInterval(timer);
  }, [may, simulated.value]);
  return (
    <main class="instructor">
      <header>
        <h1>
          {site.value?.name ?? "Cryochamber"} · {x("title")}
        </h1>
        {simulated.value && <span class="sim">{t("simulated")}</span>}
        <span class="grow" />
        <span class="no-print">
          <TapButton label={me.value.name ?? t("sign_in")} onTap={() => (signInOpen.value = true)} />
        </span>
      </header>
      {!fresh.value && <p class="hint">{t("no_data")}</p>}
      {fresh.value && !simulated.value && <p class="blank">{x("not_simulated")}</p>}
      {simulated.value && !may && <p class="hint">{x("needs_service")}</p>}
      {notice.value !== null && (
        <div class={`notice ${notice.value.tone}`} role="alert" onClick={() => (notice.value = null)}>
          <b>{notice.value.title}</b>
          <span>{notice.value.text}</span>
        </div>
      )}
      {simulated.value && may && (
        <>
          <p class="quiet no-print">{x("sub")}</p>
          <div class="columns">
            <Break />
            <Report />
          </div>
        </>
      )}
      {signInOpen.value && <SignIn />}
    </main>
  );
}
