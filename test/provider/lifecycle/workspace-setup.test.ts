import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { READ_RECORD, parseRecord, setupScript } from "../../../provider/lifecycle/workspace-setup";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "mags-setup-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const environment = () => ({ PATH: process.env.PATH, HOME: home, TMPDIR: home });
const inHome = (...parts: string[]) => join(home, ...parts);

/** Runs the wrapper as a VM would: a file given to /bin/sh. */
function run(setup: string, options: { retry?: boolean } = {}): { status: number | null; output: string } {
  const file = inHome("wrapper");
  writeFileSync(file, setupScript(setup, { retry: options.retry ?? false }));
  const { status, stdout, stderr } = spawnSync("/bin/sh", [file], {
    env: environment(),
    encoding: "utf8",
    timeout: 10_000,
  });
  return { status, output: stdout + stderr };
}

/** The record, read as the provider reads it. */
const record = () =>
  parseRecord(execFileSync("/bin/sh", ["-c", READ_RECORD], { env: environment(), encoding: "utf8" }));
const text = (...parts: string[]) => readFileSync(inHome(...parts), "utf8");

it("runs the setup in the home folder, and records that it went well", () => {
  expect(record()).toEqual({ state: "absent" });
  expect(run("pwd > here; echo hello; echo problem >&2").status).toBe(0);
  expect(text("here").trim()).toBe(
    execFileSync("/bin/sh", ["-c", "pwd -P"], { cwd: home, encoding: "utf8" }).trim(),
  );
  expect(record()).toEqual({ state: "done", exitCode: 0, logTail: "hello\nproblem" });
});

it("shows the setup's output while it runs, for the job's log", () => {
  expect(run("echo hello").output).toBe("hello\n");
});

it.each([false, true])("runs it once only, whether a retry is asked for or not (%s)", (retry) => {
  const setup = "echo x >> count";
  run(setup, { retry });
  expect(run(setup, { retry }).status).toBe(0);
  run(setup, { retry });
  expect(text("count")).toBe("x\n");
});

it("never runs an edited setup over a workspace that was set up", () => {
  run("echo one > data");
  run("echo two > data", { retry: true });
  expect(text("data")).toBe("one\n");
});

describe("a setup that fails", () => {
  const failing = "echo x >> count; echo before; exit 7";

  it("is recorded with its exit code and the end of its log, and the VM stays to be asked", () => {
    expect(run(failing).status).toBe(0);
    expect(record()).toEqual({ state: "done", exitCode: 7, logTail: "before" });
  });

  it("is not run again without the retry flag", () => {
    run(failing);
    run(failing);
    expect(text("count")).toBe("x\n");
    expect(record()).toMatchObject({ exitCode: 7 });
  });

  it("is run again with it, corrected", () => {
    run(failing);
    run("echo x >> count; echo fine", { retry: true });
    expect(text("count")).toBe("x\nx\n");
    expect(record()).toEqual({ state: "done", exitCode: 0, logTail: "fine" });
  });

  it("keeps the last fifty lines of its log", () => {
    run('i=1; while [ $i -le 120 ]; do echo "line $i"; i=$((i+1)); done; exit 1');
    const found = record();
    const lines = found?.state === "done" ? found.logTail.split("\n") : [];
    expect(lines).toHaveLength(50);
    expect([lines[0], lines[49]]).toEqual(["line 71", "line 120"]);
  });

  it.each([
    ["a signal", "kill -9 $$", 137],
    ["a missing command", "no-such-command-here", 127],
    ["broken syntax", "if then fi (", 2],
  ])("by %s is recorded too", (_name, setup, exitCode) => {
    run(setup);
    expect(record()).toMatchObject({ state: "done", exitCode });
  });
});

