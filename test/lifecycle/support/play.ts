import type { ApiRequest } from "../../../provider/api/transport";
import type { EngineModel, Program, Run } from "../../support/engine-model";
import type { Fate } from "../../support/virtual-time";
import { LATE_MS, type TestAccount } from "./cloud";
import { divergences, doubles, isActive } from "./converged";
import { edited, programOf, type Aim, type FaultName, type History } from "./history";
import { describe as told, succeed, type Clouds } from "./points";

type Fault = History["fault"];

const MINUTE_MS = 60_000;

/** What happened in a case, for the distribution. */
export interface Played {
  resources: number;
  edits: string[];
  firsts: string[];
  fault: FaultName;
  /** How the run in which the fault went off ended. */
  outcome: "went on" | "failed" | "killed";
  ups: number;
  calls: number;
}

/** Plays a history and throws when an invariant is broken. */
export async function play(clouds: Clouds, history: History): Promise<Played> {
  const account = await clouds.account();
  const game = new Game(account, account.engine());
  if (history.fault.at === 0) game.arm(history.fault);
  await game.up(programOf(history.plan), "the first up");
  let { plan } = history;
  let program = programOf(plan);
  for (const [index, edit] of history.edits.entries()) {
    plan = edited(plan, edit);
    const before = JSON.stringify(program);
    // Where the edit cannot be seen, another one stands in, so that each is one.
    if (JSON.stringify(programOf(plan)) === before)
      plan = edited(plan, { ...edit, name: "cron script", subject: "nightly" });
    program = programOf(plan);
    await game.first(edit.first);
    if (index + 1 === history.fault.at) game.arm(history.fault);
    await game.up(program, `edit ${index + 1} (${edit.name} ${edit.subject})`);
  }
  if (!game.outcome) {
    // What has not gone off by now does so at the first call that can have it.
    game.arm({ ...history.fault, aim: "*", skip: 0 });
    plan = edited(plan, { name: "job environment", subject: "box", first: "nothing" });
    program = programOf(plan);
    await game.up(program, "a restart for the fault");
  }
  if (!game.outcome) throw new Error(`the fault ${history.fault.name} never went off`);
  return {
    resources: program.length,
    edits: history.edits.map((edit) => edit.name),
    firsts: history.edits.map((edit) => edit.first),
    fault: history.fault.name,
    outcome: game.outcome,
    ups: game.ups,
    calls: game.calls,
  };
}

/** Whether a call is one that a fault is aimed at. */
function isAbout(aim: Aim, { method, path }: ApiRequest): boolean {
  const [wanted, route] = aim.split(" ");
  return aim === "*" || (method === wanted && (route === undefined || path.endsWith(route)));
}

class Game {
  outcome: Played["outcome"] | undefined;
  ups = 0;
  calls = 0;
  private armed: FaultName | undefined;
  private kill: Fate["killAfter"];
  /** Workspaces that were given a file, and have to keep it. */
  private readonly written = new Set<string>();

  constructor(
    private readonly account: TestAccount,
    private readonly engine: EngineModel,
  ) {}

  arm({ name, aim, skip }: Fault): void {
    const { emulator } = this.account.cloud;
    emulator.clearFaults();
    // Of few calls few can pass.
    let passing = aim === "*" ? skip : skip % 4;
    if (name === "killed") {
      this.kill = (request) => isAbout(aim, request) && passing-- === 0;
    } else {
      // These are about some calls only, whatever the aim.
      const special = ["sync-fails", "vm-ends", "boot-fails"].includes(name);
      emulator.inject({
        ...(name === "refused" ? { kind: "error-before", status: 422 } : { kind: name }),
        ...(name === "late-effect" ? { delayMs: LATE_MS } : {}),
        ...(special ? {} : { route: aim, skip: passing }),
        account: this.account.index,
        count: 1,
      });
    }
    this.armed = name;
  }

