import * as pulumi from "./sdk";
import { SETTING_KEYS } from "../api/settings";
import * as errors from "../errors";
import { userError } from "./problems";

export interface ProviderArgs {
  /** API token. Kept encrypted in state; prefer `apiTokenEnv`, which keeps nothing of it. */
  apiToken?: pulumi.Input<string>;
  /** Name of the environment variable that holds the token. */
  apiTokenEnv?: pulumi.Input<string>;
  /** Base URL of the API. @default MAGS_API_URL, else "https://api.magpiecloud.com" */
  endpoint?: pulumi.Input<string>;
  /** Domain of aliases and VM URLs. @default "apps.magpiecloud.com", or "localhost" on a local endpoint */
  domain?: pulumi.Input<string>;
  /** A string that nobody else uses with this account: what is found under a name generated from it is ours. */
  namespace?: pulumi.Input<string>;
  /** Label of the account, recorded with every resource. @default the endpoint's host, "local" for loopback */
  account?: pulumi.Input<string>;
  /**
   * Requests in flight at most, whoever makes them in one process; of several providers and clients on one account
   * the smallest holds. No rate limit of Mags is known (assumed), so the default is our own choice. @default 16
   */
  maxConcurrency?: pulumi.Input<number>;
  /** Take over what an interrupted run left under generated names. Better MAGS_RECOVER=true for one run. @default false */
  recover?: pulumi.Input<boolean>;
  /** Believe a refresh that finds most things gone. Better MAGS_ALLOW_MASS_GONE=true for one run. @default false */
  allowMassGone?: pulumi.Input<boolean>;
  /** Accept resources recorded under another account label. Better MAGS_ALLOW_ACCOUNT_MOVE=true for one run. @default false */
  allowAccountMove?: pulumi.Input<boolean>;
}

/**
 * A second account. Resources use it through the option `provider`; it sees its own arguments only, nothing
 * of the stack's configuration. The same names under `mags:` configure the default account.
 *
 * @example
 * ```ts
 * const staging = new mags.Provider("staging", { apiTokenEnv: "STAGING_MAGS_TOKEN", account: "staging" });
 * new mags.Job("box", {}, { provider: staging });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, options?: pulumi.ResourceOptions) {
    refuseMistakes(name, args);
    const { apiToken, ...rest } = args;
    const inputs: Record<string, pulumi.Input<string | undefined>> = {};
    // Providers are configured with texts.
    for (const [key, value] of Object.entries(rest)) {
      if (value !== undefined)
        inputs[`mags:${key}`] = pulumi
          .output(value as pulumi.Input<string | number | boolean | undefined>)
          .apply(asText);
    }
    if (apiToken !== undefined) {
      // An output may turn out to be empty.
      inputs["mags:apiToken"] = pulumi.secret(apiToken).apply((token) => {
        if (!token) throw userError(errors.providerArgumentEmpty(name, "apiToken"));
        return token;
      });
    }
    // What a preview is refused holds for every account of it, and so does what its names are made from.
    const config = new pulumi.Config("mags");
    const preview = config.get("preview");
    if (preview !== undefined)
      Object.assign(inputs, { "mags:preview": preview, "mags:namespace": config.get("namespace") });
    super("pulumi-nodejs", name, inputs, options);
    // Not enumerable: it would show among the outputs of a stack that exports the provider.
    Object.defineProperty(this, CONFIGURATION, { value: inputs });
  }
}

/** A token that is not there would be looked for elsewhere, and the wrong account changed. */
function refuseMistakes(name: string, args: ProviderArgs): void {
  const known: readonly string[] = SETTING_KEYS satisfies readonly (keyof ProviderArgs)[];
  const unknown = Object.keys(args).find((key) => !known.includes(key));
  if (unknown !== undefined) throw userError(errors.providerArgumentUnknown(name, unknown, [...known]));
  for (const key of ["apiToken", "apiTokenEnv"] as const)
    if (key in args && !args[key]) throw userError(errors.providerArgumentEmpty(name, key));
}

/** Also for a provider from another copy of this package. */
const CONFIGURATION = Symbol.for("pulumi-mags.provider-configuration");

/** What a provider was given, under the names of the configuration; undefined for one that is not ours. */
export function configurationOf(
  provider: pulumi.ProviderResource,
): Record<string, pulumi.Input<string | undefined>> | undefined {
  return (provider as { [CONFIGURATION]?: Record<string, pulumi.Input<string | undefined>> })[CONFIGURATION];
}

/** An output may turn out to be undefined, which is not the text "undefined". */
function asText(value: string | number | boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
