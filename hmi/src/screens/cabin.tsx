// The picture of a head-out cabin: who stands in it, whether his face is above the rim, and the gas about him from the collar down.
import { useComputed } from "@preact/signals";
import { t } from "../i18n";
import { analog, bit, mainRoom, shown } from "../state/store";
import { Bar } from "../widgets/bar";
import { zoneScale, type Zone } from "../widgets/instruments";

/** Above the rim, below it, not known; null: nobody is seen inside. */
export type Face = "above" | "below" | "unknown";

export function faceOf(presence: boolean | null, above: boolean | null): Face | null {
  if (presence === false) return null;
  return presence === null || above === null ? "unknown" : above ? "above" : "below";
}

const face = (): Face | null => faceOf(shown(() => mainRoom.value?.presence), bit("YS-103"));

/** Cut through the cabin: walls, rim, platform. Who stands there is drawn as the switch at the rim sees him; the lift has no instrument. */
export function Standing() {
  const seen = useComputed(face);
  const cls = useComputed(() => `standing ${seen.value ?? "nobody"}`);
  const words = useComputed(() => (seen.value === null ? "" : t(`face_${seen.value}`)));
  return (
    <div class={cls}>
      <svg viewBox="0 0 100 150" aria-hidden="true">
        <path class="shell" d="M16 46v100h68V46" />
        <path class="rim" d="M4 46h92" />
        <g class="guest">
          <path class="lift" d="M26 138h48" />
          <circle cx="50" cy="28" r="12" />
          <path d="M36 134V66c0-16 4-22 14-22s14 6 14 22v68z" />
        </g>
      </svg>
      <span>{words}</span>
    </div>
  );
}

export function ZoneBar({ zone }: { zone: Zone }) {
  return (
    <Bar
      label={zone.label}
      unit="°C"
      digits={0}
      scale={() => zoneScale.value}
      value={() => analog(zone.tag)}
      band={() => zone.usual}
    />
  );
}
