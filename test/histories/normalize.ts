import { isDeepStrictEqual } from "node:util";
import { PROVIDER_PROPERTY } from "../../provider/host/properties";
import type { Values } from "../../provider/schema/fields";
import type { RawResource } from "./play";
import type { ResourceRecord } from "./record";

/** Outputs that Mags makes up. */
const MADE_UP: Partial<Record<RawResource["kind"], readonly string[]>> = {
  Job: ["requestId", "vmId", "subdomain"],
};
/** Length of the hashes at the end of a generated name. */
const HASHES = "[a-z0-9]{13}";

/**
 * Replaces what differs from run to run by placeholders: generated names by `<logical name>`, ids by
 * `<logical name.output n>` or `<made by run n>` with n counting the different ones within a history, ports by `:port`.
 */
export class Normalizer {
  private readonly placeholders = new Map<string, string>();
  private before: Record<string, ResourceRecord> = {};

  constructor(
    private readonly stack: string,
    private readonly names: readonly string[],
  ) {}

  /** The state as it is recorded: `same` if it equals that of the call before. */
  resources(state: readonly RawResource[]): Record<string, ResourceRecord> | "same" {
    const sorted = [...state].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const resource of sorted) this.collect(resource);
    const now = Object.fromEntries(sorted.map((resource) => [resource.name, this.resource(resource)]));
    const same = isDeepStrictEqual(now, this.before);
    this.before = now;
    return same ? "same" : now;
  }

  private collect({ name, kind, id, outputs }: RawResource): void {
    // One text for all that a run makes.
    if (typeof outputs.workspaceGeneration === "string")
      this.placeholder("made by run", outputs.workspaceGeneration);
    if (kind === "CronJob") this.placeholder(`${name}.id`, id);
    for (const output of MADE_UP[kind] ?? []) {
      const value = outputs[output];
      if (typeof value === "string") this.placeholder(`${name}.${output}`, value);
    }
  }

  private placeholder(what: string, value: string): void {
    if (this.placeholders.has(value)) return;
    const others = [...this.placeholders.values()].filter((other) => other.startsWith(`<${what} `));
    this.placeholders.set(value, `<${what} ${others.length + 1}>`);
  }

  private resource(raw: RawResource): ResourceRecord {
    const dependencies = Object.entries(raw.dependencies).map(
      ([name, properties]) => [name, [...properties].sort()] as const,
    );
    return {
      kind: raw.kind,
      id: this.text(raw.id),
      inputs: this.values(raw.inputs),
      outputs: this.values(raw.outputs),
      ...(raw.initErrors ? { initErrors: true as const } : {}),
      ...(raw.protect ? { protect: true as const } : {}),
      ...(raw.pendingReplacement ? { pendingReplacement: true as const } : {}),
      ...(dependencies.length > 0 ? { dependencies: Object.fromEntries(dependencies) } : {}),
    };
  }

  private values(values: Values): Values {
    const { [PROVIDER_PROPERTY]: _text, ...rest } = values;
    return this.value(rest) as Values;
  }

  private value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, this.value(item)]));
  }

  private text(text: string): string {
    let normal = text;
    for (const [value, placeholder] of this.placeholders) normal = normal.replaceAll(value, placeholder);
    for (const name of this.names)
      normal = normal.replace(new RegExp(`\\b${this.stack}-${name}-${HASHES}\\b`, "g"), `<${name}>`);
    return normal.replace(/(\.localhost):\d+/, "$1:port");
  }
}
