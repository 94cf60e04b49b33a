import { randomBytes } from "node:crypto";
import * as pulumi from "./sdk";
import * as errors from "../errors";
import type { KindName } from "../schema/fields";
import type { Origin } from "../schema/plan";
import { SANDBOX_NAME_LENGTH } from "../schema/sandbox";
import { SCHEMAS } from "../schema/schemas";
import { BOOKKEEPING_PROPERTY, PROVIDER_PROPERTY } from "../host/properties";
import { IDENTITY_PROPERTY, originToHost } from "../host/origin";
import { PROVIDER_TEXTS, SANDBOX_TYPE, typeToken } from "../schema/tokens";
import { configurationRefusal } from "./configuration";
import { bundleDebugLines } from "./debug-lines";
import { judge, userError } from "./problems";
import { perRun } from "./per-run";
import { pauseStacks } from "./stacks";

const textOfThisRun = perRun(() => randomBytes(6).toString("hex"));

/** What all Mags resources have in common. */
export abstract class MagsResource extends pulumi.CustomResource {
  /** Label of the account that the resource lives in. */
  declare readonly account: pulumi.Output<string>;

  protected constructor(
    kind: KindName,
    name: string,
    inputs: Record<string, unknown>,
    outputs: readonly string[],
    options: pulumi.CustomResourceOptions = {},
    workspaceGeneration?: pulumi.Input<string | undefined>,
  ) {
    if (options.import !== undefined) throw userError(errors.importOptionUnsupported(kind, name));
    const seeds = Object.fromEntries(["account", ...outputs].map((output) => [output, undefined]));
    const refused = configurationRefusal(options);
    // A resource that is only read (`get`) needs no name made for it.
    const identity =
      options.id === undefined
        ? {
            [IDENTITY_PROPERTY]:
              judge(SCHEMAS[kind], name, inputs) ??
              refused ??
              originToHost({ ...originOf(kind, name, options.parent), workspaceGeneration }),
          }
        : {};
    const given = Object.entries(inputs).filter(([, value]) => value !== undefined);
    bundleDebugLines();
    const stacks = pauseStacks();
    try {
      super(
        typeToken(kind),
        name,
        { ...seeds, ...Object.fromEntries(given), ...identity, [PROVIDER_PROPERTY]: PROVIDER_TEXTS[kind] },
        // `--replace` never asks our diff, so the option is set here as well.
        pulumi.mergeOptions(
          { deleteBeforeReplace: true, hideDiffs: [PROVIDER_PROPERTY, BOOKKEEPING_PROPERTY, "unrecorded"] },
          options,
        ),
      );
    } catch (error) {
      throw stacks.endedBy(error);
    } finally {
      stacks.end();
    }
    // It would show among the outputs of a stack that exports the resource.
    delete (this as Record<string, unknown>)[PROVIDER_PROPERTY];
    delete (this as Record<string, unknown>)[IDENTITY_PROPERTY];
  }
}

/** True for an instance of the kind, also from another copy of this package. */
export function isKind(kind: KindName, value: unknown): boolean {
  return (
    pulumi.CustomResource.isInstance(value) &&
    (value as { __pulumiType?: string }).__pulumiType === typeToken(kind)
  );
}

function originOf(kind: KindName, logicalName: string, parent: pulumi.Resource | undefined): Origin {
  const sandbox = sandboxOf(kind, logicalName, parent);
  // The parts of a sandbox have one name, so they are named as the sandbox, not each by its own type.
  const named = sandbox
    ? { types: parentTypes(sandbox), logicalName: internals(sandbox).__name!, maxLength: SANDBOX_NAME_LENGTH }
    : { types: [...parentTypes(parent), typeToken(kind)], logicalName };
  return {
    ...(pulumi.runtime.isDryRun() ? {} : { run: textOfThisRun() }),
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    typeChain: named.types.join("$"),
    logicalName: named.logicalName,
    ...(named.maxLength === undefined ? {} : { maxLength: named.maxLength }),
  };
}

/** Logical names of the parts of a sandbox, by its component. */
const partsOfSandboxes = new WeakMap<pulumi.Resource, Set<string>>();

/** Says that what is called so in a component will be a part of a sandbox, where it is not called as that. */
export function markPartOfSandbox(sandbox: pulumi.Resource, logicalName: string): void {
  const parts = partsOfSandboxes.get(sandbox) ?? new Set();
  partsOfSandboxes.set(sandbox, parts.add(logicalName));
}

/** The sandbox that a resource is a part of. */
function sandboxOf(
  kind: KindName,
  logicalName: string,
  parent: pulumi.Resource | undefined,
): pulumi.Resource | undefined {
  if ((kind !== "Workspace" && kind !== "Job") || parent === undefined) return undefined;
  const { __pulumiType, __name } = internals(parent);
  const isPart = __pulumiType === SANDBOX_TYPE && __name === logicalName;
  return isPart || partsOfSandboxes.get(parent)?.has(logicalName) ? parent : undefined;
}

/** Types of the parents from the outermost, the stack aside, as they stand in a URN. */
function parentTypes(parent: pulumi.Resource | undefined): string[] {
  const types: string[] = [];
  for (let current = parent; current; current = internals(current).__parentResource) {
    const type = internals(current).__pulumiType;
    if (type && type !== "pulumi:pulumi:Stack") types.unshift(type);
  }
  return types;
}

interface Internals {
  __pulumiType?: string;
  __name?: string;
  __parentResource?: pulumi.Resource;
}

function internals(resource: pulumi.Resource): Internals {
  return resource as never;
}
