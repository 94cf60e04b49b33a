import type { EmulatorOptions } from "../../../emulator";
import type { EngineModel, Program, Run } from "../../support/engine-model";
import type { Case } from "./cases";
import { LATE_MS, TestCloud, type Bug, type TestAccount } from "./cloud";
import { divergences, doubles } from "./converged";

/**
 * What happens at a call: the process is killed when its answer has come, the answer is lost although the
 * effect was made, or the effect is made only after the client has given up.
 */
export const MODES = ["killed", "answer lost", "late effect"] as const;
export type Mode = (typeof MODES)[number];

/** How it goes on: the same program again, the program from before, or the same program without any state. */
export const SEQUELS = ["again", "reverted", "state lost"] as const;
export type Sequel = (typeof SEQUELS)[number];

/** Names made by the provider, with a namespace; or given by the program, without one. */
export type Names = "generated" | "explicit";
const CONFIG: Record<Names, Record<string, string>> = { generated: {}, explicit: { "mags:namespace": "" } };

/** The longest that a stop has been observed to take. */
const STOP_MS = 15_000;

export interface Point {
  case: Case;
  /** Number of the call, from 1. */
  call: number;
  route: string;
  mode: Mode;
  sequel: Sequel;
}

/** Gives accounts, from a new cloud whenever one is used up. */
export class Clouds {
  private readonly all: TestCloud[] = [];

  constructor(
    private readonly options: EmulatorOptions = {},
    private readonly bug: Bug = {},
  ) {}

  async account(config?: Record<string, string>): Promise<TestAccount> {
    let cloud = this.all.at(-1);
    if (!cloud || cloud.exhausted) {
      // One at a time: the old ones would only hold memory.
      await this.stop();
      cloud = await TestCloud.start(this.options);
      this.all.push(cloud);
    }
    return cloud.account(config, this.bug);
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.splice(0).map((cloud) => cloud.stop()));
  }
}

/** Clouds for the tests of a file: they end with these, and what handlers say meanwhile is not shown. */
export function cloudsOfFile(): Clouds {
  const clouds = new Clouds();
  beforeAll(() => {
    jest.spyOn(console, "info").mockImplementation(() => undefined);
  });
  afterAll(async () => {
    await clouds.stop();
    jest.restoreAllMocks();
  });
  return clouds;
}

/** The calls that the operation makes when nothing goes wrong. */
export async function callsOf(clouds: Clouds, given: Case, names: Names = "generated"): Promise<string[]> {
  const fresh = await clouds.account(CONFIG[names]);
  const subject = names === "explicit" ? explicit(given, fresh.stack) : given;
  const { account, engine } = await prepared(clouds, subject, fresh);
  const run = await engine.up(subject.after);
  if (!run.ok) throw new Error(`the clean run failed: ${describe(run)}`);
  const calls = account.calls();
  await assertConverged(account, engine, subject.after, "after the clean run");
  return calls;
}

/** All points of an operation whose calls are these. */
export function pointsOf(subject: Case, calls: readonly string[]): Point[] {
  return calls.flatMap((route, index) =>
    MODES.filter((mode) => mode !== "late effect" || !route.startsWith("GET ")).flatMap((mode) =>
      SEQUELS.filter((sequel) => sequel !== "state lost" || subject.effect === "create").map((sequel) => ({
        case: subject,
        call: index + 1,
        route,
        mode,
        sequel,
      })),
    ),
  );
}

/** Runs one point and throws, saying what is wrong, unless everything converges. */
export async function prove(clouds: Clouds, point: Point): Promise<void> {
  const { before, after } = point.case;
  const { account, engine } = await prepared(clouds, point.case);
  const files = workspaceFiles(account, engine);
  const interrupted = await interrupt(account, engine, point);
  const wanted = point.sequel === "reverted" ? before : after;
  if (point.sequel === "state lost") engine.importState([]);
  // A change that a killed process made is in no state; the engine asks nobody about what did not change.
  if (point.sequel === "reverted") {
    // Until a stop is over the API shows the job as before, and a refresh can know no better.
    await account.cloud.time.pass(STOP_MS);
    await succeed(engine.refresh(), "refresh");
  }
  // A create that left no trace in the state is found again by the program that declares it.
  const unknown =
    point.case.effect === "create" &&
    point.sequel === "reverted" &&
    !engine.state.some((entry) => entry.name === "subject");
  const run = await engine.up(wanted);
  const open = point.case.onwards;
  if (open && point.sequel === "state lost" && /did its work is not known/.test(describe(run))) {
    await succeed(engine.up(open), "up on the way that the error names");
    await assertConverged(account, engine, open, "on the way that the error names");
    return;
  }
  const refused =
    point.sequel === "reverted" && interrupted.ok && point.case.irreversible?.test(describe(run));
  if (!run.ok && !refused)
    throw new Error(`up after the fault (${describe(interrupted)}) failed: ${describe(run)}`);
  await account.cloud.time.pass(LATE_MS);
  if (unknown) await succeed(engine.up(after), "up with the edit made again");
  const blind = point.sequel === "reverted" && point.mode === "killed" ? point.case.blind : [];
  await assertConverged(account, engine, unknown || refused ? after : wanted, "at the end", blind);
  assertKept(account, files);
}

