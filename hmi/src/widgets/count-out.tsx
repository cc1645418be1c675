// People counted out: the number must be the one that went in. Used wherever a session waits for "empty" to be confirmed.
import { useComputed, useSignal } from "@preact/signals";
import { t } from "../i18n";
import { blocked, pending, send } from "../state/actions";
import { description, session } from "../state/store";
import { CommandHold, HoldButton, TapButton } from "./buttons";

export function CountOut() {
  const due = useComputed(() => session.value?.count_due ?? null);
  const counted = useSignal<number | null>(null);
  if (due.value === null) return <CommandHold kind="confirm_empty" label={t("confirm_empty")} />;
  const off = pending.value === "confirm_empty" ? t("wait") : (blocked("confirm_empty") ?? (counted.value === null ? t("how_many_out") : null));
  return (
    <div class="count-out">
      <small>{t("how_many_out")}</small>
      <div class="choices people-count">
        {Array.from({ length: description.value?.persons_max ?? 0 }, (_, i) => i + 1).map((n) => (
          <TapButton key={n} class={`choice ${n === counted.value ? "on" : ""}`} label={String(n)} onTap={() => (counted.value = n)} />
        ))}
      </div>
      <HoldButton
        label={t("confirm_empty")}
        off={off}
        onHeld={() => {
          if (counted.value !== null) void send("confirm_empty", { count: counted.value });
        }}
      />
    </div>
  );
}
