import type * as pulumi from "@pulumi/pulumi";
import * as errors from "../errors";
import { urlAliasOutputs } from "../schema/outputs";
import { MagsResource, isKind } from "./base";
import { claimName, claimsFor } from "./claims";
import { generationOf } from "./generation";
import type { Job } from "./job";
import type { Sandbox } from "./sandbox";
import type { Timeouts, Workspace } from "./workspace";
import { refuseNonResource, refuseProgram } from "./problems";

export interface UrlAliasArgs {
  /**
   * First part of the host name: 1 to 63 lower-case letters, digits or inner hyphens. Changing this replaces
   * the resource.
   * @default generated from the stack's and the resource's name
   */
  subdomain?: pulumi.Input<string>;
  /**
   * Domain of the alias. Changing this replaces the resource.
   * @default `mags:domain`, else "apps.magpiecloud.com", or "localhost" on a local endpoint
   */
  domain?: pulumi.Input<string>;
  /** What answers: the active job of this workspace, or of this job's or sandbox's. A change repoints the alias. */
  target?: Job | Sandbox | Workspace;
  /** Name of the workspace, instead of `target`. A change repoints the alias. */
  workspaceId?: pulumi.Input<string>;
  /** Port of the job behind the alias (observed, v2 of the API). A change repoints the alias. */
  port?: pulumi.Input<number>;
  /** Take over an alias of this name that exists already in this account. @default false */
  adopt?: pulumi.Input<boolean>;
  /** Limits in seconds. @default create 180, update 300, delete 180 */
  timeouts?: pulumi.Input<Timeouts>;
}

/**
 * A stable URL for whatever job is active on a workspace: it keeps answering after a restart, a resize or a
 * replacement of its target.
 *
 * @example
 * ```ts
 * const alias = new mags.UrlAlias("shop", { subdomain: "shop", target: web });
 * export const url = alias.url;
 * ```
 */
export class UrlAlias extends MagsResource {
  declare readonly subdomain: pulumi.Output<string>;
  declare readonly domain: pulumi.Output<string>;
  declare readonly workspaceId: pulumi.Output<string>;
  /** The public URL. Known at preview. */
  declare readonly url: pulumi.Output<string>;

  constructor(name: string, args: UrlAliasArgs, options?: pulumi.CustomResourceOptions) {
    args ??= {} as UrlAliasArgs;
    const { target, ...inputs } = args;
    refuseNonResource(target, `UrlAlias "${name}"`, "target", {
      expected: "a Job, a Sandbox or a Workspace",
      instead: "workspaceId",
    });
    if (target !== undefined && args.workspaceId !== undefined)
      void refuseProgram([errors.targetTwice(`UrlAlias "${name}"`, "target", "workspaceId").message]);
    claimName(claimsFor(options), "URL alias", args.subdomain);
    super(
      "UrlAlias",
      name,
      { ...inputs, workspaceId: target?.workspaceId ?? args.workspaceId },
      OUTPUTS,
      options,
      generationOf(target, args.workspaceId),
    );
  }

  /** Reads an existing alias without managing it. The id is `subdomain.domain`. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): UrlAlias {
    return new UrlAlias(name, {}, { ...options, id });
  }

  static override isInstance(value: unknown): value is UrlAlias {
    return isKind("UrlAlias", value);
  }
}

const OUTPUTS = Object.keys(urlAliasOutputs);
