// For technicians: every input with its quality, the PLC's own view, counters, limits, journal, and faults of a simulated plant.
import { useComputed } from "@preact/signals";
import type { TagInfo } from "../api/types";
import { contactText, outputText, plcCode, statusText, tagText, t, whyText } from "../i18n";
import { age, digitsOf, number, UNKNOWN } from "../state/format";
import { description, fresh, link, oneRoom, plc, records, regulators, scan, site, tag } from "../state/store";
import { Tabs } from "../widgets/tabs";
import { tab, type Tab } from "./service-tab";
import { Faults } from "./faults";
import { Forcing } from "./forcing";
import { Journal } from "./journal";
import { Tuning } from "./service_tuning";
import { Twin } from "./service_twin";
import { Upkeep } from "./upkeep";

function Signal({ info }: { info: TagInfo }) {
  const view = useComputed(() => (fresh.value ? tag(info.tag).value : null));
  const value = useComputed(() => {
    const v = view.value?.v ?? null;
    if (v === null) return UNKNOWN;
    return typeof v === "number" ? `${number(v, Math.max(1, digitsOf(info.unit)))} ${info.unit}` : v ? (info.true === null ? t("on") : contactText(info.true)) : t("off");
  });
  const quality = useComputed(() => (view.value === null ? UNKNOWN : statusText(view.value.ne107)));
  const why = useComputed(() => whyText(view.value?.why ?? "none"));
  const old = useComputed(() => age(view.value?.age_s));
  const cls = useComputed(() => `q-${view.value?.q ?? "none"} ne-${view.value?.ne107 ?? "none"}`);
  return (
    <tr class={cls}>
      <td class="mono">{info.tag}</td>
      <td>{tagText(info)}</td>
      <td class="value">{value}</td>
      <td>{quality}</td>
      <td>{info.not_fitted ?? why}</td>
      <td class="short">{old}</td>
    </tr>
  );
}

function Inputs() {
  const tags = (description.value?.tags ?? []).filter((info) => info.kind !== "estimate");
  return (
    <table class="grid">
      <thead>
        <tr>
          <th>{t("tag")}</th>
          <th>{t("signal")}</th>
          <th>{t("value")}</th>
          <th>{t("quality")}</th>
          <th>{t("reason")}</th>
          <th>{t("age")}</th>
        </tr>
      </thead>
      <tbody>
        {tags.map((info) => (
          <Signal key={info.tag} info={info} />
        ))}
      </tbody>
    </table>
  );
}

function Facts({ rows }: { rows: readonly (readonly [string, () => string])[] }) {
  return (
    <dl class="fact-grid">
      {rows.map(([name, read]) => (
        <Fact key={name} name={name} read={read} />
      ))}
    </dl>
  );
}

