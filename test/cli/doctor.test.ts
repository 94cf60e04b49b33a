import path from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { alone, type Alone } from "./alone";
import type { Project } from "./command";
import { onTerminal } from "./terminal";

let the: Alone;
let project: Project;
beforeAll(() => ({ project } = the = alone()));
afterAll(() => the.remove());

describe("mags-iac doctor on the emulator", () => {
  let emulator: Emulator;
  beforeAll(async () => (emulator = await startEmulator({ execute: "simulate" })));
  afterAll(() => emulator.stop());
  const env = () => the.environment({ MAGS_API_URL: emulator.url, MAGS_API_TOKEN: emulator.token });

  it("doctor without a project checks what it can, and says what it cannot", async () => {
    const { code, stdout, stderr } = await project.run(["doctor", "--json"], env());
    const { findings } = JSON.parse(stdout) as {
      findings: { check: string; level: string; mend?: string }[];
    };
    const levels = Object.fromEntries(findings.map(({ check, level }) => [check, level]));
    expect({ code, stderr, levels }).toEqual({
      code: 1,
      stderr: "",
      levels: {
        node: "ok",
        engine: "error",
        packages: "ok",
        endpoint: "ok",
        token: "ok",
        clock: "ok",
        project: "unchecked",
        objects: "unchecked",
      },
    });
    expect(findings.find(({ check }) => check === "engine")?.mend).toContain("get.pulumi.com");
  });

  it("doctor says the same on a terminal as in a pipe", async () => {
    const piped = await project.run(["doctor"], env());
    expect(piped.stdout).toMatch(/^ok +node +\d+\.\d+\.\d+$/m);
    expect(piped.stdout).not.toContain("\u001b");
    const session = onTerminal(`node ${the.main} doctor`, {
      cwd: project.folder,
      env: the.withNode(env()),
      rows: 60,
      columns: 100,
    });
    expect(await session.ended).toBe(1);
    expect(session.written()).toContain("\u001b[32m");
    expect(session.screen()).toEqual(piped.stdout.trimEnd().split("\n"));
  });

  it.each([
    ["no token", { MAGS_API_TOKEN: "" }, "token", /No API token/, /^export MAGS_API_TOKEN=/],
    [
      "a wrong token",
      { MAGS_API_TOKEN: "wrong" },
      "token",
      /Mags refused the API token/,
      /^export MAGS_API_TOKEN=/,
    ],
    ["a token that is none", { MAGS_API_TOKEN: "a b" }, "token", /holds spaces/, /^export MAGS_API_TOKEN=/],
    ["no server", { MAGS_API_URL: "http://127.0.0.1:1" }, "endpoint", /cannot be reached/, /^curl -v http/],
    ["no URL", { MAGS_API_URL: "mags.example" }, "endpoint", /is no URL of a Mags API/, undefined],
  ])("doctor tells %s, with what mends it, and ends with 1", async (_what, more, check, found, mend) => {
    const { code, stdout } = await project.run(["doctor", "--json"], { ...env(), ...more });
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as {
      findings: { check: string; level: string; found: string; mend?: string }[];
    };
    const finding = findings.find((one) => one.check === check && one.level === "error")!;
    expect(finding.found).toMatch(found);
    if (mend) expect(finding.mend).toMatch(mend);
    expect(stdout).not.toContain(emulator.token);
  });

  it("neither loads Pulumi, nor the emulator", async () => {
    project.write(
      "loaded.cjs",
      `process.on("exit", () => {
         const found = Object.keys(require.cache).filter((file) => /@pulumi|dist[/\\\\]emulator[/\\\\]/.test(file));
         require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify([found, Object.keys(require.cache).length]));
       });`,
    );
    const NODE_OPTIONS = `--require ${path.join(project.folder, "loaded.cjs")}`;
    for (const command of ["fleet", "doctor"]) {
      await project.run([command], {
        ...env(),
        NODE_OPTIONS,
        LOADED: path.join(project.folder, "loaded.json"),
      });
      expect(JSON.parse(project.read("loaded.json"))).toEqual([[], expect.any(Number)]);
    }
  });

  it("doctor calls nothing that changes anything", async () => {
    emulator.clearCalls();
    await project.run(["doctor"], env());
    expect(emulator.calls().filter(({ method }) => !["GET", "HEAD"].includes(method))).toEqual([]);
  });
});
