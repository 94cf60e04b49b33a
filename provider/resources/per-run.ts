import * as pulumi from "./sdk";

/**
 * Something kept once per run of a program: inline programs run several times in one process, each with an
 * engine connection of its own.
 */
export function perRun<T>(make: () => T): () => T {
  const runs = new WeakMap<object, T>();
  return () => {
    const run: object = pulumi.runtime.getMonitor() ?? pulumi.runtime;
    let value = runs.get(run);
    if (value === undefined) runs.set(run, (value = make()));
    return value;
  };
}
