// Buttons of the panel. What starts something is pressed and held for a second; what stops something is one touch.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CommandKind } from "../api/types";
import { t } from "../i18n";
import { blocked, pending, send } from "../state/actions";

export const HOLD_MS = 1000;

interface HoldProps {
  label: string;
  sub?: string | undefined;
  /** Reason why it is off, or null. */
  off: string | null;
  onHeld: () => void;
  class?: string;
}

/** Press and hold for one second; a ring fills meanwhile. Letting go, sliding off or losing the window ends the try. */
export function HoldButton({ label, sub, off, onHeld, class: extra = "" }: HoldProps) {
  const holding = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const end = (): void => {
    clearTimeout(timer.current);
    holding.value = false;
  };
  const begin = (): void => {
    if (off !== null || holding.value) return;
    holding.value = true;
    timer.current = setTimeout(() => {
      end();
      onHeld();
    }, HOLD_MS);
  };
  useEffect(() => {
    window.addEventListener("blur", end);
    return () => {
      window.removeEventListener("blur", end);
      end();
    };
  }, []);
  useEffect(() => {
    if (off !== null) end();
  }, [off]);
  return (
    <button
      type="button"
      class={`btn primary hold ${extra} ${holding.value ? "holding" : ""}`}
      aria-disabled={off !== null}
      onPointerDown={(event) => {
        if (event.button === 0) begin();
      }}
      onPointerUp={end}
      onPointerLeave={end}
      onPointerCancel={end}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if ((event.key === " " || event.key === "Enter") && !event.repeat) begin();
      }}
      onKeyUp={end}
      onBlur={end}
    >
      <svg class="ring" viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="24" cy="24" r="20" />
        <circle class="fill" cx="24" cy="24" r="20" pathLength="1" transform="rotate(-90 24 24)" />
      </svg>
      <span class="words">
        <b>{label}</b>
        <small>{off ?? sub ?? t("hold")}</small>
      </span>
    </button>
  );
}

interface TapProps {
  label: string;
  sub?: string | undefined;
  off?: string | null;
  onTap: () => void;
  class?: string;
  children?: ComponentChildren;
}

/** A plain touch. An off button stays readable and says why. */
export function TapButton({ label, sub, off = null, onTap, class: extra = "", children }: TapProps) {
  return (
    <button type="button" class={`btn ${extra}`} aria-disabled={off !== null} onClick={() => off === null && onTap()}>
      {children}
      <span class="words">
        <b>{label}</b>
        {(off ?? sub) !== undefined && <small>{off ?? sub}</small>}
      </span>
    </button>
  );
}

/** A command by press and hold, with its reason when it is refused. */
export function CommandHold({ kind, label, sub, class: extra = "" }: { kind: CommandKind; label: string; sub?: string; class?: string }) {
  const off = pending.value === kind ? t("wait") : blocked(kind);
  return <HoldButton label={label} sub={sub} off={off} onHeld={() => void send(kind)} class={extra} />;
}

/** A command by one touch: for what is safe to do at once. */
export function CommandTap({ kind, label, sub, class: extra = "" }: { kind: CommandKind; label: string; sub?: string; class?: string }) {
  const off = blocked(kind);
  return <TapButton label={label} sub={sub} off={off} onTap={() => void send(kind)} class={extra} />;
}
