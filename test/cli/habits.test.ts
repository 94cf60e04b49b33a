import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { everyCommand } from "../../cli/lib/habits";
import { program } from "../../cli/program";
import { itIf } from "../support/skip";
import { projectWithCommand, type Project } from "./command";
import { onTerminal } from "./terminal";

let project: Project;
beforeAll(() => {
  project = projectWithCommand();
  const bin = path.join(project.folder, "bin");
  const main = path.join(project.folder, "node_modules/pulumi-mags/dist/cli/main.js");
  mkdirSync(bin);
  chmodSync(main, 0o755);
  symlinkSync(main, path.join(bin, "mags-iac"));
});
afterAll(() => project.remove());

/** With the command in the path, as an installation has it, and this Node before others. */
const inPath = () => ({
  PATH: [path.join(project.folder, "bin"), path.dirname(process.execPath), process.env.PATH].join(":"),
});

const visible = () =>
  everyCommand(program()).filter((one) => !one.name().startsWith("_") && one.name() !== "help");

describe("every command", () => {
  const commands = visible().map((one) => {
    const names = [one.name()];
    for (let { parent } = one; parent; parent = parent.parent) names.unshift(parent.name());
    return [names.join(" "), one] as const;
  });

  it.each(commands)("%s says what it does, and has examples of itself", (name, command) => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(command.description()).toMatch(/^[A-Z].*\.$/);
    expect(help).toContain(`\nExamples:\n`);
    expect(help.slice(help.indexOf("\nExamples:"))).toContain(name);
    for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  // A command that only holds others does nothing by itself.
  const acting = commands.filter(
    ([, { commands: inner, parent, options }]) => parent && (inner.length === 0 || options.length > 0),
  );
  it.each(acting)("%s takes --json", (_name, command) => {
    expect(command.options.map(({ long }) => long)).toContain("--json");
  });

  it.each(commands)("%s has a meaning for each option, and no colour in a pipe", (_name, command) => {
    for (const { description } of command.options) expect(description).toMatch(/\w{3}/);
    let help = "";
    command
      .configureOutput({ writeOut: (text) => (help += text), getOutHasColors: () => false })
      .outputHelp();
    expect(help).not.toContain("\u001b");
  });
});

describe("the first screen", () => {
  it("is what --help says, ends with 0, and fits on a terminal", async () => {
    const alone = await project.run([]);
    expect(alone).toEqual(await project.run(["--help"]));
    expect(alone).toMatchObject({ code: 0, stderr: "" });
    for (const line of alone.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    for (const one of visible().filter(({ parent }) => parent && !parent.parent)) {
      expect(alone.stdout).toContain(`\n  ${one.name()} `);
    }
  });

  it("has colours on a terminal, unless NO_COLOR says no", async () => {
    const line = "mags-iac";
    const colored = onTerminal(line, { cwd: project.folder, env: inPath(), rows: 60 });
    expect(await colored.ended).toBe(0);
    expect(colored.written()).toContain("\u001b[36m");
    const plain = onTerminal(line, { cwd: project.folder, env: { ...inPath(), NO_COLOR: "1" }, rows: 60 });
    expect(await plain.ended).toBe(0);
    expect(plain.written()).not.toContain("\u001b");
    expect(plain.screen()).toEqual(colored.screen());
    expect(`${plain.screen().join("\n")}\n`).toBe((await project.run([])).stdout);
  });

  it("a reader that stops reading early is no error", async () => {
    const { child, ended } = project.start([]);
    child.stdout!.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a wrong word", () => {
  it.each([
    [["synht"], "unknown command 'synht'\n(Did you mean synth?)", "mags-iac --help"],
    [["synth", "--apps", "x"], "unknown option '--apps'\n(Did you mean --app?)", "mags-iac synth --help"],
    [["emulator", "exce"], "unknown command 'exce'\n(Did you mean exec?)", "mags-iac emulator --help"],
    [["emulator", "rutes"], "unknown command 'rutes'\n(Did you mean routes?)", "mags-iac emulator --help"],
    [["completion", "tcsh"], "Allowed choices are bash, zsh, fish.", "mags-iac completion --help"],
    [["help", "synht"], "unknown command 'synht'\n(Did you mean synth?)", "mags-iac --help"],
    [["help", "nope"], "unknown command 'nope'", "mags-iac --help"],
    [["completion"], "missing required argument 'shell'", "mags-iac completion --help"],
  ])("%j gets a suggestion, and where to read on", async (args, suggestion, help) => {
    const { code, stdout, stderr } = await project.run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^mags-iac: /);
    expect(stderr).toContain(suggestion);
    expect(stderr).toContain(`(${help}`);
  });
});

describe("a folder of a project that is not there", () => {
  it.each(["import", "drift", "fleet", "doctor"])("is told by %s before anything else", async (name) => {
    project.write("file", "");
    for (const cwd of ["typo", "file"]) {
      const { code, stdout, stderr } = await project.run([name, "--cwd", cwd]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(`There is no folder ${cwd}, which --cwd names.`);
    }
  });
});

describe("--json", () => {
  it.each([
    ["a wrong option", ["synth", "--apps", "x", "--json"], "unknown option '--apps'\n(Did you mean --app?)"],
    ["a missing option", ["synth", "--json"], "There is no app program to run."],
    ["a missing file", ["graph", "--from", "none", "--json", "--svg", "x.svg"], "There is no none/"],
  ])("tells %s as JSON alone on stdout, and in words on stderr", async (_what, args, message) => {
    const { code, stdout, stderr } = await project.run(args);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ error: { message: expect.stringContaining(message), exitCode: 1 } });
    expect(stderr).toContain(message);
  });

  it("of a command that is run is none of ours", async () => {
    const { stdout } = await project.run(["emulator", "exce", "--", "--json"]);
    expect(stdout).toBe("");
  });

  it("lists the routes and the faults of the emulator, and the script of a completion", async () => {
    const json = async (...args: string[]) => JSON.parse((await project.run([...args, "--json"])).stdout);
    expect((await json("emulator", "routes")).routes).toContainEqual({
      method: "GET",
      path: "/mags-jobs",
      versions: { v1: ["client"] },
      summary: expect.any(String),
    });
    expect((await json("emulator", "faults")).faults).toContainEqual({
      kind: "slow",
      meaning: expect.any(String),
    });
    expect(await json("completion", "fish")).toEqual({
      shell: "fish",
      script: (await project.run(["completion", "fish"])).stdout,
    });
  });
});

describe("an interrupted command", () => {
  it("ends with 130, as a shell knows it, and leaves the terminal as it was", async () => {
    project.write("waits.mjs", `console.log("waiting"); setInterval(() => {}, 1000);`);
    const session = onTerminal("mags-iac synth --app waits.mjs", { cwd: project.folder, env: inPath() });
    await session.shows(/waiting/);
    session.type("\u0003");
    expect(await session.ended).toBe(130);
    expect(session.modes()).toEqual({ alternateScreen: false, cursorShown: true });
    expect(session.screen().join("\n")).toMatch(/"waits\.mjs" was ended by SIGINT/);
  });
});

describe("completion", () => {
  const bash = (words: string) =>
    execFileSync(
      "bash",
      [
        "--norc",
        "-c",
        `eval "$(mags-iac completion bash)"
         COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _mags_iac
         printf '%s\\n' "\${COMPREPLY[@]}"`,
      ],
      { env: { ...process.env, ...inPath() }, cwd: project.folder, encoding: "utf8" },
    )
      .trim()
      .split("\n");

  it.each([
    ["commands", `mags-iac ""`, expect.arrayContaining(["synth", "emulator", "completion", "help"])],
    ["the start of one", "mags-iac synt", ["synth"]],
    ["commands below one", `mags-iac emulator ""`, ["exec", "routes", "faults"]],
    ["options", "mags-iac synth --", ["--app", "--out", "--check", "--json", "--help"]],
    ["options that are left", "mags-iac synth --check --json --o", ["--out"]],
    ["what an option may be", `mags-iac emulator exec --execute ""`, ["process", "simulate"]],
    ["the same after =", "mags-iac emulator --execute = s", ["simulate"]],
    ["what an argument may be", "mags-iac completion z", ["zsh"]],
    ["commands to have explained", "mags-iac help gr", ["graph"]],
    ["files", "mags-iac synth --app tsc", ["tsconfig.json"]],
    ["files of somebody else's command", "mags-iac emulator exec -- tsc", ["tsconfig.json"]],
    ["nothing where there is nothing to say", `mags-iac emulator --port ""`, [""]],
    ["nothing after a wrong word", `mags-iac synht ""`, [""]],
  ])("in bash gives %s", (_what, words, expected) => {
    project.write("tsconfig.json", "{}");
    expect(bash(words)).toEqual(expected);
  });

  it("says nothing of commands that nobody types", () => {
    expect(bash(`mags-iac __`)).toEqual([""]);
  });

  const has = (shell: string) => {
    try {
      execFileSync(shell, ["-c", "true"]);
      return true;
    } catch {
      return false;
    }
  };

  itIf(has("zsh"), "zsh is not installed")("in zsh gives candidates with their meaning, and files", () => {
    const script = `
      compdef() {}
      _describe() { print -l -- "\${(P@)2}" }
      _files() { print files }
      eval "$(mags-iac completion zsh)"
      words=(mags-iac synt); CURRENT=2; _mags_iac
      words=(mags-iac synth --app ""); CURRENT=4; _mags_iac
      words=(mags-iac completion b); CURRENT=3; _mags_iac`;
    expect(
      execFileSync("zsh", ["-fc", script], { env: { ...process.env, ...inPath() }, encoding: "utf8" }),
    ).toBe("synth:Write the manifest of an app of constructs, for review in git.\nfiles\nbash:\n");
  });

  itIf(has("fish"), "fish is not installed")("in fish gives candidates with their meaning, and files", () => {
    project.write("tsconfig.json", "{}");
    const script = `
      mags-iac completion fish | source
      complete -C "mags-iac synt"
      complete -C "mags-iac synth --app tscon"
      complete -C "mags-iac completion b"`;
    const args = ["--no-config", "-c", script];
    expect(
      execFileSync("fish", args, {
        env: { ...process.env, ...inPath() },
        cwd: project.folder,
        encoding: "utf8",
      }),
    ).toBe("synth\tWrite the manifest of an app of constructs, for review in git.\ntsconfig.json\nbash\n");
  });
});
