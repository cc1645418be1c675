// Upkeep for service and operator: proof tests to give and record, the configuration to accept, bypasses with their time.
import { signal, useSignal } from "@preact/signals";
import { api } from "../api/http";
import type { BypassView, CommandArgs, CommandKind, ProofTestView, UpkeepView } from "../api/types";
import { causeTitle, codeText, proofTestHow, proofTestText, shortDate, t, workText } from "../i18n";
import { blocked, pending, send } from "../state/actions";
import { UNKNOWN } from "../state/format";
import { reader } from "../state/reads";
import { bypasses, description, fresh, hasRole } from "../state/store";
import { HoldButton, TapButton } from "../widgets/buttons";
import { openTest as open, testName as name } from "./service-tab";

const view = signal<UpkeepView | null>(null);
const upkeep = reader(view, api.upkeep, 5000);

async function tellControl(kind: CommandKind, args: CommandArgs): Promise<void> {
  if (await send(kind, args)) setTimeout(upkeep.again, 300);
}

const day = (iso: string | null): string => (iso === null ? UNKNOWN : shortDate(new Date(iso)));
/** Users by their name; what the chamber did itself, in words. */
const by = (name: string | null): string => (name === null ? "" : (codeText(name) ?? name));

/** Why a command of service cannot be given now, or null. */
function off(kind: CommandKind, role: string): string | null {
  if (role === "service" && !hasRole("service")) return t("sign_in_as_service");
  return pending.value === kind ? t("wait") : blocked(kind);
}

function Give({ test }: { test: ProofTestView }) {
  const note = useSignal("");
  const why = off("record_proof_test", test.role);
  const record = (result: "pass" | "fail"): void => {
    open.value = null;
    void tellControl("record_proof_test", { test: test.test, instrument: test.instrument, result, note: note.value });
  };
  return (
    <tr>
      <td colSpan={5}>
        <p>{proofTestHow(test.test, test.how)}</p>
        {test.given_by === "self_test" ? (
          <p class="hint">{t("given_by_self_test")}</p>
        ) : (
          <div class="row">
            <label>
              <small>{t("note")}</small>
              <input type="text" maxLength={500} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
            </label>
            <span class="grow" />
            <TapButton label={t("test_failed")} off={why ?? (note.value.trim() === "" ? t("note_needed") : null)} onTap={() => record("fail")} />
            <HoldButton label={t("test_passed")} off={why} onHeld={() => record("pass")} />
          </div>
        )}
      </td>
    </tr>
  );
}

function Tests({ tests }: { tests: readonly ProofTestView[] }) {
  return (
    <table class="grid">
      <thead>
        <tr>
          <th>{t("proof_test")}</th>
          <th />
          <th>{t("standing")}</th>
          <th>{t("last_given")}</th>
          <th>{t("due")}</th>
        </tr>
      </thead>
      <tbody>
        {tests.map((test) => [
          <tr key={name(test)} class={test.standing === "ok" ? "" : "present"}>
            <td class="mono">
              <button type="button" class="btn" aria-expanded={open.value === name(test)} onClick={() => (open.value = open.value === name(test) ? null : name(test))}>
                {name(test)}
              </button>
            </td>
            <td>{proofTestText(test.test, test.text)}</td>
            <td>{t(`standing_${test.standing}`)}</td>
            <td title={by(test.note)}>
              <span class="short">{day(test.last)}</span> {by(test.by ?? null)}
            </td>
            <td class="short">{test.due === null ? t("due_now") : day(test.due)}</td>
          </tr>,
          open.value === name(test) && <Give key={`${name(test)} give`} test={test} />,
        ])}
      </tbody>
    </table>
  );
}

function Configuration({ found }: { found: UpkeepView }) {
  const c = found.configuration;
  const same = c.accepted_fingerprint === c.fingerprint;
  return (
    <>
      <h3>{t("configuration")}</h3>
      <dl class="fact-grid">
        <div>
          <dt>{t("in_force")}</dt>
          <dd class="mono">{c.fingerprint}</dd>
        </div>
        <div>
          <dt>{t("accepted")}</dt>
          <dd class="mono">{c.accepted_fingerprint === null ? t("none") : [same ? "" : c.accepted_fingerprint, day(c.accepted_at), by(c.accepted_by ?? null)].filter((x) => x !== "").join(" · ")}</dd>
        </div>
        <div>
          <dt>{t("last_work")}</dt>
          <dd>{found.work === null ? t("none") : `${workText(found.work.reason)} · ${day(found.work.at)}`}</dd>
        </div>
      </dl>
      {c.changed.length > 0 && (
        <ul class="mono">
          {c.changed.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {!same && (
        <HoldButton
          label={t("accept_configuration")}
          sub={t("accepting_is_work")}
          off={off("accept_configuration", "service")}
          onHeld={() => void tellControl("accept_configuration", { fingerprint: c.fingerprint })}
        />
      )}
    </>
  );
}

function Active({ bypass }: { bypass: BypassView }) {
  return (
    <div class="row">
      <b>{causeTitle(bypass.cause, bypass.text)}</b>
      <span>
        {t("ends_in_min", { n: Math.ceil(bypass.remaining_s / 60) })} · {bypass.reason} · {bypass.measure}
      </span>
      <span class="grow" />
      <TapButton label={t("end_bypass")} off={off("end_bypass", "operator")} onTap={() => void tellControl("end_bypass", { cause: bypass.cause })} />
    </div>
  );
}

function Bypasses({ found }: { found: UpkeepView }) {
  const cause = useSignal(found.bypassable[0] ?? "");
  const reason = useSignal("");
  const measure = useSignal("");
  const minutes = useSignal(found.bypass_default_min);
  const args: CommandArgs = { cause: cause.value, reason: reason.value, measure: measure.value, minutes: minutes.value };
  return (
    <>
      <h3>{t("bypasses")}</h3>
      {fresh.value && (bypasses.value ?? []).map((b) => <Active key={b.cause} bypass={b} />)}
      <div class="bypass-form note">
        <label>
          <small>{t("cause")}</small>
          <select value={cause.value} onChange={(event) => (cause.value = event.currentTarget.value)}>
            {found.bypassable.map((id) => (
              <option key={id} value={id}>
                {causeTitle(id, description.value?.causes.find((c) => c.id === id)?.text ?? id)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <small>{t("reason")}</small>
          <input type="text" maxLength={500} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
        </label>
        <label>
          <small>{t("measure")}</small>
          <input type="text" maxLength={500} value={measure.value} onInput={(event) => (measure.value = event.currentTarget.value)} />
        </label>
        <label>
          <small>min</small>
          <input
            type="number"
            min={1}
            max={found.bypass_max_min}
            value={minutes.value}
            onInput={(event) => (minutes.value = Math.round(Number(event.currentTarget.value)))}
          />
        </label>
        <HoldButton class="second" label={t("bypass")} off={off("bypass", "service")} onHeld={() => void tellControl("bypass", args)} />
      </div>
    </>
  );
}

export function Upkeep() {
  upkeep.use();
  const found = view.value;
  if (found === null) return <p class="blank">{t("loading")}</p>;
  return (
    <>
      <Configuration found={found} />
      <Bypasses found={found} />
      <h3>{t("proof_tests")}</h3>
      <Tests tests={found.tests} />
    </>
  );
}
