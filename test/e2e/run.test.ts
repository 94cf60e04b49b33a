import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectSuccess, harness, type Harness } from "./support/harness";
import { providerHostsOf } from "./support/processes";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

const ACTIVE = ["pending", "running", "sleeping"];
const active = (the: Harness) => the.emulator.snapshot().jobs.filter(({ status }) => ACTIVE.includes(status));

/** What a command in the VM of a job writes. */
async function inVm(the: Harness, jobName: RegExp, command: string): Promise<string> {
  const { requestId } = active(the).find(({ name }) => jobName.test(String(name)))!;
  const answer = await fetch(`${the.emulator.url}/api/v1/mags-jobs/${requestId}/exec`, {
    method: "POST",
    headers: { authorization: `Bearer ${the.emulator.token}`, "content-type": "application/json" },
    body: JSON.stringify({ command }),
  });
  return ((await answer.json()) as { stdout: string }).stdout;
}

/** A job on a workspace of its own, and runs in every place. `$WHAT` tells them and their versions apart. */
const program = (what: string, more = "") => `
  const data = new mags.Workspace("data", { deletionProtection: false });
  const seeded = new mags.Workspace("seeded", { deletionProtection: false });
  const box = new mags.Job("box", { workspace: data, noSleep: true });
  const script = 'echo "$WHAT" >> ~/ledger; cat ~/ledger';
  const alone = new mags.Run("alone", { script: 'echo "alone $WHAT"', environment: { WHAT: ${JSON.stringify(what)} } });
  const inside = new mags.Run("inside", { script, job: box, environment: { WHAT: ${JSON.stringify(what)} } });
  // Nothing orders these two, which need the same workspace for themselves.
  const one = new mags.Run("one", { script, workspace: seeded, environment: { WHAT: "one ${what}" } });
  const other = new mags.Run("other", { script, workspace: seeded, environment: { WHAT: "other ${what}" } });
  exports.logs = pulumi.all([alone.logTail, inside.logTail]);
  exports.both = pulumi.all([one.logTail, other.logTail]);
  ${more}`;

