// HTTP side of the API: one small function per endpoint, errors as values with a text and a remedy.
import type {
  Debrief,
  AlarmChange, AlarmFigures,
  AlarmView,
  Appointment,
  AppointmentBody,
  CommandArgs,
  CommandKind,
  CommandResult,
  Description,
  FaultKind,
  HistoryView,
  JournalEntry,
  Me,
  NewPin,
  PlanView,
  Role,
  SessionRecord,
  SessionRow,
  SignInView,
  SimulatorStatus,
  TuningView,
  TwinView,
  UserView,
  UpkeepView,
} from "./types";

const BASE = "/api/v1";
const TIMEOUT_MS = 6000;

/** What went wrong with a request: HTTP status (0: no answer), a sentence, and what to do about it. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly remedy: string,
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }
}

async function request<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new HttpError(0, "The server does not answer.", "Use the red button at the door if in doubt.");
  }
  const text = await response.text();
  const data: unknown = text === "" ? null : safeJson(text);
  if (!response.ok) throw problem(response, data);
  return data as T;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function problem(response: Response, data: unknown): HttpError {
  const fields = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const detail = typeof fields["detail"] === "string" ? fields["detail"] : `HTTP ${response.status}`;
  const remedy = typeof fields["remedy"] === "string" ? fields["remedy"] : "";
  const wait = Number(response.headers.get("Retry-After") ?? fields["retry_after_s"]);
  return new HttpError(response.status, detail, remedy, Number.isFinite(wait) && wait > 0 ? wait : null);
}

/** RFC 9562 version 4. `crypto.randomUUID` is missing on plain http pages, which a panel on a closed network is. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const get = <T>(path: string): Promise<T> => request<T>("GET", path);
export const post = <T>(path: string, body: unknown): Promise<T> => request<T>("POST", path, body);

const iso = (s: number): string => encodeURIComponent(new Date(1000 * s).toISOString());

export const api = {
  description: () => get<Description>("/description"),
  me: () => get<Me>("/me"),
  signIn: (name: string, pin: string) => post<SignInView>("/sign-in", { name, pin }),
  signOut: () => post<unknown>("/sign-out", {}),
  command: (id: string, kind: CommandKind, args: CommandArgs) => post<CommandResult>("/commands", { id, kind, args }),
  acknowledge: (alarm: string) => post<CommandResult>(`/alarms/${encodeURIComponent(alarm)}/acknowledge`, {}),
  acknowledgeAll: () => post<CommandResult>("/alarms/acknowledge-all", {}),
  /** ``second``: the person who signs, too; the PIN goes no further than the server. */
  outOfService: (alarm: string, id: string, reason: string, second: { name: string; pin: string } | null) =>
    post<CommandResult>(`/alarms/${encodeURIComponent(alarm)}/out-of-service`, { id, reason, second }),
  /** ``from``: seconds before now, negative. */
  alarmFigures: (from: number) => get<AlarmFigures>(`/alarms/figures?from=${from}`),
  alarms: () => get<{ active: AlarmView[]; history: AlarmChange[] }>("/alarms"),
  /** `from` and `to` in seconds since 1970. */
  history: (tags: readonly string[], from: number, to: number, points: number) =>
    get<HistoryView>(`/history?tags=${encodeURIComponent(tags.join(","))}&from=${iso(from)}&to=${iso(to)}&points=${points}`),
  session: (id: number) => get<SessionRecord>(`/sessions/${id}`),
  sessions: (limit: number) => get<{ sessions: SessionRow[] }>(`/sessions?limit=${limit}`),
  schedule: (start: Date, end: Date) => get<{ appointments: Appointment[] }>(`/schedule?start=${start.toISOString()}&end=${end.toISOString()}`),
  enter: (body: AppointmentBody) => post<Appointment>("/schedule", body),
  takeOut: (id: number) => request<unknown>("DELETE", `/schedule/${id}`),
  users: () => get<{ users: UserView[] }>("/users"),
  makeUser: (name: string, role: Role) => post<NewPin>("/users", { name, role }),
  newPin: (name: string) => post<NewPin>(`/users/${encodeURIComponent(name)}/pin`, {}),
  enableUser: (name: string, enabled: boolean) => post<{ users: UserView[] }>(`/users/${encodeURIComponent(name)}/${enabled ? "enable" : "disable"}`, {}),
  journal: (limit: number) => get<{ entries: JournalEntry[] }>(`/journal?limit=${limit}`),
  plan: () => get<PlanView>("/plan"),
  tuning: () => get<TuningView>("/tuning"),
  twin: () => get<TwinView>("/twin"),
  upkeep: () => get<UpkeepView>("/upkeep"),
  simulator: () => get<SimulatorStatus>("/simulator"),
  faults: () => get<{ faults: FaultKind[] }>("/simulator/faults"),
  debrief: () => get<Debrief>("/simulator/debrief"),
  simulate: (request: Record<string, unknown>) => post<{ ok: boolean }>("/simulator", request),
};
