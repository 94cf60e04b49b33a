import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { startEmulator, type Emulator, type EmulatorOptions, type EmulatorSnapshot } from "../../../emulator";
import { FakeGitHub } from "../../support/fake-github";
import { readWorkflow, runJob, type StepsResult } from "../../support/workflow";

const ROOT = resolve(__dirname, "../../..");
export const EXAMPLE = join(ROOT, "examples/preview-environments");
const WORKFLOWS = join(EXAMPLE, ".github/workflows");

export const PROJECT = "preview-environments";
/** Must be in nothing that people read. */
export const PASSPHRASE = "only for these previews";

export interface Ending {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

export interface PipelineOptions extends EmulatorOptions {
  repository?: string;
  /** Files of the checkout, instead of the example. */
  files?: Record<string, string>;
  /** The cloud of another pipeline. */
  emulator?: Emulator;
}

/** A repository with its checkout, its state backend and its GitHub, on an account in the emulator. */
export class Pipeline {
  readonly folder: string;
  readonly state: string;
  token = "write";
  /** The repository variable, for a default branch without a program. */
  project = "";

  private constructor(
    readonly emulator: Emulator,
    readonly gitHub: FakeGitHub,
    private readonly ownsEmulator: boolean,
    private readonly root: string,
  ) {
    this.folder = join(root, "checkout");
    this.state = join(root, "state");
  }

  static async start({
    repository = "acme/shop",
    files,
    emulator,
    ...options
  }: PipelineOptions = {}): Promise<Pipeline> {
    mkdirSync(join(ROOT, ".mags", "e2e"), { recursive: true });
    // Below the checkout, so that Node finds pulumi-mags and @pulumi/pulumi as it does for a user.
    const root = mkdtempSync(join(ROOT, ".mags", "e2e", "pipeline-"));
    const pipeline = new Pipeline(
      emulator ?? (await startEmulator({ execute: "simulate", ...options })),
      await FakeGitHub.start(repository),
      emulator === undefined,
      root,
    );
    mkdirSync(pipeline.state);
    mkdirSync(pipeline.folder);
    if (files) for (const [name, text] of Object.entries(files)) pipeline.write(name, text);
    else
      cpSync(EXAMPLE, pipeline.folder, {
        recursive: true,
        filter: (source) => !source.includes("node_modules"),
      });
    // As `npm install` makes it; what is installed by it stands in for the registry.
    pipeline.write(".github/mags-iac/package-lock.json", "{}");
    pipeline.writeTools();
    return pipeline;
  }

