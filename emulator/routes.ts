import type { Handler } from "./handlers/call";
import * as aliases from "./handlers/aliases";
import * as cron from "./handlers/cron";
import * as files from "./handlers/files";
import * as jobs from "./handlers/jobs";
import * as pool from "./handlers/pool";
import * as reach from "./handlers/reach";
import * as workspaces from "./handlers/workspaces";
import type { ApiVersion } from "./model";

/** How sure a fact about the API is. */
export const LABELS = {
  client: "recorded in the source of the vendor's client",
  doc: "documented by the vendor",
  obs: "observed by public programs on the live API",
  assumed: "stated nowhere",
} as const;

/** A label of the API contract. */
export type Label = keyof typeof LABELS;

/** One route of the API. */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path below `/api/<version>`, with `{name}` for a variable segment. */
  path: string;
  /** Versions that serve it, with the evidence for each. */
  versions: Partial<Record<ApiVersion, readonly Label[]>>;
  summary: string;
  /** `upload` reads the body as it is, anything else as JSON. */
  body?: "json" | "upload";
  handler: Handler;
}

/** Every route that is modelled. Fixed paths stand before those with a variable in the same place. */
export const ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/mags-jobs",
    versions: { v1: ["client"], v2: ["obs"] },
    summary: "submit a job",
    body: "json",
    handler: jobs.createJob,
  },
  {
    method: "GET",
    path: "/mags-jobs",
    versions: { v1: ["client"] },
    summary: "list jobs, newest first, at most 50 per page",
    handler: jobs.listJobs,
  },
  {
    method: "GET",
    path: "/mags-jobs/usage",
    versions: { v1: ["client", "doc"] },
    summary: "jobs and VM seconds of the last `window_days`",
    handler: pool.usage,
  },
  {
    method: "GET",
    path: "/mags-jobs/pool-status",
    versions: { v1: ["doc"] },
    summary: "numbers of the VM pool",
    handler: pool.poolStatus,
  },
  {
    method: "GET",
    path: "/mags-jobs/{id}/status",
    versions: { v1: ["client", "doc"], v2: ["obs"] },
    summary: "status of a job",
    handler: jobs.jobStatus,
  },
  {
    method: "GET",
    path: "/mags-jobs/{id}/logs",
    versions: { v1: ["client", "doc"] },
    summary: "log of a job: objects, with plain strings mixed in",
    handler: jobs.jobLogs,
  },
  {
    method: "POST",
    path: "/mags-jobs/{id}/access",
    versions: { v1: ["client", "doc"], v2: ["obs"] },
    summary: "enable access on a port; failures come inside a 2xx",
    body: "json",
    handler: reach.enableAccess,
  },
  {
    method: "PATCH",
    path: "/mags-jobs/{id}",
    versions: { v1: ["client", "doc"], v2: ["obs"] },
    summary: "change `startup_command` or `no_sleep`",
    body: "json",
    handler: jobs.patchJob,
  },
  {
    method: "POST",
    path: "/mags-jobs/{id}/stop",
    versions: { v1: ["client"] },
    summary: "stop a job; it takes effect later",
    handler: jobs.stopJob,
  },
  {
    method: "POST",
    path: "/mags-jobs/{id}/sync",
    versions: { v1: ["client"] },
    summary: "sync the workspace of a job",
    handler: jobs.syncJob,
  },
  {
    method: "POST",
    path: "/mags-jobs/{id}/exec",
    versions: { v1: ["client"] },
    summary: "run a command in the VM of a job",
    body: "json",
    handler: reach.execOnJob,
  },
  {
    method: "POST",
    path: "/mags-files",
    versions: { v1: ["client"] },
    summary: "upload one file",
    body: "upload",
    handler: files.uploadFile,
  },
  {
    method: "GET",
    path: "/mags-workspaces",
    versions: { v1: ["client"] },
    summary: "list workspaces",
    handler: workspaces.listWorkspaces,
  },
  {
    method: "DELETE",
    path: "/mags-workspaces/{workspace_id}",
    versions: { v1: ["client"] },
    summary: "delete a workspace and its data",
    handler: workspaces.deleteWorkspace,
  },
  {
    method: "POST",
    path: "/mags-cron",
    versions: { v1: ["client", "doc"] },
    summary: "create a cron job",
    body: "json",
    handler: cron.createCron,
  },
  {
    method: "GET",
    path: "/mags-cron",
    versions: { v1: ["client"] },
    summary: "list cron jobs (the envelope is assumed)",
    handler: cron.listCrons,
  },
  {
    method: "GET",
    path: "/mags-cron/{id}",
    versions: { v1: ["client"] },
    summary: "one cron job",
    handler: cron.getCron,
  },
  {
    method: "PATCH",
    path: "/mags-cron/{id}",
    versions: { v1: ["client", "doc"] },
    summary: "change a cron job",
    body: "json",
    handler: cron.patchCron,
  },
  {
    method: "DELETE",
    path: "/mags-cron/{id}",
    versions: { v1: ["client"] },
    summary: "delete a cron job",
    handler: cron.deleteCron,
  },
  {
    method: "POST",
    path: "/mags-url-aliases",
    versions: { v1: ["client"], v2: ["obs"] },
    summary: "create a URL alias; `port` on v2 only",
    body: "json",
    handler: aliases.createAlias,
  },
  {
    method: "GET",
    path: "/mags-url-aliases",
    versions: { v1: ["client"] },
    summary: "list URL aliases",
    handler: aliases.listAliases,
  },
  {
    method: "DELETE",
    path: "/mags-url-aliases/{subdomain}",
    versions: { v1: ["client"] },
    summary: "delete a URL alias",
    handler: aliases.deleteAlias,
  },
];

/** A route with the values of its variable segments. */
export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** The name of a route in fault rules and recorded calls. */
export function routeName(route: Route): string {
  return `${route.method} ${route.path}`;
}

/** Finds the route of a request; `path` is what follows `/api/<version>`, still percent-encoded. */
export function matchRoute(version: ApiVersion, method: string, path: string): Match | undefined {
  const segments = path.split("/");
  for (const route of ROUTES) {
    if (route.method !== method || route.versions[version] === undefined) continue;
    const params = matchPath(route.path.split("/"), segments);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

/** Routes as a table in Markdown. */
export function routesTable(): string {
  const evidence = (labels: readonly Label[] | undefined): string => labels?.join(", ") ?? "–";
  const rows = ROUTES.map(
    (route) =>
      `| ${route.method} | \`${route.path}\` | ${evidence(route.versions.v1)} | ${evidence(route.versions.v2)} | ${route.summary} |`,
  );
  return ["| Method | Path | v1 | v2 | What it does |", "| --- | --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

function matchPath(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (!expected.startsWith("{")) {
      if (segment !== expected) return undefined;
      continue;
    }
    if (segment === "") return undefined;
    try {
      params[expected.slice(1, -1)] = decodeURIComponent(segment);
    } catch {
      // Not percent-encoded as it must be: no object can have this name.
      return undefined;
    }
  }
  return params;
}
