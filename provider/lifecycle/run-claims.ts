import * as errors from "../errors";
import { KIND_WORDS, clashOn, type WorkspaceUser } from "../schema/claims";
import type { KindName, Values } from "../schema/fields";
import type { Identity } from "../schema/naming";
import type { Schema } from "../schema/schema";

interface Claim {
  kind: KindName;
  /** As the program calls it. */
  resource: string;
  /** What the cloud calls it. */
  name: string;
  workspaceId?: string;
}

/**
 * What the program of this run has declared so far, as far as check was told, and what the run has begun to
 * make. A provider process serves one run, so what was declared in an earlier one is never in here.
 * Constructors judge the names that they know (`provider/resources/claims.ts`); this is for the others.
 */
export class RunClaims {
  private readonly declared = new Map<string, Claim>();
  /** The same by kind and name, and by workspace: thousands of creates ask, and each looks at its own few. */
  private readonly byThing = new Map<string, Set<Claim>>();
  private readonly byWorkspace = new Map<string, Set<Claim>>();
  private readonly begun = new Set<string>();

  /** Notes what a resource is to be. The last word of a resource counts: check may be asked several times. */
  declare(origin: Identity, schema: Schema, inputs: Values): void {
    // The parts of a sandbox have all but their kind in common.
    const owner = `${schema.name} ${origin.typeChain} ${origin.logicalName}`;
    const name = nameOf(schema, inputs);
    this.withdraw(owner);
    if (name === undefined) return;
    const { workspaceId } = inputs;
    const claim: Claim = {
      kind: schema.name,
      resource: origin.logicalName,
      name,
      ...(typeof workspaceId === "string" ? { workspaceId } : {}),
    };
    this.declared.set(owner, claim);
    addTo(this.byThing, thing(claim.kind, name), claim);
    if (claim.workspaceId !== undefined) addTo(this.byWorkspace, claim.workspaceId, claim);
  }

  /** Throws when another resource of the program is the same thing, or needs the one VM of the workspace. */
  refuseClash(schema: Schema, inputs: Values): void {
    const name = nameOf(schema, inputs);
    const mine = name === undefined ? [] : this.sameThing(schema.name, name);
    if (mine.length > 1) throw errors.claimedTwice(KIND_WORDS[schema.name], String(name));
    const user = userOf({ kind: schema.name, resource: mine[0]?.resource ?? String(name) });
    const { workspaceId } = inputs;
    if (!user || typeof workspaceId !== "string") return;
    const others = [...(this.byWorkspace.get(workspaceId) ?? [])].filter((claim) => claim !== mine[0]);
    const clash = clashOn(workspaceId, user, others.map(userOf).filter(isDefined));
    if (clash) throw clash;
  }

  /** The workspace that the program wants a job on; undefined for a job that it has not declared. */
  workspaceOf(jobName: string): string | undefined {
    return this.sameThing("Job", jobName)[0]?.workspaceId;
  }

  /** To be called when a create begins. */
  begin(schema: Schema, inputs: Values): void {
    this.begun.add(thing(schema.name, nameOf(schema, inputs)));
  }

  /** Whether this run has made, or tried to make, the same thing for a resource that is to stay. */
  isTaken(schema: Schema, recorded: Values): boolean {
    return this.begun.has(thing(schema.name, nameOf(schema, recorded)));
  }

  private sameThing(kind: KindName, name: string): Claim[] {
    return [...(this.byThing.get(thing(kind, name)) ?? [])];
  }

  private withdraw(owner: string): void {
    const claim = this.declared.get(owner);
    if (!claim) return;
    this.declared.delete(owner);
    this.byThing.get(thing(claim.kind, claim.name))?.delete(claim);
    if (claim.workspaceId !== undefined) this.byWorkspace.get(claim.workspaceId)?.delete(claim);
  }
}

function thing(kind: KindName, name: string | undefined): string {
  return `${kind} ${name}`;
}

function addTo(index: Map<string, Set<Claim>>, key: string, claim: Claim): void {
  const claims = index.get(key);
  if (claims) claims.add(claim);
  else index.set(key, new Set([claim]));
}

/** An alias is told apart by its domain as well. */
function nameOf(schema: Schema, values: Values): string | undefined {
  const { [schema.nameField]: name, domain } = values;
  if (typeof name !== "string") return undefined;
  return typeof domain === "string" ? `${name}.${domain}` : name;
}

function userOf({ kind, resource }: { kind: KindName; resource: string }): WorkspaceUser | undefined {
  return kind === "Job" || kind === "CronJob" || kind === "Run" ? { kind, resource } : undefined;
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
