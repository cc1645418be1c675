// The screen outside the treatment room: may I go in? Oxygen at breathing height and at the floor, and the state. Green with
// a tick, red with a bar; the words say it, too. Stale or unknown data says no.
import { computed } from "@preact/signals";
import { reasonText, stateName, t } from "../i18n";
import { reading } from "../widgets/reading";
import { entry, fresh, link, roomAir, shown, silentS, simulated, site, state } from "../state/store";
import { Others } from "./others";
import { doorView, type DoorReason } from "./door-view";

const view = computed(() =>
  doorView({
    fresh: fresh.value,
    plc: shown(() => link.value?.plc),
    entry: shown(() => entry.value?.room.state),
    oxygenPct: shown(() => roomAir.value?.oxygen_pct),
    floorPct: shown(() => roomAir.value?.oxygen_floor_pct),
  }),
);
const breathing = reading(() => shown(() => roomAir.value?.oxygen_pct), 1);
const floor = reading(() => shown(() => roomAir.value?.oxygen_floor_pct), 1);
const silent = computed(() => (fresh.value ? "" : silentS.value === null ? "" : `${Math.floor(silentS.value)} s`));

function because(reason: DoorReason): string {
  const told = entry.value?.room.reason ?? null;
  return reason === "refused" && told !== null ? reasonText(told) : `${t(`door_because_${reason}`)} ${silent.value}`;
}

function Sign({ enter }: { enter: boolean }) {
  return (
    <svg class="sign" viewBox="0 0 100 100" aria-hidden="true">
      {enter ? <circle cx="50" cy="50" r="46" /> : <path class="plate" d="M31 4h38l27 27v38L69 96H31L4 69V31z" />}
      {enter ? <path class="mark" d="M28 52l16 16 30-34" /> : <path class="mark" d="M24 50h52" />}
    </svg>
  );
}

function Oxygen({ label, value }: { label: string; value: typeof breathing }) {
  return (
    <div class="door-value">
      <span>{label}</span>
      <p class="value">
        <b>{value}</b> <small>% O₂</small>
      </p>
    </div>
  );
}

export function DoorPage() {
  const v = view.value;
  const word = v.enter ? "door_enter" : "door_no_entry";
  return (
    <main class={`door-page ${v.enter ? "enter" : "stay-out"}`}>
      <header>
        <b>{site.value?.name ?? "Cryochamber"}</b>
        <span>{t("treatment_room")}</span>
        <span class="grow" />
        {simulated.value && <span class="sim">{t("simulated")}</span>}
      </header>
      <section role="status" aria-live="assertive">
        <Sign enter={v.enter} />
        <div>
          <h1>{t(word)}</h1>
          <Others text={word} />
          <p class="why">{v.enter ? t("door_enter_sub") : because(v.reason)}</p>
        </div>
      </section>
      <footer>
        <Oxygen label={t("oxygen_breathing")} value={breathing} />
        <Oxygen label={t("oxygen_floor")} value={floor} />
        <div class="door-value">
          <span>{t("state")}</span>
          <p>
            <b class="word">{state.value === null ? t("unknown") : stateName(state.value)}</b>
          </p>
        </div>
      </footer>
    </main>
  );
}
