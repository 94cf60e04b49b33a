import * as pulumi from "../../provider/resources/sdk";
import type { IConstruct } from "constructs";
import { markPartOfSandbox } from "../../provider/resources/base";
import { userError } from "../../provider/resources/problems";
import type { KindName } from "../../provider/schema/fields";
import type { App } from "../app";
import { ConstructsError, PlanError, notDeployed, providerForNobody } from "../errors";
import { sandboxOfPart } from "../l2/sandbox";
import type { Plan, PlanResource } from "../plan";
import { RemovalPolicy } from "../removal-policy";
import { formerPlaces } from "../renames";
import { planOf } from "../planning";
import type { MagsResource } from "../resource";
import { Stack } from "../stack";
import { placeAround, pulumiNameOf, pulumiTypeNamed, pulumiTypeOf } from "../urn-parts";
import { ConstructComponent } from "./component";
import { DeployedApp, type Deployment } from "./deployment";
import { makeResource, type ResourceOf } from "./resources";
import { secretsOf, type Secrets } from "./secrets";
import { PulumiValues } from "./values";

export interface DeployOptions {
  /** The account that all resources live in. @default that of the stack's configuration */
  readonly provider?: pulumi.ProviderResource;
  /**
   * Accounts of parts of the app, by the path of a construct, such as that of a stack: `{ staging: provider }`.
   * @default none: all in one account
   */
  readonly providers?: Readonly<Record<string, pulumi.ProviderResource>>;
  /** A component that the app is a part of. @default the Pulumi stack itself */
  readonly parent?: pulumi.Resource;
}

/**
 * Deploys an app inside a Pulumi program. The app is planned first: with a mistake in it, all of them are told at
 * once, and nothing is declared. Then every stack and every construct with others in it becomes a component, and every
 * resource of the plan one of Pulumi, in it and after all that the plan says. A construct that is one resource, such as
 * a `Job`, is that resource, without a component; what is below it stands beside it.
 *
 * @throws a user error of Pulumi's with all that is wrong in the tree
 * @example
 * ```ts
 * const app = new App();
 * const service = new AlwaysOnService(new Stack(app, "shop"), "web", { script: Script.fromFile("serve.sh") });
 * const deployed = deploy(app);
 * export const url = deployed.output(service.url);
 * ```
 */
export function deploy(app: App, options: DeployOptions = {}): Deployment {
  try {
    const plan = planOf(app, (resource) => accountOf(resource, app, options));
    const secrets = secretsOf(plan);
    checkProviders(plan, app, options);
    return new Deployer(app, plan, secrets, options).deploy();
  } catch (error) {
    throw error instanceof ConstructsError ? userError(error) : error;
  }
}

/** The provider that a resource comes to have, by the innermost of what it is in: another one is another account. */
function accountOf(construct: IConstruct, app: App, options: DeployOptions): unknown {
  for (let at = construct; at !== app; at = placeAround(at)) {
    const provider = providerOf(at, app, options);
    if (provider) return provider;
  }
  return undefined;
}

/** The provider that something does not have by the component that it is in. */
function providerOf(
  construct: IConstruct,
  app: App,
  { provider, providers = {} }: DeployOptions,
): pulumi.ProviderResource | undefined {
  const place = placeAround(construct);
  // A path counts for all below it, also for what stands beside it in Pulumi.
  for (let at = construct; at !== place; at = at.node.scope!) {
    const path = pulumiNameOf(at);
    if (Object.hasOwn(providers, path)) return providers[path];
  }
  return place === app ? provider : undefined;
}

function checkProviders(plan: Plan, app: App, { providers = {} }: DeployOptions): void {
  const paths = new Set(app.node.findAll().map(pulumiNameOf));
  const unknown = Object.keys(providers).filter((path) => !paths.has(path) && !plan.find(path));
  if (unknown.length > 0)
    throw new PlanError(unknown.map((path) => ({ path: "", message: providerForNobody(path) })));
}

class Deployer {
  private readonly resources = new Map<IConstruct, ResourceOf[KindName]>();
  private readonly components = new Map<IConstruct, ConstructComponent>();
  private readonly values: PulumiValues;

  constructor(
    private readonly app: App,
    private readonly plan: Plan,
    secrets: Secrets,
    private readonly options: DeployOptions,
  ) {
    this.values = new PulumiValues(plan, secrets, (target) => this.resourceOf(target));
  }

  deploy(): Deployment {
    // Also those that are empty: a stack is what somebody looks for.
    for (const construct of this.app.node.findAll()) if (Stack.isStack(construct)) this.component(construct);
    for (const resource of this.plan.resources) this.declare(resource);
    // Inner ones first: their own end is a part of that of the outer one.
    for (const component of [...this.components.values()].reverse()) component.complete();
    this.tell();
    return new DeployedApp(this.resources, this.components, this.values);
  }

  private declare(planned: PlanResource): void {
    const { construct, dependencies, inputs, kind, removalPolicy } = planned;
    const options: pulumi.CustomResourceOptions = {
      ...this.placeOf(construct),
      dependsOn: dependencies.map((other) => this.resourceOf(other.construct)),
    };
    const provider = providerOf(construct, this.app, this.options);
    if (provider) options.provider = provider;
    if (removalPolicy === RemovalPolicy.RETAIN) {
      options.retainOnDelete = true;
      // What is protected cannot leave a program, and this one is to. Its files stay, since nothing deletes it.
      if (kind === "Workspace") options.protect = false;
    }
    const name = pulumiNameOf(construct);
    const sandbox = sandboxOfPart(construct.node.scope!);
    if (sandbox) markPartOfSandbox(this.component(sandbox), name);
    this.resources.set(construct, makeResource(kind, name, this.values.args(kind, inputs), options));
  }

  /** The component of a construct, made with all that it is in. */
  private component(construct: IConstruct): ConstructComponent {
    let component = this.components.get(construct);
    if (component) return component;
    const options: pulumi.ComponentResourceOptions = this.placeOf(construct);
    const provider = providerOf(construct, this.app, this.options);
    if (provider) options.providers = [provider];
    component = new ConstructComponent(construct, options);
    this.components.set(construct, component);
    return component;
  }

  private placeOf(construct: IConstruct): { parent?: pulumi.Resource; aliases?: pulumi.Alias[] } {
    const scope = placeAround(construct);
    const aliases = formerPlaces(construct).map(({ path, scope: former, typeName }): pulumi.Alias => ({
      name: path,
      ...(typeName === undefined ? {} : { type: pulumiTypeNamed(typeName) }),
      ...(former === scope ? {} : { parent: this.urnOf(former) }),
    }));
    return {
      parent: scope === this.app ? this.options.parent : this.component(scope),
      ...(aliases.length > 0 ? { aliases } : {}),
    };
  }

  /** What Pulumi calls a place in the tree, whether or not a component is there. */
  private urnOf(construct: IConstruct): pulumi.Output<string> | pulumi.Resource | undefined {
    if (construct === this.app) return this.options.parent;
    return pulumi.createUrn(
      pulumiNameOf(construct),
      pulumiTypeOf(construct),
      this.urnOf(placeAround(construct)),
    );
  }

  private resourceOf(target: MagsResource): ResourceOf[KindName] {
    const resource = this.resources.get(target);
    if (!resource) throw notDeployed(target.path, "resource");
    return resource;
  }

  /** Infos and warnings, each with the construct that it is about. */
  private tell(): void {
    for (const { level, message, path } of this.plan.annotations) {
      const log = level === "warning" ? pulumi.log.warn : pulumi.log.info;
      void log(`[${path || "app"}] ${message}`);
    }
  }
}
