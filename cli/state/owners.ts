import { unrecordedNames } from "../../provider/schema/diff";
import { jobFields } from "../../provider/schema/job-fields";
import { isGeneratedIn, scopeOf } from "../../provider/schema/naming";
import type { Values } from "../../provider/schema/fields";
import { setupJobName } from "../../provider/schema/workspace";
import type { ListedKind } from "../account/kinds";
import { plainConfigurationOf } from "../account/config";
import type { Project, StackName } from "../pulumi/project";
import { atOnce } from "../pulumi/at-once";
import { askPulumi } from "../pulumi/run";
import { parseState, type StateResource } from "./stack-state";
import { saying } from "../lib/saying";

/** Who an object belongs to, as far as that can be known. */
export interface Owner {
  stack: string;
  /** The resource in its state; undefined if only the name tells that a program of this stack has generated it. */
  resource?: { name: string; urn: string; kind: string };
  diskGb?: number;
}

/** How an object of the account is told. */
export interface Sought {
  kind: ListedKind;
  id: string;
  name: string;
  requestId?: string;
}

/** What was read of a stack. */
interface KnownStack {
  name: string;
  /** What its configuration says; undefined where it says none. */
  namespace?: string;
  /** The scope part of names generated in it, by its namespace and those of its explicit providers. */
  scopes: readonly string[];
  resources: readonly StateResource[];
}

/** Knows the stacks of a project, and what is theirs. */
export class Owners {
  private readonly byKey = new Map<string, Owner>();
  /** Workspaces that Mags lists for a VM; a Workspace of the same name is above them. */
  private readonly byWorkspace = new Map<string, Owner>();

  /** @param problems What kept a stack from being read, by its name. */
  constructor(
    readonly stacks: readonly KnownStack[],
    readonly problems: ReadonlyMap<string, string>,
    account: string,
  ) {
    for (const { name, resources } of stacks) {
      for (const resource of resources) {
        const recorded = resource.outputs.values.account;
        if (recorded !== undefined && recorded !== account) continue;
        for (const key of keysOf(resource)) this.byKey.set(key, ownerOf(name, resource));
        const own = ownWorkspaceOf(resource);
        if (own !== undefined) this.byWorkspace.set(own, ownerOf(name, resource));
      }
    }
  }

  /** The namespace that a stack configures. */
  namespaceOf(stack: string): string | undefined {
    return this.stacks.find(({ name }) => name === stack)?.namespace;
  }

  /** Whether a state has this very object, and not only its name. */
  holds({ kind, id, requestId }: Sought): boolean {
    if (kind === "Workspace" && this.byWorkspace.has(id)) return true;
    return this.byKey.has(kind === "Job" ? `request ${requestId}` : `${kind} ${id}`);
  }

  /** The resource that an object is of, else the stack that has generated its name. */
  of({ kind, id, name, requestId }: Sought): Owner | undefined {
    const keys = [
      ...(requestId === undefined ? [] : [`request ${requestId}`]),
      `${kind} ${id}`,
      `${kind} ${name}`,
    ];
    for (const key of keys) {
      const found = this.byKey.get(key);
      if (found) return found;
    }
    const own = kind === "Workspace" ? this.byWorkspace.get(id) : undefined;
    if (own) return own;
    const stack = this.stacks.find(({ scopes }) => scopes.some((scope) => isGeneratedIn(scope, name)));
    return stack && { stack: stack.name };
  }
}

/** Reads all of the given stacks, without a lock and without a secret. */
export async function ownersIn(
  project: Project,
  stacks: readonly StackName[],
  { folder, account }: { folder?: string; account: string },
): Promise<Owners> {
  const known: KnownStack[] = [];
  const problems = new Map<string, string>();
  await atOnce(stacks, async (stack) => {
    try {
      known.push(await stackRead(project, stack, folder));
    } catch (error) {
      problems.set(stack.name, saying(error));
    }
  });
  return new Owners(known, problems, account);
}

async function stackRead(
  project: Project,
  stack: StackName,
  folder: string | undefined,
): Promise<KnownStack> {
  const place = { folder, stack: stack.name };
  const [{ namespace }, exported] = await Promise.all([
    plainConfigurationOf(place),
    askPulumi(["stack", "export"], place),
  ]);
  const { resources } = parseState(exported);
  const others = resources.flatMap(({ configuration }) => (configuration ? [configuration.namespace] : []));
  const identity = { organization: stack.organization, project: project.name, stack: stack.stack };
  const scopes = [...new Set([namespace, ...others])].map((one) => scopeOf(identity, one));
  return { name: stack.name, namespace, scopes, resources };
}

/** By what the objects of a resource are found again. */
function keysOf({ kind, id, outputs: { values } }: StateResource): string[] {
  const request = typeof values.requestId === "string" ? [`request ${values.requestId}`] : [];
  if (kind === "Run") return [...request, `Job ${String(values.runId)}`];
  // The VM that sets a workspace up.
  if (kind === "Workspace") return [`Workspace ${id}`, `Job ${setupJobName(id)}`];
  return [...request, `${kind} ${id}`];
}

/** A VM without a Workspace has one of its own, which Mags lists under its name (observed). */
function ownWorkspaceOf({ kind, id, outputs: { values } }: StateResource): string | undefined {
  if (kind === "Run")
    return values.workspaceId === undefined && values.jobName === undefined
      ? String(values.runId)
      : undefined;
  const { workspaceId = id } = values;
  return kind === "Job" && (values.localDisk === true || workspaceId === id)
    ? String(workspaceId)
    : undefined;
}

function ownerOf(stack: string, { kind, name, urn, outputs }: StateResource): Owner {
  return { stack, resource: { name, urn, kind }, ...(kind === "Job" ? diskIn(outputs.values) : {}) };
}

/** The disk, where it is known: an import does not tell, and what is then trusted by default was never looked at. */
function diskIn(values: Values): { diskGb?: number } {
  const { diskGb, adopted } = values;
  if (unrecordedNames(values).includes("diskGb") || (adopted === true && diskGb === undefined)) return {};
  const known = diskGb ?? jobFields.diskGb.default;
  return typeof known === "number" ? { diskGb: known } : {};
}
