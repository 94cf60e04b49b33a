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
  private readonly begun = new Set<string>();

  /** Notes what a resource is to be. The last word of a resource counts: check may be asked several times. */
  declare(origin: Identity, schema: Schema, inputs: Values): void {
    // The parts of a sandbox have all but their kind in common.
    const owner = `${schema.name} ${origin.typeChain} ${origin.logicalName}`;
    const name = nameOf(schema, inputs);
    if (name === undefined) return void this.declared.delete(owner);
    const { workspaceId } = inputs;
    this.declared.set(owner, {
      kind: schema.name,
      resource: origin.logicalName,
      name,
      ...(typeof workspaceId === "string" ? { workspaceId } : {}),
    });
  }

  /** Throws when another resource of the program is the same thing, or needs the one VM of the workspace. */
  refuseClash(schema: Schema, inputs: Values): void {
    const name = nameOf(schema, inputs);
    const mine = this.all().filter((claim) => claim.kind === schema.name && claim.name === name);
    if (mine.length > 1) throw errors.claimedTwice(KIND_WORDS[schema.name], String(name));
    const user = userOf({ kind: schema.name, resource: mine[0]?.resource ?? String(name) });
    const { workspaceId } = inputs;
    if (!user || typeof workspaceId !== "string") return;
    const others = this.all().filter((claim) => claim.workspaceId === workspaceId && claim !== mine[0]);
    const clash = clashOn(workspaceId, user, others.map(userOf).filter(isDefined));
    if (clash) throw clash;
  }

  /** The workspace that the program wants a job on; undefined for a job that it has not declared. */
  workspaceOf(jobName: string): string | undefined {
    return this.all().find((claim) => claim.kind === "Job" && claim.name === jobName)?.workspaceId;
  }

  /** To be called when a create begins. */
  begin(schema: Schema, inputs: Values): void {
    this.begun.add(`${schema.name} ${nameOf(schema, inputs)}`);
  }

  /** Whether this run has made, or tried to make, the same thing for a resource that is to stay. */
  isTaken(schema: Schema, recorded: Values): boolean {
    return this.begun.has(`${schema.name} ${nameOf(schema, recorded)}`);
  }

  private all(): Claim[] {
    return [...this.declared.values()];
  }
}

/** An alias is told apart by its domain as well. */
function nameOf(schema: Schema, values: Values): string | undefined {
  const { [schema.nameField]: name, domain } = values;
  if (typeof name !== "string") return undefined;
  return typeof domain === "string" ? `${name}.${domain}` : name;
}

function userOf({ kind, resource }: { kind: KindName; resource: string }): WorkspaceUser | undefined {
  return kind === "Job" || kind === "CronJob" ? { kind, resource } : undefined;
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
