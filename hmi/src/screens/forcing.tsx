// Forcing single outputs in SERVICE: asked for one at a time, for a minute at most; what is refused says why.
import { useComputed, useSignal } from "@preact/signals";
import { outputText, t } from "../i18n";
import type { CommandKind } from "../api/types";
import { blocked, send } from "../state/actions";
import { number } from "../state/format";
import { cycle, description, fresh, hasRole, state } from "../state/store";
import { CommandHold, HoldButton, TapButton } from "../widgets/buttons";

const SECONDS = 30;
const isValve = (output: string): boolean => output.startsWith("TCV");

const why = (kind: CommandKind): string | null => (hasRole("service") ? blocked(kind) : t("sign_in_as_service"));

function Output({ output }: { output: string }) {
  const forced = useComputed(() => (fresh.value ? (cycle.value?.forced.find((f) => f.output === output) ?? null) : null));
  const percent = useSignal(10);
  const off = why("force");
  const value = isValve(output) ? percent.value : 1;
  return (
    <tr>
      <td>
        <b>{outputText(output)}</b>
        <small class="mono">{output.replaceAll("_", "-")}</small>
      </td>
      <td class="value">{forced.value === null ? "" : isValve(output) ? `${number(forced.value.value, 0)} %` : t("on")}</td>
      <td>{forced.value === null ? "" : `${number(forced.value.left_s, 0)} s`}</td>
      <td class="row">
        {isValve(output) && [5, 10, 20].map((p) => <TapButton key={p} class={`choice ${p === percent.value ? "on" : ""}`} label={`${p} %`} onTap={() => (percent.value = p)} />)}
        <TapButton label={t("force_for", { t: SECONDS })} off={off} onTap={() => void send("force", { output, value, seconds: SECONDS })} />
        <TapButton label={t("end_forcing")} off={forced.value === null ? t("not_forced") : off} onTap={() => void send("force", { output, value: 0, seconds: 1 })} />
      </td>
    </tr>
  );
}

export function Forcing() {
  const inService = state.value === "SERVICE";
  return (
    <>
      <div class="row">
        {inService ? <CommandHold kind="shut_down" label={t("end_service")} /> : <HoldButton label={t("begin_service")} sub={t("begin_service_sub")} off={why("service")} onHeld={() => void send("service")} />}
      </div>
      <table class="grid forcing">
        <tbody>
          {(description.value?.forcible ?? []).map((output) => (
            <Output key={output} output={output} />
          ))}
        </tbody>
      </table>
    </>
  );
}