  /** What happens before an update: nobody but us changes anything, so nothing may be lost by it. */
  async first(what: "nothing" | "refresh" | "sleep"): Promise<void> {
    if (what === "sleep") await this.account.cloud.time.pass(15 * MINUTE_MS);
    if (what === "nothing") return;
    const before = this.engine.exportState();
    const run = await this.engine.refresh();
    for (const name of run.gone) {
      const { kind, id } = before.find((entry) => entry.name === name)!;
      if (this.exists(kind, id)) throw new Error(`the refresh lost ${name}, which exists`);
    }
  }

  /** Updates until it succeeds, which it must do at the second try, and checks what must hold then. */
  async up(program: Program, what: string): Promise<void> {
    if (this.armed === "killed") this.account.doom({ killAfter: this.kill });
    const run = await this.once(program);
    this.assertSafe(`after ${what} (${told(run)})`);
    if (!run.ok && !run.killed && this.armed !== "late-effect")
      this.assertKnown(`after ${what} (${told(run)})`);
    if (this.wentOff(run)) {
      this.armed = undefined;
      this.outcome = run.killed ? "killed" : run.ok ? "went on" : "failed";
      this.account.cloud.emulator.clearFaults();
      if (!run.ok) await succeed(this.once(program), `${what}, again after ${this.outcome} (${told(run)})`);
      await this.account.cloud.time.pass(LATE_MS);
    } else if (!run.ok) {
      throw new Error(`${what} failed without a fault: ${told(run)}`);
    }
    await this.assertConverged(program, what);
  }

  private async once(program: Program): Promise<Run> {
    const run = await this.engine.up(program);
    this.ups++;
    this.calls += this.account.process?.calls ?? 0;
    return run;
  }

  private wentOff(run: Run): boolean {
    if (!this.armed) return false;
    return run.killed || this.account.cloud.emulator.faults().some((fault) => fault.hits > 0);
  }

  /** What must hold at every moment, whatever has failed. */
  private assertSafe(when: string): void {
    const problems = doubles(this.account);
    for (const id of this.written) {
      if (this.listed(id) && this.account.files(id).kept !== id) problems.push(`${id} has lost its file`);
    }
    if (problems.length > 0) throw new Error(`${when}: ${problems.join("; ")}`);
  }

  /** What failed without a kill has been answered, so the state knows everything that exists. */
  private assertKnown(when: string): void {
    const cloud = this.account.snapshot();
    const known = new Set(
      this.engine.state.flatMap(({ id, outputs }) => [id, `${id}-setup`, String(outputs.runId)]),
    );
    const unknown = [
      ...cloud.jobs.filter(isActive).map((job) => job.name),
      ...cloud.workspaces.map((workspace) => workspace.workspaceId),
      ...cloud.aliases.map((alias) => `${alias.subdomain}.${alias.domain}`),
      ...cloud.crons.map((cron) => cron.id),
    ].filter((id) => !known.has(id));
    if (unknown.length > 0)
      throw new Error(`${when}: ${unknown.join(", ")} exist, but the state does not know them`);
  }

  private async assertConverged(program: Program, what: string): Promise<void> {
    const problems = divergences(this.account, this.engine, program);
    const next = await this.engine.up(program);
    if (!next.ok || next.steps.length > 0) problems.push(`the next up is not empty: ${told(next)}`);
    if (problems.length > 0) throw new Error(`after ${what}: ${problems.join("; ")}`);
    this.assertSafe(`after ${what}`);
    this.account.forgetDeleted([...this.written]);
    for (const id of this.written) if (!this.listed(id)) this.written.delete(id);
    for (const { kind, id } of this.engine.state) {
      if (kind !== "Workspace" || this.written.has(id)) continue;
      this.account.write(id, "kept", id);
      this.written.add(id);
    }
  }

  private listed(id: string): boolean {
    return this.account.snapshot().workspaces.some((workspace) => workspace.workspaceId === id);
  }

  private exists(kind: string, id: string): boolean {
    const cloud = this.account.snapshot();
    if (kind === "Workspace") return this.listed(id);
    if (kind === "UrlAlias")
      return cloud.aliases.some((alias) => `${alias.subdomain}.${alias.domain}` === id);
    if (kind === "CronJob") return cloud.crons.some((cron) => cron.id === id);
    return cloud.jobs.some((job) => job.name === id);
  }
}
