import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  aloneScript,
  deliverCommands,
  lookCommand,
  parseRunRecord,
  readAloneLog,
  startCommand,
  stopCommand,
  type RunRecord,
} from "../../../../provider/lifecycle/runs/shell";

const NAME = "migrate";
const ID = "migrate-0123456789ab";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "mags-run-"));
});
afterEach(() => {
  sh(stopCommand(ID));
  rmSync(home, { recursive: true, force: true });
});

const inHome = (...parts: string[]) => join(home, ...parts);
const text = (...parts: string[]) => readFileSync(inHome(...parts), "utf8");
const recorded = (...parts: string[]) => inHome(".mags-runs", ID, ...parts);

/** Runs a command as exec does. */
function sh(command: string, env: Record<string, string> = {}): { status: number | null; stdout: string } {
  return spawnSync("/bin/sh", ["-c", command], {
    env: { PATH: process.env.PATH, HOME: home, ...env },
    encoding: "utf8",
    timeout: 20_000,
  });
}

const look = (): RunRecord | undefined => parseRunRecord(sh(lookCommand(ID)).stdout);

function deliver(script: string, stamp = "vm-1"): void {
  for (const command of deliverCommands(ID, script, stamp)) expect(sh(command).status).toBe(0);
}

function start(environment: Record<string, string> = {}): RunRecord | undefined {
  return parseRunRecord(sh(startCommand(NAME, ID, environment)).stdout);
}

