// The start-up checklist of the day: what a person looks at, what the chamber answers itself, one signature for both.
import { computed, signal } from "@preact/signals";
import { api } from "../api/http";
import type { ChecklistView, PointView, ProofTestView, UpkeepView } from "../api/types";
import { localDigits, timeOfDay } from "../state/format";
import { pointEvidence, pointHow, pointText, t } from "../i18n";
import { blocked, pending, send } from "../state/actions";
import { reader } from "../state/reads";
import { go } from "../state/route";
import { fresh, hasRole, me } from "../state/store";
import { HoldButton, TapButton } from "../widgets/buttons";
import { Icon } from "../widgets/icons";
import { DayTabs } from "./day/tabs";
import { openProofTest } from "./service-tab";

type Answer = "ok" | "bad";
const found = signal<UpkeepView | null>(null);
const upkeep = reader(found, api.upkeep, 2000);
const view = computed(() => found.value?.checklist ?? null);
const answers = signal<Readonly<Record<string, Answer>>>({});
const note = signal("");

const byPerson = computed(() => view.value?.points.filter((p) => p.answered_by === "person") ?? []);
const byChamber = computed(() => view.value?.points.filter((p) => p.answered_by !== "person") ?? []);
const open = computed(() => byPerson.value.filter((p) => answers.value[p.id] === undefined).length);
/** Nobody is at it anew: what stands signed is shown as it was answered, and only what is in order can be signed. */
const standsSigned = computed(() => view.value?.signed === true && Object.keys(answers.value).length === 0);
const failed = computed(() => byPerson.value.filter((p) => answers.value[p.id] === "bad").map((p) => p.id));

async function sign(): Promise<void> {
  const confirmed = byPerson.value.filter((p) => answers.value[p.id] === "ok").map((p) => p.id);
  if (!(await send("sign_checklist", { confirmed, failed: failed.value, note: note.value.trim() }))) return;
  answers.value = {};
  note.value = "";
  setTimeout(upkeep.again, 300);
}

function Asked({ point }: { point: PointView }) {
  const given = standsSigned.value ? "ok" : answers.value[point.id];
  const give = (answer: Answer): void => {
    answers.value = { ...answers.value, [point.id]: answer };
  };
  return (
    <li class="point">
      <div>
        <b>{pointText(point)}</b>
        <small>{pointHow(point)}</small>
      </div>
      <div class="answers" role="group" aria-label={pointText(point)}>
        <button type="button" aria-pressed={given === "ok"} class={`answer ${given === "ok" ? "on" : ""}`} onClick={() => give("ok")}>
          <Icon name="check" />
          {t("in_order")}
        </button>
        <button type="button" aria-pressed={given === "bad"} class={`answer bad ${given === "bad" ? "on" : ""}`} onClick={() => give("bad")}>
          <Icon name="cross" />
          {t("not_in_order")}
        </button>
      </div>
    </li>
  );
}

/** The proof test behind a point that has to be given by a person, or null. */
function toGive(point: PointView): ProofTestView | null {
  if (point.ok !== false || point.proof_test === "") return null;
  return found.value?.tests.find((x) => x.test === point.proof_test && x.given_by === "person") ?? null;
}

/** What shows it; where something is open also what to do. */
function Evidence({ point }: { point: PointView }) {
  const shown = [pointEvidence(point), point.ok === true ? "" : pointHow(point)].filter((x) => x !== "");
  return shown.length === 0 ? null : <small>{shown.join(" · ")}</small>;
}

/** What the chamber answered a while ago is no answer now. */
function Found({ point: told }: { point: PointView }) {
  const point: PointView = fresh.value ? told : { ...told, ok: null, params: {} };
  const test = toGive(point);
  const icon = point.ok === true ? "check" : point.ok === false ? "cross" : "question";
  return (
    <li class={`found ${point.ok === true ? "ok" : "open"}`}>
      <Icon name={icon} />
      <div>
        <b>{pointText(point)}</b>
        <Evidence point={point} />
      </div>
      {test !== null && (
        <TapButton
          label={t("record_test")}
          onTap={() => {
            openProofTest(test);
            go("service");
          }}
        />
      )}
    </li>
  );
}

/** What is said of today's list: signed, found wanting, or still to be done. */
function standing(list: ChecklistView): string {
  const at = list.at === null ? "" : timeOfDay(new Date(list.at));
  if (list.signed) return t("checklist_signed", { t: at });
  const today = list.at !== null && new Date(list.at).toDateString() === new Date().toDateString();
  return today && list.in_order === false ? t("checklist_found", { t: at }) : t("checklist_to_do");
}

function why(): string | null {
  if (pending.value === "sign_checklist") return t("wait");
  if (failed.value.length > 0) {
    if (!hasRole("operator")) return t("sign_in_as_operator");
    return note.value.trim().length < 3 ? t("note_needed") : null;
  }
  return blocked("sign_checklist") ?? (open.value > 0 ? t("checklist_left", { n: open.value }) : null);
}

export function Checklist() {
  upkeep.use();
  const list = view.value;
  if (list === null) {
    return (
      <div class="screen checklist">
        <DayTabs />
        <p class="blank">{t("loading")}</p>
      </div>
    );
  }
  const by = list.by ?? (list.at === null ? "" : me.value.name === null ? t("sign_in_for_name") : "");
  return (
    <div class="screen checklist">
      <DayTabs />
      <div class="points">
        <section class="card">
          <h2>{t("points_person")}</h2>
          <ul>
            {byPerson.value.map((p) => (
              <Asked key={p.id} point={p} />
            ))}
          </ul>
        </section>
        <section class="card">
          <h2>{t("points_chamber")}</h2>
          <ul>
            {byChamber.value.map((p) => (
              <Found key={p.id} point={p} />
            ))}
          </ul>
        </section>
      </div>
      <div class={`guidance ${list.signed ? "watch" : "act"}`}>
        <div class="say">
          <small>{t("checklist_day")}</small>
          <h1>{standing(list)}</h1>
          {list.at !== null && (
            <p class="quiet">
              {localDigits([by, list.note].filter((x) => x !== "").join(" · "))}
            </p>
          )}
        </div>
        {failed.value.length > 0 && (
          <label class="note">
            <small>{t("note_needed")}</small>
            <input type="text" maxLength={500} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
          </label>
        )}
        {standsSigned.value ? (
          <TapButton class="primary" label={t("start_a_session")} sub={t("choose_program")} onTap={() => go("session")} />
        ) : (
        <HoldButton label={t(failed.value.length > 0 ? "checklist_report" : "sign_checklist")} off={why()} onHeld={() => void sign()} />
        )}
      </div>
    </div>
  );
}
