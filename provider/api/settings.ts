import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as errors from "../errors";

/** The endpoint of the live cloud (recorded by the vendor's client). */
export const DEFAULT_ENDPOINT = "https://api.magpiecloud.com";
/** Where aliases live unless a domain is configured (recorded by the vendor's client). */
export const DEFAULT_DOMAIN = "apps.magpiecloud.com";
/** Our own choice, since no rate limit is known (assumed): at 20 ms per call, 800 calls per second. */
export const DEFAULT_MAX_CONCURRENCY = 16;

/** Everything about one account but its token. Resolved without I/O, so it may be used in check and diff. */
export interface Settings {
  /** Base URL without a trailing slash. */
  endpoint: string;
  /** Domain of aliases and VM URLs. */
  domain: string;
  /** Label recorded in state, so that a resource is never looked for in somebody else's account. */
  account: string;
  /** A string that nobody else uses with this account: an object under a name we generated from it is ours. */
  namespace?: string;
  /** The pull request whose preview this is, as `owner/name#7`; set by `mags-iac preview`, for its own stacks only. */
  preview?: string;
  /** Requests in flight at most, of everybody in this process who uses the account. */
  maxConcurrency: number;
  /**
   * Take over what an interrupted run left under our generated names, for this run only. Like the two below
   * best given by its environment variable, `MAGS_RECOVER`: it is for one run, and a refresh or destroy sees
   * the configuration of the last update, not the present one.
   */
  recover: boolean;
  allowMassGone: boolean;
  allowAccountMove: boolean;
  /** Name of the environment variable with the token, when the token itself is not configured. */
  apiTokenEnv?: string;
  /** The token, when it is in the (encrypted) configuration. */
  apiToken?: string;
}

/** What can be configured under `mags:`, or given to a Provider. */
export const SETTING_KEYS = [
  "apiToken",
  "apiTokenEnv",
  "endpoint",
  "domain",
  "namespace",
  "account",
  "maxConcurrency",
  "recover",
  "allowMassGone",
  "allowAccountMove",
] as const satisfies readonly (keyof Settings)[];

/** What `mags-iac preview` configures besides, which nobody else has to. */
export const COMMAND_KEYS = ["preview"] as const satisfies readonly (keyof Settings)[];

/** Looks up one key of the configuration, such as `endpoint`. An empty value counts as unset. */
export type ConfigLookup = (key: string) => string | undefined;

export function resolveSettings(config: ConfigLookup, env: NodeJS.ProcessEnv = process.env): Settings {
  const lookup = (key: string) => config(key) || undefined;
  const endpoint = checkedEndpoint(lookup("endpoint") ?? (env.MAGS_API_URL || undefined) ?? DEFAULT_ENDPOINT);
  const host = new URL(endpoint).hostname;
  return {
    endpoint,
    domain: (lookup("domain") ?? (isLoopback(host) ? "localhost" : DEFAULT_DOMAIN)).toLowerCase(),
    account: lookup("account") ?? (isLoopback(host) ? "local" : host),
    namespace: lookup("namespace"),
    preview: lookup("preview"),
    maxConcurrency: positiveInteger("maxConcurrency", lookup("maxConcurrency"), DEFAULT_MAX_CONCURRENCY),
    recover: flag("recover", env.MAGS_RECOVER || lookup("recover")),
    allowMassGone: flag("allowMassGone", env.MAGS_ALLOW_MASS_GONE || lookup("allowMassGone")),
    allowAccountMove: flag("allowAccountMove", env.MAGS_ALLOW_ACCOUNT_MOVE || lookup("allowAccountMove")),
    apiTokenEnv: lookup("apiTokenEnv"),
    apiToken: lookup("apiToken"),
  };
}

/**
 * The token: from the provider's configuration, `MAGS_API_TOKEN`, `MAGS_TOKEN`, or the file that
 * `mags login` writes, in that order, at call time (order recorded by the vendor's client; the keys of
 * the file are assumed).
 */
export function resolveToken(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
  loginFile?: string,
): string {
  const source = findToken(settings, env, loginFile);
  if (source === undefined) throw errors.tokenMissing(settings.endpoint);
  return source;
}

/** The same, and undefined when there is none. */
export function findToken(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
  loginFile?: string,
): string | undefined {
  const source = tokenText(settings, env, loginFile)?.trim();
  if (!source) return undefined;
  // No header can carry anything else, and the failure deep in the client would not say why.
  if (!/^[\x21-\x7e]+$/.test(source)) throw errors.tokenMalformed();
  return source;
}

function tokenText(settings: Settings, env: NodeJS.ProcessEnv, loginFile?: string): string | undefined {
  if (settings.apiToken) return settings.apiToken;
  if (settings.apiTokenEnv) {
    const named = env[settings.apiTokenEnv];
    if (!named) throw errors.tokenEnvironmentVariableUnset(settings.apiTokenEnv);
    return named;
  }
  return (
    env.MAGS_API_TOKEN ||
    env.MAGS_TOKEN ||
    tokenFromLoginFile(loginFile ?? join(homedir(), ".mags", "config.json"))
  );
}

/** The public URL of a subdomain. The emulator serves `localhost` over plain HTTP on the endpoint's port. */
export function publicUrl(settings: Pick<Settings, "endpoint">, subdomain: string, domain: string): string {
  if (!isLoopback(domain)) return `https://${subdomain}.${domain}`;
  const endpoint = new URL(settings.endpoint);
  return `${endpoint.protocol}//${subdomain}.${domain}${endpoint.port ? `:${endpoint.port}` : ""}`;
}

/** True for `localhost`, `*.localhost` and loopback addresses. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  return (
    bare === "localhost" || bare.endsWith(".localhost") || bare === "::1" || /^127(\.\d{1,3}){3}$/.test(bare)
  );
}

function checkedEndpoint(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw errors.endpointInvalid(text);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") throw errors.endpointInvalid(text);
  return text.replace(/\/+$/, "");
}

function positiveInteger(key: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw errors.configInvalid(key, "a whole number of at least 1");
  return value;
}

function flag(key: string, text: string | undefined): boolean {
  if (text === undefined || text === "false") return false;
  if (text === "true") return true;
  throw errors.configInvalid(key, "true or false");
}

function tokenFromLoginFile(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined; // never logged in on this machine
  }
  try {
    const content = JSON.parse(text) as Record<string, unknown>;
    const token = content.api_token ?? content.apiToken ?? content.token;
    return typeof token === "string" && token !== "" ? token : undefined;
  } catch {
    throw errors.loginFileUnreadable(path);
  }
}
