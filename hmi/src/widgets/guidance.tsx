// The next thing to do: the largest thing to act on, and the one primary button that does it.
import { computed, signal, useComputed, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { CommandKind, GuidanceView } from "../api/types";
import { guidanceText, persons, programName, t } from "../i18n";
import { clock } from "../link/countdown";
import { number } from "../state/format";
import { blocked, pending, send } from "../state/actions";
import { go, signInOpen } from "../state/route";
import { commands, cycle, description, fresh, hasRole, left } from "../state/store";
import { CommandHold, HoldButton, TapButton } from "./buttons";
import { CountOut } from "./count-out";
import { Sheet } from "./sheet";

const SOON_S = 5;

/** Countdown parameters run on between frames. */
function running(view: GuidanceView): GuidanceView {
  const params = { ...view.params };
  for (const [name, value] of Object.entries(params)) {
    if (name === "remaining_s" && typeof value === "number") params[name] = left(value) ?? value;
    else if (name === "eta_s" && typeof value === "number" && value < SOON_S) delete params[name]; // "in 0 s" says nothing
  }
  return { ...view, params };
}

const known = computed(() => fresh.value && cycle.value !== null);
const command = computed(() => (cycle.value?.guidance.command ?? null) as CommandKind | null);

/** `children` take the place of the primary button where a screen has its own. */
export function GuidanceLine({ children }: { children?: ComponentChildren }) {
  if (!known.value) {
    return (
      <section class="guidance nothing">
        <div class="say">
          <small>{t("now")}</small>
          <h1>{t("no_data")}</h1>
        </div>
      </section>
    );
  }
  return <Guidance>{children}</Guidance>;
}

function Guidance({ children }: { children: ComponentChildren }) {
  const text = useComputed(() => {
    const current = cycle.value?.guidance;
    return current === undefined ? "" : guidanceText(running(current));
  });
  const kind = command.value;
  return (
    <section class={`guidance ${kind === null ? "watch" : "act"}`}>
      <div class="say">
        <small>{kind === null ? t("now") : t("next")}</small>
        <h1>{text}</h1>
        <Unknown />
      </div>
      {children ?? (
        <>
          {mayDry.value && <CommandHold kind="dry" label={t("dry")} class="second" />}
          {mayShutDown.value && <CommandHold kind="shut_down" label={t("shut_down")} class="second" />}
          {kind !== null && <Primary kind={kind} />}
        </>
      )}
    </section>
  );
}

/** After a restart with a session open: for how long somebody may have been inside. */
function Unknown() {
  const line = useComputed(() => {
    const unknown = cycle.value?.unknown ?? null;
    if (unknown === null) return null;
    const told = unknown.persons === null ? "" : ` · ${persons(unknown.persons)}`;
    return `${t("maybe_inside_for")} ${clock(unknown.elapsed_s)}${told}`;
  });
  return line.value === null ? null : <p class="maybe-inside">{line}</p>;
}

/** Offered beside the primary button when it would be accepted. */
const mayShutDown = computed(() => hasRole("operator") && commands.value?.["shut_down"]?.allowed === true && cycle.value?.state !== "stopped");
const mayDry = computed(() => hasRole("operator") && commands.value?.["dry"]?.allowed === true);
const program = signal<string | null>(null);
/** Since when the chamber is ready, in whole minutes: what does not change does not move. */
const readyFor = computed(() => {
  const since = cycle.value?.since_s ?? 0;
  return cycle.value?.state === "ready" && since >= 60 ? t("ready_for", { t: `${Math.floor(since / 60)}\u00a0min` }) : t("choose_program");
});

/** The one primary button of the present moment. */
export function Primary({ kind }: { kind: CommandKind }) {
  if (!hasRole("operator")) {
    return <TapButton class="primary" label={t("sign_in")} sub={t("sign_in_as_operator")} onTap={() => (signInOpen.value = true)} />;
  }
  switch (kind) {
    case "precool":
      return <Precool />;
    case "begin_boarding":
      return <TapButton class="primary" label={t("start_a_session")} sub={readyFor.value} off={refusedBoarding()} onTap={() => go("session")} />;
    case "sign_checklist":
      return <TapButton class="primary" label={t("open_checklist")} onTap={() => go("checklist")} />;
    case "start_session":
      return <TapButton class="primary" label={t("session")} onTap={() => go("session")} />;
    case "confirm_empty":
      return <CountOut />;
    case "start_up":
    case "reset":
    case "resume":
    case "shut_down":
    case "cancel_boarding":
    case "end_session":
      return <CommandHold kind={kind} label={t(kind)} />;
    default:
      return null;
  }
}

/** What would refuse boarding although the wizard's answers are not given yet: those reasons are the wizard's business. */
export function refusedBoarding(): string | null {
  return blocked("begin_boarding");
}

function Precool() {
  const open = useSignal(false);
  const programs = description.value?.programs ?? [];
  const chosen = programs.find((p) => p.id === program.value) ?? null;
  const off = pending.value === "precool" ? t("wait") : blocked("precool");
  return (
    <>
      <TapButton class="primary" label={t("precool")} sub={t("choose_program")} off={off} onTap={() => (open.value = true)} />
      {open.value && (
        <Sheet label={t("choose_program")} close={() => (open.value = false)}>
          <h2>{t("choose_program")}</h2>
          <div class="choices">
            {programs.map((p) => (
              <TapButton
                key={p.id}
                class={`choice ${p.id === program.value ? "on" : ""}`}
                label={programName(p)}
                sub={t("minutes_at", { t: clock(p.exposure_s), c: number(p.setpoint_main_c, 0) })}
                onTap={() => (program.value = p.id)}
              />
            ))}
          </div>
          <div class="row end">
            <TapButton label={t("cancel")} onTap={() => (open.value = false)} />
            <HoldButton
              label={t("precool")}
              off={off ?? (chosen === null ? t("choose_program") : null)}
              onHeld={() => {
                if (chosen !== null) void send("precool", { program: chosen.id }).then((done) => done && (open.value = false));
              }}
            />
          </div>
        </Sheet>
      )}
    </>
  );
}
