// What lies over the screen for a moment. Esc and the ground beside it close it; the keys stay in it, STOP and EVACUATE included;
// the focus goes back to what opened it.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Called with the key; false: not handled. */
type Keys = (event: KeyboardEvent) => boolean;

const REACHED = "button, input, select, [tabindex]:not([tabindex='-1'])";

/** What the keys reach while `box` is open, in order. */
function reached(box: HTMLElement): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>(REACHED), ...document.querySelectorAll<HTMLElement>("[data-urgent]")].filter((e) => !e.hasAttribute("disabled"));
}

function step(box: HTMLElement, by: 1 | -1): void {
  const all = reached(box);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  all[next]?.focus();
}

/** Esc, Tab and the focus of something that is open from its first rendering to its last. */
export function useOpen<T extends HTMLElement>(close: () => void, keys?: Keys) {
  const box = useRef<T>(null);
  const now = useRef({ close, keys });
  now.current = { close, keys };
  useLayoutEffect(() => {
    const opener = document.activeElement;
    box.current?.focus();
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === "Escape") now.current.close();
      else if (event.key === "Tab" && box.current !== null) step(box.current, event.shiftKey ? -1 : 1);
      else if (now.current.keys?.(event) !== true) return;
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return box;
}

interface SheetProps {
  label: string;
  close: () => void;
  class?: string;
  keys?: Keys;
  /** A touch beside it does not close it. */
  stays?: boolean;
  children: ComponentChildren;
}

export function Sheet({ label, close, class: extra = "", keys, stays = false, children }: SheetProps) {
  const box = useOpen<HTMLDivElement>(close, keys);
  return (
    <div class="sheet-back" onClick={(event) => !stays && event.target === event.currentTarget && close()}>
      <div
        ref={box}
        class={`sheet ${extra}`}
        role="dialog"
        aria-modal="true"
        aria-label={label}
        tabIndex={-1}
        onClick={(event) => {
          // a touch leaves no button behind on which the next Enter would act
          if (event.detail > 0 && event.target instanceof Element && event.target.closest("button") !== null) box.current?.focus();
        }}
      >
        {children}
      </div>
    </div>
  );
}
