import * as pulumi from "./sdk";
import { isKind } from "./base";

interface Made {
  readonly workspaceGeneration: pulumi.Output<string | undefined>;
}

/**
 * What differs when the workspace behind a reference is made anew: of the resource, else of those that the
 * name was taken from. Undefined for a name that the program knows no resource of.
 */
export function generationOf(
  target: Made | undefined,
  workspaceId: pulumi.Input<string> | undefined,
): pulumi.Input<string | undefined> {
  if (target) return target.workspaceGeneration;
  const generations = madeBy(workspaceId).map((resource) => resource.workspaceGeneration);
  return generations.length < 2
    ? generations[0]
    : pulumi.all(generations).apply((all) => all.filter(Boolean).join(" ") || undefined);
}

/** The workspaces and jobs that an output comes from. */
function madeBy(value: unknown): Made[] {
  if (!pulumi.Output.isInstance(value)) return [];
  // Not among the declared members of an output, but the SDK itself asks every output for it.
  const { resources } = value as unknown as { resources?: () => Iterable<pulumi.Resource> };
  return [...(resources?.() ?? [])].filter(
    (resource): resource is pulumi.Resource & Made =>
      isKind("Workspace", resource) || isKind("Job", resource),
  );
}
