import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { installedPostgres, startPostgres } from "../support/postgres";
import { installedS3, startS3 } from "../support/s3";
import { describeIf } from "../support/skip";
import type { StateServer } from "../support/state-server";
import { expectExactlyDeclared } from "./support/exactly";
import { expectSuccess, harness, type Harness } from "./support/harness";
import { providerHostsOf } from "./support/processes";
import { Project, type CliResult } from "./support/project";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

const LOCKED =
  /the stack is currently locked by 1 lock\(s\)\. Either wait for the other process\(es\) to end or delete the lock file with `pulumi cancel`.*created by \S+ \(pid \d+\)/s;

/** A program that goes on only when there is a file `go` beside it: until then its run holds the lock. */
const waiting = (resources: string) => `
  module.exports = async () => {
    ${resources}
    const { existsSync } = require("node:fs");
    while (!existsSync(__dirname + "/go")) await new Promise((resolve) => setTimeout(resolve, 20));
  };`;
const BOXES = (count: number) =>
  `for (let i = 0; i < ${count}; i++) new mags.Sandbox("box" + i, { deletionProtection: false });`;

/** Where a state can be that several people share, and how such a service is started. */
interface Shared {
  place: string;
  missing?: string;
  start(): Promise<StateServer>;
}

const postgres = installedPostgres();
const s3 = installedS3();
const PLACES: Shared[] = [
  "missing" in postgres
    ? { place: "PostgreSQL", ...postgres, start: () => Promise.reject(new Error(postgres.missing)) }
    : { place: "PostgreSQL", start: () => startPostgres(postgres) },
  "missing" in s3
    ? { place: "an S3 bucket", ...s3, start: () => Promise.reject(new Error(s3.missing)) }
    : { place: "an S3 bucket", start: () => startS3(s3.program) },
];

for (const { place, missing, start } of PLACES)
  describeIf(missing === undefined, missing ?? "")(`a team with its state in ${place}`, () => {
    let server: StateServer;
    /** One of them has made the stack; the other has a checkout with the same files. */
    let owner: Harness;
    let colleague: Project;

    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    beforeEach(async () => {
      const state = { PULUMI_BACKEND_URL: server.url, ...server.env };
      owner = await harness({ program: "" }, { env: state });
      owner.project.setConfig("mags:namespace", "team");
      await owner.project.make();
      const { url, token } = owner.emulator;
      colleague = new Project({ MAGS_API_URL: url, MAGS_API_TOKEN: token, ...state }, { program: "" });
      const file = "Pulumi.dev.yaml";
      copyFileSync(join(owner.project.folder, file), join(colleague.folder, file));
    });
    afterEach(async () => {
      // The next test makes a stack of that name.
      await owner.project.pulumi("stack", "rm", "--force", "--yes");
      colleague.remove();
      await owner.stop();
    });

    const upOf = (project: Project): Promise<CliResult> =>
      project.pulumi("up", "--yes", "--skip-preview", "--non-interactive");
    const creates = () => owner.emulator.calls().filter(({ route }) => route === "POST /mags-jobs").length;
    const running = () => owner.emulator.snapshot().jobs.filter(({ status }) => status === "running").length;

    it("lets one of two who update at once through, tells the other of the lock, and loses nothing", async () => {
      owner.project.write(waiting(BOXES(2)));
      colleague.write(BOXES(3));
      const first = await owner.project.start("up", "--yes", "--skip-preview", "--non-interactive");
      await waitUntil(() => running() === 2, 120_000);
      const made = creates();
      const second = await upOf(colleague);
      expect(second.code).not.toBe(0);
      expect(second.output).toMatch(LOCKED);
      // The password of the database, if it has one, is in no message.
      expect(second.output).not.toContain("pulumi@");
      expect(creates()).toBe(made);
      owner.project.writeFile("go", "");
      expectSuccess(await first.done);

      expectSuccess(await upOf(colleague));
      expect(running()).toBe(3);
      await expectExactlyDeclared(owner);
      owner.project.write(BOXES(3));
      expectSuccess(await owner.project.up("--expect-no-changes"));
    });

    it("lets nobody make anything twice who starts in the same moment", async () => {
      owner.project.write(BOXES(2));
      colleague.write(BOXES(2));
      const both = await Promise.all([upOf(owner.project), upOf(colleague)]);
      // Who looks for locks after having left one may see the other's: at worst both are told, and nothing is done.
      for (const { code, output } of both) if (code !== 0) expect(output).toMatch(LOCKED);
      for (const project of [owner.project, colleague]) expectSuccess(await upOf(project));
      expect(running()).toBe(2);
      await expectExactlyDeclared(owner);
    });

    it("keeps the lock of a run that was killed, until pulumi cancel frees it; the other's up goes on", async () => {
      owner.project.write(waiting(BOXES(2)));
      colleague.write(BOXES(2));
      const { child, done } = await owner.project.start("up", "--yes", "--skip-preview", "--non-interactive");
      await waitUntil(() => running() === 2, 120_000);
      for (const pid of [child.pid!, ...providerHostsOf(child.pid!)]) process.kill(pid, "SIGKILL");
      expect((await done).code).not.toBe(0);
      const refused = await upOf(colleague);
      expect(refused.code).not.toBe(0);
      expect(refused.output).toMatch(LOCKED);
      expectSuccess(await colleague.pulumi("cancel", "--yes"));
      expectSuccess(await upOf(colleague));
      expect(running()).toBe(2);
      await expectExactlyDeclared(owner);
    });
  });
