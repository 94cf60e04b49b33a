import { rmSync } from "node:fs";
import { join } from "node:path";
import { ref, type Program } from "../../support/engine-model";
import { succeed } from "../support/points";
import { reasons, rulesCase } from "../support/rules";

const the = rulesCase();

describe("Workspace", () => {
  const data = (args: object): Program => [
    { name: "data", kind: "Workspace", args: { deletionProtection: false, ...args } },
  ];

  it("shows the exit code and the log of a failed setup, keeps what there is, and runs it again", async () => {
    const failed = await the.engine.up(
      data({ setup: "echo first >> runs; echo cannot reach the mirror; exit 7" }),
    );
    expect(reasons(failed)).toMatch(/ended with exit code 7.*cannot reach the mirror/s);
    const id = the.engine.entry("data").id;
    expect(the.engine.entry("data").outputs).toMatchObject({ notReady: expect.any(String) });
    expect(the.active()).toEqual([]);
    await succeed(the.engine.up(data({ setup: "echo second >> runs" })), "up");
    expect(the.account.files(id)).toMatchObject({ runs: "first\nsecond\n" });
    expect((await succeed(the.engine.up(data({ setup: "echo second >> runs" })), "second up")).steps).toEqual(
      [],
    );
  });

  it("whose record cannot be read is unfinished, with the end of its log, and is looked at again", async () => {
    const program = data({ setup: "echo ran >> runs; echo the last line" });
    the.cloud().hook = (command) =>
      command.includes("exit-code") && command.startsWith("d=") && !command.includes("mkfifo")
        ? { exitCode: 1, stdout: "", stderr: "read error" }
        : undefined;
    expect(reasons(await the.engine.up(program))).toMatch(
      /Whether the setup of workspace ".*" succeeded could not be found out.*the last line/s,
    );
    the.cloud().hook = undefined;
    await succeed(the.engine.up(program), "up again");
    expect(the.account.files(the.engine.entry("data").id)).toMatchObject({ runs: "ran\n" });
    expect(the.active()).toEqual([]);
  });

  it("runs no setup again for an edit, and says so", async () => {
    await succeed(the.engine.up(data({ setup: "echo once >> runs" })), "up");
    the.cloud().emulator.clearCalls();
    await succeed(the.engine.up(data({ setup: "echo twice >> runs" })), "edit");
    expect(the.mutations()).toEqual([]);
    expect(the.said()).toMatch(/was edited.*does not run again/s);
    expect(the.account.files(the.engine.entry("data").id)).toMatchObject({ runs: "once\n" });
  });

  it("does not run a setup that was begun and never finished over what it left", async () => {
    const program = data({ setup: "echo once >> runs" });
    await succeed(the.engine.up(program), "up");
    const { id } = the.engine.entry("data");
    rmSync(join(the.cloud().disk(id), ".mags-setup", "exit-code"));
    // The state is lost; the namespace tells that the workspace is ours.
    the.engine = the.account.engine();
    expect(reasons(await the.engine.up(program))).toMatch(/was begun and never finished.*adopt: true/s);
    expect(the.account.files(id)).toMatchObject({ runs: "once\n" });
  });

  it("is deleted only when the state says that it may be", async () => {
    await succeed(the.engine.up(data({ deletionProtection: true })), "up");
    const run = await the.engine.up([]);
    expect(reasons(run)).toMatch(/protected/);
    expect(the.account.snapshot().workspaces).toHaveLength(1);
    await succeed(the.engine.up(data({})), "unprotected");
    await succeed(the.engine.up([]), "removed");
    expect(the.account.snapshot().workspaces).toEqual([]);
  });

  it("is not deleted under somebody else's job, which is named", async () => {
    await succeed(the.engine.up(data({})), "up");
    const id = the.engine.entry("data").id;
    await the.account.byHand("POST", "mags-jobs", {
      script: "sleep infinity",
      type: "inline",
      persistent: true,
      name: "guest",
      workspace_id: id,
    });
    const run = await the.engine.up([]);
    expect(reasons(run)).toMatch(/was not deleted: active on it is job "guest"/);
    expect(the.account.snapshot().workspaces).toHaveLength(1);
  });
});

describe("a job that a killed run left on a workspace", () => {
  const program = (args: object): Program => [
    { name: "data", kind: "Workspace", args: { deletionProtection: false, ...args } },
    { name: "box", kind: "Job", args: { workspaceId: ref("data", "workspaceId") } },
  ];

  it("goes with the workspace where a namespace tells that it is ours", async () => {
    the.account.doom({
      killAfter: ({ method, body }) => method === "POST" && nameOf(body).includes("-box-"),
    });
    expect((await the.engine.up(program({}))).killed).toBe(true);
    expect(the.engine.state.map(({ name }) => name)).toEqual(["data"]);
    await succeed(the.engine.destroy(), "destroy");
    expect(the.said()).toMatch(/which an interrupted run left on workspace .* is stopped/);
    expect(the.active()).toEqual([]);
    expect(the.account.snapshot().workspaces).toEqual([]);
  });

  it("is named where nothing tells, and keeps the workspace", async () => {
    the.account.configure({ "mags:namespace": "" });
    the.account.doom({
      killAfter: ({ method, body }) => method === "POST" && nameOf(body).includes("-box-"),
    });
    expect((await the.engine.up(program({}))).killed).toBe(true);
    expect(reasons(await the.engine.destroy())).toMatch(/was not deleted: active on it is job ".*-box-/);
    expect(the.active()).toHaveLength(1);
  });

  it("is not meant where the program still wants it", async () => {
    await succeed(the.engine.up(program({})), "up");
    const [data, box] = program({});
    // Written as a text, so that the the.engine does not know of it.
    const text = { ...box!, args: { workspaceId: the.engine.entry("data").id } };
    await succeed(the.engine.up([text, data!]), "as a text");
    expect(reasons(await the.engine.up([text, data!], ["data"]))).toMatch(
      /was not deleted: active on it is job/,
    );
    expect(the.active()).toHaveLength(1);
  });

  const nameOf = (body: unknown) => String((body as { name?: string } | undefined)?.name);
});
