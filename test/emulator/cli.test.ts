import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { ROUTES } from "../../emulator";
import { compile } from "../support/compiled";
import type { Compiled } from "../support/compiled";
import { call, exec, processesWith, ready, submit, until } from "./support";

/** A number that no other run uses, so that processes are told apart. */
const MARK = `8${String(process.pid).padStart(7, "0")}`;
const CLI = `const { Command } = require("commander");
  const { emulatorCommand } = require(process.env.EMULATOR_COMMAND);
  new Command("mags-iac").addCommand(emulatorCommand()).parseAsync(process.argv.slice(1), { from: "user" })
    .catch((error) => { console.error(error.message); process.exitCode = 1; });`;

interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Resolves with the exit code, or the signal. */
  ended: Promise<number | string | null>;
}

const runs = new Set<ChildProcess>();
let compiled: Compiled;

beforeAll(() => {
  compiled = compile();
});

afterAll(() => compiled.remove());

afterEach(() => {
  for (const child of runs) child.kill("SIGKILL");
  runs.clear();
});

/** What may stand between a test and the command: both end at once when they are killed, and pass nothing on. */
const BETWEEN = {
  parent: [
    process.execPath,
    "-e",
    `require("node:child_process").spawn(process.argv[1], process.argv.slice(2), { stdio: "inherit" });`,
  ],
  /** As npm does it: a shell in between, which would wait although npm is gone. */
  npm: [
    process.execPath,
    "-e",
    `require("node:child_process").spawn("/bin/sh", ["-c", '"$@"; true', "sh", ...process.argv.slice(1)], {
      stdio: "inherit", env: { ...process.env, npm_lifecycle_event: "emulator" } });`,
  ],
};

/** Runs the command, under a parent of some kind or at once. */
function run(args: string[], under?: keyof typeof BETWEEN): Run {
  const own = [process.execPath, "-e", CLI, "emulator", ...args];
  const command = under === undefined ? own : [...BETWEEN[under], ...own];
  const env: NodeJS.ProcessEnv = { ...compiled.env, EMULATOR_COMMAND: compiled.path("cli/emulator") };
  // These tests may be run by npm themselves.
  delete env.npm_lifecycle_event;
  const child = spawn(command[0] ?? "", command.slice(1), {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  runs.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const ended = new Promise<number | string | null>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal)),
  );
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

interface Line {
  url: string;
  token: string;
  tokens: string[];
  adminUrl: string;
  adminToken: string;
  port: number;
  pid: number;
}

async function started(given: Run): Promise<Line> {
  const line = await until(
    "the line of JSON",
    () => given.stdout().split("\n")[1] !== undefined && given.stdout(),
    30_000,
  );
  return JSON.parse(line) as Line;
}

/** Where an emulator says it is. */
function addressIn(text: string): { url: string; token: string } {
  const [, url = ""] = /MAGS_API_URL=(\S+)/.exec(text) ?? [];
  const [, token = ""] = /MAGS_API_TOKEN=(\S+)/.exec(text) ?? [];
  return { url, token };
}

describe("mags-iac emulator exec", () => {
  test("runs a command against an emulator of its own, wherever the flags stand, and ends with its code", async () => {
    const script = `fetch(process.env.MAGS_API_URL + "/api/v1/mags-workspaces", {
        headers: { authorization: "Bearer " + process.env.MAGS_API_TOKEN } })
      .then((answer) => answer.text()).then((text) => { console.log(text, process.argv[1]); process.exitCode = 7; })`;
    const command = ["--", process.execPath, "-e", script, "--", "--json"];
    for (const args of [
      ["exec", "--execute", "simulate", ...command],
      ["--execute", "simulate", "exec", ...command],
    ]) {
      const given = run(args);
      expect(await given.ended).toBe(7);
      expect(given.stdout()).toBe('{"workspaces":[],"total":0} --json\n');
      expect(given.stderr()).toContain("simulated");
    }
  });

  test("a command that is not there is told by its name, and one that was killed by its code", async () => {
    const missing = run(["exec", "--execute", "simulate", "--", "no-such-command"]);
    expect(await missing.ended).toBe(1);
    expect(missing.stderr()).toContain("The command no-such-command was not found.");
    const killed = run(["exec", "--execute", "simulate", "--", "sh", "-c", "kill -9 $$"]);
    expect(await killed.ended).toBe(137);
  });

  test("a signal ends the command first, and then everything", async () => {
    const script = `trap 'echo ended; exit 9' TERM
      echo "MAGS_API_URL=$MAGS_API_URL MAGS_API_TOKEN=$MAGS_API_TOKEN"; while :; do sleep 0.05; done`;
    const given = run(["exec", "--", "sh", "-c", script]);
    await until("the command runs", () => given.stdout().includes("MAGS_API_TOKEN="), 30_000);
    const line = addressIn(given.stdout());
    const id = await submit(line, { script: `sleep ${MARK}2`, persistent: true });
    await ready(line, id);
    given.child.kill("SIGTERM");
    expect(await given.ended).toBe(9);
    expect(given.stdout()).toContain("ended");
    expect(await processesWith(`${MARK}2`)).toEqual([]);
  });
});

