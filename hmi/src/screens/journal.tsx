// The journal for technicians: what happened, newest first, in the words of the panel.
import { computed, signal } from "@preact/signals";
import { api } from "../api/http";
import type { JournalEntry } from "../api/types";
import { codeText, dayAndTime, journalKind, t } from "../i18n";
import { entryText } from "../i18n/journal";
import { reader } from "../state/reads";
import { description } from "../state/store";

const READ_MS = 3000;
const LINES = 100;
/** Who is no person; a person's name is left as it is, even if it is a word, such as "service". */
const MACHINES: ReadonlySet<string> = new Set(["self-test", "supervisor", "simulated commissioning"]);
const journal = signal<JournalEntry[] | null>(null);
const entries = reader(journal, () => api.journal(LINES).then((view) => view.entries), READ_MS);

/** English names of alarms and causes. */
const names = computed(() => new Map([...(description.value?.causes ?? []).map((c) => [c.id, c.text] as const), ...(description.value?.alarms ?? []).map((a) => [a.id, a.title] as const)]));

function Line({ entry }: { entry: JournalEntry }) {
  const { head, rest } = entryText(entry.kind, entry.data, (id) => names.value.get(id));
  return (
    <tr>
      <td class="when">{dayAndTime(new Date(entry.time))}</td>
      <td>{journalKind(entry.kind)}</td>
      <td>
        {head !== "" && <b>{head}</b>}
        {head !== "" && rest !== "" && " · "}
        {rest}
      </td>
      <td>{entry.user === null ? "" : MACHINES.has(entry.user) ? (codeText(entry.user) ?? entry.user) : entry.user}</td>
    </tr>
  );
}

export function Journal() {
  entries.use();
  if (journal.value === null) return <p class="blank">{t("loading")}</p>;
  return (
    <table class="grid journal">
      <thead>
        <tr>
          <th>{t("time")}</th>
          <th>{t("kind")}</th>
          <th>{t("details")}</th>
          <th>{t("user")}</th>
        </tr>
      </thead>
      <tbody>
        {journal.value.map((e) => (
          <Line key={e.id} entry={e} />
        ))}
      </tbody>
    </table>
  );
}
