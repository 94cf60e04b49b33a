import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { get } from "./support/harness";
import { NOTHING, PASSPHRASE, PROJECT, Pipeline } from "./support/pipeline";
import type { StepsResult } from "../support/workflow";
import { providerHostsOf } from "./support/processes";
import { waitUntil } from "./support/wait";

jest.setTimeout(600_000);

function expectDone(result: StepsResult): StepsResult {
  if (!result.ran || result.code !== 0)
    throw new Error(`the job ended with ${result.code}:\n${result.output}`);
  return result;
}

const outputOf = (result: StepsResult, name: string) =>
  new RegExp(`^${name}=(.*)$`, "m").exec(result.outputs)?.[1];

/** What one preview of the example is, by the number of its pull request. */
const oneEach = (...numbers: number[]) =>
  Object.fromEntries(
    Object.entries({ jobs: "job", workspaces: "workspace", aliases: "alias", crons: undefined }).map(
      ([kind, word]) => [
        kind,
        word === undefined
          ? []
          : numbers.map((number) => expect.stringMatching(new RegExp(`^pr-${number}-.*-[a-z0-9]{13}$`))),
      ],
    ),
  );

describe("the life of a pull request, by the steps of the workflows", () => {
  let the: Pipeline;
  let other: Pipeline;
  let url: string;

  beforeAll(async () => {
    the = await Pipeline.start({ execute: "process" });
    other = await Pipeline.start({ repository: "other/shop", emulator: the.emulator });
  });
  afterAll(async () => {
    await other.stop();
    await the.stop();
  });

  it("opened: it is up, answers, and says so in one comment, a deployment, outputs and a summary", async () => {
    const result = expectDone(await the.up(7, "a".repeat(40)));
    url = outputOf(result, "url")!;
    expect((await get(url)).body).toContain("Preview of the guest book");
    expect(the.things()).toEqual(oneEach(7));
    const [comment, ...others] = the.gitHub.ours(7);
    expect(others).toEqual([]);
    expect(comment!.body).toContain(url);
    expect(comment!.body).toContain("aaaaaaaaaaaa");
    expect(comment!.body).toMatch(/Expires \| 20\d\d-\d\d-\d\d/);
    expect(result.summary).toContain(url);
    expect(the.gitHub.states(`${PROJECT}/pr-7`)).toEqual(["success"]);
    expect(the.gitHub.deployments[0]!.statuses[0]).toMatchObject({
      environment_url: expect.stringContaining(url),
    });
  });

  it("pushed to, and pushed to by force: the same URL and things, one comment, one active deployment", async () => {
    const before = the.things();
    writeFileSync(`${the.folder}/app/page.html`, "<h1>second</h1>{guests}");
    for (const sha of ["b".repeat(40), "c".repeat(40)]) {
      const result = expectDone(await the.up(7, sha));
      expect(outputOf(result, "url")).toBe(url);
    }
    expect((await get(url)).body).toContain("second");
    expect(the.things()).toEqual(before);
    expect(the.gitHub.ours(7)).toHaveLength(1);
    expect(the.gitHub.ours(7)[0]!.body).toContain("cccccccccccc");
    expect(the.gitHub.states(`${PROJECT}/pr-7`)).toEqual(["inactive", "inactive", "success"]);
  });

  it("a second one beside it, and one of that number in another repository on the account, have their own", async () => {
    expectDone(await the.up(8, "d".repeat(40)));
    expectDone(await other.up(7, "e".repeat(40)));
    expect(the.things()).toEqual(oneEach(7, 7, 8));
    const [first, second] = the.things().aliases;
    expect(first).not.toBe(second);
    expect(the.gitHub.ours(7)[0]!.body).toContain(url);
    expect(other.gitHub.ours(7)[0]!.body).not.toContain(url);
  });

  it("list shows those of this repository", async () => {
    const { code, stdout } = await the.preview(["list", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { pullRequest: 7, state: "running", url, sha: "c".repeat(40), expired: false, error: null },
      { pullRequest: 8, state: "running", usage: { vms: 1, workspaces: 1, urls: 1 } },
    ]);
    const table = await the.preview(["list"]);
    expect(table.stdout).toMatch(
      /^PR +STATE +AGE +EXPIRES +USES +URL\n#7 +running +\d+[sm] +in 2d +1 VM, 1 workspace +http/,
    );
  });

  it("closed, with a merge conflict or not, and closed again: nothing is left of it, and all else is", async () => {
    const closed = expectDone(await the.down(7));
    expect(closed.output).toContain("pr-7: removed its stack");
    const again = expectDone(await the.down(7));
    expect(again.output).toContain("pr-7: there was nothing of it");
    expect(the.things()).toEqual(oneEach(7, 8));
    expect(the.stacks()).toEqual(["pr-8"]);
    expect(other.stacks()).toEqual(["pr-7"]);
    expect(the.gitHub.ours(7)).toHaveLength(1);
    expect(the.gitHub.ours(7)[0]!.body).toContain("removed");
    expect(the.gitHub.ours(7)[0]!.body).not.toContain(url);
    expect(new Set(the.gitHub.states(`${PROJECT}/pr-7`))).toEqual(new Set(["inactive"]));
    expect(other.gitHub.states(`${PROJECT}/pr-7`)).toEqual(["success"]);
  });

  it("run again while it is closed: it says so, and makes nothing", async () => {
    const result = expectDone(await the.job("preview-up", "up", the.event(7, "c".repeat(40))));
    expect(result.output).toContain("Pull request #7 of acme/shop is closed");
    expect(result.output).toContain("pr-7: there was nothing of it");
    expect(the.stacks()).toEqual(["pr-8"]);
  });

  it("reopened: the same URL again, and the same comment", async () => {
    const result = expectDone(await the.up(7, "f".repeat(40)));
    expect(outputOf(result, "url")).toBe(url);
    expect((await get(url)).status).toBe(200);
    expect(the.gitHub.ours(7)).toHaveLength(1);
    expect(the.gitHub.ours(7)[0]!.body).toContain("ffffffffffff");
  });

  it("closed while an up runs: the down is kept out and breaks nothing; an up that has taken its turn removes all", async () => {
    // What the up goes on with when that answer does not come takes as long: it holds its lock until we let it go on.
    for (const route of ["POST /mags-jobs", "GET /mags-jobs/{id}/status"])
      the.emulator.inject({ kind: "slow", route, delayMs: 600_000 });
    const running = the.up(9, "a".repeat(40));
    await waitUntil(() => the.emulator.faults().some(({ hits }) => hits > 0), 400_000);
    const early = await the.down(9);
    expect(early.code).toBe(1);
    expect(early.output).toMatch(/pr-9 is locked since .*--force-unlock/);
    const swept = await the.preview(["sweep", "--comment"]);
    expect(swept.code).toBe(1);
    expect(swept.stdout).toMatch(/#9 closed: failed: .*"mags-iac preview sweep --unlock-after 6h" goes on/);
    the.emulator.clearFaults();
    await running;
    const next = expectDone(await the.job("preview-up", "up", the.event(9, "b".repeat(40))));
    expect(next.output).toContain("pr-9: removed its stack");
    expect(the.gitHub.ours(9)[0]!.body).toContain("removed");
    expect(the.things("pr-9-")).toEqual(NOTHING);
    expect(the.stacks()).toEqual(["pr-7", "pr-8"]);
  });

  /** Kills the runner when the alias of a first up has been made. */
  async function killed(number: number): Promise<void> {
    const fault = the.emulator.inject({ kind: "slow", route: "POST /mags-url-aliases", delayMs: 600_000 });
    let pid: number | undefined;
    const running = the.up(number, "a".repeat(40), (child) => (pid = child.pid));
    await waitUntil(() => the.emulator.faults().some(({ hits }) => hits > 0), 400_000);
    // Of the whole machine nothing goes on, not even what the engine has put into groups of their own.
    const hosts = providerHostsOf(pid!);
    expect(hosts).not.toEqual([]);
    process.kill(-pid!, "SIGKILL");
    for (const host of hosts) process.kill(host, "SIGKILL");
    expect((await running).code).not.toBe(0);
    the.emulator.clearFaults(fault);
    expect(the.things(`pr-${number}-`).jobs).toHaveLength(1);
    // A first up writes no state before its end, so nothing knows of that job but its name.
    expect(the.stateText(`pr-${number}`)).not.toContain("dynamic/mags:");
  }

  /** Makes the lock of a killed run older than any run is. */
  function age(stack: string): void {
    const [lock] = the.locks(stack);
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const content = JSON.parse(readFileSync(lock!, "utf8")) as object;
    writeFileSync(lock!, JSON.stringify({ ...content, timestamp: hourAgo }));
  }

  it("the runner is killed in the middle: what it left goes, with a lock that is old enough", async () => {
    await killed(10);
    // Fresh, it could be of a run that is still at it.
    expect((await the.down(10)).output).toMatch(/pr-10 is locked since .*--force-unlock/);
    age("pr-10");
    const removed = expectDone(await the.down(10));
    expect(removed.output).toContain("breaking the lock");
    expect(the.things("pr-10-")).toEqual(NOTHING);
    expect(the.stacks()).toEqual(["pr-7", "pr-8"]);
  });

  it("the runner is killed in the middle: the next push finds all that it made, and makes nothing twice", async () => {
    await killed(11);
    const made = the.things("pr-11-");
    age("pr-11");
    expectDone(await the.up(11, "b".repeat(40)));
    expect(the.things("pr-11-")).toEqual({ ...oneEach(11), ...made });
    expectDone(await the.down(11));
    expect(the.things("pr-11-")).toEqual(NOTHING);
  });

  it("of a fork: refused, until its commit is labelled; then its app runs on this repository's infrastructure", async () => {
    the.gitHub.open(11);
    const event = (more: Record<string, unknown>) => the.event(11, "9".repeat(40), more, true);
    expect((await the.job("preview-up", "up", event({ action: "opened" }))).ran).toBe(false);
    for (const more of [{ action: "synchronize" }, { action: "labeled", label: { name: "bug" } }])
      for (const job of ["up", "withdraw"])
        expect((await the.job("preview-fork", job, event(more))).ran).toBe(false);
    expect(the.things("pr-11-")).toEqual(NOTHING);

    the.gitHub.labels.set(11, new Set(["preview"]));
    const labelled = event({ action: "labeled", label: { name: "preview" } });
    const review = (sha: string) => ({ user: { login: "maintainer" }, commit_id: sha });
    the.gitHub.reviews.set(11, [review("8".repeat(40))]);
    const unseen = await the.job("preview-fork", "up", labelled);
    expect([unseen.code, unseen.output]).toEqual([
      1,
      expect.stringContaining("maintainer has left no review"),
    ]);
    the.gitHub.reviews.get(11)!.push(review("9".repeat(40)));
    the.write("fork/app/server.js", readFileSync(`${the.folder}/app/server.js`, "utf8"));
    the.write("fork/app/page.html", "<h1>of a fork</h1>");
    the.write("fork/index.ts", "throw new Error('a program of the fork was run');");
    const up = expectDone(await the.job("preview-fork", "up", labelled));
    expect((await get(outputOf(up, "url")!)).body).toContain("of a fork");

    const pushed = event({ action: "synchronize" });
    expectDone(await the.job("preview-fork", "withdraw", pushed));
    expect(the.gitHub.labels.get(11)).toEqual(new Set());
    // Another push has been quicker.
    expectDone(await the.job("preview-fork", "withdraw", pushed));
    expectDone(await the.down(11));
    expect(the.things("pr-11-")).toEqual(NOTHING);
  });

  it("a fork whose app holds a link is refused", async () => {
    the.write("fork/app/server.js", "");
    the.gitHub.reviews.set(12, [{ user: { login: "maintainer" }, commit_id: "9".repeat(40) }]);
    symlinkSync("/etc/hostname", `${the.folder}/fork/app/page.html`);
    const event = the.event(12, "9".repeat(40), { action: "labeled", label: { name: "preview" } }, true);
    const result = await the.job("preview-fork", "up", event);
    expect(result.code).toBe(1);
    expect(result.output).toContain("holds links");
    expect(the.things("pr-12-")).toEqual(NOTHING);
  });

  it("nothing secret got to GitHub, and no comment was written twice", () => {
    for (const { gitHub, emulator } of [the, other])
      for (const secret of [emulator.token, PASSPHRASE]) expect(gitHub.sent).not.toContain(secret);
    for (const number of the.gitHub.comments.keys()) expect(the.gitHub.ours(number)).toHaveLength(1);
  });

  it("without a program in the default branch: what is left is removed all the same", async () => {
    for (const file of ["Pulumi.yaml", "Pulumi.preview.yaml", "index.ts", "package.json"])
      rmSync(`${the.folder}/${file}`);
    const lost = await the.down(8);
    expect([lost.code, lost.output]).toEqual([1, expect.stringContaining("--project")]);
    the.project = PROJECT;
    expectDone(await the.down(8));
    the.gitHub.close(7);
    expectDone(await the.job("preview-sweep", "sweep"));
    expect(the.stacks()).toEqual([]);
    expect(the.things()).toEqual(oneEach(7));
    expectDone(await other.down(7));
    expect(the.things()).toEqual(NOTHING);
  });
});
