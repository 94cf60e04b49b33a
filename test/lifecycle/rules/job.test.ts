import { ref, type Program } from "../../support/engine-model";
import { succeed } from "../support/points";
import { reasons, rulesCase } from "../support/rules";

const the = rulesCase();

describe("Job", () => {
  const box = (args: Record<string, unknown>): Program => [{ name: "box", kind: "Job", args }];

  const job = (args: object): Program => [
    { name: "data", kind: "Workspace", args: { deletionProtection: false } },
    { name: "box", kind: "Job", args: { workspaceId: ref("data", "workspaceId"), ...args } },
  ];
  /** What looking at /data gives in a VM. */
  const look = (result: { exitCode: number; stdout: string }) => {
    the.cloud().hook = (command) => (command.includes("/data") ? { stderr: "", ...result } : undefined);
  };

  it.each([
    ["a restart", { environment: { A: "1" } }],
    ["a resize", { diskGb: 8 }],
  ])("%s is refused where /data holds files, naming them, unless that is allowed", async (_what, edit) => {
    await succeed(the.engine.up(job({ diskGb: 4 })), "up");
    const { requestId } = the.active()[0]!;
    look({ exitCode: 0, stdout: "models\ncache.db\n" });
    the.cloud().emulator.clearCalls();
    expect(reasons(await the.engine.up(job({ diskGb: 4, ...edit })))).toMatch(
      /disk \/data of job .* holds files \(models, cache\.db\).*Nothing was stopped.*allowDataLoss: true/s,
    );
    expect(the.mutations()).toEqual(["POST /mags-jobs/{id}/exec"]);
    expect(the.active()[0]!.requestId).toBe(requestId);
    await succeed(the.engine.up(job({ diskGb: 4, ...edit, allowDataLoss: true })), "allowed");
    expect(the.active()[0]!.requestId).not.toBe(requestId);
    expect(the.active()).toHaveLength(1);
  });

  it("a restart is refused where nobody can say what /data holds, and nothing is stopped", async () => {
    await succeed(the.engine.up(job({ diskGb: 4 })), "up");
    const { requestId } = the.active()[0]!;
    the.cloud().emulator.clearCalls();
    look({ exitCode: 127, stdout: "" });
    expect(reasons(await the.engine.up(job({ diskGb: 8 })))).toMatch(
      /Could not find out whether \/data .* exit code 127.*Nothing was stopped/s,
    );
    const route = "POST /mags-jobs/{id}/exec";
    the.cloud().emulator.inject({ kind: "error-before", status: 500, route, count: 0 });
    expect(reasons(await the.engine.up(job({ diskGb: 8 })))).toMatch(/Could not find out whether \/data/);
    expect(new Set(the.mutations())).toEqual(new Set([route]));
    expect(the.active()[0]!.requestId).toBe(requestId);
  });

  it("one whose VM never came is not asked what /data holds", async () => {
    the.cloud().emulator.inject({ kind: "boot-fails", route: "POST /mags-jobs", count: 0, skip: 1 });
    expect((await the.engine.up(job({ diskGb: 4 }))).ok).toBe(false);
    the.cloud().emulator.clearFaults();
    the.cloud().emulator.clearCalls();
    look({ exitCode: 0, stdout: "models\n" });
    await succeed(the.engine.up(job({ diskGb: 8 })), "repair");
    expect(the.mutations()).not.toContain("POST /mags-jobs/{id}/exec");
  });

  it("is not stopped where its files cannot be synced, unless that is allowed", async () => {
    await succeed(the.engine.up(job({ diskGb: 4 })), "up");
    const { requestId } = the.active()[0]!;
    the.cloud().emulator.inject({
      kind: "sync-fails",
      route: "POST /mags-jobs/{id}/sync",
      count: 0,
      account: the.account.index,
    });
    the.cloud().emulator.clearCalls();
    const unsynced = await the.engine.up(job({ diskGb: 8 }));
    expect(reasons(unsynced)).toMatch(/could not be synced.*not stopped.*allowDataLoss/s);
    expect(the.active()[0]!.requestId).toBe(requestId);
    expect(the.mutations()).not.toContain("POST /mags-jobs/{id}/stop");
    await succeed(the.engine.up(job({ diskGb: 8, allowDataLoss: true })), "allowed");
    expect(the.active()[0]!.requestId).not.toBe(requestId);
  });

  it("whose VM has vanished can be repaired and deleted", async () => {
    await succeed(the.engine.up(box({})), "up");
    await the.cloud().emulator.control.vanishVm(the.active()[0]!.requestId);
    await succeed(the.engine.up(box({ triggers: "again" })), "repair");
    expect(the.active()).toHaveLength(1);
    await the.cloud().emulator.control.vanishVm(the.active()[0]!.requestId);
    await succeed(the.engine.destroy(), "destroy");
    expect(the.active()).toEqual([]);
  });

  it("many that have ended are started again with one look at the history", async () => {
    const fleet: Program = Array.from({ length: 6 }, (_, i) => ({ name: `box${i}`, kind: "Job", args: {} }));
    await succeed(the.engine.up(fleet), "up");
    for (const { requestId } of the.active()) await the.cloud().emulator.control.endVm(requestId);
    await succeed(the.engine.refresh(), "refresh");
    the.cloud().emulator.clearCalls();
    await succeed(the.engine.up(fleet), "repair");
    expect(the.active()).toHaveLength(6);
    expect(the.account.calls().filter((route) => route === "GET /mags-jobs")).toHaveLength(1);
  });

  it("is tried once more when its VM ends at once through no fault of the script", async () => {
    the.cloud().emulator.inject({ kind: "vm-ends", route: "POST /mags-jobs", account: the.account.index });
    await succeed(the.engine.up(box({})), "up");
    expect(the.active()).toHaveLength(1);
    expect(the.mutations().filter((route) => route === "POST /mags-jobs")).toHaveLength(2);
  });

  it("its URL still leads to the main port when another one is opened", async () => {
    const http = { port: 80, otherPorts: [81] };
    await succeed(the.engine.up(box({ http })), "up");
    the.cloud().emulator.clearCalls();
    await succeed(the.engine.up(box({ http: { ...http, otherPorts: [81, 82] } })), "another port");
    const opened = the
      .cloud()
      .emulator.calls()
      .filter(({ path }) => path.endsWith("/access"));
    expect(opened.map(({ body }) => body)).toEqual([{ port: 82 }, { port: 80 }]);
  });

  it("sends everything again on a restart, and opens every port", async () => {
    const args = {
      noSleep: true,
      startupCommand: "serve",
      environment: { A: "1" },
      secrets: { B: "2" },
      rootfsType: "pi",
      idleTimeout: undefined,
      http: { port: 80, otherPorts: [81, 82] },
    };
    await succeed(the.engine.up(box(args)), "up");
    await succeed(the.engine.up(box({ ...args, script: "sleep 1000" })), "restart");
    expect(the.active()).toEqual([
      expect.objectContaining({
        noSleep: true,
        startupCommand: "serve",
        environment: { A: "1", B: "2" },
        rootfsType: "pi",
        ports: expect.arrayContaining([80, 81, 82]),
      }),
    ]);
    const { requestId } = the.active()[0]!;
    the.cloud().emulator.clearCalls();
    await succeed(
      the.engine.up(box({ ...args, script: "sleep 1000", http: { port: 90, otherPorts: [80, 81, 82] } })),
      "another port",
    );
    expect(the.mutations()).toEqual(["POST /mags-jobs/{id}/access"]);
    await succeed(the.engine.up(box({ ...args, script: "sleep 1000", http: { port: 90 } })), "fewer ports");
    expect(the.active()[0]).toMatchObject({ ports: [90] });
    expect(the.active()[0]!.requestId).not.toBe(requestId);
  });

  it("active under our explicit name with a request that we did not start is left alone", async () => {
    the.account.configure({ "mags:namespace": "" });
    await succeed(the.engine.up(box({ name: "box" })), "up");
    await the.account.stopByHand("box");
    await the.cloud().time.pass(30_000);
    await the.account.byHand("POST", "mags-jobs", {
      script: "sleep infinity",
      type: "inline",
      persistent: true,
      name: "box",
      workspace_id: "box",
      no_sync: true,
    });
    await the.cloud().time.pass(5_000);
    the.cloud().emulator.clearCalls();
    expect(reasons(await the.engine.up(box({ name: "box", script: "true; sleep 5" })))).toMatch(
      /active that this stack did not start/,
    );
    expect(the.mutations()).toEqual([]);
    await succeed(the.engine.destroy(), "destroy");
    expect(the.active()).toHaveLength(1);
  });
});
