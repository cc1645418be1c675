// Sign-in by name and PIN on the panel's own keys. STOP stays beside it.
import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { api, HttpError } from "../api/http";
import { t } from "../i18n";
import { keep, kept } from "../state/keep";
import { lockedBy, signInOpen } from "../state/route";
import { me } from "../state/store";
import { TapButton } from "../widgets/buttons";
import { Sheet } from "../widgets/sheet";

const LETTERS = ["qwertyuiop", "asdfghjkl", "zxcvbnm.-"];
const REMEMBER = 5;

const names = signal<string[]>(kept("names")?.split("\n").filter(Boolean) ?? []);
const name = signal("");
const pin = signal("");
const typingName = signal(true);
/** Asked when drawn: the words follow the language. */
const complaint = signal<(() => string) | null>(null);
const waitUntil = signal(0);
const waitLeft = signal(0);
const busy = signal(false);

function remember(who: string): void {
  names.value = [who, ...names.value.filter((n) => n !== who)].slice(0, REMEMBER);
  keep("names", names.value.join("\n"));
}

const close = (): void => void (signInOpen.value = false);

async function submit(): Promise<void> {
  if (busy.value || waitLeft.value > 0 || name.value === "" || pin.value === "") return;
  busy.value = true;
  const entered = pin.value;
  pin.value = "";
  try {
    const answer = await api.signIn(name.value.trim(), entered);
    me.value = { name: answer.name, role: answer.role };
    remember(answer.name);
    complaint.value = null;
    lockedBy.value = null;
    signInOpen.value = false;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.retryAfterS !== null) waitUntil.value = performance.now() + 1000 * error.retryAfterS;
    complaint.value = () => (error.status === 401 ? t("wrong_pin") : error.status === 0 ? t("server_silent") : error.message);
  } finally {
    busy.value = false;
  }
}

export async function signOut(): Promise<void> {
  try {
    await api.signOut();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
  }
  me.value = { name: null, role: "anonymous" };
}

/** Signs out and asks for the same user's PIN; STOP and EVACUATE stay. Somebody else may sign in instead. */
export async function lock(): Promise<void> {
  const who = me.peek().name;
  await signOut();
  lockedBy.value = who;
  signInOpen.value = true;
}

function Keys() {
  if (typingName.value) {
    return (
      <div class="letters">
        {LETTERS.map((row) => (
          <div class="row" key={row}>
            {[...row].map((c) => (
              <button key={c} type="button" class="key" onClick={() => (name.value += c)}>
                {c}
              </button>
            ))}
          </div>
        ))}
        <div class="row">
          <button type="button" class="key wide" onClick={() => (name.value = name.value.slice(0, -1))}>
            ⌫
          </button>
          <button type="button" class="key wide" disabled={name.value === ""} onClick={() => (typingName.value = false)}>
            {t("pin")} →
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="pad">
      {["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((d) => (
        <button key={d} type="button" class="key" onClick={() => (pin.value += d)}>
          {d}
        </button>
      ))}
      <button type="button" class="key" aria-label="⌫" onClick={() => (pin.value = pin.value.slice(0, -1))}>
        ⌫
      </button>
      <button type="button" class="key" onClick={() => (pin.value += "0")}>
        0
      </button>
      <button type="button" class="key go" disabled={busy.value || waitLeft.value > 0 || pin.value === ""} onClick={() => void submit()}>
        {t("sign_in")}
      </button>
    </div>
  );
}

/** The keyboard types as the keys on the panel do, wherever the focus is; on a button that Tab has reached, Enter presses it. */
function typed(event: KeyboardEvent): boolean {
  if (event.key === "Enter") {
    if (event.target instanceof HTMLButtonElement) return false;
    if (typingName.value) typingName.value = name.value === "";
    else void submit();
  } else if (event.key === "Backspace") {
    if (typingName.value) name.value = name.value.slice(0, -1);
    else pin.value = pin.value.slice(0, -1);
  } else if (typingName.value && /^[\w.-]$/.test(event.key)) name.value += event.key;
  else if (!typingName.value && /^\d$/.test(event.key)) pin.value += event.key;
  else return false;
  return true;
}

export function SignIn() {
  useLayoutEffect(() => {
    name.value = lockedBy.peek() ?? names.value[0] ?? "";
    typingName.value = name.value === "";
    pin.value = "";
    const timer = setInterval(() => {
      waitLeft.value = Math.max(0, Math.ceil((waitUntil.value - performance.now()) / 1000));
    }, 250);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <Sheet class="signin" label={t("sign_in")} close={close} keys={typed} stays>
      <div class="who">
        <h2>{lockedBy.value === null ? t("sign_in") : t("locked")}</h2>
        {names.value.map((n) => (
          <TapButton
            key={n}
            class={`choice ${!typingName.value && n === name.value ? "on" : ""}`}
            label={n}
            onTap={() => {
              name.value = n;
              typingName.value = false;
            }}
          />
        ))}
        {names.value.length > 0 && (
          <TapButton
            label={t("other_name")}
            onTap={() => {
              name.value = "";
              typingName.value = true;
            }}
          />
        )}
        <span class="grow" />
        <p class="quiet">{t("stop_needs_none")}</p>
        <TapButton label={t("cancel")} onTap={close} />
      </div>
      <div class="entry-keys">
        <div class="fields">
          <button type="button" class={`field ${typingName.value ? "on" : ""}`} onClick={() => (typingName.value = true)}>
            <small>{t("name")}</small>
            <b>{name.value === "" ? "\u00a0" : name.value}</b>
          </button>
          <button type="button" class={`field ${typingName.value ? "" : "on"}`} onClick={() => (typingName.value = false)}>
            <small>{t("pin")}</small>
            <b>{pin.value === "" ? "\u00a0" : "●".repeat(pin.value.length)}</b>
          </button>
        </div>
        <p class="complaint" role="alert">
          {complaint.value?.()}
          {waitLeft.value > 0 && ` ${t("wait_s", { n: waitLeft.value })}`}&nbsp;
        </p>
        <Keys />
      </div>
    </Sheet>
  );
}
