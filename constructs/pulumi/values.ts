import { SCHEMAS } from "../../provider/schema/schemas";
import { OUTPUTS } from "../../provider/schema/outputs";
import type { KindName, Values } from "../../provider/schema/fields";
import type { Plan } from "../plan";
import { Reference } from "../reference";
import type { MagsResource } from "../resource";
import { textOf } from "../interpolation";
import { mapSymbols, type SymbolVisitor } from "../symbols";
import type { ResourceOf } from "./resources";
import * as pulumi from "../../provider/resources/sdk";
import type { Secrets } from "./secrets";

/** Finds what was deployed of a resource of the tree. */
export type Find = (target: MagsResource) => ResourceOf[KindName];

/** Fields that name another resource, the kind of it, and the argument that takes the resource itself. */
const PASSED_AS_SUCH: Record<KindName, readonly [field: string, target: KindName, argument: string][]> = {
  Workspace: [],
  Job: [["workspaceId", "Workspace", "workspace"]],
  UrlAlias: [],
  CronJob: [["workspaceId", "Workspace", "workspace"]],
  Run: [
    ["workspaceId", "Workspace", "workspace"],
    ["jobName", "Job", "job"],
  ],
};

/** Turns values of a plan into inputs of Pulumi: references and secrets become Outputs, at any depth. */
export class PulumiValues {
  constructor(
    private readonly plan: Plan,
    private readonly secrets: Secrets,
    private readonly find: Find,
  ) {}

  of(value: unknown): unknown {
    return mapSymbols(value, this.values);
  }

  /** The arguments of a resource. Another one is passed as such, for what is known of it besides its name. */
  args(kind: KindName, inputs: Readonly<Values>): Values {
    const args = this.of(inputs) as Values;
    for (const [field, target, argument] of PASSED_AS_SUCH[kind]) {
      const given = inputs[field];
      if (!Reference.isReference(given) || given.target.kind !== target) continue;
      delete args[field];
      args[argument] = this.find(given.target);
    }
    return args;
  }

  private readonly values: SymbolVisitor = {
    reference: (reference) => this.attribute(reference),
    secret: (secret) => this.secrets.get(secret) ?? pulumi.secret(secret.reveal()),
    output: (output) => output,
    // Secret where a part of it is.
    interpolation: (parts) =>
      pulumi.all(parts as pulumi.Input<unknown>[]).apply((known) => known.map(textOf).join("")),
  };

  private attribute({ target, attribute }: Reference): unknown {
    const resource = this.find(target);
    const { kind } = target;
    // What is an input as well is known in every preview; as an output it may be not.
    if (attribute in SCHEMAS[kind].fields && !OUTPUTS[kind][attribute]?.preview)
      return this.of(this.plan.of(target)?.inputs[attribute]);
    return (resource as unknown as Record<string, unknown>)[attribute];
  }
}
