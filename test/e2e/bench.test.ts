import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { itIf } from "../support/skip";
import { isAtWork, processesBelow } from "./support/processes";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

const root = join(__dirname, "..", "..");

/** How much is known of one contestant in one phase. */
interface Row {
  phase: string;
  contestant: string;
  resources: number;
  latency: number;
  milliseconds: number[];
  calls: Record<string, number>;
}

/** Starts the benchmark as npm does, with what it says on either stream. */
function bench(...args: string[]) {
  const child = spawn(process.execPath, [join(root, "scripts", "bench.mjs"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const done = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, said, done };
}

/** State folders of a run of the benchmark. */
function foldersOf(pid: number): string[] {
  const folder = join(root, ".mags", "bench");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.includes(`-${pid}-`)) : [];
}

describe("npm run bench", () => {
  it("prints JSON alone, with every contestant in every phase and the calls that each has to make", async () => {
    const who = ["resources", "deploy", "floor", "dynamic"];
    const { child, said, done } = bench(
      ...["--fleet", "--sizes", "3", "--latencies", "0", "--rounds", "1", "--json"],
      ...["--only", who.join(",")],
    );
    expect([await done, said.stderr]).toEqual([0, expect.stringContaining("fleets of 3 at 0 ms per call")]);
    const report = JSON.parse(said.stdout) as {
      fleet: { records: Row[]; states: { contestant: string; bytes: number }[] };
      results: { name: string; value?: number; met: boolean }[];
    };
    const find = (phase: string, contestant: string) =>
      report.fleet.records.find((row) => row.phase === phase && row.contestant === contestant)!;
    const phases = [
      "first-up",
      "first-up-without-checkpoints",
      "no-op-up",
      "change-one",
      "refresh",
      "destroy",
    ];
    for (const phase of phases) {
      for (const contestant of who) {
        const { milliseconds, ...row } = find(phase, contestant);
        expect(row).toMatchObject({ resources: 3, phase, contestant });
        expect(milliseconds).toEqual([expect.any(Number)]);
      }
      expect(find(phase, "floor").calls).toEqual({});
    }
    for (const contestant of who.filter((one) => one !== "floor")) {
      for (const phase of phases.slice(0, 2))
        expect(find(phase, contestant).calls).toMatchObject({ "POST /mags-jobs": 3 });
      expect(find("no-op-up", contestant).calls).toEqual({});
      expect(find("change-one", contestant).calls).toMatchObject({ "PATCH /mags-jobs/{id}": 1 });
      expect(find("destroy", contestant).calls).toMatchObject({ "POST /mags-jobs/{id}/stop": 3 });
    }
    expect(find("refresh", "dynamic").calls).toEqual({ "GET /mags-jobs/{id}/status": 3 });
    expect(report.fleet.states.map(({ contestant }) => contestant)).toEqual(who);
    for (const { bytes } of report.fleet.states) expect(bytes).toBeGreaterThan(1000);
    // Terraform was not asked for: what is beside it is absent, with the reason.
    expect(report.results).toContainEqual({
      name: "Refresh, against Terraform",
      how: "without terraform",
    });
    expect(report.results.filter(({ value }) => value !== undefined).length).toBeGreaterThan(8);
    expect(foldersOf(child.pid!)).toEqual([]);
  });

  itIf(process.platform === "linux", "finds processes by /proc")(
    "leaves no process and no folder when it is interrupted",
    async () => {
      const { child, said, done } = bench("--fleet", "--sizes", "300", "--only", "floor", "--json");
      const below = (text: string) => processesBelow(child.pid!, text);
      // Amid an update: the engine, and the host that it puts into a process group of its own, are at work.
      let started: number[] = [];
      await waitUntil(() => {
        const [hosts, emulators] = [below("dynamic-provider"), below("emulator-process.mjs")];
        started = [...hosts, ...emulators];
        return hosts.length > 0 && emulators.length > 0;
      }, 300_000);
      expect(foldersOf(child.pid!)).toHaveLength(1);
      child.kill("SIGINT");
      expect(await done).toBe(130);
      expect(said.stdout).toBe("");
      expect(foldersOf(child.pid!)).toEqual([]);
      expect(started.filter(isAtWork)).toEqual([]);
    },
  );
});