/** Runs the operation with the fault of a point, which must fire. */
export async function interrupt(account: TestAccount, engine: EngineModel, point: Point): Promise<Run> {
  const { emulator } = account.cloud;
  if (point.mode === "killed") account.doom({ killAfter: point.call });
  else {
    const kind = point.mode === "answer lost" ? "close-after" : "late-effect";
    const rule = { account: account.index, skip: point.call - 1, count: 1 };
    emulator.inject({ kind, ...rule, ...(kind === "late-effect" ? { delayMs: LATE_MS } : {}) });
  }
  const run = await engine.up(point.case.after);
  const fired = point.mode === "killed" ? run.killed : emulator.faults().some((fault) => fault.hits > 0);
  emulator.clearFaults();
  if (!fired) throw new Error(`the fault never fired: ${describe(run)}`);
  const twice = doubles(account);
  if (twice.length > 0) throw new Error(`doubled after the fault: ${twice.join(", ")}`);
  return run;
}

/**
 * The same point for names that the program gives, without a namespace: nothing proves what is found to be
 * ours. Either it converges all the same, or it ends in an error that says so and doubles nothing, and the way
 * that the error names leads on.
 */
export async function proveExplicit(clouds: Clouds, point: Point): Promise<"converged" | "refused"> {
  const account = await clouds.account(CONFIG.explicit);
  const subject = explicit(point.case, account.stack);
  const { engine } = await prepared(clouds, subject, account);
  await interrupt(account, engine, { ...point, case: subject });
  if (point.sequel === "state lost")
    engine.importState(engine.state.filter((entry) => entry.name !== "subject"));
  const run = await engine.up(subject.after);
  if (run.ok) {
    await account.cloud.time.pass(LATE_MS);
    await assertConverged(account, engine, subject.after, "at the end");
    return "converged";
  }
  if (!/nothing proves that it is ours|exists and points to|this stack did not start/.test(describe(run)))
    throw new Error(`not the adopt error: ${describe(run)}`);
  const twice = doubles(account);
  if (twice.length > 0) throw new Error(`doubled: ${twice.join(", ")}`);
  await account.cloud.time.pass(LATE_MS);
  const { name } = run.failures[0]!;
  const inState = engine.state.some((entry) => entry.name === name);
  if (inState) await account.stopByHand(engine.entry(name).id);
  await account.cloud.time.pass(STOP_MS);
  const after = inState ? subject.after : adopting(subject.after, name);
  await succeed(engine.up(after), "up on the way that the error names");
  await assertConverged(account, engine, after, "on the way that the error names");
  return "refused";
}

/** The case with names of its own instead of generated ones. */
function explicit(subject: Case, stack: string): Case {
  const named = (program: Program): Program =>
    program.map((declared) => {
      const field = declared.kind === "UrlAlias" ? "subdomain" : "name";
      return { ...declared, args: { ...declared.args, [field]: `${declared.name}-${stack}` } };
    });
  return { ...subject, before: named(subject.before), after: named(subject.after) };
}

function adopting(program: Program, name: string): Program {
  return program.map((declared) =>
    declared.name === name ? { ...declared, args: { ...declared.args, adopt: true } } : declared,
  );
}

export async function prepared(
  clouds: Clouds,
  subject: Pick<Case, "before">,
  given?: TestAccount,
): Promise<{ account: TestAccount; engine: EngineModel }> {
  const account = given ?? (await clouds.account());
  const engine = account.engine();
  await succeed(engine.up(subject.before), "up of what is there before");
  for (const entry of engine.state)
    if (entry.kind === "Workspace") account.write(entry.id, "kept", entry.name);
  account.cloud.emulator.clearCalls();
  return { account, engine };
}

export async function succeed(run: Promise<Run>, what: string): Promise<Run> {
  const done = await run;
  if (!done.ok) throw new Error(`${what} failed: ${describe(done)}`);
  return done;
}

export async function assertConverged(
  account: TestAccount,
  engine: EngineModel,
  program: Program,
  when: string,
  blind?: readonly string[],
): Promise<void> {
  const problems = [...divergences(account, engine, program, blind), ...doubles(account)];
  const next = await engine.up(program);
  if (next.steps.length > 0 || !next.ok) problems.push(`the next up is not empty: ${describe(next)}`);
  if (problems.length > 0) throw new Error(`${when}: ${problems.join("; ")}`);
}

export function describe(run: Run): string {
  const failures = run.failures.map(({ name, operation, message }) => `${operation} ${name}: ${message}`);
  return (
    [run.killed ? "killed" : "", run.steps.join(", "), ...failures].filter(Boolean).join("; ") || "nothing"
  );
}

/** Files of all workspaces in the state. */
function workspaceFiles(account: TestAccount, engine: EngineModel): Map<string, Record<string, string>> {
  const ids = engine.state.filter((entry) => entry.kind === "Workspace").map((entry) => entry.id);
  return new Map(ids.map((id) => [id, account.files(id)]));
}

function assertKept(account: TestAccount, files: Map<string, Record<string, string>>): void {
  // What runs add is theirs to add; how often they do is looked at elsewhere.
  const kept = (all: Record<string, string>): string =>
    JSON.stringify(
      Object.entries(all).filter(([name]) => name !== "ledger" && !name.startsWith(".mags-runs/")),
    );
  for (const [id, before] of files) {
    const now = kept(account.files(id));
    if (now !== kept(before)) throw new Error(`files of workspace ${id} changed: ${now}`);
  }
}
