// What the operator may do, why not, and the doing. Stop-class commands go two ways at once and ask nothing first.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { api, HttpError, uuid } from "../api/http";
import type { CommandArgs, CommandKind, CommandResult } from "../api/types";
import { reasonText, t } from "../i18n";
import { commands, fresh, hasRole, me, stream } from "./store";

export interface Notice {
  tone: "plain" | "warn";
  title: string;
  text: string;
}
export const notice = signal<Notice | null>(null);
let noticeTimer: ReturnType<typeof setTimeout> | undefined;

export function tell(tone: Notice["tone"], title: string, text: string): void {
  notice.value = { tone, title, text };
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.value = null), 9000);
}

const blocks = new Map<CommandKind, ReadonlySignal<string | null>>();

/** Null when the command may be given; else the reason to print on the button. Who asks is called again when the words change. */
export function blocked(kind: CommandKind): string | null {
  let found = blocks.get(kind);
  if (found === undefined) {
    found = computed(() => why(kind));
    blocks.set(kind, found);
  }
  return found.value;
}

function why(kind: CommandKind): string | null {
  if (!fresh.value) return t("no_data");
  if (!hasRole("operator")) return t("sign_in_as_operator");
  const view = commands.value?.[kind];
  if (view === undefined || view.allowed) return null;
  const first = view.reasons[0];
  return first === undefined ? "" : reasonText(first);
}

/** True while a command of this kind is under way. */
export const pending = signal<CommandKind | null>(null);

/** Sends a command; a refusal or a doubt is told in words. Returns true when accepted. */
export async function send(kind: CommandKind, args: CommandArgs = {}): Promise<boolean> {
  pending.value = kind;
  try {
    return judge(await api.command(uuid(), kind, args));
  } catch (error) {
    tellError(error);
    return false;
  } finally {
    pending.value = null;
  }
}

export function judge(result: CommandResult): boolean {
  if (result.outcome === "accepted") return true;
  const reasons = result.reasons.map(reasonText).join(" · ");
  if (result.outcome === "rejected") tell("warn", t("outcome_rejected"), reasons);
  else tell("warn", t("outcome_uncertain"), reasons);
  return false;
}

export function tellError(error: unknown): void {
  if (!(error instanceof HttpError)) throw error;
  if (error.status === 401) me.value = { name: null, role: "anonymous" }; // the server has ended this sign-in
  const title = error.status === 0 ? t("server_silent") : error.message;
  tell("warn", title, error.status === 0 ? t("no_data_help") : error.remedy);
}

export type StopPhase = "idle" | "sent" | "accepted" | "unsure";
const phases = { stop: signal<StopPhase>("idle"), evacuate: signal<StopPhase>("idle") };
export const stopPhase = (kind: "stop" | "evacuate"): ReadonlySignal<StopPhase> => phases[kind];
const phaseTimers: Partial<Record<"stop" | "evacuate", ReturnType<typeof setTimeout>>> = {};

/**
 * STOP and EVACUATE: by WebSocket and by HTTP under the same id, so that one blocked way does not matter and the server
 * acts once. Never confirmed, needs no sign-in, works on stale data.
 */
export async function stopClass(kind: "stop" | "evacuate"): Promise<void> {
  const id = uuid();
  const phase = phases[kind];
  phase.value = "sent";
  stream.urgent(kind, id);
  try {
    const result = await api.command(id, kind, {});
    phase.value = result.outcome === "accepted" ? "accepted" : "unsure";
  } catch {
    phase.value = "unsure"; // whatever failed: what counts is that nobody confirmed it
  }
  clearTimeout(phaseTimers[kind]);
  phaseTimers[kind] = setTimeout(() => (phase.value = "idle"), phase.value === "unsure" ? 15000 : 4000);
}
