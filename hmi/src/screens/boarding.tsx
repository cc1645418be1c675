// Guests walk into the pre-chamber. The operator counts them; the count said at the start is the count that must come out.
import { useComputed, useSignal } from "@preact/signals";
import { persons, t } from "../i18n";
import { blocked, pending, send } from "../state/actions";
import { bit, description, fresh, mainRoom, oneRoom, preRoom, session, shown } from "../state/store";
import { HoldButton, TapButton } from "../widgets/buttons";
import { GuidanceLine } from "../widgets/guidance";
import { Icon } from "../widgets/icons";
import { Mimic } from "./mimic";

function Fact({ ok, text }: { ok: boolean | null; text: string }) {
  return (
    <li class={ok === true ? "ok" : "open"}>
      <span class="box">{ok === true && <Icon name="check" />}</span>
      {text}
    </li>
  );
}

function Facts() {
  const durable = useComputed(() => shown(() => session.value?.durable));
  const outer = useComputed(() => shown(() => preRoom.value?.door.state));
  const inner = useComputed(() => shown(() => mainRoom.value?.door.state));
  const seen = useComputed(() => shown(() => preRoom.value?.presence));
  const face = useComputed(() => bit("YS-103"));
  return (
    <ul class="facts">
      <Fact ok={durable.value} text={durable.value === true ? t("record_saved") : t("record_writing")} />
      <Fact ok={seen.value} text={`${t(oneRoom.value ? "main_room" : "pre_chamber")}: ${seen.value === null ? t("presence_unknown") : seen.value ? t("somebody") : t("nobody")}`} />
      <Fact ok={outer.value === "shut"} text={`${t("outer_door")}: ${t(`door_${outer.value ?? "unknown"}`)}`} />
      {oneRoom.value ? (
        <Fact ok={face.value} text={t(face.value === null ? "face_unknown" : face.value ? "face_above" : "face_below")} />
      ) : (
        <Fact ok={inner.value === "shut"} text={`${t("inner_door")}: ${t(`door_${inner.value ?? "unknown"}`)}`} />
      )}
    </ul>
  );
}

export function Boarding() {
  const told = useComputed(() => session.value?.persons ?? null);
  const most = description.value?.persons_max ?? 0;
  const pressed = useSignal<number | null>(null);
  const counted = useComputed(() => pressed.value ?? (most === 1 ? 1 : null)); // where there is room for one, nothing is left to count
  const off = pending.value === "start_session" ? t("wait") : (blocked("start_session") ?? (counted.value === null ? t("how_many_inside") : null));
  const cancelOff = blocked("cancel_boarding");
  return (
    <>
      <div class="boarding">
        <section class="card">
          <h2>{told.value === null || !fresh.value ? "" : persons(told.value)}</h2>
          <Facts />
          {most > 1 && (
            <>
              <h2>{t("how_many_inside")}</h2>
              <div class="choices people-count">
                {Array.from({ length: most }, (_, i) => i + 1).map((n) => (
                  <TapButton key={n} class={`choice ${n === counted.value ? "on" : ""}`} label={String(n)} onTap={() => (pressed.value = n)} />
                ))}
              </div>
            </>
          )}
        </section>
        <Mimic only="rooms" />
      </div>
      <GuidanceLine>
        <TapButton class="second" label={t("cancel_boarding")} off={cancelOff} onTap={() => void send("cancel_boarding")} />
        <HoldButton
          label={t("start_session")}
          off={off}
          onHeld={() => {
            if (counted.value !== null) void send("start_session", { persons: counted.value });
          }}
        />
      </GuidanceLine>
    </>
  );
}
