import { UNKNOWN_TEXT } from "../../provider/host/json";
import { PROVIDER_PROPERTY } from "../../provider/host/properties";
import type { KindName, Values } from "../../provider/schema/fields";
import type { Origin } from "../../provider/schema/plan";
import type { Declared, Run } from "./engine-types";

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

/** The engine's mark on a secret value, which it keeps encrypted. */
const SECRET = "4dabf18193072939515e22adb298388d";

export function isSecret(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && SECRET in value;
}

/** Values on their way to the provider process: a copy, as over gRPC, with secrets opened. */
export function toHostProcess(values: Values): Values {
  return JSON.parse(JSON.stringify(values), (_key, value: unknown) =>
    isSecret(value) ? value.value : value,
  ) as Values;
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

/** Stands for the constant text of a kind. */
export function textOf(kind: KindName): string {
  return `text of ${kind}`;
}

/** The host adds the provider's text to what succeeded. */
export function withText(values: Values, kind: KindName): Values {
  return { ...values, [PROVIDER_PROPERTY]: textOf(kind) };
}

/** Outputs in a preview: what is not there is unknown. */
export function unknownBut(inputs: Values): Values {
  return new Proxy(inputs, {
    get: (target, key) =>
      typeof key === "string" && !(key in target) ? UNKNOWN_TEXT : Reflect.get(target, key),
  });
}

export function sorted(values: unknown): unknown {
  if (Array.isArray(values)) return values.map(sorted);
  if (typeof values !== "object" || values === null || values instanceof Ref) return values;
  return Object.fromEntries(
    Object.entries(values)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}

/** What a constructor tells of itself, the stack aside. */
export function originOf(
  declared: Declared,
  known: ReadonlyMap<string, Values>,
  run?: number,
): Omit<Origin, "project" | "stack"> {
  const made = madeWith(declared);
  const workspaceGeneration = made && known.get(made)?.workspaceGeneration;
  return {
    organization: "organization",
    typeChain: `pulumi-nodejs:dynamic/mags:${declared.kind}`,
    logicalName: declared.name,
    ...declared.identity,
    ...(run === undefined ? {} : { run: String(run).padStart(12, "0") }),
    ...(workspaceGeneration ? { workspaceGeneration } : {}),
  };
}

/** The resource whose `workspaceGeneration` a constructor takes along. */
export function madeWith({ kind, args }: Declared): string | undefined {
  const target = args.jobName ?? args.workspaceId;
  return target instanceof Ref && ["Job", "UrlAlias", "Run"].includes(kind) ? target.name : undefined;
}

export function emptyRun(): Run {
  return { ok: false, killed: false, failures: [], steps: [], gone: [], drifted: [] };
}

/** The answer of a process that is dead. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