async function waitFor(condition: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error("the condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Carries a script out inside a VM, from its delivery to its end. */
async function carryOut(script: string, environment: Record<string, string> = {}): Promise<RunRecord> {
  deliver(script);
  let record = start(environment);
  await waitFor(() => (record = look())?.state !== "running");
  return record!;
}

describe("inside a VM", () => {
  it("goes from absent to ready to running to done, with exit code and the end of the output", async () => {
    expect(look()).toEqual({ state: "absent" });
    deliver("echo hello; echo problem >&2; while [ ! -e go ]; do sleep 0.01; done; exit 3", "vm-7");
    expect(look()).toEqual({ state: "ready", stamp: "vm-7" });
    expect(start()).toEqual({ state: "running" });
    expect(look()).toEqual({ state: "running" });
    writeFileSync(inHome("go"), "");
    await waitFor(() => look()?.state === "done");
    expect(look()).toEqual({ state: "done", exitCode: 3, logTail: "hello\nproblem" });
  });

  it("runs in the home folder, with the environment that it was given, and none of the wrapper's", async () => {
    const environment = { d: "x", mode: 'it\'s "quoted" $HOME', EMPTY: "", r: "1", n: "2", c: "3", p: "4" };
    await carryOut("pwd > here; env > env", environment);
    expect(text("here").trim()).toBe(sh("cd && pwd -P").stdout.trim());
    const seen = text("env").split("\n");
    for (const [name, value] of Object.entries(environment)) expect(seen).toContain(`${name}=${value}`);
  });

  it("finds its way also when the environment names another home", async () => {
    mkdirSync(inHome("other"));
    const record = await carryOut("echo there > here", { HOME: inHome("other") });
    expect(record).toMatchObject({ state: "done", exitCode: 0 });
    expect(text("other", "here")).toBe("there\n");
  });

  it("is started once, however often and in whatever order the commands come", async () => {
    const script = "echo x >> count";
    await carryOut(script);
    deliver(script);
    start();
    deliver("echo y >> count");
    expect(start()).toMatchObject({ state: "done" });
    expect(text("count")).toBe("x\n");
  });

  it("is started once when many start it at the same time", async () => {
    deliver("echo x >> count; sleep 0.2");
    const at = Array.from({ length: 8 }, () => `(${startCommand(NAME, ID, {})}) > /dev/null &`).join("\n");
    sh(`${at}\nwait`);
    await waitFor(() => look()?.state === "done");
    expect(text("count")).toBe("x\n");
  });

  it("does not end with the command that starts it, nor with its process group", async () => {
    deliver("while [ ! -e go ]; do sleep 0.01; done");
    // As exec does: the group is killed when the command is over.
    sh(`setsid /bin/sh -c '(${startCommand(NAME, ID, {}).replaceAll("'", `'\\''`)}); kill -9 0'`);
    expect(look()).toEqual({ state: "running" });
    writeFileSync(inHome("go"), "");
    await waitFor(() => look()?.state === "done");
  });

  it("is lost when its processes are killed, and is not started again", async () => {
    deliver("echo x >> count; echo said; sleep 60");
    start();
    await waitFor(() => existsSync(inHome("count")));
    sh(`kill -KILL "-$(cat ${recorded("pid")})"`);
    await waitFor(() => look()?.state === "lost");
    expect(look()).toEqual({ state: "lost", logTail: "said" });
    expect(start()).toMatchObject({ state: "lost" });
    expect(text("count")).toBe("x\n");
  });

  it("is lost where another process has its pid now", async () => {
    deliver("sleep 60");
    start();
    sh(`kill -KILL "-$(cat ${recorded("pid")})"`);
    writeFileSync(recorded("pid"), `${process.pid}\n`);
    expect(look()).toMatchObject({ state: "lost" });
  });

  it("is stopped with all its processes, has a moment to end, and stays stopped", async () => {
    deliver("trap 'echo bye > bye; exit 9' TERM; sleep 60 & echo $! > child; while :; do sleep 0.05; done");
    start();
    await waitFor(() => existsSync(inHome("child")) && text("child") !== "");
    sh(stopCommand(ID));
    await waitFor(() => look()?.state === "stopped");
    expect(text("bye")).toBe("bye\n");
    expect(() => process.kill(Number(text("child")), 0)).toThrow(/ESRCH/);
    expect(start()).toMatchObject({ state: "stopped" });
  });

  it("stops another run of its name before it starts, and none of another name", async () => {
    const [other, foreign] = ["migrate-abcdefghijkl", "migrate2-abcdefghijkl"];
    for (const id of [other, foreign]) {
      const [name] = id.split("-");
      for (const command of deliverCommands(id, `echo $$ > ${id}; sleep 60`, "vm-1")) sh(command);
      sh(startCommand(name!, id, {}));
      await waitFor(() => existsSync(inHome(id)) && text(id) !== "");
    }
    expect(await carryOut("true")).toMatchObject({ state: "done", exitCode: 0 });
    expect(parseRunRecord(sh(lookCommand(other)).stdout)).toMatchObject({ state: "stopped" });
    expect(() => process.kill(Number(text(other)), 0)).toThrow(/ESRCH/);
    expect(parseRunRecord(sh(lookCommand(foreign)).stdout)).toEqual({ state: "running" });
    sh(stopCommand(foreign));
  });

  it("is not started any more when it was stopped before", () => {
    deliver("echo x > ran");
    sh(stopCommand(ID));
    expect(start()).toMatchObject({ state: "stopped" });
    expect(existsSync(inHome("ran"))).toBe(false);
  });

  it("keeps its result when it is stopped after its end", async () => {
    await carryOut("exit 4");
    sh(stopCommand(ID));
    expect(look()).toMatchObject({ state: "done", exitCode: 4 });
  });

  it("keeps neither script nor environment nor its whole output", async () => {
    await carryOut("echo said; : a-secret-in-the-script", { KEY: "a-secret-in-the-environment" });
    expect(readdirSync(recorded()).sort()).toEqual(["begun", "exit-code", "log-tail", "pid", "started"]);
    const kept = ["begun", "exit-code", "log-tail", "pid"].map((name) =>
      readFileSync(recorded(name), "utf8"),
    );
    expect(kept.join()).not.toMatch(/a-secret/);
  });
});

describe("the output", () => {
  it("of a hundred megabytes is read to its end, of which the last lines are kept", async () => {
    const record = await carryOut("yes 0123456789abcdef | head -c 100000000; echo; echo the end");
    expect(record).toMatchObject({ state: "done", exitCode: 0 });
    const lines = record.state === "done" ? record.logTail.split("\n") : [];
    expect(lines).toHaveLength(50);
    expect(lines.at(-1)).toBe("the end");
    expect(lines[0]).toBe("0123456789abcdef");
  });

  it("that comes a line at a time keeps its last fifty, also across the pieces it is read in", async () => {
    const record = await carryOut("i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo line $i; done");
    const lines = record.state === "done" ? record.logTail.split("\n") : [];
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([50, "line 951", "line 1000"]);
  });

  it("without an end of line is cut at its bytes", async () => {
    const record = await carryOut("head -c 3000000 /dev/zero | tr '\\0' x");
    expect(record.state === "done" && record.logTail.length).toBe(16 * 1024);
  });

  it("held open by what the script leaves behind does not keep it from ending, nor ends what was left", async () => {
    const begun = Date.now();
    const record = await carryOut(
      "(while :; do echo tick; echo $$ >> ticks; sleep 0.05; done) & echo $! > pid; echo started",
    );
    expect(record).toMatchObject({ state: "done", exitCode: 0 });
    expect(Date.now() - begun).toBeLessThan(15_000);
    const before = text("ticks").length;
    await waitFor(() => text("ticks").length > before);
    process.kill(Number(text("pid")));
  });
});

describe("the script arrives byte for byte", () => {
  const cases: [string, string, string][] = [
    [
      "quotes and expansions",
      "cat > out <<'X'\n$HOME `id` \"a\" 'b' \\n \\\\ $(exit 3) ${x} %s\nX",
      "$HOME `id` \"a\" 'b' \\n \\\\ $(exit 3) ${x} %s\n",
    ],
    ["non-ASCII", "printf '%s' 'ü 漢 🚀' > out", "ü 漢 🚀"],
    ["no line end", "printf a > out", "a"],
    ["many line ends", "printf a > out\n\n\n", "a"],
    ["a leading dash", "-x 2>/dev/null; printf a > out", "a"],
  ];

  it.each(cases)("%s, inside a VM", async (_name, script, expected) => {
    expect(await carryOut(script)).toMatchObject({ state: "done", exitCode: 0 });
    expect(text("out")).toBe(expected);
  });

  it.each(cases)("%s, in a VM of its own", (_name, script, expected) => {
    expect(runAlone(script).status).toBe(0);
    expect(text("out")).toBe(expected);
  });

  it("in pieces that a kernel takes as commands, however long it is", async () => {
    const script = `: '${"🚀'\\''".repeat(30_000)}'\nprintf a > out`;
    const commands = deliverCommands(ID, script, "vm-1");
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) expect(Buffer.byteLength(command)).toBeLessThan(128 * 1024);
    expect(await carryOut(script)).toMatchObject({ state: "done", exitCode: 0 });
    expect(text("out")).toBe("a");
  });

  it("with a #! line that picks the interpreter", async () => {
    const interpreter = inHome("interpreter");
    writeFileSync(interpreter, '#!/bin/sh\necho "interpreted" > "$HOME/out"\n');
    chmodSync(interpreter, 0o755);
    expect(await carryOut(`#!${interpreter}\nthis is no shell script`)).toMatchObject({ exitCode: 0 });
    expect(text("out")).toBe("interpreted\n");
  });

  it("with an empty standard input", async () => {
    expect(await carryOut("cat > input; [ -s input ] && exit 9; read answer || exit 5")).toMatchObject({
      exitCode: 5,
    });
  });

  it.each([
    ["a signal", "kill -9 $$", 137],
    ["a missing command", "no-such-command-here", 127],
    ["broken syntax", "if then fi (", 2],
  ])("and %s is an exit code", async (_name, script, exitCode) => {
    expect(await carryOut(script)).toMatchObject({ state: "done", exitCode });
    expect(runAlone(script).status).toBe(exitCode);
  });
});

/** Runs the script of a VM of its own, as the VM does. */
function runAlone(script: string): { status: number | null; lines: string[] } {
  const file = inHome("vm-script");
  writeFileSync(file, aloneScript(ID, script));
  const { status, stdout } = spawnSync("/bin/sh", [file], {
    env: { PATH: process.env.PATH, HOME: home },
    encoding: "utf8",
    timeout: 30_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, lines: stdout.split("\n") };
}

describe("in a VM of its own", () => {
  it("shows its output between two lines of ours, and ends with the script's exit code", () => {
    const { status, lines } = runAlone("echo hello; echo problem >&2; exit 3");
    expect(status).toBe(3);
    expect(lines).toEqual([`mags-run ${ID}: begun`, "hello", "problem", `mags-run ${ID}: exit code 3`, ""]);
    expect(readAloneLog(ID, lines)).toEqual({ begun: true, exitCode: 3, logTail: "hello\nproblem" });
  });

  it("shows the first megabyte of a hundred, and the last lines", () => {
    const { status, lines } = runAlone("yes 0123456789abcdef | head -c 100000000; echo; echo the end");
    expect(status).toBe(0);
    const size = lines.join("\n").length;
    expect(size).toBeGreaterThan(1024 * 1024);
    expect(size).toBeLessThan(3 * 1024 * 1024);
    const { exitCode, logTail } = readAloneLog(ID, lines);
    expect(exitCode).toBe(0);
    expect(logTail.split("\n")).toHaveLength(50);
    expect(logTail).toMatch(/the end$/);
  });

  it("says no word of a cut where there is none", () => {
    expect(runAlone("head -c 1000000 /dev/zero | tr '\\0' 'x'").lines.join()).not.toMatch(/more than/);
  });

  it("a log that begins or ends in the middle proves what it can", () => {
    const begin = `mags-run ${ID}: begun`;
    const end = `mags-run ${ID}: exit code 0`;
    expect(readAloneLog(ID, [])).toEqual({ begun: false, exitCode: undefined, logTail: "" });
    expect(readAloneLog(ID, ["VM started"])).toMatchObject({ begun: false, logTail: "VM started" });
    expect(readAloneLog(ID, ["VM started", begin, "one"])).toEqual({
      begun: true,
      exitCode: undefined,
      logTail: "one",
    });
    expect(readAloneLog(ID, ["rest", end, "job completed"])).toEqual({
      begun: true,
      exitCode: 0,
      logTail: "rest",
    });
    expect(readAloneLog(ID, [`${begin}\none\n${end}`])).toMatchObject({ exitCode: 0, logTail: "one" });
  });
});

it("parseRunRecord understands nothing else", () => {
  expect(parseRunRecord("")).toBeUndefined();
  expect(parseRunRecord("done")).toBeUndefined();
  expect(parseRunRecord("done x\n")).toBeUndefined();
  expect(parseRunRecord("sh: not found")).toBeUndefined();
  expect(parseRunRecord("done 0\n")).toEqual({ state: "done", exitCode: 0, logTail: "" });
});
