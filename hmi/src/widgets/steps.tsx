// The cycle as a strip: where we are, what is behind, what comes.
import { stateName } from "../i18n";
import { oneRoom, state } from "../state/store";

export const STRIP = ["PRECOOL", "READY", "BOARDING", "PRE_CHAMBER", "EXPOSURE", "EXIT", "RECOOL"] as const;

export function Steps() {
  const now = state.value;
  const strip = STRIP.filter((s) => s !== "PRE_CHAMBER" || !oneRoom.value);
  const at = strip.findIndex((s) => s === now);
  const inCycle = at >= 0;
  return (
    <ol class="steps">
      {!inCycle && now !== null && (
        <li class="now off-cycle" aria-current="step">
          {stateName(now)}
        </li>
      )}
      {strip.map((step, i) => (
        <li key={step} class={inCycle && i < at ? "done" : i === at ? "now" : ""} aria-current={i === at ? "step" : undefined}>
          {stateName(step)}
        </li>
      ))}
    </ol>
  );
}