describe("mags-iac emulator", () => {
  test("--json prints one line when it is ready, and SIGTERM ends everything with 0", async () => {
    const given = run(["--port", "0", "--json", "--accounts", "2"]);
    const line = await started(given);
    expect(line).toEqual(
      expect.objectContaining({
        url: `http://127.0.0.1:${line.port}`,
        token: line.tokens[0],
        adminUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        adminToken: expect.any(String),
        pid: given.child.pid,
      }),
    );
    expect(line.tokens).toHaveLength(2);
    const id = await submit(line, { script: `sleep ${MARK}1`, persistent: true });
    await ready(line, id);
    expect((await exec(line, id, "echo up")).stdout).toBe("up\n");
    given.child.kill("SIGTERM");
    expect(await given.ended).toBe(0);
    expect(given.stdout().trim().split("\n")).toHaveLength(1);
    expect(given.stderr()).toContain("with your own rights");
    expect(await processesWith(`${MARK}1`)).toEqual([]);
  });

  test("with --json it ends when its parent is gone", async () => {
    const given = run(["--json", "--execute", "simulate"], "parent");
    const { url, token } = await started(given);
    expect((await call({ url, token }, "GET", "/v1/mags-jobs")).status).toBe(200);
    given.child.kill("SIGKILL");
    // The pipes of its output are closed by the last process that holds them.
    expect(await given.ended).toBe("SIGKILL");
    expect(given.stderr()).toContain("the parent process is gone");
  });

  test.each(["SIGTERM", "SIGKILL"] as const)("it ends when the npm that runs it gets %s", async (signal) => {
    const given = run(["--execute", "simulate"], "npm");
    await until("the message", () => given.stdout().includes("Ctrl-C"), 30_000);
    given.child.kill(signal);
    expect(await given.ended).toBe(signal);
    expect(given.stderr()).toContain("the parent process is gone");
  });

  test("without npm and --json it outlives its parent, as what is put into the background does", async () => {
    const given = run(["--execute", "simulate"], "parent");
    await until("the message", () => given.stdout().includes("Ctrl-C"), 30_000);
    const address = addressIn(given.stdout());
    const [pid = 0] = (await processesWith(compiled.path("cli/emulator"))).filter(
      (other) => other !== given.child.pid,
    );
    const watchful = run(["--json", "--execute", "simulate"], "parent");
    await started(watchful);
    given.child.kill("SIGKILL");
    watchful.child.kill("SIGKILL");
    // By then this one would have noticed, too.
    await watchful.ended;
    expect((await call(address, "GET", "/v1/mags-jobs")).status).toBe(200);
    process.kill(pid, "SIGTERM");
    expect(await given.ended).toBe("SIGKILL");
    expect(given.stderr()).toContain("received SIGTERM");
  });

  test("for people it says how to use it, and with whose rights scripts run", async () => {
    const given = run(["--execute", "process", "--token", "my-token"]);
    await until("the message", () => given.stdout().includes("Ctrl-C"), 30_000);
    expect(given.stdout()).toContain("export MAGS_API_TOKEN=my-token");
    expect(given.stdout()).toContain("with your own rights");
    given.child.kill("SIGINT");
    expect(await given.ended).toBe(0);
  });

  test("routes lists every route with its evidence, and faults every kind", async () => {
    const routes = run(["routes"]);
    expect(await routes.ended).toBe(0);
    for (const route of ROUTES) expect(routes.stdout()).toContain(`| ${route.method} | \`${route.path}\` |`);
    const faults = run(["faults"]);
    expect(await faults.ended).toBe(0);
    expect(faults.stdout()).toContain("rate-limit");
  });

  test("a reader that stops reading early is no error", async () => {
    const given = run(["routes"]);
    given.child.stdout?.destroy();
    expect(await given.ended).toBe(0);
    expect(given.stderr()).toBe("");
  });

  test("wrong options are told in one line", async () => {
    for (const [args, text] of [
      [["--port", "many"], "whole number"],
      [["--fault", "nothing"], "kind"],
      [["--execute", "maybe"], "simulate"],
      [["--prot", "1"], "Did you mean --port"],
      [["rutes"], "unknown command 'rutes'"],
      [["--fault", "slow,delay=3"], "delayMs"],
      [["--data", "/proc/nothing"], "Choose a folder"],
    ] as const) {
      const given = run([...args]);
      expect(await given.ended).not.toBe(0);
      expect(given.stderr()).toContain(text);
      expect(given.stderr()).not.toContain("    at ");
    }
  });
});
