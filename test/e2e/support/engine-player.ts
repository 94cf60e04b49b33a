import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator, type EmulatorOptions, type FaultRule } from "../../../emulator";
import type { KindName, Values } from "../../../provider/schema/fields";
import { replaceMarks, type Resources } from "../../histories/history";
import type { Done, Player, RawResource } from "../../histories/play";
import { providerHostsOf } from "./processes";
import { Project } from "./project";
import { waitUntil } from "./wait";

/** How long an answer is held back before a kill: longer than anything here takes. */
const HELD_MS = 600_000;
/** One resource at a time, as in the model, so that the order of calls means something. */
const FLAGS = ["--yes", "--non-interactive", "--parallel", "1"];

interface Checkpoint {
  resources?: {
    urn: string;
    type: string;
    id?: string;
    inputs?: Values;
    outputs?: Values;
    initErrors?: string[];
    protect?: boolean;
    pendingReplacement?: boolean;
    propertyDependencies?: Record<string, string[] | null>;
  }[];
  pending_operations?: { resource: { urn: string }; type: string }[];
}

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string }; planning?: boolean };
}

/** Plays on the real engine, with a project and an emulator of its own. */
export class EnginePlayer implements Player {
  readonly stack = "dev";
  private begun = false;

  private constructor(
    private readonly emulator: Emulator,
    private readonly project: Project,
  ) {}

  static async start(options: EmulatorOptions): Promise<EnginePlayer> {
    const emulator = await startEmulator({ execute: "simulate", ...options });
    const env = {
      MAGS_API_URL: emulator.url,
      MAGS_API_TOKEN: emulator.token,
      // For --event-log.
      PULUMI_DEBUG_COMMANDS: "true",
      // Every run starts four processes of Node: two programs and two hosts.
      NODE_COMPILE_CACHE: join(process.env.PULUMI_HOME ?? tmpdir(), "compile-cache"),
    };
    const project = new Project(env, { program: "" });
    // The programs are plain JavaScript: no compiler has to be loaded for them.
    project.edit("Pulumi.yaml", (text) =>
      text.replace("runtime: nodejs", "runtime: { name: nodejs, options: { typescript: false } }"),
    );
    // Rather than by the CLI, which would have to be started for it.
    writeFileSync(join(project.folder, "Pulumi.dev.yaml"), "config:\n  mags:namespace: histories\n");
    return new EnginePlayer(emulator, project);
  }

  async stop(): Promise<void> {
    await this.emulator.stop();
    this.project.remove();
  }

  async up(...[{ program, killAt, replace = [] }, preview]: Parameters<Player["up"]>): Promise<Done> {
    this.begun = true;
    this.project.write(textOf(program));
    if (killAt !== undefined) return this.killed(killAt);
    const targets = program.filter(({ name }) => replace.includes(name)).flatMap(replaceFlag);
    return this.run("up", ...targets, ...(preview ? [] : ["--skip-preview"]));
  }

  refresh(): Promise<Done> {
    return this.run("refresh", "--skip-preview");
  }

  destroy(): Promise<Done> {
    return this.run("destroy");
  }

  state(): readonly RawResource[] {
    const resources = this.checkpoint().resources ?? [];
    return resources
      .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/mags:"))
      .map((resource) => ({
        name: nameOf(resource.urn),
        kind: resource.type.split(":").at(-1) as KindName,
        id: resource.id ?? "",
        inputs: resource.inputs ?? {},
        outputs: resource.outputs ?? {},
        initErrors: (resource.initErrors ?? []).length > 0,
        protect: resource.protect ?? false,
        pendingReplacement: resource.pendingReplacement ?? false,
        dependencies: dependenciesOf(resource.propertyDependencies ?? {}),
      }));
  }

  pendingCreates(): string[] {
    const pending = this.checkpoint().pending_operations ?? [];
    return pending.filter(({ type }) => type === "creating").map(({ resource }) => nameOf(resource.urn));
  }

  inject(rule: FaultRule): void {
    this.emulator.inject(rule);
  }

  clearFaults(): number {
    const hits = this.emulator.faults().filter((fault) => fault.hits > 0).length;
    this.emulator.clearFaults();
    return hits;
  }

