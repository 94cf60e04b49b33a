import * as assert from "node:assert/strict";
import type { Ability, Target } from "./target";
import type { Answer, Client, Version } from "./client";

/** Parts of the contract. */
export type Area =
  | "auth"
  | "errors"
  | "create"
  | "conflicts"
  | "lists"
  | "status"
  | "sleep"
  | "stop"
  | "access"
  | "patch"
  | "exec"
  | "workspaces"
  | "resize"
  | "aliases"
  | "cron"
  | "files"
  | "pool";

/** One statement of the contract that a client can observe. */
export interface Check {
  area: Area;
  name: string;
  /** What a target must have for it. */
  needs: readonly Ability[];
  /** Throws if the target does otherwise. */
  run: (target: Target) => Promise<void>;
}

/** Makes the checks of one area. */
export function area(name: Area): {
  check: (statement: string, run: Check["run"], needs?: readonly Ability[]) => void;
  checks: Check[];
} {
  const checks: Check[] = [];
  return {
    checks,
    check: (statement, run, needs = []) => {
      checks.push({ area: name, name: statement, needs, run });
    },
  };
}

/** A VM that does nothing: what the vendor's `new` submits. */
export const SANDBOX = { script: "sleep infinity", type: "inline", persistent: true } as const;

/** Texts of a conflict (observed). */
const CONFLICT = /already exists|already|in use|conflict/i;

/** How to send a job: `vm` is the path of a job, percent-encoded. */
export function job(id: string): string {
  return `/mags-jobs/${encodeURIComponent(id)}`;
}

/** Asserts success: any status below 400 (recorded). */
export function ok(answer: Answer, what: string): Answer {
  assert.ok(
    answer.status < 400,
    `${what}: expected success, not ${answer.status} ${answer.text.slice(0, 300)}`,
  );
  assert.notEqual(answer.body, undefined, `${what}: the body is not JSON: ${answer.text.slice(0, 100)}`);
  return answer;
}

/** The error text of an answer, by the rule of the recorded client; fails if it has none. */
export function errorText(answer: Answer): string {
  const { error, message } = (answer.body ?? {}) as { error?: unknown; message?: unknown };
  for (const value of [error, message]) {
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "object" && value !== null) return JSON.stringify(value);
  }
  assert.fail(`an error must have a text in \`error\` or \`message\`: ${answer.text.slice(0, 200)}`);
}

/** Asserts an error with a text in JSON, and one of some statuses. */
export function refused(answer: Answer, what: string, ...statuses: number[]): string {
  assert.ok(
    answer.status >= 400,
    `${what}: expected an error, not ${answer.status} ${answer.text.slice(0, 300)}`,
  );
  assert.equal(answer.type, "application/json", `${what}: errors of the API are JSON, not ${answer.type}`);
  if (statuses.length > 0) {
    assert.ok(
      statuses.includes(answer.status),
      `${what}: expected ${statuses.join(" or ")}, not ${answer.status} ${answer.text.slice(0, 300)}`,
    );
  }
  return errorText(answer);
}

/** Asserts a conflict: 409 or 500, with one of the observed texts. */
export function conflict(answer: Answer, what: string): void {
  const text = refused(answer, what, 409, 500);
  assert.match(text, CONFLICT, `${what}: a conflict is told by its text`);
}

/** Submits a job; gives its request id. */
export async function submit(
  client: Client,
  fields: Record<string, unknown>,
  version: Version = "v1",
): Promise<string> {
  const answer = ok(await client.post("/mags-jobs", fields, version), "create");
  assert.equal(typeof answer.body.request_id, "string", "create answers a request_id");
  return answer.body.request_id as string;
}

