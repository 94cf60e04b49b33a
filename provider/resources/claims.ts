import * as pulumi from "@pulumi/pulumi";
import * as errors from "../errors";

interface Claims {
  names: Map<string, string>;
  jobs: Map<unknown, string>;
  crons: Map<unknown, string>;
}

/** Per run of a program: inline programs run several times in one process, each with a monitor of its own. */
const runs = new WeakMap<object, Claims>();

function claimsOfThisRun(): Claims {
  const run = pulumi.runtime.getMonitor() ?? pulumi.runtime;
  let claims = runs.get(run);
  if (!claims) runs.set(run, (claims = { names: new Map(), jobs: new Map(), crons: new Map() }));
  return claims;
}

/** Two resources of one program must not be the same thing. Only plain names can be judged here. */
export function claimName(kind: string, name: unknown, resource: string): void {
  if (typeof name !== "string") return;
  const { names } = claimsOfThisRun();
  const key = `${kind} ${name}`;
  if (names.has(key)) throw errors.claimedTwice(kind, name);
  names.set(key, resource);
}

/** A workspace has one active VM, so it takes one Job, and no schedule beside it. */
export function claimWorkspace(user: "job" | "cron", workspace: unknown, resource: string): void {
  if (typeof workspace !== "string" && !pulumi.Resource.isInstance(workspace)) return;
  const { jobs, crons } = claimsOfThisRun();
  const label =
    typeof workspace === "string" ? workspace : ((workspace as { __name?: string }).__name ?? "?");
  const [job, cron] = [jobs.get(workspace), crons.get(workspace)];
  if (user === "job" && job !== undefined) throw errors.twoJobsOnWorkspace(label, job, resource);
  if (user === "job" && cron !== undefined) throw errors.cronOnJobWorkspace(label, cron, resource);
  if (user === "cron" && job !== undefined) throw errors.cronOnJobWorkspace(label, resource, job);
  (user === "job" ? jobs : crons).set(workspace, resource);
}
