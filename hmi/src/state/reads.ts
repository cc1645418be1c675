// What a screen reads by HTTP while it is shown. A read that fails is asked again soon, whatever the screen; when nobody answers
// at all the link says so already, so the read says nothing.
import { signal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { HttpError } from "../api/http";
import { tellError } from "./actions";
import { share } from "./share";
import { connected, me } from "./store";

export const RETRY_MS = 2000;

/** Asks at once and every `everyMs` (null: once), sooner after a failure, which is told once. Returns how to stop; a later answer is not used. */
export function reads<T>(ask: () => Promise<T>, use: (found: T) => void, everyMs: number | null, tell: (error: unknown) => void = tellError): () => void {
  let wanted = true;
  let told = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (ms: number | null): void => void (timer = ms === null ? undefined : setTimeout(read, ms));
  const found = (answer: T): void => {
    if (!wanted) return;
    told = false;
    later(everyMs);
    use(answer);
  };
  const failed = (error: unknown): void => {
    if (!wanted) return;
    later(Math.min(RETRY_MS, everyMs ?? RETRY_MS));
    if (told || (error instanceof HttpError && error.status === 0)) return;
    told = true;
    tell(error);
  };
  function read(): void {
    void ask().then(found, failed);
  }
  read();
  return () => {
    wanted = false;
    clearTimeout(timer);
  };
}

/** `use` in the component that shows `target`; `again` when it must have changed. Read anew, too, when the link is back and when another user is signed in. */
export function reader<T>(target: Signal<T | null>, ask: () => Promise<T>, everyMs: number | null) {
  const asked = signal(0);
  return {
    again: (): void => void (asked.value += 1),
    use: (...on: readonly unknown[]): void =>
      useEffect(() => reads(ask, (found) => (target.value = share(target.peek(), found)), everyMs), [asked.value, connected.value, me.value.name, ...on]),
  };
}
