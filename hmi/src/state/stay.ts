// The stay of the guests as it runs down, on the server's clock.
import { computed } from "@preact/signals";
import { left, session } from "./store";

export const inPre = computed(() => session.value?.phase === "pre_chamber");
/** Seconds left in the room they are in; null when nobody stays, or unknown. */
export const stayLeftS = computed(() => {
  const s = session.value;
  if (s === null || (s.phase !== "pre_chamber" && s.phase !== "exposure")) return null;
  return left(inPre.value ? s.pre_chamber_remaining_s : s.remaining_s);
});
export const staying = computed(() => session.value?.phase === "pre_chamber" || session.value?.phase === "exposure");
