import type { Version } from "./client";

/** How sure the contract is of something. */
type Label = "client" | "doc" | "obs" | "assumed";

/** A route as the contract has it. */
export interface ContractRoute {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** What follows `/api/<version>`, with `{name}` for a variable segment. */
  path: string;
  /** The versions for which there is evidence, with its labels. */
  versions: Partial<Record<Version, readonly Label[]>>;
}

const route = (
  method: ContractRoute["method"],
  path: string,
  v1: readonly Label[],
  v2?: readonly Label[],
): ContractRoute => ({ method, path, versions: { v1, ...(v2 === undefined ? {} : { v2 }) } });

/**
 * Every route of the contract. Written down here a second time, and not taken from the emulator: a route that
 * the emulator forgot must be missed.
 */
export const ROUTES: readonly ContractRoute[] = [
  route("POST", "/mags-jobs", ["client"], ["obs"]),
  route("GET", "/mags-jobs", ["client"]),
  route("GET", "/mags-jobs/{id}/status", ["client", "doc"], ["obs"]),
  route("GET", "/mags-jobs/{id}/logs", ["client", "doc"]),
  route("POST", "/mags-jobs/{id}/access", ["client", "doc"], ["obs"]),
  route("PATCH", "/mags-jobs/{id}", ["client", "doc"], ["obs"]),
  route("POST", "/mags-jobs/{id}/stop", ["client"]),
  route("POST", "/mags-jobs/{id}/sync", ["client"]),
  route("POST", "/mags-jobs/{id}/exec", ["client"]),
  route("GET", "/mags-jobs/usage", ["client", "doc"]),
  route("GET", "/mags-jobs/pool-status", ["doc"]),
  route("POST", "/mags-files", ["client"]),
  route("GET", "/mags-workspaces", ["client"]),
  route("DELETE", "/mags-workspaces/{workspace_id}", ["client"]),
  route("POST", "/mags-cron", ["client", "doc"]),
  route("GET", "/mags-cron", ["client"]),
  route("GET", "/mags-cron/{id}", ["client"]),
  route("PATCH", "/mags-cron/{id}", ["client", "doc"]),
  route("DELETE", "/mags-cron/{id}", ["client"]),
  route("POST", "/mags-url-aliases", ["client"], ["obs"]),
  route("GET", "/mags-url-aliases", ["client"]),
  route("DELETE", "/mags-url-aliases/{subdomain}", ["client"]),
];

/** Each version of each route, as `METHOD /vN/path`. */
export const CONTRACT_ROUTES: readonly string[] = ROUTES.flatMap((entry) =>
  (Object.keys(entry.versions) as Version[]).map((version) => nameOf(entry, version)),
);

/** The name of one version of a route. */
export function nameOf({ method, path }: ContractRoute, version: Version): string {
  return `${method} /${version}${path}`;
}
