import { render } from "preact";
import { App } from "./app";
import { effect } from "@preact/signals";
import { languageFor } from "./i18n";
import { HandsPage } from "./screens";
import { startRings } from "./state/ring";
import { followSession } from "./state/route";
import { me, startLink } from "./state/store";
import { setTheme, theme } from "./state/theme";
import { watchTouch } from "./state/wake";
import "./style/base.css";
import "./style/frame.css";
import "./style/screens.css";

setTheme(theme.value);
languageFor(null);
effect(() => languageFor(me.value.name));
const host = document.getElementById("panel");
if (host === null) throw new Error("index.html has no element #panel");

if (location.pathname === "/hands") {
  render(<HandsPage />, host);
} else {
  startLink();
  startRings();
  followSession();
  watchTouch();
  render(<App />, host);
}
