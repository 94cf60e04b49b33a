import type { Adopted } from "./adoption";
import { identifiersFor, labelsFor } from "./identifiers";
import type { ListedKind } from "../account/kinds";

/** Which kind of program is written. */
export type FrontEnd = "resources" | "constructs";

/** A program and what it calls things. */
export interface Program {
  readonly text: string;
  /** The resources, and all that they are in, for the import file. */
  readonly entries: readonly Entry[];
}

/** One resource or component, as the program will declare it. */
export interface Entry {
  readonly type: string;
  /** As the program calls it; a part of its URN. */
  readonly name: string;
  /** Another entry, that it is a child of. */
  readonly parent?: Entry;
  /** Undefined for a component. */
  readonly adopted?: Adopted;
}

/** What a written program refers to things by. */
export class Names {
  readonly variables: ReadonlyMap<Adopted, string>;
  readonly labels: ReadonlyMap<Adopted, string>;
  private readonly byName = new Map<string, Adopted>();
  private readonly jobOn = new Map<string, Adopted>();
  private readonly referred = new Set<Adopted>();
  private readonly aliased = new Set<Adopted>();

  constructor(adopted: readonly Adopted[], frontEnd: FrontEnd) {
    this.variables = identifiersFor(adopted);
    this.labels = frontEnd === "constructs" ? labelsFor(adopted, isNodeId) : labelsByKind(adopted);
    for (const thing of adopted) {
      this.byName.set(`${thing.kind} ${thing.name}`, thing);
      const { workspaceId } = thing.shown;
      if (thing.kind === "Job" && typeof workspaceId === "string") this.jobOn.set(workspaceId, thing);
    }
    for (const { kind, shown } of adopted) {
      const target = kind === "UrlAlias" ? this.target(shown.workspaceId) : this.workspace(shown.workspaceId);
      if (kind !== "Workspace" && target) this.referred.add(target);
      if (kind === "UrlAlias" && target?.kind === "Job") this.aliased.add(target);
    }
  }

  /** The workspace of a name, if it is imported too. */
  workspace(name: unknown): Adopted | undefined {
    return this.byName.get(`Workspace ${String(name)}`);
  }

  /** What an alias points to: the job on its workspace, else that. */
  target(workspaceId: unknown): Adopted | undefined {
    return this.jobOn.get(String(workspaceId)) ?? this.workspace(workspaceId);
  }

  /** Whether a job has a URL: its own, or an alias that points to it. */
  hasUrl(job: Adopted): boolean {
    return job.isOpen === true || this.aliased.has(job);
  }

  variable(thing: Adopted): string {
    return this.variables.get(thing)!;
  }

  label(thing: Adopted): string {
    return this.labels.get(thing)!;
  }

  /** How a declaration begins: what nothing refers to needs no variable. */
  declaration(thing: Adopted): string {
    return this.referred.has(thing) ? `const ${this.variable(thing)} = new` : "new";
  }
}

/** Pulumi tells equal names apart by their types. */
function labelsByKind(adopted: readonly Adopted[]): Map<Adopted, string> {
  const kinds = new Set<ListedKind>(adopted.map(({ kind }) => kind));
  return new Map(
    [...kinds].flatMap((kind) => [
      ...labelsFor(
        adopted.filter((thing) => thing.kind === kind),
        isUrnName,
      ),
    ]),
  );
}

function isUrnName(name: string): boolean {
  return !name.includes("::") && name.trim() === name && name !== "";
}

/** What may be the id of a node of a tree. `Resource` is the resource of the construct around it. */
function isNodeId(name: string): boolean {
  return isUrnName(name) && !name.includes("/") && name !== "Resource" && !(name in Object.prototype);
}

/** One property of an argument: its name, and its value as code, or a comment without a name. */
export type Line = readonly [name: string, code: string] | string;

/** An object as code, each property in a line of its own. */
export function objectOf(lines: readonly Line[]): string {
  if (lines.length === 0) return "{}";
  const first = lines[0]!;
  if (lines.length === 1 && typeof first !== "string") return `{ ${propertyOf(first)} }`;
  const inside = lines.map((line) => (typeof line === "string" ? `  // ${line}` : `  ${propertyOf(line)},`));
  return ["{", ...inside, "}"].join("\n");
}

function propertyOf([name, code]: readonly [string, string]): string {
  return name === code ? name : `${name}: ${code}`;
}