describe("an interrupted setup", () => {
  it.each([false, true])("is recorded as begun, and not run again over what it left (retry %s)", (retry) => {
    // The wrapper itself is killed by its own setup, as if the VM had died.
    const setup = "echo x >> count; kill -9 $(ps -o ppid= -p $PPID) $PPID";
    const file = inHome("wrapper");
    writeFileSync(file, setupScript(setup, { retry: false }));
    spawnSync("/bin/sh", ["-c", `/bin/sh ${file}; true`], { env: environment(), timeout: 10_000 });
    expect(record()).toEqual({ state: "begun" });
    run("echo y >> count", { retry });
    expect(text("count")).toBe("x\n");
    expect(record()).toEqual({ state: "begun" });
  });
});

describe("the script arrives byte for byte", () => {
  it.each([
    [
      "quotes and expansions",
      "cat > out <<'X'\n$HOME `id` \"a\" 'b' \\n \\\\ $(exit 3) ${x}\nX",
      "$HOME `id` \"a\" 'b' \\n \\\\ $(exit 3) ${x}\n",
    ],
    ["a here-document of its own", "cat > out <<END_OF_SETUP\ninner\nEND_OF_SETUP", "inner\n"],
    [
      "the word that ends other here-documents",
      "printf 'EOF\\nEND_OF_SETUP_0\\n' > out\n: EOF\nEOF=1",
      "EOF\nEND_OF_SETUP_0\n",
    ],
    ["non-ASCII", "printf '%s' 'ü 漢 🚀' > out", "ü 漢 🚀"],
    ["no line end", "printf a > out", "a"],
    ["many line ends", "printf a > out\n\n\n", "a"],
    ["a leading dash", "-x 2>/dev/null; printf a > out", "a"],
  ])("%s", (_name, setup, expected) => {
    run(setup);
    expect(record()).toMatchObject({ state: "done", exitCode: 0 });
    expect(text("out")).toBe(expected);
  });

  it("a megabyte of it too", () => {
    run(`# ${"x".repeat(1_000_000)}\nprintf a > out`);
    expect(text("out")).toBe("a");
  });

  it("even when it tries to end the wrapper's here-document", () => {
    const end = /<<'(END_OF_SETUP_[0-9a-f]{16})'/;
    const [, first] = end.exec(setupScript("echo a > out", { retry: false }))!;
    // The word depends on the script, so a script that holds another script's word is harmless.
    run(`: '\n${first}\n'\nprintf b > out`);
    expect(text("out")).toBe("b");
  });
});

it("a #! line picks the interpreter", () => {
  const interpreter = inHome("interpreter");
  writeFileSync(interpreter, '#!/bin/sh\necho "interpreted" > "$HOME/out"\n');
  chmodSync(interpreter, 0o755);
  run(`#!${interpreter}\nthis is no shell script`);
  expect(text("out")).toBe("interpreted\n");
  expect(record()).toMatchObject({ state: "done", exitCode: 0 });
});

it("has an empty standard input, so that nothing waits for a keyboard", () => {
  run("cat > input; [ -s input ] && exit 9; read answer || exit 5");
  expect(record()).toMatchObject({ exitCode: 5 });
});

it("keeps the hash of the script, and no copy of it", () => {
  run("echo a-secret-in-the-script > /dev/null");
  expect(text(".mags-setup", "script-sha256")).toMatch(/^[0-9a-f]{64}\n$/);
  expect(existsSync(inHome(".mags-setup", "script"))).toBe(false);
  expect(existsSync(inHome(".mags-setup", "log"))).toBe(false);
});

it("a background process that keeps the output open does not keep the setup from ending", () => {
  const begun = Date.now();
  const { status } = run("sleep 9 & echo $! > pid; echo started");
  process.kill(Number(text("pid")));
  expect(status).toBe(0);
  expect(record()).toMatchObject({ exitCode: 0, logTail: "started" });
  expect(Date.now() - begun).toBeLessThan(4_000);
});

it("parseRecord understands nothing else", () => {
  expect(parseRecord("")).toBeUndefined();
  expect(parseRecord("done")).toBeUndefined();
  expect(parseRecord("done x\n")).toBeUndefined();
  expect(parseRecord("sh: not found")).toBeUndefined();
  expect(parseRecord("done 0\n")).toEqual({ state: "done", exitCode: 0, logTail: "" });
});