  async stop(): Promise<void> {
    await this.gitHub.stop();
    if (this.ownsEmulator) await this.emulator.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  write(file: string, text: string): void {
    const target = join(this.folder, file);
    mkdirSync(join(target, ".."), { recursive: true });
    writeFileSync(target, text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** Carries out a job of a workflow of the example, for a pull request. */
  job(
    file: "preview-up" | "preview-down" | "preview-fork" | "preview-sweep",
    job: string,
    event: Record<string, unknown> = {},
    options: { onStart?: (child: ChildProcess) => void; inputs?: Record<string, unknown> } = {},
  ): Promise<StepsResult> {
    const workflow = readWorkflow(join(WORKFLOWS, `${file}.yml`));
    const context = {
      github: { event, repository: this.gitHub.repository, token: this.token },
      secrets: { MAGS_API_TOKEN: this.emulator.token, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
      vars: { PULUMI_BACKEND_URL: pathToFileURL(this.state).href, MAGS_PREVIEW_PROJECT: this.project },
      inputs: options.inputs ?? {},
    };
    return runJob(workflow, job, context, { folder: this.folder, env: this.env(), onStart: options.onStart });
  }

  up(number: number, sha: string, onStart?: (child: ChildProcess) => void): Promise<StepsResult> {
    this.gitHub.open(number);
    return this.job("preview-up", "up", this.event(number, sha), { onStart });
  }

  /** The pull request is closed, and its workflow runs. */
  down(number: number): Promise<StepsResult> {
    this.gitHub.close(number);
    return this.job("preview-down", "down", this.event(number, "0"));
  }

  event(
    number: number,
    sha: string,
    more: Record<string, unknown> = {},
    fork = false,
  ): Record<string, unknown> {
    return {
      sender: { login: "maintainer" },
      ...more,
      pull_request: {
        number,
        state: this.gitHub.pulls.get(number) ?? "open",
        labels: [...(this.gitHub.labels.get(number) ?? [])].map((name) => ({ name })),
        head: { sha, repo: { full_name: fork ? "stranger/shop" : this.gitHub.repository } },
      },
    };
  }

  /** Runs the command itself, as on a laptop. */
  async preview(args: readonly string[], env: Record<string, string | undefined> = {}): Promise<Ending> {
    const child = spawn(process.execPath, [join(ROOT, "dist/cli/main.js"), "preview", ...args], {
      cwd: this.folder,
      env: {
        ...this.env(),
        MAGS_API_TOKEN: this.emulator.token,
        PULUMI_BACKEND_URL: pathToFileURL(this.state).href,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        GITHUB_TOKEN: this.token,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    return new Promise((resolve) =>
      child.once("close", (code, signal) => resolve({ code: code ?? signal, stdout, stderr })),
    );
  }

  /** What the cloud has that belongs to a pull request by its name, or to anybody. Ended jobs are history. */
  things(prefix = ""): Record<keyof Things, string[]> {
    return thingsOf(this.emulator.snapshot(), prefix);
  }

  /** Stacks that the backend has. */
  stacks(project = PROJECT): string[] {
    const folder = join(this.state, ".pulumi/stacks", project);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => /^[\w-]+\.json$/.test(name))
      .map((name) => name.replace(".json", ""))
      .sort();
  }

  /** What the backend has of a stack, as it is in its file. */
  stateText(stack: string, project = PROJECT): string {
    return readFileSync(join(this.state, ".pulumi/stacks", project, `${stack}.json`), "utf8");
  }

  /** Files of the locks of a stack. */
  locks(stack: string, project = PROJECT): string[] {
    const folder = join(this.state, ".pulumi/locks/organization", project, stack);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name));
  }

  private env(): Record<string, string> {
    const { PATH, HOME, PULUMI_HOME } = process.env;
    return {
      PATH: [join(this.root, "tools"), PATH].join(delimiter),
      HOME: HOME ?? this.root,
      ...(PULUMI_HOME === undefined ? {} : { PULUMI_HOME }),
      MAGS_API_URL: this.emulator.url,
      GITHUB_REPOSITORY: this.gitHub.repository,
      GITHUB_API_URL: this.gitHub.url,
      GITHUB_SERVER_URL: "http://127.0.0.1",
      GITHUB_RUN_ID: "1",
      // tsc has judged the types already, with all other sources.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
  }

  /** Stand-ins for the registry: what npm would install is the package as it has been built. */
  private writeTools(): void {
    const tools = join(this.root, "tools");
    mkdirSync(tools);
    const main = `exec "${process.execPath}" "${join(ROOT, "dist/cli/main.js")}"`;
    const scripts = {
      npx: `[ "$1" = mags-iac ] || exit 1\nshift\n${main} "$@"`,
      npm: `[ "$1" = ci ] || exit 1
if [ "$2" != --prefix ]; then [ -f package.json ]; exit; fi
[ -f "$3/package.json" ] && [ -f "$3/package-lock.json" ] || exit 1
mkdir -p "$3/node_modules/.bin"
printf '#!/bin/sh\\n%s "$@"\\n' '${main}' > "$3/node_modules/.bin/mags-iac"
chmod +x "$3/node_modules/.bin/mags-iac"`,
    };
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(tools, name), 0o755);
    }
  }
}

export interface Things {
  jobs: string[];
  workspaces: string[];
  aliases: string[];
  crons: string[];
}

export function thingsOf(snapshot: EmulatorSnapshot, prefix = ""): Things {
  const active = snapshot.jobs.filter(({ status }) => ["pending", "running", "sleeping"].includes(status));
  const named = (names: (string | undefined)[]) =>
    names.filter((name): name is string => name?.startsWith(prefix) ?? false).sort();
  return {
    jobs: named(active.map(({ name }) => name)),
    workspaces: named(snapshot.workspaces.map(({ workspaceId }) => workspaceId)),
    aliases: named(snapshot.aliases.map(({ subdomain }) => subdomain)),
    crons: named(snapshot.crons.map(({ name }) => name)),
  };
}

export const NOTHING: Things = { jobs: [], workspaces: [], aliases: [], crons: [] };
