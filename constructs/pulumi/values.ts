import { SCHEMAS } from "../../provider/schema/schemas";
import { OUTPUTS } from "../../provider/schema/outputs";
import type { KindName, Values } from "../../provider/schema/fields";
import { mapContainer } from "../containers";
import { isOutput } from "../inputs";
import { Lazy } from "../lazy";
import type { Plan } from "../plan";
import { Reference } from "../reference";
import type { MagsResource } from "../resource";
import { Secret } from "../secret";
import type { ResourceOf } from "./resources";
import * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "./secrets";

/** Finds what was deployed of a resource of the tree. */
export type Find = (target: MagsResource) => ResourceOf[KindName];

/** Turns values of a plan into inputs of Pulumi: references and secrets become Outputs, at any depth. */
export class PulumiValues {
  constructor(
    private readonly plan: Plan,
    private readonly secrets: Secrets,
    private readonly find: Find,
  ) {}

  of(value: unknown): unknown {
    if (typeof value !== "object" || value === null || isOutput(value)) return value;
    if (Reference.isReference(value)) return this.attribute(value);
    if (Secret.isSecret(value)) return this.secrets.get(value) ?? pulumi.secret(value.reveal());
    // None is left in a plan.
    if (Lazy.isLazy(value)) return this.of(value.produce());
    return mapContainer(value, (inner) => this.of(inner));
  }

  /** The arguments of a resource. A workspace is passed as such, for what is known of it besides its name. */
  args(kind: KindName, inputs: Readonly<Values>): Values {
    const args = this.of(inputs) as Values;
    const { workspaceId } = inputs;
    const takesWorkspace = kind === "Job" || kind === "CronJob";
    if (!takesWorkspace || !Reference.isReference(workspaceId) || workspaceId.target.kind !== "Workspace")
      return args;
    const { workspaceId: _, ...rest } = args;
    return { ...rest, workspace: this.find(workspaceId.target) };
  }

  private attribute({ target, attribute }: Reference): unknown {
    const resource = this.find(target);
    const { kind } = target;
    // What is an input as well is known in every preview; as an output it may be not.
    if (attribute in SCHEMAS[kind].fields && !OUTPUTS[kind][attribute]?.preview)
      return this.of(this.plan.of(target)?.inputs[attribute]);
    return (resource as unknown as Record<string, unknown>)[attribute];
  }
}
