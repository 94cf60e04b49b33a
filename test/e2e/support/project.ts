import { spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  readFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(__dirname, "../../..");
const projects = join(root, ".mags", "e2e");
/** A run of the CLI that takes longer hangs. */
const LIMIT_MS = 400_000;

export interface CliResult {
  code: number | null;
  /** Standard output and error together, in order. */
  output: string;
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
  protect?: boolean;
}

/** A Pulumi project in a folder of its own, driven by the real CLI with a local backend, as a user would. */
export class Project {
  readonly folder: string;
  private readonly config = new Map<string, { value: string; secret?: boolean }>();
  private made = false;

  constructor(
    private readonly env: Record<string, string>,
    /** A folder to copy, or the text of `index.js`. */
    program: { folder: string } | { program: string },
    public stack = "dev",
  ) {
    if (!process.env.PULUMI_MAGS_ENGINE)
      throw new Error("No Pulumi engine: run these tests with `npm test`.");
    mkdirSync(projects, { recursive: true });
    // Below the checkout, so that Node finds pulumi-mags and @pulumi/pulumi as it does for a user.
    this.folder = mkdtempSync(join(projects, "project-"));
    mkdirSync(join(this.folder, ".state"));
    if ("folder" in program) cpSync(program.folder, this.folder, { recursive: true });
    else {
      writeFileSync(join(this.folder, "Pulumi.yaml"), "name: e2e\nruntime: nodejs\n");
      writeFileSync(join(this.folder, "package.json"), `{"name":"e2e","main":"index.js"}\n`);
      this.write(program.program);
    }
  }

  /** Replaces the program. `mags` and `pulumi` are in scope. */
  write(program: string): void {
    writeFileSync(
      join(this.folder, "index.js"),
      `const pulumi = require("@pulumi/pulumi");\nconst mags = require("pulumi-mags");\n${program}\n`,
    );
  }

  /** Writes a file beside the program. */
  writeFile(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  edit(file: string, change: (text: string) => string): void {
    const path = join(this.folder, file);
    const before = readFileSync(path, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changed nothing`);
    writeFileSync(path, after);
  }

  setConfig(key: string, value: string, secret = false): void {
    this.config.set(key, { value, secret });
  }

  async removeConfig(key: string): Promise<void> {
    const { code, output } = await this.pulumi("config", "rm", key);
    if (code !== 0) throw new Error(output);
  }

  setEnv(name: string, value: string): void {
    this.env[name] = value;
  }

  async up(...flags: string[]): Promise<CliResult> {
    await this.make();
    return this.pulumi("up", "--yes", "--skip-preview", "--non-interactive", ...flags);
  }

  async preview(...flags: string[]): Promise<CliResult> {
    await this.make();
    return this.pulumi("preview", "--non-interactive", ...flags);
  }

  refresh(...flags: string[]): Promise<CliResult> {
    return this.pulumi("refresh", "--yes", "--skip-preview", "--non-interactive", ...flags);
  }

  destroy(...flags: string[]): Promise<CliResult> {
    return this.pulumi("destroy", "--yes", "--skip-preview", "--non-interactive", ...flags);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { code, output } = await this.pulumi("stack", "output", "--json", "--show-secrets");
    if (code !== 0) throw new Error(output);
    return JSON.parse(output) as Record<string, unknown>;
  }

  async resources(): Promise<StateResource[]> {
    const { code, output } = await this.pulumi("stack", "export");
    if (code !== 0) throw new Error(output);
    return (JSON.parse(output) as { deployment: { resources?: StateResource[] } }).deployment.resources ?? [];
  }

  async resource(kind: string, name?: string): Promise<StateResource> {
    const found = (await this.resources()).filter(
      ({ type, urn }) => type.endsWith(`mags:${kind}`) && (name === undefined || urn.endsWith(`::${name}`)),
    );
    if (found.length !== 1) throw new Error(`${found.length} resources of kind ${kind} in the state`);
    return found[0]!;
  }

  /** Everything that Pulumi wrote to disk, for searching it for what must not be there. */
  stateText(): string {
    return filesBelow(join(this.folder, ".state"))
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
  }

  /** Starts the CLI and hands the process out, for killing it in the middle. */
  async start(...args: string[]): Promise<{ child: ChildProcess; done: Promise<CliResult> }> {
    await this.make();
    return this.spawn(args);
  }

  async pulumi(...args: string[]): Promise<CliResult> {
    return this.spawn(args).done;
  }

  /** Runs `mags-iac` in the project, as built, with what Pulumi itself would see. */
  async magsIac(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [join(root, "dist/cli/main.js"), ...args], {
      cwd: this.folder,
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    return new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => done({ code, stdout, stderr }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Makes the stack, where that is not done by the first update. */
  async make(): Promise<void> {
    if (!this.made) {
      const { code, output } = await this.pulumi("stack", "init", this.stack, "--no-select");
      if (code !== 0) throw new Error(output);
      this.made = true;
    }
    for (const [key, { value, secret }] of this.config) {
      const { code, output } = await this.pulumi(
        "config",
        "set",
        secret ? "--secret" : "--plaintext",
        key,
        value,
      );
      if (code !== 0) throw new Error(output);
    }
    this.config.clear();
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PULUMI_BACKEND_URL: pathToFileURL(join(this.folder, ".state")).href,
      PULUMI_CONFIG_PASSPHRASE: "only for this test",
      ...this.env,
    };
  }

  private spawn(args: string[]): { child: ChildProcess; done: Promise<CliResult> } {
    const withStack = args[1] === "init" ? args : [...args, "--stack", this.stack];
    const child = spawn("pulumi", withStack, {
      cwd: this.folder,
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    const done = new Promise<CliResult>((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => {
        clearTimeout(limit);
        done({ code, output });
      });
    });
    return { child, done };
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}
