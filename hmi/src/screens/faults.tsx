// Fault injection into a simulated plant. The server refuses it for a real one and for anybody but service.
import { signal } from "@preact/signals";
import { api } from "../api/http";
import type { FaultKind } from "../api/types";
import { faultParam, faultTarget, faultText, t } from "../i18n";
import { tellError } from "../state/actions";
import { age } from "../state/format";
import { refreshPlant, plant, plantKnown, usePlant } from "../state/plant";
import { reader } from "../state/reads";
import { hasRole } from "../state/store";
import { TapButton } from "../widgets/buttons";

const catalogue = signal<FaultKind[] | null>(null);
const kinds = reader(catalogue, () => api.faults().then((view) => view.faults), null);

async function act(request: Record<string, unknown>): Promise<void> {
  try {
    await api.simulate(request);
  } catch (error) {
    tellError(error);
  }
  await refreshPlant();
}

function Kind({ fault }: { fault: FaultKind }) {
  const off = hasRole("service") ? null : t("needs_service");
  const start = (form: HTMLFormElement): void => {
    if (off !== null) return;
    const data = new FormData(form);
    const params = Object.fromEntries(fault.params.map((p) => [p.name, Number(data.get(p.name))]));
    const target = data.get("target");
    void act({ op: "inject", kind: fault.kind, target: typeof target === "string" && target !== "" ? target : null, params });
  };
  return (
    <tr>
      <td>{faultText(fault.kind, fault.text)}</td>
      <td colSpan={3}>
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            start(event.currentTarget);
          }}
        >
          {fault.targets.length > 0 && (
            <label>
              <small>{t("target")}</small>
              <select name="target">
                {fault.targets.map((x) => (
                  <option key={x} value={x}>
                    {faultTarget(x)}
                  </option>
                ))}
              </select>
            </label>
          )}
          {fault.params.map((p) => (
            <label key={p.name}>
              <small>{faultParam(p.name)}</small>
              <input name={p.name} type="number" min={p.low} max={p.high} step="any" defaultValue={String(p.default)} />
            </label>
          ))}
          <span class="grow" />
          <button type="submit" class="btn" aria-disabled={off !== null}>
            <span class="words">
              <b>{t("inject")}</b>
            </span>
          </button>
        </form>
      </td>
    </tr>
  );
}

export function Faults() {
  usePlant();
  kinds.use();
  const active = plant.value?.faults ?? [];
  return (
    <>
      {!hasRole("service") && <p class="hint">{t("needs_service")}</p>}
      <div class="row active-faults">
        {active.length === 0 && <span class="quiet">{t(plantKnown.value ? "faults_none" : "loading")}</span>}
        {active.map((f) => (
          <TapButton key={f.id} label={`${t("clear")}: ${faultText(f.kind, f.text)}`} sub={age(f.since_s)} onTap={() => void act({ op: "clear", id: f.id })} />
        ))}
        <span class="grow" />
        {active.length > 0 && <TapButton label={t("clear_all")} onTap={() => void act({ op: "clear", all: true })} />}
      </div>
      {catalogue.value === null && <p class="blank">{t("loading")}</p>}
      <table class="grid">
        <tbody>
          {catalogue.value?.map((fault) => (
            <Kind key={fault.kind} fault={fault} />
          ))}
        </tbody>
      </table>
    </>
  );
}
