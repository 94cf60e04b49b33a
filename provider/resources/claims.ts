import * as pulumi from "@pulumi/pulumi";
import * as errors from "../errors";
import { userError } from "./problems";
import { perRun } from "./run";

interface Claims {
  names: Set<string>;
  jobs: Map<unknown, string>;
  crons: Map<unknown, string>;
}

const newClaims = (): Claims => ({ names: new Set(), jobs: new Map(), crons: new Map() });

/** By provider: two accounts may each have a thing of one name. */
const claimsOfThisRun = perRun<Map<unknown, Claims>>(() => new Map());

/** The claims of the account that a resource with these options lives in. */
export function claimsFor(options: pulumi.CustomResourceOptions | undefined): Claims {
  const provider = options?.provider ?? options?.parent?.getProvider("pulumi-nodejs:dynamic/mags:any");
  const claims = claimsOfThisRun();
  let mine = claims.get(provider);
  if (!mine) claims.set(provider, (mine = newClaims()));
  return mine;
}

/** Two resources of one program must not be the same thing. Only plain names can be judged here. */
export function claimName(claims: Claims, kind: string, name: unknown): void {
  if (typeof name !== "string") return;
  const key = `${kind} ${name}`;
  if (claims.names.has(key)) throw userError(errors.claimedTwice(kind, name));
  claims.names.add(key);
}

const plainNames = new WeakMap<pulumi.Resource, string>();

/** Remembers under which plain name a workspace can be referred to as well. */
export function rememberName(workspace: pulumi.Resource, name: unknown): void {
  if (typeof name === "string") plainNames.set(workspace, name);
}

/** A workspace has one active VM, so it takes one Job, and no schedule beside it. */
export function claimWorkspace(
  claims: Claims,
  user: "job" | "cron",
  workspace: unknown,
  resource: string,
): void {
  const isResource = pulumi.Resource.isInstance(workspace);
  if (typeof workspace !== "string" && !isResource) return;
  const key = isResource ? (plainNames.get(workspace) ?? workspace) : workspace;
  const label = typeof key === "string" ? key : String((workspace as { __name?: string }).__name);
  const { jobs, crons } = claims;
  const [job, cron] = [jobs.get(key), crons.get(key)];
  if (user === "job" && job !== undefined) throw userError(errors.twoJobsOnWorkspace(label, job, resource));
  if (user === "job" && cron !== undefined) throw userError(errors.cronOnJobWorkspace(label, cron, resource));
  if (user === "cron" && job !== undefined) throw userError(errors.cronOnJobWorkspace(label, resource, job));
  (user === "job" ? jobs : crons).set(key, resource);
}