  mutations(): string[] {
    const calls = this.emulator.calls().filter((call) => call.method !== "GET");
    this.emulator.clearCalls();
    return calls.map((call) => `${call.route} ${call.status}`);
  }

  snapshot(): ReturnType<Player["snapshot"]> {
    return this.emulator.snapshot();
  }

  async byHand(method: string, path: string, body?: unknown): Promise<unknown> {
    const { url, token } = this.emulator;
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    return text;
  }

  until(condition: () => boolean): Promise<void> {
    return waitUntil(condition);
  }

  private async run(command: string, ...flags: string[]): Promise<Done> {
    const log = join(this.project.folder, "events.json");
    rmSync(log, { force: true });
    const { done } = await this.project.start(command, ...FLAGS, ...flags, "--event-log", log);
    const { code, output } = await done;
    if (process.env.HISTORIES_VERBOSE === "1") process.stdout.write(output);
    return { ok: code === 0, operations: operationsIn(log) };
  }

  /** Runs until a call has had its effect, whose answer never comes, and kills the engine with its hosts. */
  private async killed(route: string): Promise<Done> {
    const id = this.emulator.inject({ kind: "slow", route, delayMs: HELD_MS });
    const log = join(this.project.folder, "events.json");
    rmSync(log, { force: true });
    const { child, done } = await this.project.start("up", ...FLAGS, "--skip-preview", "--event-log", log);
    await waitUntil(() => this.emulator.faults().some((fault) => fault.id === id && fault.hits > 0));
    for (const pid of [child.pid!, ...providerHostsOf(child.pid!)]) process.kill(pid, "SIGKILL");
    await done;
    this.emulator.clearFaults(id);
    const { code, output } = await this.project.pulumi("cancel", "--yes");
    if (code !== 0) throw new Error(output);
    return { ok: false, operations: operationsIn(log) };
  }

  private checkpoint(): Checkpoint {
    // There is no stack before the first run.
    if (!this.begun) return {};
    const file = join(this.project.folder, ".state", ".pulumi", "stacks", "e2e", `${this.stack}.json`);
    const state = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: Checkpoint } };
    return state.checkpoint.latest ?? {};
  }
}

/** What was carried out or tried, in order; what is only planned or stays the same is left out. */
function operationsIn(log: string): string[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const operations: string[] = [];
  for (const line of lines) {
    const event = (JSON.parse(line) as EngineEvent).resourcePreEvent;
    if (!event || event.planning || !event.metadata.urn.includes("dynamic/mags:")) continue;
    const operation = OPERATIONS[event.metadata.op];
    if (operation) operations.push(`${operation} ${nameOf(event.metadata.urn)}`);
  }
  return operations;
}

const OPERATIONS: Record<string, string> = {
  create: "create",
  "create-replacement": "create",
  update: "update",
  delete: "delete",
  "delete-replaced": "delete",
};

function nameOf(urn: string): string {
  return urn.split("::").at(-1)!;
}

function replaceFlag({ kind, name }: Resources[number]): string[] {
  return ["--replace", `urn:pulumi:dev::e2e::pulumi-nodejs:dynamic/mags:${kind}::${name}`];
}

function dependenciesOf(byProperty: Record<string, string[] | null>): Record<string, string[]> {
  const byName: Record<string, string[]> = {};
  for (const [property, urns] of Object.entries(byProperty))
    for (const urn of urns ?? []) (byName[nameOf(urn)] ??= []).push(property);
  return byName;
}

/**
 * The program as a user would write it, but for one thing: each resource waits for the one before. The engine
 * takes what does not depend on each other in any order, and a record needs one.
 */
function textOf(program: Resources): string {
  const lines = program.map(({ name, kind, args, protect }) => {
    const marked = replaceMarks(args, {
      ref: (target, output) => `\u0001${target}.${output}\u0001`,
      output: (value) => `\u0001pulumi.output(${JSON.stringify(value)})\u0001`,
    });
    const text = JSON.stringify(marked).replace(/"\\u0001(.*?)\\u0001"/g, (_, code: string) =>
      code.replaceAll('\\"', '"'),
    );
    return `const ${name} = new mags.${kind}("${name}", ${text}, ${JSON.stringify({ protect })});
      await new Promise((registered) => ${name}.urn.apply(registered));`;
  });
  return `module.exports = async () => {\n${lines.join("\n")}\n};`;
}
