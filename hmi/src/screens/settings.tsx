// Settings: the limits in their three tiers, the programs, the users, and how this panel looks and sounds.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../api/http";
import type { LimitInfo, NewPin, ProgramInfo, Role, UserView } from "../api/types";
import { dateTime, LANGUAGES, language, languageName, limitBasis, limitName, programName, roleName, setLanguage, t } from "../i18n";
import { clock } from "../link/countdown";
import { soundState, testSound } from "../sound/player";
import { tellError } from "../state/actions";
import { localDigits, number } from "../state/format";
import { reader } from "../state/reads";
import { description, hasRole, inSession, me, oneRoom } from "../state/store";
import { setTheme, theme } from "../state/theme";
import { TapButton } from "../widgets/buttons";
import { Letters } from "../widgets/letters";
import { Tabs } from "../widgets/tabs";

type Tab = "limits" | "programs" | "users" | "panel";
const tab = signal<Tab>("limits");

const digits = (l: LimitInfo): number => ([l.low, l.high, l.value, l.recommended_low, l.recommended_high].every(Number.isInteger) ? 0 : 1);
const share = (l: LimitInfo, value: number): number => (l.high === l.low ? 50 : (100 * (value - l.low)) / (l.high - l.low));

/** The whole track is what the program permits at all, the band what is recommended, the marker what is set here. */
function Tiers({ l }: { l: LimitInfo }) {
  const unusual = l.value < l.recommended_low || l.value > l.recommended_high;
  const n = (v: number): string => number(v, digits(l));
  return (
    <tr>
      <td>
        {limitName(l.name)}
        <small class="basis">{limitBasis(l)}</small>
      </td>
      <td class="value">
        <b>{n(l.value)}</b> {l.unit}
        {unusual && <span class="chip">{t("not_recommended")}</span>}
      </td>
      <td>
        <div class="tiers">
          <span>{n(l.low)}</span>
          <div class="track">
            <i style={`left:${share(l, l.recommended_low).toFixed(1)}%;width:${(share(l, l.recommended_high) - share(l, l.recommended_low)).toFixed(1)}%`} />
            <u style={`left:${share(l, l.value).toFixed(1)}%`} />
          </div>
          <span>{n(l.high)}</span>
        </div>
      </td>
      <td>
        {n(l.recommended_low)} … {n(l.recommended_high)}
      </td>
      <td class="mono">{l.hazards.join(" ")}</td>
    </tr>
  );
}

