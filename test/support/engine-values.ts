import type { Values } from "../../provider/schema/fields";

/** Stands in an argument for an output of another resource. */
export class Ref {
  constructor(
    readonly name: string,
    readonly output: string,
  ) {}
}

/** The output of a resource that the program declares before. */
export function ref(name: string, output: string): Ref {
  return new Ref(name, output);
}

/** Puts the referenced outputs in, and says which property depends on which resource. */
export function resolveRefs(
  args: Values,
  known: ReadonlyMap<string, Values>,
): { values: Values; dependencies: Record<string, string[]> } {
  const dependencies: Record<string, string[]> = {};
  const resolve = (value: unknown, property: string): unknown => {
    if (value instanceof Ref) {
      const outputs = known.get(value.name);
      if (!outputs) throw new Error(`"${value.name}" is not declared before it is referred to`);
      (dependencies[value.name] ??= []).push(property);
      return outputs[value.output];
    }
    if (Array.isArray(value)) return value.map((item) => resolve(item, property));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, property)]));
  };
  const values = Object.entries(args).map(([key, value]) => [key, resolve(value, key)] as const);
  // What a program leaves undefined is not sent.
  return { values: Object.fromEntries(values.filter(([, value]) => value !== undefined)), dependencies };
}

/** Values on their way to the provider process: a copy, as over gRPC. */
export function toHostProcess(values: Values): Values {
  return JSON.parse(JSON.stringify(values)) as Values;
}

/**
 * Values on their way back. The host can send nothing but JSON: one `undefined` anywhere fails the call
 * although it has done its work.
 */
export function fromHostProcess<T extends object>(answer: T): Values {
  // Absent members of the answer itself are left out by the host; within a value they are fatal.
  const present = Object.entries(answer).filter(([, value]) => value !== undefined);
  for (const [key, value] of present) assertJson(value, key);
  return JSON.parse(JSON.stringify(Object.fromEntries(present))) as Values;
}

function assertJson(value: unknown, path: string): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (Array.isArray(value)) return value.forEach((item, index) => assertJson(item, `${path}[${index}]`));
  if (typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)) {
    for (const [key, inner] of Object.entries(value)) assertJson(inner, `${path}.${key}`);
    return;
  }
  throw new Error(`Unexpected struct type at ${path}: ${String(value)}`);
}