function Fact({ name, read }: { name: string; read: () => string }) {
  const text = useComputed(() => (fresh.value ? read() : UNKNOWN));
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

const list = (names: readonly string[] | undefined): string => (names === undefined || names.length === 0 ? t("none") : names.join(", "));

function regulatorRows(id: "main" | "pre", name: string): (readonly [string, () => string])[] {
  const r = () => regulators.value?.[id];
  return [
    [`${name} · ${t("output")}`, () => `${number(r()?.output_pct, 1)} % · ${r() === undefined ? UNKNOWN : t(`reg_${r()?.mode ?? "off"}`)}`],
    [`${name} · ${t("deviation")}`, () => `${number(r()?.error_k, 2)} K`],
    [`${name} · P / I / D / FF`, () => [r()?.proportional_pct, r()?.integral_pct, r()?.derivative_pct, r()?.feedforward_pct].map((v) => number(v, 1)).join(" / ")],
    [`${name} · ${t("reg_load")} / ${t("reg_liner")}`, () => (r()?.load_w == null ? UNKNOWN : `${number(r()?.load_w, 0)} W / ${number(r()?.liner_c, 1)} °C`)],
    [`${name} · ${t("reg_refused")}`, () => r()?.refused ?? t("none")],
    [
      `${name} · ${t("valve_wear")}`,
      () => (r() === undefined ? UNKNOWN : `${t(`valve_${r()?.valve ?? "proportional"}`)} · ${number(r()?.cycles, 0)} × · ${number((r()?.travel_pct ?? 0) / 100, 0)} ${t("strokes")}`),
    ],
  ];
}

function PlcView() {
  const outputs = useComputed(() => (fresh.value ? Object.entries(plc.value?.outputs ?? {}).filter(([name]) => name !== "light_pre" || !oneRoom.value) : []));
  return (
    <>
      <Facts
        rows={[
          [t("state"), () => (plc.value === null ? UNKNOWN : plcCode(plc.value.state))],
          [t("trips"), () => list(plc.value?.trips.map(plcCode))],
          [t("cause"), () => list(plc.value?.causes.map(plcCode))],
          [t("first_out"), () => (plc.value?.first_out == null ? t("none") : plcCode(plc.value.first_out))],
          [t("lease"), () => `${number(plc.value?.lease_remaining_s, 1)} s`],
          [t("exposure_timer"), () => `${number(plc.value?.exposure_elapsed_s, 1)} / ${number(plc.value?.exposure_limit_s, 1)} s`],
          [t("occupied"), () => (plc.value === null ? UNKNOWN : plc.value.occupied ? t("yes") : t("no"))],
          [t("clamped"), () => (plc.value === null ? UNKNOWN : plc.value.clamped ? t("yes") : t("no"))],
          [`${t("valve")} · ${t("main_room")}`, () => `${number(plc.value?.valve_main_pct, 1)} %`],
          ...(oneRoom.value ? [] : [[`${t("valve")} · ${t("pre_chamber")}`, () => `${number(plc.value?.valve_pre_pct, 1)} %`] as const]),
        ]}
      />
      <h3>{t("regulator")}</h3>
      <Facts rows={[...regulatorRows("main", t("main_room")), ...(oneRoom.value ? [] : regulatorRows("pre", t("pre_chamber")))]} />
      <h3>{t("outputs")}</h3>
      <div class="lamps">
        {outputs.value.map(([name, on]) => (
          <span key={name} class={on ? "on" : ""}>
            <i /> {outputText(name)} <b>{on ? t("on") : t("off")}</b>
          </span>
        ))}
      </div>
    </>
  );
}

const LINK_WORD = { ok: "link_ok", slow: "link_slow_word", silent: "link_silent" } as const;

function LinkView() {
  return (
    <Facts
      rows={[
        [t("link"), () => (link.value === null ? UNKNOWN : t(LINK_WORD[link.value.plc]))],
        [`PLC · ${t("age")}`, () => age(link.value?.plc_age_s)],
        [t("requests"), () => number(link.value?.requests, 0)],
        [t("timeouts"), () => number(link.value?.timeouts, 0)],
        [t("refused_blocks"), () => number(link.value?.refused_blocks, 0)],
        [t("reconnects"), () => number(link.value?.reconnects, 0)],
        [t("scans"), () => number(scan.value?.count, 0)],
        [t("late"), () => number(scan.value?.late, 0)],
        [t("missed"), () => number(scan.value?.missed, 0)],
        [t("duration"), () => `${number(scan.value?.duration_ms, 2)} ms`],
        [t("lateness"), () => `${number(scan.value?.lateness_ms, 2)} ms`],
        [t("records"), () => (records.value === null ? UNKNOWN : `${t(records.value.ok ? "records_ok" : "records_bad")} ${records.value.detail}`)],
        [t("queued"), () => number(records.value?.queued, 0)],
        [t("version"), () => site.value?.version ?? UNKNOWN],
      ]}
    />
  );
}

function Body() {
  switch (tab.value) {
    case "io":
      return <Inputs />;
    case "upkeep":
      return <Upkeep />;
    case "tuning":
      return <Tuning />;
    case "twin":
      return <Twin />;
    case "plc":
      return <PlcView />;
    case "link":
      return <LinkView />;
    case "journal":
      return <Journal />;
    case "forcing":
      return <Forcing />;
    case "faults":
      return <Faults />;
  }
}

export function Service() {
  const tabs: (readonly [Tab, string])[] = [
    ["io", t("io")],
    ["upkeep", t("upkeep")],
    ["tuning", t("tuning")],
    ["twin", t("twin")],
    ["plc", t("plc")],
    ["link", t("link")],
    ["journal", t("journal")],
    ["forcing", t("forcing")],
  ];
  // also while the kind of plant is not read yet: nothing may come in late and move the row under a finger
  if (site.value?.simulated !== false) tabs.push(["faults", t("faults")]);
  return (
    <div class="screen service">
      <Tabs value={tab} tabs={tabs} />
      <div class="scroll" tabIndex={0}>
        <Body />
      </div>
    </div>
  );
}
