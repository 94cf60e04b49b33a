import type * as pulumi from "@pulumi/pulumi";
import { defined } from "../api/defined";
import { publicUrl } from "../api/settings";
import { urlAliasFields } from "../schema/url-alias-fields";
import {
  call,
  callOutput,
  type Definition,
  type FunctionOptions,
  type FunctionOutputOptions,
  type InputsOf,
} from "./call";

export interface GetUrlAliasesArgs {
  /** Only those of this workspace. */
  workspaceId?: string;
}

/** A URL alias as the API shows it. */
export interface GetUrlAliasResult {
  subdomain: string;
  domain: string;
  /** The workspace whose active job answers, if the API shows it. */
  workspaceId?: string;
  /** The public URL. */
  url: string;
  /** Label of the account. */
  account: string;
}

const all: Definition<GetUrlAliasesArgs, GetUrlAliasResult[]> = {
  name: "getUrlAliases",
  table: { workspaceId: { ...urlAliasFields.workspaceId, required: false } },
  async ask({ task, settings }, { workspaceId }) {
    return (await task.directory.aliases(0))
      .filter((alias) => workspaceId === undefined || alias.workspaceId === workspaceId)
      .map(({ subdomain, domain = settings.domain, workspaceId }) =>
        defined({
          subdomain,
          domain,
          workspaceId,
          url: publicUrl(settings, subdomain, domain),
          account: settings.account,
        }),
      );
  },
};

/**
 * All URL aliases of the account. In a preview too.
 *
 * @example
 * ```ts
 * const aliases = await mags.getUrlAliases({ workspaceId: "site" });
 * export const urls = aliases.map((alias) => alias.url);
 * ```
 */
export function getUrlAliases(
  args: GetUrlAliasesArgs = {},
  options?: FunctionOptions,
): Promise<GetUrlAliasResult[]> {
  return call(all, args, options);
}

/** As `getUrlAliases`, for arguments that are outputs. */
export function getUrlAliasesOutput(
  args: InputsOf<GetUrlAliasesArgs> = {},
  options?: FunctionOutputOptions,
): pulumi.Output<GetUrlAliasResult[]> {
  return callOutput(all, args, options);
}
