/** A list or map with each element changed; the same object where none is. */
export function mapContainer<T extends object>(
  container: T,
  change: (inner: unknown, key: string) => unknown,
): object {
  if (Array.isArray(container)) {
    let copy: unknown[] | undefined;
    container.forEach((item: unknown, index) => {
      const changed = change(item, String(index));
      if (changed !== item) (copy ??= [...(container as unknown[])])[index] = changed;
    });
    return copy ?? container;
  }
  const map = container as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const key in map) {
    const changed = change(map[key], key);
    if (changed !== map[key]) (copy ??= { ...map })[key] = changed;
  }
  return copy ?? container;
}

/** An object of any context, but no instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
