// Before boarding: program, number of people, and what was checked on everybody. All on one page, held to begin.
import { computed, signal } from "@preact/signals";
import { checkText, guidanceText, persons as personsText, programName, t } from "../i18n";
import { clock } from "../link/countdown";
import { blocked, pending, send } from "../state/actions";
import { number } from "../state/format";
import { cycle, description } from "../state/store";
import { HoldButton, TapButton } from "../widgets/buttons";
import { Icon } from "../widgets/icons";

const program = signal<string | null>(null);
const count = signal<number | null>(null);
const checked = signal<ReadonlySet<string>>(new Set());
/** Where there is room for one, one it is. */
const people = computed(() => count.value ?? (description.value?.persons_max === 1 ? 1 : null));

const open = computed(() => (description.value?.checklist ?? []).filter((item) => !checked.value.has(item)));

/** The first thing still to be answered, or null. */
const missing = computed(() => {
  if (description.value === null) return t("loading");
  if (program.value === null) return t("choose_program");
  if (people.value === null) return t("how_many");
  return open.value.length > 0 ? t("checklist_left", { n: open.value.length }) : null;
});

/** The chamber is not ready yet: what it does meanwhile. */
const waiting = computed(() => {
  const c = cycle.value;
  return c === null || c.state === "ready" ? null : guidanceText(c.guidance);
});

function clear(): void {
  program.value = null;
  count.value = null;
  checked.value = new Set();
}

async function board(): Promise<void> {
  const d = description.value;
  if (d === null || program.value === null || people.value === null || missing.value !== null) return;
  const done = await send("begin_boarding", { program: program.value, persons: people.value, checks: [...checked.value] });
  if (done) clear(); // the next group is asked everything again
}

function Check({ item }: { item: string }) {
  const on = checked.value.has(item);
  const toggle = (): void => {
    const next = new Set(checked.value);
    if (!next.delete(item)) next.add(item);
    checked.value = next;
  };
  return (
    <button type="button" role="switch" aria-checked={on} class={`check ${on ? "on" : ""}`} onClick={toggle}>
      <span class="box">{on && <Icon name="check" />}</span>
      {checkText(item)}
    </button>
  );
}

export function Wizard() {
  const d = description.value;
  const off = pending.value === "begin_boarding" ? t("wait") : (blocked("begin_boarding") ?? missing.value);
  return (
    <div class="wizard">
      <section class="card">
        <h2>
          <i class="no">1</i> {t("program")}
        </h2>
        <div class="choices">
          {d?.programs.map((p) => (
            <TapButton
              key={p.id}
              class={`choice ${p.id === program.value ? "on" : ""}`}
              label={programName(p)}
              sub={t("minutes_at", { t: clock(p.exposure_s), c: number(p.setpoint_main_c, 0) })}
              onTap={() => (program.value = p.id)}
            />
          ))}
        </div>
      </section>
      <section class="card">
        <h2>
          <i class="no">2</i> {t("how_many")}
        </h2>
        <div class="choices people-count">
          {Array.from({ length: d?.persons_max ?? 0 }, (_, i) => i + 1).map((n) => (
            <TapButton key={n} class={`choice ${n === people.value ? "on" : ""}`} label={String(n)} onTap={() => (count.value = n)} />
          ))}
        </div>
      </section>
      <section class="card wide">
        <h2>
          <i class="no">3</i> {t("checklist")}
        </h2>
        <div class="checks">
          {d?.checklist.map((item) => (
            <Check key={item} item={item} />
          ))}
          <p class="all-checked">{open.value.length === 0 ? t("checklist_done") : t("checklist_left", { n: open.value.length })}</p>
        </div>
      </section>
      <div class="guidance act">
        <div class="say">
          <small>{waiting.value === null ? t("next") : t("now")}</small>
          <h1>{waiting.value ?? missing.value ?? (people.value === null ? "" : `${personsText(people.value)} · ${t("checklist_done")}`)}</h1>
        </div>
        <HoldButton label={t("begin_boarding")} off={off} onHeld={() => void board()} />
      </div>
    </div>
  );
}
