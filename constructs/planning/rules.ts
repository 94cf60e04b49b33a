/** Rules about several resources of a tree, each of which would be well by itself. */
import { SCHEMAS } from "../../provider/schema/schemas";
import * as errors from "../errors";
import { MagsResource } from "../resource";
import type { Identity, Leaf, Leaves } from "./leaves";
import type { Problems } from "./problems";

/** A remark that no construct has made itself. */
export type Warn = (resource: MagsResource, message: string) => void;

export function checkTogether(leaves: Leaves, problems: Problems, warn: Warn): void {
  checkNames(leaves, problems);
  const jobs = checkWorkspaces(leaves, problems);
  checkAliases(leaves, jobs, problems, warn);
}

/** Names are the only handle on things in the cloud: no two of a kind can share one. */
function checkNames(leaves: Leaves, problems: Problems): void {
  const taken = new Map<string, Map<Identity, Leaf>>();
  for (const leaf of leaves.all) {
    const { nameField } = SCHEMAS[leaf.kind];
    const name = leaves.identity(leaf.inputs[nameField]);
    if (name === undefined) continue;
    const first = claim(taken, leaf.kind, name, leaf);
    if (first)
      problems.add(leaf.resource, errors.nameTwice(leaf.kind, nameField, nameInWords(name), first.path));
  }
}

/** A workspace has one active VM: one job, and neither schedule nor run beside it. Returns the jobs by workspace. */
function checkWorkspaces(leaves: Leaves, problems: Problems): Map<Identity, Leaf> {
  const jobs = new Map<Identity, Leaf>();
  const workspaces = new Map<Identity, Leaf>();
  for (const leaf of leaves.all) {
    if (leaf.kind === "Workspace") {
      workspaces.set(leaves.identity(leaves.attribute(leaf.resource, "workspaceId")), leaf);
    }
    if (leaf.kind !== "Job") continue;
    const workspace = leaves.identity(leaves.attribute(leaf.resource, "workspaceId"));
    if (workspace === undefined) continue;
    const first = jobs.get(workspace);
    if (!first) jobs.set(workspace, leaf);
    // Two jobs on local disks have one name then, and are told as that.
    else if (leaf.inputs.workspaceId !== undefined || first.inputs.workspaceId !== undefined) {
      problems.add(leaf.resource, errors.twoJobsOnWorkspace(workspaceInWords(workspace), first.path));
    }
  }
  for (const leaf of leaves.all) {
    if (leaf.kind === "Job" && leaf.inputs.workspaceId === undefined) {
      const name = leaves.identity(leaf.inputs.name);
      const workspace = name === undefined ? undefined : workspaces.get(name);
      if (workspace) problems.add(leaf.resource, errors.localDiskNameTaken(workspace.path));
    }
    if (leaf.kind !== "CronJob" && leaf.kind !== "Run") continue;
    const workspace = leaves.identity(leaf.inputs.workspaceId);
    const job = workspace === undefined ? undefined : jobs.get(workspace);
    const clash = leaf.kind === "Run" ? errors.runOnJobWorkspace : errors.scheduleOnJobWorkspace;
    if (job) problems.add(leaf.resource, clash(workspaceInWords(workspace), job.path));
  }
  return jobs;
}

/** What an alias points to has to answer HTTP. */
function checkAliases(leaves: Leaves, jobs: Map<Identity, Leaf>, problems: Problems, warn: Warn): void {
  for (const leaf of leaves.all) {
    if (leaf.kind !== "UrlAlias") continue;
    const workspace = leaves.identity(leaf.inputs.workspaceId);
    const job = workspace === undefined ? undefined : jobs.get(workspace);
    if (!job) {
      // A workspace of this app, on which no job of it runs; of others nothing is known.
      if (MagsResource.isMagsResource(workspace)) warn(leaf.resource, errors.nothingAnswers(workspace.path));
      continue;
    }
    const { http } = job.inputs;
    if (http === undefined) problems.add(leaf.resource, errors.targetHasNoUrl(job.path));
    else if (!opens(http, leaf.inputs.port))
      warn(leaf.resource, errors.portNotOpen(leaf.inputs.port as number, job.path));
  }
}

/** Whether a job opens a port, as far as both are known. */
function opens(http: unknown, port: unknown): boolean {
  if (typeof port !== "number" || typeof http !== "object" || http === null) return true;
  const { port: main, otherPorts = [] } = http as { port?: unknown; otherPorts?: unknown };
  if (!Array.isArray(otherPorts)) return true;
  const open: unknown[] = [main, ...(otherPorts as unknown[])];
  return open.includes(port) || !open.every((one) => typeof one === "number");
}

function claim<K, L>(taken: Map<K, Map<Identity, L>>, kind: K, name: Identity, leaf: L): L | undefined {
  let names = taken.get(kind);
  if (!names) taken.set(kind, (names = new Map()));
  const first = names.get(name);
  if (first === undefined) names.set(name, leaf);
  return first;
}

function nameInWords(name: Identity): string {
  if (typeof name === "string") return `"${name}"`;
  return MagsResource.isMagsResource(name) ? `that of ${name.path}` : "that of one Output";
}

function workspaceInWords(workspace: Identity): string {
  if (typeof workspace === "string") return `"${workspace}"`;
  return MagsResource.isMagsResource(workspace) ? workspace.path : "of one Output";
}