describe("a life of runs on the real engine", () => {
  let the: Harness;
  beforeAll(async () => {
    the = await harness({ program: program("a") }, { execute: "process" });
    the.project.setConfig("mags:namespace", "e2e");
  });
  afterAll(() => the.stop());

  const logs = async () => (await the.project.outputs()).logs as string[];

  it("carries each out once, and leaves no VM running but the job's own", async () => {
    expectSuccess(await the.project.up());
    expect(await logs()).toEqual(["alone a", "a"]);
    const both = (await the.project.outputs()).both as string[];
    expect(both.map((log) => log.split("\n").length).sort()).toEqual([1, 2]);
    expect(active(the).map(({ name }) => name)).toEqual([expect.stringMatching(/^dev-box-/)]);
    expect((await the.project.resource("Run", "inside")).outputs).toMatchObject({ exitCode: 0 });
  });

  it("finds nothing to do in a second up and a refresh", async () => {
    the.mutations();
    expectSuccess(await the.project.up("--expect-no-changes"));
    expectSuccess(await the.project.refresh("--expect-no-changes"));
    expect(the.mutations()).toEqual([]);
  });

  it("shows in a preview which argument would make them run again, and runs nothing", async () => {
    the.project.write(program("b"));
    the.mutations();
    const { output } = expectSuccess(await the.project.preview("--diff"));
    expect(output).toMatch(/environment: \{\s+~ WHAT: "a" => "b"/);
    expect(output).not.toMatch(/replace/);
    expect(the.mutations()).toEqual([]);
  });

  it("carries an edit out once, in place", async () => {
    const before = await the.project.resource("Run", "inside");
    expectSuccess(await the.project.up());
    expect(await logs()).toEqual(["alone b", "a\nb"]);
    const after = await the.project.resource("Run", "inside");
    expect(after.id).toBe(before.id);
    expect(after.outputs!.runId).not.toBe(before.outputs!.runId);
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("does not repeat what was run before, and says so", async () => {
    the.project.write(program("a"));
    const { output } = expectSuccess(await the.project.up());
    expect(output).toMatch(/was carried out before with the same content.*Change triggers/);
    expect(await inVm(the, /box/, "cat ~/ledger")).toBe("a\nb\n");
  });

  it("fails an update with exit code and log, once, until it is corrected", async () => {
    const failing = (script: string) =>
      program("a", `new mags.Run("failing", { script: ${JSON.stringify(script)}, job: box });`);
    the.project.write(failing("echo x >> ~/tries; echo no such table; exit 3"));
    for (let time = 1; time <= 2; time++) {
      const { code, output } = await the.project.up();
      expect(code).not.toBe(0);
      expect(output).toMatch(/"dev-failing-\w+" ended with exit code 3.*change triggers/s);
      expect(output).toContain("no such table");
    }
    expectSuccess(await the.project.refresh());
    expect((await the.project.preview("--expect-no-changes")).code).not.toBe(0);
    expect(await inVm(the, /box/, "cat ~/tries")).toBe("x\n");
    the.project.write(failing("echo corrected"));
    expectSuccess(await the.project.up());
    expect((await the.project.resource("Run", "failing")).outputs).toMatchObject({ logTail: "corrected" });
    expectSuccess(await the.project.up("--expect-no-changes"));
  });

  it("carries out what reads files and writes a hundred megabytes", async () => {
    writeFileSync(join(the.project.folder, "rows.csv"), "1,2\n");
    the.project.write(
      program(
        "a",
        `new mags.Run("large", {
          script: "cat \${MAGS_UPLOADS:-/uploads}/rows.csv; yes 0123456789 | head -c 100000000; echo; echo the end",
          files: { "rows.csv": "rows.csv" },
        });`,
      ),
    );
    expectSuccess(await the.project.up());
    expect((await the.project.resource("Run", "large")).outputs).toMatchObject({
      exitCode: 0,
      logTail: expect.stringMatching(/^(0123456789\n)+\n?.*the end$/s),
    });
    writeFileSync(join(the.project.folder, "rows.csv"), "3,4\n");
    the.mutations();
    expectSuccess(await the.project.up());
    expect(the.mutations()).toEqual(["POST /mags-files", "POST /mags-jobs"]);
  });

  it("keeps secrets and a secret log out of the state, the output and the errors", async () => {
    the.project.write(
      program(
        "a",
        `new mags.Run("masked", { script: 'echo "with $KEY"; exit 1', secrets: { KEY: "hunter2-plain" }, job: box });
         new mags.Run("sealed", { script: pulumi.secret("echo sealed-words; exit 1"), job: box });
         new mags.Run("kept", { script: pulumi.secret("echo kept-words"), job: box });`,
      ),
    );
    const { output } = await the.project.up("--continue-on-error");
    expect(output).toContain("with [secret]");
    expect(output).toContain("Its log is secret");
    for (const text of [output, the.project.stateText()]) {
      expect(text).not.toContain("hunter2-plain");
      expect(text).not.toMatch(/(sealed|kept)-words/);
    }
    expectSuccess(await the.project.refresh());
    expect(the.project.stateText()).not.toMatch(/(sealed|kept)-words/);
    const { output: opened } = await the.project.pulumi("stack", "export", "--show-secrets");
    expect(opened).toMatch(/logTail[^}]*kept-words/);
    expect(opened).toMatch(/logTail[^}]*sealed-words/);
  });

  it("is replaced on demand without being repeated, and destroyed without a trace in the cloud", async () => {
    the.project.write(program("a"));
    const { urn } = await the.project.resource("Run", "inside");
    expectSuccess(await the.project.up("--replace", urn));
    expect(await inVm(the, /box/, "cat ~/ledger")).toBe("a\nb\n");
    expectSuccess(await the.project.destroy());
    expect(active(the)).toEqual([]);
    expect(the.emulator.snapshot().workspaces).toEqual([]);
  });
});

/** Waits in the VM until it is told to go on. */
const HELD = "echo x >> ~/ledger; until [ -e ~/go ]; do sleep 0.05; done; wc -l < ~/ledger";

const PLACES = [
  {
    where: "inside a job",
    program: `const box = new mags.Job("box", { workspace: data }); exports.log = new mags.Run("held", { script, job: box }).logTail;`,
    vm: /^dev-box-/,
  },
  {
    where: "on a workspace",
    program: `exports.log = new mags.Run("held", { script, workspace: data }).logTail;`,
    vm: /^dev-held-\w{13}-\w{12}$/,
  },
  {
    where: "in a VM of its own",
    program: `exports.log = new mags.Run("held", { script }).logTail;`,
    vm: /^dev-held-\w{13}-\w{12}$/,
  },
];

describe.each(PLACES)("a SIGKILL in the middle of a run $where", ({ program: body, vm }) => {
  it.each(["cli", "host"])(
    "(%s): the next up goes on with it, and it is carried out once",
    async (victim) => {
      const the = await harness(
        {
          program: `const data = new mags.Workspace("data", { deletionProtection: false });
          const script = ${JSON.stringify(HELD)}; ${body}`,
        },
        { execute: "process" },
      );
      try {
        the.project.setConfig("mags:namespace", "e2e");
        const { child, done } = await the.project.start("up", "--yes", "--skip-preview", "--non-interactive");
        await waitUntil(
          async () =>
            active(the).some(({ name, vmId }) => vm.test(String(name)) && vmId !== undefined) &&
            (await inVm(the, vm, "cat ~/ledger")) !== "",
          90_000,
        );
        const hosts = providerHostsOf(child.pid!);
        for (const pid of victim === "cli" ? [child.pid!, ...hosts] : hosts) process.kill(pid, "SIGKILL");
        expect((await done).code).not.toBe(0);
        if (victim === "cli") expectSuccess(await the.project.pulumi("cancel", "--yes"));
        const second = await the.project.start("up", "--yes", "--skip-preview", "--non-interactive");
        // It is being waited for when it goes on.
        the.emulator.clearCalls();
        await waitUntil(() => the.emulator.calls().some(({ route }) => /status|exec/.test(route)), 90_000);
        await inVm(the, vm, "touch ~/go");
        expectSuccess(await second.done);
        expect(String((await the.project.outputs()).log).trim()).toBe("1");
        expectSuccess(await the.project.up("--expect-no-changes"));
        expectSuccess(await the.project.destroy());
        expect(active(the)).toEqual([]);
      } finally {
        await the.stop();
      }
    },
  );
});
