import type { FaultRule } from "../../emulator";
import { ref, type EngineModel, type Program, type Run } from "../support/engine-model";
import type { TestAccount } from "../lifecycle/support/cloud";
import type { Values } from "../../provider/schema/fields";
import { replaceMarks, type Resources } from "./history";
import type { Done, Player, RawResource } from "./play";

/** Longest that anything is waited for, in virtual time. */
const LIMIT_MS = 60_000;
const STEP_MS = 250;
const BETWEEN_MS = 5_000;

/** Plays on the model of the engine, with an account of its own. */
export class ModelPlayer implements Player {
  private readonly engine: EngineModel;

  constructor(private readonly account: TestAccount) {
    this.engine = account.engine();
  }

  get stack(): string {
    return this.account.stack;
  }

  async up({ program, killAt, replace }: Parameters<Player["up"]>[0]): Promise<Done> {
    if (killAt !== undefined) this.account.doom({ killAfter: pathOf(killAt) });
    const run = await this.engine.up(modelOf(program), replace);
    // Between the runs of a real engine time goes by.
    await this.account.cloud.time.pass(BETWEEN_MS);
    if (run.killed !== (killAt !== undefined)) throw new Error(`the kill at ${killAt} did not happen`);
    return doneBy(run);
  }

  async refresh(): Promise<Done> {
    return doneBy(await this.engine.refresh());
  }

  async destroy(): Promise<Done> {
    return doneBy(await this.engine.destroy());
  }

  state(): readonly RawResource[] {
    return [...this.engine.state, ...this.engine.pendingReplacements].map((entry) => ({
      ...entry,
      initErrors: entry.initErrors.length > 0,
      pendingReplacement: entry.pendingReplacement ?? false,
    }));
  }

  pendingCreates(): string[] {
    return [...this.engine.pendingCreates];
  }

  inject(rule: FaultRule): void {
    this.account.cloud.emulator.inject({ ...rule, account: this.account.index });
  }

  clearFaults(): number {
    const { emulator } = this.account.cloud;
    const hits = emulator.faults().filter((fault) => fault.hits > 0).length;
    emulator.clearFaults();
    return hits;
  }

  mutations(): string[] {
    const { emulator } = this.account.cloud;
    const calls = emulator.calls().filter((call) => call.method !== "GET");
    emulator.clearCalls();
    return calls.map((call) => `${call.route} ${call.status}`);
  }

  snapshot(): ReturnType<Player["snapshot"]> {
    return this.account.snapshot();
  }

  byHand(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.account.byHand(method, path, body);
  }

  async until(condition: () => boolean): Promise<void> {
    for (let passed = 0; !condition(); passed += STEP_MS) {
      if (passed > LIMIT_MS) throw new Error("the condition did not come true in time");
      await this.account.cloud.time.pass(STEP_MS);
    }
  }
}

function doneBy(run: Run): Done {
  return { ok: run.ok, operations: run.steps };
}

/** The program as the model takes it. */
function modelOf(program: Resources): Program {
  return program.map(({ name, kind, args, protect }) => ({
    name,
    kind,
    args: replaceMarks(args, { ref, output: (value) => value }) as Values,
    // The class of a workspace passes its own protection on to the engine.
    protect: protect ?? (kind === "Workspace" && args.deletionProtection !== false),
  }));
}

/** Matches the requests of a route, given as `METHOD /path/{parameter}`. */
function pathOf(route: string): (request: { method: string; path: string }) => boolean {
  const [method, path = ""] = route.split(" ");
  const pattern = new RegExp(`/api/v\\d${path.replace(/\{\w+\}/g, "[^/?]+")}(\\?.*)?$`);
  return (request) => request.method === method && pattern.test(request.path);
}