function Limits() {
  return (
    <>
      <p class="hint">{t("limits_sub")}</p>
      <table class="grid">
        <thead>
          <tr>
            <th>{t("limit")}</th>
            <th>{t("here")}</th>
            <th>{t("permitted")}</th>
            <th>{t("recommended")}</th>
            <th>{t("hazards")}</th>
          </tr>
        </thead>
        <tbody>
          {description.value?.limits.map((l) => (
            <Tiers key={l.name} l={l} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Programs() {
  const one = (p: ProgramInfo) => (
    <tr key={p.id}>
      <td>
        <b>{programName(p)}</b>
      </td>
      <td class="value">{number(p.setpoint_main_c, 0)} °C</td>
      <td class="value">{clock(p.exposure_s)}</td>
      {!oneRoom.value && <td class="value">{number(p.setpoint_pre_c, 0)} °C</td>}
      {!oneRoom.value && <td class="value">{clock(p.pre_chamber_s)}</td>}
    </tr>
  );
  return (
    <>
      <p class="hint">{t("programs_sub")}</p>
      <table class="grid">
        <thead>
          <tr>
            <th>{t("program")}</th>
            <th>{t("main_room")}</th>
            <th>{t("stay")}</th>
            {!oneRoom.value && <th>{t("pre_chamber")}</th>}
            {!oneRoom.value && <th>{t("stay")}</th>}
          </tr>
        </thead>
        <tbody>{description.value?.programs.map(one)}</tbody>
      </table>
    </>
  );
}

const users = signal<readonly UserView[] | null>(null);
const fresh = signal<NewPin | null>(null);
const newName = signal("");
const newRole = signal<Role>("operator");
const adding = signal(false);
const ROLES: readonly Role[] = ["viewer", "operator", "service"];

const list = reader(users, () => (hasRole("service") ? api.users().then((view) => view.users) : Promise.resolve([])), 10_000);

async function change(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    tellError(error);
  }
  list.again();
}

function NewUser() {
  const make = (): void =>
    void change(async () => {
      fresh.value = await api.makeUser(newName.value, newRole.value);
      newName.value = "";
      adding.value = false;
    });
  return (
    <section class="card new-user">
      <div class="row">
        <label>
          {t("name")} <input value={newName.value} maxLength={32} onInput={(event) => (newName.value = event.currentTarget.value)} />
        </label>
        <Tabs value={newRole} tabs={ROLES.map((r) => [r, roleName(r)] as const)} />
        <span class="grow" />
        <TapButton class="small" label={t("cancel")} onTap={() => (adding.value = false)} />
        <TapButton class="small" label={t("make_user")} off={newName.value === "" ? t("name") : null} onTap={make} />
      </div>
      <Letters onKey={(c) => (newName.value += c)} onBack={() => (newName.value = newName.value.slice(0, -1))} />
    </section>
  );
}

function Users() {
  const service = hasRole("service");
  list.use();
  useEffect(() => () => void (fresh.value = null), [service]);
  if (!service) return <p class="blank">{t("sign_in_as_service")}</p>;
  return (
    <>
      {fresh.value !== null && (
        <div class="card new-pin" role="status">
          <span>{t("new_pin_for", { name: fresh.value.name })}</span>
          <b class="clock">{fresh.value.pin}</b>
          <small>{t("new_pin_once")}</small>
          <TapButton class="small" label={t("close")} onTap={() => (fresh.value = null)} />
        </div>
      )}
      {adding.value ? <NewUser /> : <TapButton class="small" label={t("make_user")} onTap={() => (adding.value = true)} />}
      <table class="grid">
        <thead>
          <tr>
            <th>{t("name")}</th>
            <th>{t("role")}</th>
            <th>{t("made")}</th>
            <th>{t("state")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {users.value?.map((u) => (
            <tr key={u.name}>
              <td>
                <b>{u.name}</b>
              </td>
              <td>{roleName(u.role)}</td>
              <td>{dateTime(new Date(u.created))}</td>
              <td>{u.disabled === null ? t("may_sign_in") : `${t("kept_out")} ${dateTime(new Date(u.disabled))}`}</td>
              <td>
                <div class="row end">
                  <TapButton class="small" label={t("new_pin")} onTap={() => void change(async () => (fresh.value = await api.newPin(u.name)))} />
                  <TapButton
                    class="small"
                    label={t(u.disabled === null ? "keep_out" : "let_in")}
                    off={u.name === me.value.name ? t("not_yourself") : null}
                    onTap={() => void change(() => api.enableUser(u.name, u.disabled !== null))}
                  />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Panel() {
  const soundOff = soundState.value === "ready" ? (inSession.value ? t("people_inside") : null) : t(soundState.value === "none" ? "sound_none" : "sound_blocked");
  return (
    <div class="settings-panel">
      <section class="card">
        <h2>{t("language_word")}</h2>
        <div class="choices">
          {LANGUAGES.map((l) => (
            <TapButton key={l} class={`choice ${l === language.value ? "on" : ""}`} label={languageName(l)} onTap={() => setLanguage(l)} />
          ))}
        </div>
        <p class="quiet">{me.value.name === null ? t("language_of_panel") : t("language_of_user", { name: me.value.name })}</p>
      </section>
      <section class="card">
        <h2>{t("appearance")}</h2>
        <div class="choices">
          {(["light", "dark"] as const).map((x) => (
            <TapButton key={x} class={`choice ${x === theme.value ? "on" : ""}`} label={t(x)} onTap={() => setTheme(x)} />
          ))}
        </div>
      </section>
      <section class="card">
        <h2>{t("sound")}</h2>
        <TapButton label={t("sound_test")} off={soundOff} onTap={testSound} />
        <p class="quiet">{t("sound_sub")}</p>
      </section>
      <section class="card">
        <h2>{t("sample")}</h2>
        <p class="value">{localDigits("-110.4")} °C · {dateTime(new Date())}</p>
      </section>
    </div>
  );
}

const VIEWS: Record<Tab, () => preact.JSX.Element> = { limits: Limits, programs: Programs, users: Users, panel: Panel };

export function Settings() {
  const View = VIEWS[tab.value];
  return (
    <div class="screen settings">
      <Tabs
        value={tab}
        tabs={[
          ["limits", t("limits")],
          ["programs", t("programs")],
          ["users", t("users")],
          ["panel", t("this_panel")],
        ]}
      />
      <div class="scroll" tabIndex={0}>
        <View />
      </div>
    </div>
  );
}
