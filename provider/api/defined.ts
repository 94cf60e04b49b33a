/** Without the properties that are undefined, so that nothing is overwritten by what is not known. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
