// STOP and EVACUATE: in the same place on every screen, one touch, never confirmed, never off, no sign-in.
import { t } from "../i18n";
import { stopClass, stopPhase } from "../state/actions";
import { fresh, inSession } from "../state/store";

function sub(kind: "stop" | "evacuate"): string {
  switch (stopPhase(kind).value) {
    case "sent":
      return t("stop_sent");
    case "accepted":
      return t("stop_done");
    case "unsure":
      return t("stop_unsure");
    case "idle":
      if (kind === "evacuate") return t("evacuate_sub");
      return inSession.value || !fresh.value ? t("stop_occupied") : t("stop_empty");
  }
}

function UrgentButton({ kind }: { kind: "stop" | "evacuate" }) {
  const phase = stopPhase(kind).value;
  return (
    <button
      type="button"
      data-urgent
      class={`urgent ${kind} ${phase}`}
      onPointerDown={(event) => {
        if (event.button === 0) void stopClass(kind);
      }}
      onClick={(event) => {
        if (event.detail === 0) void stopClass(kind); // keyboard: there was no pointer
      }}
      onContextMenu={(event) => event.preventDefault()}
    >
      <b>{t(kind)}</b>
      <small aria-live="assertive">{sub(kind)}</small>
    </button>
  );
}

export function UrgentButtons() {
  return (
    <div class="urgents">
      <UrgentButton kind="evacuate" />
      <UrgentButton kind="stop" />
    </div>
  );
}
