import type { Signal } from "@preact/signals";

/** A row of tabs; the chosen one is kept by the caller's signal. The count has its place whether there is one or not: no tab moves. */
export function Tabs<T extends string>({ value, tabs }: { value: Signal<T>; tabs: readonly (readonly [NoInfer<T>, string, number?])[] }) {
  return (
    <div class="tabs" role="tablist">
      {tabs.map(([id, text, count]) => (
        <button key={id} type="button" role="tab" aria-selected={value.value === id} class={value.value === id ? "on" : ""} onClick={() => (value.value = id)}>
          {text}
          {count !== undefined && count > 0 && <i class="badge">{count}</i>}
        </button>
      ))}
    </div>
  );
}
