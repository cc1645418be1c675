// Skin of the guests as control estimates it from the gas: where the coldest bare spot may be, and where the session ends. Not measured.
import { computed, useComputed } from "@preact/signals";
import type { SkinSiteView } from "../api/types";
import { t } from "../i18n";
import { number, UNKNOWN } from "../state/format";
import { session, shown } from "../state/store";

const SCALE = { low: -10, high: 35 };
/** Per cent of the track in halves, which are a pixel: what moves less is not drawn anew. */
const share = (c: number): number => Math.round((200 * (Math.min(SCALE.high, Math.max(SCALE.low, c)) - SCALE.low)) / (SCALE.high - SCALE.low)) / 2;

const skin = computed(() => shown(() => session.value?.skin));

/** The site of a guest that may be the coldest. */
export function coldest(sites: readonly SkinSiteView[] | undefined): SkinSiteView | null {
  return sites?.reduce((a, b) => (b.low_c < a.low_c ? b : a)) ?? null;
}

export function SkinBar({ person }: { person: number }) {
  const site = useComputed(() => coldest(skin.value?.persons[person]));
  const band = useComputed(() => {
    const s = site.value;
    return s === null ? "display:none" : `left:${share(s.low_c).toFixed(1)}%;width:${(share(s.high_c) - share(s.low_c)).toFixed(1)}%`;
  });
  const middle = useComputed(() => (site.value === null ? "display:none" : `transform:translateX(${share(site.value.c).toFixed(1)}%)`));
  const end = useComputed(() => (skin.value === null ? "display:none" : `left:${share(skin.value.end_c).toFixed(1)}%`));
  const text = useComputed(() => {
    const s = site.value;
    return s === null ? UNKNOWN : `${number(s.c, 0)} ± ${number((s.high_c - s.low_c) / 2, 0)} °C`;
  });
  return (
    <span class="skin">
      <span class="track">
        <i style={band} />
        <s style={end} />
        <u style={middle} />
      </span>
      <small>{text}</small>
    </span>
  );
}

/** What the bars are, or why there is nothing in them. */
export function SkinNote() {
  const note = useComputed(() => {
    const s = skin.value;
    if (s === null) return "";
    if (s.off !== "") return t(`skin_${s.off}`);
    return s.unread ? t("skin_unread") : t("skin_note", { end: number(s.end_c, 1) });
  });
  return <p class="skin-note">{note}</p>;
}
