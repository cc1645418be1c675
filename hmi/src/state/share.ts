// What arrives ten times a second is mostly what was there before. Parts that did not change keep their identity, so that
// whoever watches one value is not called for its neighbours.

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * `next` with every part that equals its counterpart in `old` replaced by that one; `old` itself when nothing differs.
 * Both are plain JSON. `next` is written to: hand over only what nobody else reads by identity.
 */
export function share<T>(old: unknown, next: T): T {
  if (Object.is(old, next)) return next;
  if (Array.isArray(next) && Array.isArray(old)) {
    let same = next.length === old.length;
    for (let i = 0; i < next.length; i += 1) {
      next[i] = share(old[i], next[i]);
      same &&= Object.is(next[i], old[i]);
    }
    return (same ? old : next) as T;
  }
  if (isObject(next) && isObject(old)) {
    const parts: Record<string, unknown> = next;
    const keys = Object.keys(parts);
    let same = keys.length === Object.keys(old).length;
    for (const key of keys) {
      const value = parts[key];
      if (typeof value === "object" && value !== null) parts[key] = share(old[key], value);
      same &&= key in old && Object.is(parts[key], old[key]);
    }
    return (same ? old : next) as T;
  }
  return next;
}
