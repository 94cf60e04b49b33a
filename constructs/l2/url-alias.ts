import type { Construct, IConstruct } from "constructs";
import type { Input } from "../inputs";
import { knownProps, type PropNames } from "../known-props";
import type { Reference } from "../reference";
import type { RemovalPolicy } from "../removal-policy";
import type { MagsResource } from "../resource";
import { MagsConstruct, RESOURCE_PROPS, resourceOf, type ResourceProps } from "./base";
import { requiredAttributeOf } from "./given";

/** What an alias can point to: a job, a workspace, a sandbox. */
export interface IAliasTarget {
  /** The workspace whose active job answers. */
  readonly workspaceId: Input<string>;
}

export interface UrlAliasProps extends ResourceProps {
  /** What answers: the active job of its workspace. A change repoints the alias. */
  readonly target: IAliasTarget;
  /**
   * First part of the host name: 1 to 63 lower-case letters, digits or inner hyphens. Changing this replaces the
   * resource.
   * @default generated when it is deployed
   */
  readonly subdomain?: Input<string>;
  /** Domain of the alias. Changing this replaces the resource. @default the configured one */
  readonly domain?: Input<string>;
  /** Port of the job behind the alias (observed, v2 of the API). A change repoints the alias. */
  readonly port?: Input<number>;
}

const URL_ALIAS_PROPS: PropNames<UrlAliasProps> = {
  target: true,
  subdomain: true,
  domain: true,
  port: true,
  ...RESOURCE_PROPS,
};

/** By the names of the field table. */
const WORDS = { workspaceId: "target" };

/** An alias, of this app or from elsewhere. */
export interface IUrlAlias extends IConstruct {
  readonly url: Input<string>;
}

/**
 * A stable URL for whatever job is active on a workspace.
 *
 * @example
 * ```ts
 * new UrlAlias(this, "shop", { subdomain: "shop", target: web });
 * ```
 */
export class UrlAlias extends MagsConstruct implements IUrlAlias {
  /** An alias that exists already, by its URL. */
  static fromUrl(scope: Construct, id: string, url: Input<string>): IUrlAlias {
    return new ImportedUrlAlias(scope, id, url);
  }

  readonly resource: MagsResource<"UrlAlias">;

  constructor(scope: Construct, id: string, props: UrlAliasProps) {
    super(scope, id);
    const { target, removalPolicy, ...rest } = knownProps(this, props, URL_ALIAS_PROPS, Object.keys(WORDS));
    // Plain JavaScript may name the workspace, or forget both.
    const workspaceId =
      "workspaceId" in rest ? "" : requiredAttributeOf(this, "target", target, "workspaceId");
    this.resource = resourceOf(this, "UrlAlias", { workspaceId, ...rest }, removalPolicy, WORDS);
  }

  /** What happens to the object when the construct leaves the program. */
  applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }

  /** The public URL. */
  get url(): Reference<string> {
    return this.resource.getAtt("url");
  }

  get subdomain(): Reference<string> {
    return this.resource.getAtt("subdomain");
  }

  get domain(): Reference<string> {
    return this.resource.getAtt("domain");
  }
}

class ImportedUrlAlias extends MagsConstruct implements IUrlAlias {
  constructor(
    scope: Construct,
    id: string,
    readonly url: Input<string>,
  ) {
    super(scope, id);
  }
}
