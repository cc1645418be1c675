// The operator's panel: starts what only it needs.
import { effect } from "@preact/signals";
import { App } from "./app";
import { languageFor } from "./i18n";
import { startSound } from "./sound/player";
import { startRings } from "./state/ring";
import { fetchLater } from "./screens";
import { followSession } from "./state/route";
import { me, startLink } from "./state/store";
import { watchTouch } from "./state/wake";

export function startPanel() {
  startLink(true);
  startRings();
  followSession();
  watchTouch();
  startSound();
  effect(() => languageFor(me.value.name));
  fetchLater();
  return <App />;
}
