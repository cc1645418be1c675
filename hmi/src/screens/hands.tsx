// Hands in a simulated plant: what guests and staff would do with doors, call button and emergency stop. Not part of
// the operator's frame: a drawer below it, or a page of its own.
import { signal } from "@preact/signals";
import { api } from "../api/http";
import { lower, persons as personsText, t } from "../i18n";
import { tellError } from "../state/actions";
import { number } from "../state/format";
import { plant, plantKnown, refreshPlant, usePlant } from "../state/plant";
import { oneRoom } from "../state/store";
import { TapButton } from "../widgets/buttons";

/** How many walk at the next press; the count goes along, so that guests come from outside as needed. */
const walkers = signal(2);
const MOST = 5;

function walk(to: "outside" | "pre" | "main"): void {
  void hand(to === "outside" ? { op: "walk", to } : { op: "walk", to, persons: oneRoom.value ? 1 : walkers.value });
}

async function hand(request: Record<string, unknown>): Promise<void> {
  try {
    await api.simulate(request);
  } catch (error) {
    tellError(error);
  }
  await refreshPlant();
}

const TRUTH: Record<string, () => string> = {
  o2_main_pct: () => (oneRoom.value ? `${t("oxygen_face")} %` : `${t("main_room")} O₂ %`),
  o2_pre_pct: () => `${t("pre_chamber")} O₂ %`,
  o2_room_pct: () => `${t("treatment_room")} O₂ %`,
  t_main_c: () => `${t("main_room")} °C`,
  t_pre_c: () => `${t("pre_chamber")} °C`,
  mouth_m: () => `${t("mouth_above_rim")} m`,
  lift_m: () => `${t("lift")} m`,
};
/** What is true of a pre-chamber is not told where there is none. */
const told = ([name]: [string, unknown]): boolean => !oneRoom.value || !name.includes("_pre_");
const truthName = (name: string): string => TRUTH[name]?.() ?? name;

function Door({ door, state }: { door: "inner" | "outer"; state: string }) {
  const name = t(door === "inner" ? "inner_door" : "outer_door");
  const open = state === "open";
  return (
    <TapButton
      label={t(open ? "shut_door" : "open_door", { door: lower(name) })}
      sub={state === "open" || state === "shut" ? t(`door_${state}`) : t("moving_door")}
      onTap={() => void hand({ op: "door", door, open: !open })}
      class={open ? "on" : ""}
    />
  );
}

export function Hands() {
  usePlant();
  const p = plant.value;
  if (p === null) return <p class="blank">{t("not_simulated")}</p>;
  return (
    <div class="hands">
      <div class="group">
        <Door door="outer" state={p.doors.outer} />
        {!oneRoom.value && <Door door="inner" state={p.doors.inner} />}
      </div>
      <div class="group">
        <span class="label">
          {t("walk_to")}
          {p.people.moving > 0 && <small>{t("moving")} {p.people.moving}</small>}
        </span>
        {!oneRoom.value && <TapButton class="small" label={personsText(walkers.value)} onTap={() => (walkers.value = (walkers.value % MOST) + 1)} />}
        <TapButton label={t("outside")} sub={String(p.people.outside)} onTap={() => walk("outside")} />
        {!oneRoom.value && <TapButton label={t("pre_chamber")} sub={String(p.people.pre)} onTap={() => walk("pre")} />}
        <TapButton label={t("main_room")} sub={String(p.people.main)} onTap={() => walk("main")} />
      </div>
      <div class="group">
        <TapButton
          label={t("call_button")}
          sub={p.call ? t("release") : t("press")}
          class={p.call ? "on" : ""}
          onTap={() => void hand({ op: "call", pressed: !p.call })}
        />
        <TapButton
          label={t("estop")}
          sub={p.estop ? t("release") : t("press")}
          class={p.estop ? "on" : ""}
          onTap={() => void hand({ op: "estop", pressed: !p.estop })}
        />
      </div>
      <div class="group">
        <TapButton
          label={t("autopilot")}
          sub={p.autopilot ? t("on") : t("off")}
          class={p.autopilot ? "on" : ""}
          onTap={() => void hand({ op: "autopilot", on: !p.autopilot })}
        />
      </div>
      <dl class="truth" title={t("truth")}>
        {Object.entries(p.truth).filter(told).map(([name, value]) => (
          <div key={name}>
            <dt>{truthName(name)}</dt>
            <dd>{number(plantKnown.value ? value : null, name.endsWith("_m") ? 2 : 1)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
