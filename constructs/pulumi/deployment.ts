import * as pulumi from "../../provider/resources/sdk";
import type { IConstruct } from "constructs";
import { userError } from "../../provider/resources/problems";
import type { KindName } from "../../provider/schema/fields";
import * as errors from "../errors";
import type { Input } from "../inputs";
import { MagsResource } from "../resource";
import { isPlace } from "../urn-parts";
import type { ResourceOf } from "./resources";
import type { PulumiValues } from "./values";

export type { ResourceOf };

/** An L2 construct that is one resource: `Workspace`, `Job`, `UrlAlias`, `CronJob`, `Run`. */
export interface HasResource<K extends KindName> extends IConstruct {
  readonly resource: MagsResource<K>;
}

/** What came of an app: the components and resources of its constructs, for the rest of the program. */
export interface Deployment {
  /**
   * The resource of a construct, as the class of `pulumi-mags` that a program without constructs would use.
   * @throws if the construct is of another app
   * @example
   * ```ts
   * export const requestId = deployed.of(service.job).requestId;
   * ```
   */
  of<K extends KindName>(construct: MagsResource<K> | HasResource<K>): ResourceOf[K];

  /**
   * The component of a stack, or of a construct with resources in it; for `dependsOn`, for example. A construct that is
   * one resource, such as a `Job`, has none: that is `of(job)`.
   * @throws if the construct is of another app, has no resources in it, or is a resource
   */
  component(construct: IConstruct): pulumi.ComponentResource;

  /**
   * An attribute of a construct, or anything else that may be an input of one, as an Output.
   * @example
   * ```ts
   * export const url = deployed.output(service.url);
   * ```
   */
  output<T>(value: Input<T>): pulumi.Output<T>;
}

export class DeployedApp implements Deployment {
  constructor(
    private readonly resources: ReadonlyMap<IConstruct, ResourceOf[KindName]>,
    private readonly components: ReadonlyMap<IConstruct, pulumi.ComponentResource>,
    private readonly values: PulumiValues,
  ) {}

  of<K extends KindName>(construct: MagsResource<K> | HasResource<K>): ResourceOf[K] {
    const leaf = MagsResource.isMagsResource(construct) ? construct : construct.resource;
    const resource = this.resources.get(leaf);
    if (!resource) throw userError(errors.notDeployed(construct.node.path, "resource"));
    return resource as ResourceOf[K];
  }

  component(construct: IConstruct): pulumi.ComponentResource {
    const component = this.components.get(construct);
    if (!component) {
      const { path } = construct.node;
      throw userError(
        isPlace(construct) ? errors.notDeployed(path, "component") : errors.resourceIsNoComponent(path),
      );
    }
    return component;
  }

  output<T>(value: Input<T>): pulumi.Output<T> {
    try {
      return pulumi.output(this.values.of(value)) as pulumi.Output<T>;
    } catch (error) {
      throw error instanceof errors.ConstructsError ? userError(error) : error;
    }
  }
}
