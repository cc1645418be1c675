// Condition of the chamber by the digital twin: each estimate with its uncertainty, what it is compared with, what it rests on.
import { signal } from "@preact/signals";
import { api } from "../api/http";
import type { EstimateView, TwinView } from "../api/types";
import { detailText, t, tagText } from "../i18n";
import { number } from "../state/format";
import { reader } from "../state/reads";
import { description, fresh } from "../state/store";

const view = signal<TwinView | null>(null);
const SEEN: Readonly<Record<string, "twin_sessions" | "twin_hours">> = { use_session_pct: "twin_sessions", loss_kg_h: "twin_hours" };

const twin = reader(view, api.twin, 10_000);

const digits = (e: EstimateView): number => (e.unit === "%" || e.unit === "cm²" ? 0 : e.unit === "bar(a)" ? 2 : 1);

function Row({ e }: { e: EstimateView }) {
  const info = description.value?.tags.find((i) => i.tag === e.id);
  return (
    <tr class={e.due ? "due" : ""}>
      <td>{info === undefined ? e.id : tagText(info)}</td>
      <td class="value">
        {number(e.value, digits(e))} {e.unit}
      </td>
      <td class="value">± {number(2 * e.std, digits(e))}</td>
      <td class="value">{number(e.reference, digits(e))}</td>
      <td>{t(SEEN[e.id] ?? "twin_minutes", { n: number(e.seen, 0) })}</td>
      <td>{e.valid ? t(e.due ? "twin_due" : "twin_fine") : t("twin_learning")}</td>
    </tr>
  );
}

export function Twin() {
  twin.use();
  const found = view.value;
  if (!fresh.value) return <p class="blank">{t("no_data")}</p>;
  if (found === null) return <p class="blank">{t("loading")}</p>;
  if (found.off !== "") return <p class="blank">{t("twin_off") + detailText(found.off)}</p>;
  return (
    <>
      <p class="hint">{t("twin_hint")}</p>
      <table class="grid">
        <thead>
          <tr>
            <th>{t("twin_estimate")}</th>
            <th>{t("value")}</th>
            <th>{t("twin_spread")}</th>
            <th>{t("twin_reference")}</th>
            <th>{t("twin_seen")}</th>
            <th>{t("state")}</th>
          </tr>
        </thead>
        <tbody>
          {found.estimates.map((e) => (
            <Row key={e.id} e={e} />
          ))}
        </tbody>
      </table>
    </>
  );
}