/** The status of a job. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Answer.body
export async function statusOf(client: Client, id: string, version?: Version): Promise<any> {
  return ok(await client.get(`${job(id)}/status`, version), `status of ${id}`).body;
}

/** Waits until a job has a status; fails at once if it has ended otherwise. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Answer.body
export function reach(target: Target, id: string, wanted: string, client = target.api): Promise<any> {
  return target.until(
    `job ${id} is ${wanted}`,
    async () => {
      const found = await statusOf(client, id);
      if (found.status === wanted) return found;
      assert.ok(!["completed", "error"].includes(found.status), `job is ${found.status}, not ${wanted}`);
      return undefined;
    },
    { budgetMs: 120_000 },
  );
}

/** Waits until a job is ready: running, with a VM id. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Answer.body
export function ready(target: Target, id: string, client = target.api): Promise<any> {
  return target.until(
    `job ${id} is ready`,
    async () => {
      const found = await statusOf(client, id);
      if (found.status === "running" && typeof found.vm_id === "string") return found;
      assert.ok(["pending", "running"].includes(found.status), `the start ended in ${found.status}`);
      return undefined;
    },
    { budgetMs: 60_000 },
  );
}

/** Submits a job and waits until it is ready. */
export async function readyJob(
  target: Target,
  fields: Record<string, unknown>,
  version: Version = "v1",
): Promise<string> {
  const id = await submit(target.api, fields, version);
  await ready(target, id);
  return id;
}

/** Submits a persistent job whose script ends, and waits until it sleeps. */
export async function asleep(target: Target, fields: Record<string, unknown> = {}): Promise<string> {
  const id = await submit(target.api, { ...SANDBOX, script: "true", ...fields });
  await reach(target, id, "sleeping");
  return id;
}

/** True while a status holds the name and the workspace. */
export function isActive(status: unknown): boolean {
  return ["pending", "running", "sleeping"].includes(String(status));
}

/** Stops a job and waits until it is over. */
export async function stop(target: Target, id: string, client = target.api): Promise<void> {
  ok(await client.post(`${job(id)}/stop`), `stop of ${id}`);
  await target.until(`job ${id} has ended`, async () => !isActive((await statusOf(client, id)).status), {
    budgetMs: 60_000,
  });
}

/** Enables access on a port; gives the answer. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Answer.body
export async function access(target: Target, id: string, port?: number): Promise<any> {
  const { body } = ok(
    await target.api.post(`${job(id)}/access`, port === undefined ? {} : { port }),
    `access to ${id}`,
  );
  assert.equal(body.success, true, `access to a ready VM succeeds: ${JSON.stringify(body)}`);
  return body;
}

/** Runs a command; gives its result. */
export async function exec(
  target: Target,
  id: string,
  command: string,
  timeout?: number,
): Promise<{ exit_code: number; stdout: string; stderr: string }> {
  const answer = await target.api.post(
    `${job(id)}/exec`,
    timeout === undefined ? { command } : { command, timeout },
  );
  return ok(answer, `exec of ${command}`).body as { exit_code: number; stdout: string; stderr: string };
}

/** The messages of a job's log. */
export async function logsOf(client: Client, id: string): Promise<string[]> {
  const { body } = ok(await client.get(`${job(id)}/logs`), `logs of ${id}`);
  assert.ok(Array.isArray(body.logs), "logs is an array");
  return (body.logs as (string | { message: string })[]).map((line) =>
    typeof line === "string" ? line : line.message,
  );
}

/** An item of the list of jobs. */
export interface ListedJob {
  request_id: string;
  name?: string;
  workspace_id?: string;
  status: string;
}

/** Every listed job, page by page; bounded. */
export async function allJobs(client: Client): Promise<ListedJob[]> {
  const found: ListedJob[] = [];
  for (let page = 1; page <= 400; page++) {
    const { body } = ok(await client.get(`/mags-jobs?page=${page}&page_size=50`), "list of jobs");
    found.push(...(body.jobs as ListedJob[]));
    if (body.jobs.length === 0 || found.length >= body.total) return found;
  }
  throw new Error("the list of jobs does not end");
}

/** Whether a text is a time as the API writes it: RFC 3339, UTC (documented). */
export function isTime(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);
}
