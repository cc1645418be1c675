import { render, type ComponentChild } from "preact";
import { LANGUAGES, languageFor, speak } from "./i18n";
import { startLink } from "./state/store";
import { setTheme, theme } from "./state/theme";
import "./style/base.css";
import "./style/frame.css";
import "./style/screens.css";
import "./style/pages.css";

const AGAIN_MS = 2000;
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

/** Parts of the page did not come: the server was just ended or is just starting. Anew with the whole page as soon as it answers. */
async function whole(part: Promise<ComponentChild>): Promise<ComponentChild> {
  try {
    return await part;
  } catch (error) {
    const again = setInterval(() => {
      fetch("/", { cache: "no-store" }).then(
        (answer) => {
          if (answer.ok) location.reload();
        },
        () => undefined,
      );
    }, AGAIN_MS);
    window.addEventListener("pagehide", () => clearInterval(again));
    console.error(error);
    return new Promise(() => undefined); // nothing is drawn until then
  }
}

const host = document.getElementById("panel");
if (host === null) throw new Error("index.html has no element #panel");
const page = await whole((PAGES[location.pathname.replace(/\/$/, "")] ?? panel)());
host.replaceChildren();
render(page, host);
