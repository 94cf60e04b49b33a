import { spawnSync } from "node:child_process";
import {
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
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type EmulatorSnapshot,
  type SimulateHook,
} from "../../../emulator";
import { openAccount, type Account } from "../../../provider/api/account";
import { handlerOf, type Handler } from "../../../provider/host/handler";
import { cronJob } from "../../../provider/lifecycle/cron-job";
import type { KindName } from "../../../provider/schema/fields";
import { GoneGuard } from "../../../provider/lifecycle/gone-guard";
import { job } from "../../../provider/lifecycle/job";
import type { Kind } from "../../../provider/lifecycle/kind";
import { run } from "../../../provider/lifecycle/run";
import { ProvenScripts } from "../../../provider/lifecycle/proven-scripts";
import { RunClaims } from "../../../provider/lifecycle/run-claims";
import { urlAlias } from "../../../provider/lifecycle/url-alias";
import { workspace } from "../../../provider/lifecycle/workspace";
import { EngineModel, type HostProcess } from "../../support/engine-model";
import { ModelProcess, VirtualTime, type Fate } from "../../support/virtual-time";

export const KINDS: Readonly<Record<KindName, Kind>> = {
  Workspace: workspace,
  Job: job,
  UrlAlias: urlAlias,
  CronJob: cronJob,
  Run: run,
};

/** Recorded by the vendor's client. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** An effect that lands when the client has given up on its answer. */
export const LATE_MS = 35_000;
/** Accounts of one emulator; each case has one of its own. */
const ACCOUNTS = 200;

/** A command that takes longer hangs. */
const SHELL_MS = 20_000;

/** A mistake built into the provider on purpose. */
export interface Bug {
  kinds?: Partial<Record<KindName, Kind>>;
  /** Alters what a process uses to talk to the cloud. */
  account?: (account: Account) => void;
}

/** An emulator with many accounts, whose clock and everybody else's is one virtual time. */
export class TestCloud {
  private next = 0;
  /** What a command does in a VM, where that is not the same for all tests. */
  hook: SimulateHook | undefined;

  private constructor(
    readonly emulator: Emulator,
    readonly time: VirtualTime,
    private readonly disks: string,
  ) {}

  /** @param options of the emulator, where they are to differ */
  static async start(options: EmulatorOptions = {}): Promise<TestCloud> {
    const disks = mkdtempSync(join(tmpdir(), "mags-lifecycle-"));
    const startAt = Date.UTC(2026, 0, 5, 12);
    const scripts = scriptsByShell(disks);
    const emulator = await startEmulator({
      accounts: ACCOUNTS,
      execute: "simulate",
      clock: "driven",
      startAt,
      bootMs: 700,
      vmIdMs: 800,
      stopMs: 3_500,
      syncMs: 0,
      maxCalls: 2_000,
      simulate: (command, vm) => cloud.hook?.(command, vm) ?? scripts(command, vm),
      ...options,
    });
    const time = new VirtualTime(
      startAt,
      (ms) => emulator.clock.advance(ms),
      () => emulator.faults().some((fault) => fault.kind === "late-effect" && fault.hits > 0),
    );
    const cloud: TestCloud = new TestCloud(emulator, time, disks);
    return cloud;
  }

  /** An account that nobody has used. */
  account(config: Record<string, string> = {}, bug: Bug = {}): TestAccount {
    const index = this.next++;
    if (index >= ACCOUNTS) throw new Error(`this cloud has ${ACCOUNTS} accounts only: start another one`);
    return new TestAccount(this, index, config, bug);
  }

  get exhausted(): boolean {
    return this.next >= ACCOUNTS;
  }

  /** The folder that stands for a workspace's files. */
  disk(workspaceId: string): string {
    return diskOf(this.disks, workspaceId);
  }

  async stop(): Promise<void> {
    await this.emulator.stop();
    rmSync(this.disks, { recursive: true, force: true });
  }
}

/** One account of the cloud, with a stack that uses it. */
export class TestAccount {
  readonly token: string;
  /** Unique, so that generated names are too: all accounts share the folders of the workspaces. */
  readonly stack: string;
  /** The process of the last run. */
  process: ModelProcess | undefined;
  private fate: Fate = {};

  constructor(
    readonly cloud: TestCloud,
    readonly index: number,
    private config: Record<string, string>,
    private readonly bug: Bug,
  ) {
    this.token = cloud.emulator.tokens[index]!;
    this.stack = `s${index}`;
  }

  engine(): EngineModel {
    return new EngineModel((purpose) => this.startProcess(purpose), {
      project: "project",
      stack: this.stack,
    });
  }

  /** Configures the provider of the runs from now on. */
  configure(config: Record<string, string>): void {
    this.config = config;
  }

  /** Decides what happens to the process of the next run. */
  doom(fate: Fate): void {
    this.fate = fate;
  }

  /** Routes of this account's calls since the last `clearCalls`. */
  calls(): string[] {
    return this.cloud.emulator
      .calls()
      .filter((call) => call.account === this.index)
      .map((call) => call.route);
  }

  snapshot(): EmulatorSnapshot {
    return this.cloud.emulator.snapshot(this.token);
  }

