// Top line: the panel's own sound. Quiet while nothing sounds; blocked sound is said in words; a pause shows how long it lasts.
import { t } from "../i18n";
import { blocked, send } from "../state/actions";
import { fresh } from "../state/store";
import { pausedS, pauseHere, sounding, soundState, unlock } from "../sound/player";
import { Icon } from "./icons";

export function Sound() {
  if (soundState.value !== "ready") {
    return (
      <button type="button" class="top-btn slow" onClick={unlock}>
        <Icon name="sound_off" /> {t(soundState.value === "none" ? "sound_none" : "sound_blocked")}
      </button>
    );
  }
  const left = pausedS.value;
  if (left !== null) {
    return (
      <span class="top-btn paused">
        <Icon name="bell_off" /> {t("audio_paused", { t: `${Math.ceil(left)} s` })}
      </span>
    );
  }
  if (sounding.value === null) return null;
  const off = fresh.value ? blocked("audio_pause") : null;
  return (
    <button type="button" class="top-btn sounding" aria-disabled={off !== null} onClick={() => (fresh.value ? off === null && void send("audio_pause") : pauseHere())}>
      <Icon name="sound_on" /> {t("audio_pause")}
      {off !== null && <small>{off}</small>}
    </button>
  );
}
