import { JobWatcher } from "../../../provider/api/job-watcher";
import type { MagsClient } from "../../../provider/api/client";
import type { JobView } from "../../../provider/api/wire";
import type { Context } from "../../../provider/lifecycle/kind";
import { ProvenScripts } from "../../../provider/lifecycle/proven-scripts";
import { RunClaims } from "../../../provider/lifecycle/run-claims";
import { awaitFreeWorkspace } from "../../../provider/lifecycle/workspace-free";
import { jobSchema } from "../../../provider/schema/job";
import { AutoClock } from "../../support/clock";

const POLL_MS = 1_000;

let clock: AutoClock;
let claims: RunClaims;
let said: string[];
let jobs: JobView[];
/** What happens at each look at a status. */
let look: () => void;

beforeEach(() => {
  clock = new AutoClock();
  claims = new RunClaims();
  said = [];
  jobs = [{ requestId: "r1", name: "web", workspaceId: "w", status: "running" }];
  look = () => undefined;
});

const declare = (name: string, workspaceId: string) =>
  claims.declare(
    { organization: "o", project: "p", stack: "s", typeChain: "Job", logicalName: name },
    jobSchema,
    { name, workspaceId },
  );
const end = () => jobs.forEach((job) => (job.status = "completed"));

async function wait(seconds = 600): Promise<number> {
  const begun = clock.now();
  const client = {
    findJobStatus: async (id: string) => {
      look();
      return jobs.find(({ requestId }) => requestId === id);
    },
  } as unknown as MagsClient;
  // As a list that was walked before: it does not show what has ended since.
  const listed = jobs.map((job) => ({ ...job }));
  const context = {
    clock,
    claims,
    proven: new ProvenScripts(),
    client,
    pollMs: POLL_MS,
    watcher: new JobWatcher(client, clock, POLL_MS),
    directory: { jobs: async () => listed, jobsOfThisRun: async () => listed },
    say: (message: string) => said.push(message),
    deadline: begun + seconds * 1_000,
  } as unknown as Context;
  await awaitFreeWorkspace(context, { name: "new", workspaceId: "w" }, true);
  return clock.now() - begun;
}

it("a free workspace is not waited for", async () => {
  end();
  expect(await wait()).toBe(0);
  jobs = [];
  expect(await wait()).toBe(0);
});

it("a job that is to leave is waited for, and that is said every ten seconds", async () => {
  declare("web", "elsewhere");
  const at = clock.now() + 35_000;
  look = () => clock.now() >= at && end();
  expect(await wait()).toBeGreaterThanOrEqual(35_000);
  expect(said).toHaveLength(3);
  expect(said[0]).toBe(
    'waiting for job "web" (request r1) to leave the workspace "w" for "elsewhere", 10 s so far',
  );
});

it("a job that the program declares a moment later is waited for too", async () => {
  const [soon, later] = [clock.now() + 2_000, clock.now() + 20_000];
  look = () => {
    if (clock.now() >= soon) declare("web", "elsewhere");
    if (clock.now() >= later) end();
  };
  expect(await wait()).toBeGreaterThanOrEqual(20_000);
});

it("a job that does not leave in time is named, with the ways on", async () => {
  declare("web", "elsewhere");
  const begun = clock.now();
  await expect(wait()).rejects.toThrow(/"web" \(request r1\) is to leave .* "w" for "elsewhere".*180 s/);
  expect(clock.now() - begun).toBe(180_000);
});

it("nobody waits longer than the operation may take", async () => {
  declare("web", "elsewhere");
  await expect(wait(30)).rejects.toThrow(/still active on it after 30 s/);
});

it("a job that the program does not know is an error after a few looks", async () => {
  const begun = clock.now();
  await expect(wait()).rejects.toThrow(
    'Workspace "w" has an active job already: "web" (request r1) (running)',
  );
  expect(clock.now() - begun).toBe(5 * POLL_MS);
});

it("a job that turns out to stay is a clash", async () => {
  const soon = clock.now() + 2_000;
  look = () => clock.now() >= soon && declare("web", "w");
  await expect(wait()).rejects.toThrow('The jobs "web" and "new" both work on the workspace "w"');
});
