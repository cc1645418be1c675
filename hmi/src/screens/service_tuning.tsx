// Automatic tuning for service: begin, watch, compare before and after, accept or put away, go back.
import { signal } from "@preact/signals";
import { api } from "../api/http";
import type { CommandArgs, CommandKind, GainsView, ProposalView, TuningView } from "../api/types";
import { t } from "../i18n";
import { blocked, pending, send } from "../state/actions";
import { number } from "../state/format";
import { reader } from "../state/reads";
import { fresh, hasRole } from "../state/store";
import { HoldButton, TapButton } from "../widgets/buttons";

const view = signal<TuningView | null>(null);
const ROOM = { main: "main_room", pre: "pre_chamber" } as const;

const tuning = reader(view, api.tuning, 2000);

async function tellControl(kind: CommandKind, args: CommandArgs): Promise<void> {
  if (await send(kind, args)) setTimeout(tuning.again, 300);
}

/** Why a command cannot be given now, or null. */
function off(kind: CommandKind): string | null {
  if (kind !== "end_tuning" && !hasRole("service")) return t("sign_in_as_service");
  return pending.value === kind ? t("wait") : blocked(kind);
}

function Gains({ name, gains }: { name: string; gains: GainsView }) {
  return (
    <tr>
      <td>{name}</td>
      <td class="value">{number(gains.gain_pct_per_k, 2)}</td>
      <td class="value">{number(gains.integral_s, 0)}</td>
      <td class="value">{number(gains.derivative_s, 1)}</td>
      <td class="value">{number(gains.ms, 2)}</td>
    </tr>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th />
        <th>K, %/K</th>
        <th>Ti, s</th>
        <th>Td, s</th>
        <th>Ms</th>
      </tr>
    </thead>
  );
}

function Proposal({ found }: { found: ProposalView }) {
  const figures: readonly (readonly [string, string])[] = [
    [t("tuning_slope"), `${number(found.slope_k_s_pct, 4)} K/s/%`],
    [t("tuning_dead"), `${number(found.dead_s, 1)} ± ${number(found.dead_std_s, 1)} s`],
    [t("tuning_residual"), `${number(found.residual_k, 2)} K`],
    [t("tuning_excursion"), `${number(found.excursion_k, 1)} K · ${number(found.relay_s, 0)} s`],
    [t("tuning_model"), found.model_refused === null ? t("tuning_model_new") : `${t("tuning_model_stays")}: ${found.model_refused}`],
  ];
  return (
    <>
      <table class="grid">
        <Head />
        <tbody>
          <Gains name={t("tuning_before")} gains={found.before} />
          <Gains name={t("tuning_proposed")} gains={found.after} />
          <Gains name="AMIGO" gains={found.amigo} />
        </tbody>
      </table>
      <dl class="fact-grid">
        {figures.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <div class="row">
        <HoldButton label={t("accept_tuning")} sub={t("accept_tuning_sub")} off={off("accept_tuning")} onHeld={() => void tellControl("accept_tuning", { fingerprint: found.fingerprint })} />
        <TapButton label={t("tuning_discard")} off={off("end_tuning")} onTap={() => void tellControl("end_tuning", {})} />
      </div>
    </>
  );
}

/** What it is against what it has to come to: a record grows, the others shrink. */
function waitsFor(why: "ready" | "record" | "room" | "valve", value: number, limit: number): string {
  if (why === "record") return `${number(value, 0)} / ${number(limit, 0)} s`;
  return `${number(value, 1)} ${why === "room" ? "K" : "%"} (≤ ${number(limit, 1)})`;
}

function Running({ found }: { found: TuningView }) {
  if (found.room === null || found.phase === null) return null;
  return (
    <>
      <h3>
        {t(ROOM[found.room])} · {t(`tuning_${found.phase}`)} · {number(found.since_s, 0)} s
        {found.relay_s !== null && found.phase === "relay" ? ` · ${number(found.excursion_k, 1)} K` : ""}
      </h3>
      {found.waits !== null && (
        <p class="hint">
          {t(`tuning_waits_${found.waits.why}`)}
          {found.waits.value === null || found.waits.limit === null ? "" : `: ${waitsFor(found.waits.why, found.waits.value, found.waits.limit)}`}
        </p>
      )}
      {found.proposal === null ? (
        <div class="row">
          <TapButton label={t("end_tuning")} off={off("end_tuning")} onTap={() => void tellControl("end_tuning", {})} />
        </div>
      ) : (
        <Proposal found={found.proposal} />
      )}
    </>
  );
}

export function Tuning() {
  tuning.use();
  const found = view.value;
  if (!fresh.value) return <p class="blank">{t("no_data")}</p>;
  if (found === null) return <p class="blank">{t("loading")}</p>;
  const runs = found.phase !== null && found.phase !== "proposed";
  return (
    <>
      <Running found={found} />
      {found.ended !== "" && (
        <p class="hint">
          {t("tuning_ended")}: {t(`tuning_end_${found.ended}` as Parameters<typeof t>[0])} {found.ended_by}
        </p>
      )}
      <h3>{t("in_force")}</h3>
      <table class="grid">
        <Head />
        <tbody>
          {found.in_force.map((r) => (
            <Gains key={r.room} name={t(ROOM[r.room])} gains={r.gains} />
          ))}
        </tbody>
      </table>
      {found.in_force.map((r) => (
        <div class="row tune" key={r.room}>
          <b>{t(ROOM[r.room])}</b>
          <span class="grow" />
          <HoldButton label={t("tune")} sub={t("tune_sub")} off={found.recorded_s === null ? t("tuning_no_record") : runs ? t("wait") : off("tune")} onHeld={() => void tellControl("tune", { room: r.room })} />
          <HoldButton label={t("revert_tuning")} off={r.revertible ? off("revert_tuning") : t("tuning_not_tuned")} onHeld={() => void tellControl("revert_tuning", { room: r.room })} />
        </div>
      ))}
    </>
  );
}
