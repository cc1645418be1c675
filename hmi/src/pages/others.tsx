// The same words in the other languages, below the large ones: a guest may speak none of the operator's. Each says which
// language it is, for whoever has it read aloud.
import { LANGUAGES, language, tIn } from "../i18n";
import type { UiKey } from "../i18n/en";

export function Others({ text }: { text: UiKey }) {
  const others = LANGUAGES.filter((l) => l !== language.value);
  return (
    <p class="others">
      {others.map((l, i) => (
        <span key={l} lang={l}>
          {i > 0 && " · "}
          {tIn(l, text)}
        </span>
      ))}
    </p>
  );
}