  /** Files of a workspace by name. */
  files(workspaceId: string): Record<string, string> {
    const folder = this.cloud.disk(workspaceId);
    if (!existsSync(folder)) return {};
    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((item) =>
      item.isFile(),
    );
    return Object.fromEntries(
      names.map((item) => {
        const path = join(item.parentPath, item.name);
        return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
      }),
    );
  }

  /** What the runs of this account have put down, one line each time one is carried out. */
  ledger(): string[] {
    return this.ledgers().flat();
  }

  /** The same, for each home that runs have had. */
  ledgers(): string[][] {
    const mine = readdirSync(this.cloud.disk("")).filter((name) => name.split("-").includes(this.stack));
    return mine.map((name) => (this.files(name).ledger ?? "").split("\n").filter(Boolean));
  }

  /** Puts a file into a workspace. */
  write(workspaceId: string, name: string, text: string): void {
    const folder = this.cloud.disk(workspaceId);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  /** Stops a job as its owner does by hand. */
  async stopByHand(name: string): Promise<void> {
    const found = this.snapshot().jobs.find((job) => job.name === name && job.status !== "completed");
    if (!found) throw new Error(`no active job "${name}" to stop`);
    await this.byHand("POST", `mags-jobs/${found.requestId}/stop`);
  }

  /** Forgets the files of workspaces that the cloud does not have any more. */
  forgetDeleted(workspaceIds: readonly string[]): void {
    const listed = new Set(this.snapshot().workspaces.map((workspace) => workspace.workspaceId));
    for (const id of workspaceIds)
      if (!listed.has(id)) rmSync(this.cloud.disk(id), { recursive: true, force: true });
  }

  /** A call of somebody who has the token, past the provider. Fails unless it succeeds. */
  async byHand(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.cloud.emulator.url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    return text === "" ? {} : (JSON.parse(text) as unknown);
  }

  /** A provider process as the engine starts one for each run. A preview makes no calls, so none has its fate. */
  startProcess(purpose: "preview" | "run"): HostProcess {
    const process = new ModelProcess(this.cloud.time, purpose === "run" ? this.fate : {});
    if (purpose === "run") {
      this.process = process;
      this.fate = {};
    }
    const { emulator } = this.cloud;
    const settings: Record<string, string> = {
      "mags:endpoint": emulator.url,
      "mags:apiToken": this.token,
      "mags:namespace": "proofs",
      ...this.config,
    };
    let shared: ReturnType<typeof this.open> | undefined;
    const handlers = new Map<KindName, Handler>();
    const claims = new RunClaims();
    const proven = new ProvenScripts();
    return {
      handler: (name) => {
        let handler = handlers.get(name);
        if (!handler) {
          handler = handlerOf(() => this.bug.kinds?.[name] ?? KINDS[name], {
            open: (resolved, token) => (shared ??= this.open(process, resolved, token)),
            claims,
            proven,
          });
          void handler.configure({ config: { get: (key) => settings[key] || undefined } });
          handlers.set(name, handler);
        }
        return handler;
      },
      died: process.died,
      get dead() {
        return process.dead;
      },
      end: async () => {
        process.end();
        await shared?.account.client.transport.close();
      },
    };
  }

  private open(process: ModelProcess, settings: Parameters<typeof openAccount>[0], token: string) {
    const account = openAccount(settings, token, {
      clock: process.clock,
      around: process.around,
      timeoutMs: REQUEST_TIMEOUT_MS,
      pollMs: 1_000,
    });
    this.bug.account?.(account);
    return { account, goneGuard: new GoneGuard(process.clock) };
  }
}

/**
 * Setups and runs, and the looks at what is recorded of them, are carried out for real, in a folder that stands
 * for the workspace, or for all VMs without one that a run has.
 */
function scriptsByShell(disks: string): SimulateHook {
  return (command, vm) => {
    if (!/\.mags-(setup|runs)/.test(command)) return undefined;
    // A VM that exists for a run only and puts nothing down has the emulator's own rules, by which it takes its time.
    if (vm.workspaceId === undefined && !command.includes("ledger")) return undefined;
    const home = diskOf(disks, vm.workspaceId ?? `alone-${vm.name.replace(/-[0-9a-z]{12}$/, "")}`);
    mkdirSync(home, { recursive: true });
    const env = { PATH: process.env.PATH, HOME: home, ...vm.environment };
    const sh = (text: string) =>
      spawnSync("/bin/sh", ["-c", text], { env, encoding: "utf8", timeout: SHELL_MS });
    const ran = sh(command);
    // A run goes on after the command that starts it, in real time, which nobody here waits for: it is over when
    // the next command comes, unless it is to be waited for.
    if (command.includes("export HELD=")) return { exitCode: 0, stdout: ran.stdout };
    if (ran.stdout === "running\n" || ran.stdout.startsWith("done ")) {
      if (!command.includes("setsid")) return { exitCode: 0, stdout: ran.stdout };
      const id = /\.mags-runs\/([\w.-]+)"\n/.exec(command)![1];
      sh(`while [ ! -e "$HOME/.mags-runs/${id}/exit-code" ]; do sleep 0.01; done`);
      return { exitCode: 0, stdout: "running\n" };
    }
    return { exitCode: ran.status ?? 1, stdout: ran.stdout, stderr: ran.stderr };
  };
}

function diskOf(disks: string, workspaceId: string): string {
  return join(disks, workspaceId);
}
