import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { start, stopAll } from "../../emulator/support";
import { callScript } from "../../scripts/call";
import { itIf } from "../../support/skip";

const CONTESTANT = "../bench/contestants/terraform.mjs";
const STATUS = "GET /mags-jobs/{id}/status";

/** Asked before there is a test, since a test that cannot run here has to say why. It builds the provider once. */
const absent = reasonOfAbsence();

afterEach(stopAll);

itIf(absent === undefined, `no Terraform: ${absent}`)(
  "Terraform makes, reads, changes and ends jobs by the calls that the benchmark counts",
  async () => {
    const emulator = await start({ execute: "simulate", bootMs: 0, vmIdMs: 0, stopMs: 0 });
    const { url, token, adminUrl, adminToken } = emulator;
    const { calls, stateBytes } = await callScript<{
      calls: Record<string, Record<string, number>>;
      stateBytes: number;
    }>(
      CONTESTANT,
      `const admin = async (method) => {
         const headers = { authorization: ${JSON.stringify(`Bearer ${adminToken}`)} };
         return (await fetch(${JSON.stringify(`${adminUrl}/calls`)}, { method, headers })).json();
       };
       const emulator = ${JSON.stringify({ url, token })};
       const contestant = new m.TerraformContestant({ emulator, resources: 3 });
       const calls = {};
       let stateBytes;
       try {
         await contestant.init();
         for (const name of ["firstUp", "unchanged", "unchangedWithoutRefresh", "changeOne", "changeOne", "refresh"]) {
           await admin("DELETE");
           const { milliseconds } = await contestant[name]();
           if (!(milliseconds > 0)) throw new Error(name + " took no time");
           calls[name] = {};
           for (const { route } of (await admin("GET")).calls) calls[name][route] = (calls[name][route] ?? 0) + 1;
         }
         stateBytes = await contestant.stateBytes();
         await admin("DELETE");
         await contestant.destroy();
         calls.destroy = {};
         for (const { route } of (await admin("GET")).calls) calls.destroy[route] = (calls.destroy[route] ?? 0) + 1;
       } finally {
         await contestant.remove();
       }
       return { calls, stateBytes };`,
    );
    // The provider asks whether an object exists, and then reads it: two calls each, wherever it refreshes.
    expect(calls).toEqual({
      firstUp: { "POST /mags-jobs": 3 },
      unchanged: { [STATUS]: 6 },
      unchangedWithoutRefresh: {},
      changeOne: { [STATUS]: 7, "PATCH /mags-jobs/{id}": 1 },
      refresh: { [STATUS]: 6 },
      destroy: { [STATUS]: 6, "POST /mags-jobs/{id}/stop": 3 },
    });
    expect(stateBytes).toBeGreaterThan(3_000);
    expect(
      emulator.snapshot().jobs.map(({ name, startupCommand, status }) => [name, startupCommand, status]),
    ).toEqual(
      expect.arrayContaining([
        ["vm-0", "echo 0", "completed"],
        ["vm-1", "echo 2", "completed"],
        ["vm-2", "echo 0", "completed"],
      ]),
    );
  },
);

function reasonOfAbsence(): string | undefined {
  const url = pathToFileURL(path.join(__dirname, "../../../bench/contestants/terraform.mjs")).href;
  const code = `const { TerraformContestant } = await import(${JSON.stringify(url)});
    const log = { line() {}, progress() {} };
    process.stdout.write(JSON.stringify((await TerraformContestant.absent(log)) ?? null));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`whether there is a Terraform could not be found out: ${stderr}`);
  return (JSON.parse(stdout) as string | null) ?? undefined;
}
