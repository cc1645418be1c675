import { render, type ComponentChild } from "preact";
import { LANGUAGES, languageFor, speak } from "./i18n";
import { startLink } from "./state/store";
import { setTheme, theme } from "./state/theme";
import "./style/base.css";
import "./style/frame.css";
import "./style/screens.css";
import "./style/pages.css";

const query = new URLSearchParams(location.search);

/** The pages beside the panel. `?lang=pl` fixes the language of a display. */
const PAGES: Readonly<Record<string, () => Promise<ComponentChild>>> = {
  "/inside": async () => {
    const { InsidePage, insideNow } = await import("./pages/inside");
    const { startVoice } = await import("./pages/voice");
    startLink(false);
    if (query.get("voice") !== "off") startVoice(insideNow); // off: where the PLC's loudspeaker can be heard
    return <InsidePage />;
  },
  "/door": async () => {
    const { DoorPage } = await import("./pages/door");
    startLink(false);
    return <DoorPage />;
  },
  "/instructor": async () => {
    const { InstructorPage } = await import("./pages/instructor");
    startLink(false);
    return <InstructorPage />;
  },
  "/hands": async () => {
    const { HandsPage } = await import("./screens");
    return <HandsPage />;
  },
};

async function panel(): Promise<ComponentChild> {
  const { startPanel } = await import("./panel");
  return startPanel();
}

setTheme(theme.value);
const fixed = LANGUAGES.find((l) => l === query.get("lang"));
languageFor(null);
if (fixed !== undefined) speak(fixed);

const host = document.getElementById("panel");
if (host === null) throw new Error("index.html has no element #panel");
const page = await (PAGES[location.pathname.replace(/\/$/, "")] ?? panel)();
host.replaceChildren();
render(page, host);
