/** What was worked out of an object that never changes, until it is gone or something else of it is asked for. */
const kept = new WeakMap<object, Map<string, { key: unknown; value: unknown }>>();

/** @param kind what is worked out; of each kind the last is kept @param key what it depends on beside the object */
export function remembered<T>(of: object, kind: string, key: unknown, make: () => T): T {
  const known = kept.get(of) ?? new Map<string, { key: unknown; value: unknown }>();
  kept.set(of, known);
  const last = known.get(kind);
  if (last !== undefined && Object.is(last.key, key)) return last.value as T;
  const value = make();
  known.set(kind, { key, value });
  return value;
}
