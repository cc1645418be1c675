import type { Signal } from "@preact/signals";

/** A row of tabs; the chosen one is kept by the caller's signal. */
export function Tabs<T extends string>({ value, tabs }: { value: Signal<T>; tabs: readonly (readonly [NoInfer<T>, string])[] }) {
  return (
    <div class="tabs" role="tablist">
      {tabs.map(([id, text]) => (
        <button key={id} type="button" role="tab" aria-selected={value.value === id} class={value.value === id ? "on" : ""} onClick={() => (value.value = id)}>
          {text}
        </button>
      ))}
    </div>
  );
}
