import type { EngineModel, Program, Run } from "../../support/engine-model";
import type { TestAccount } from "./cloud";
import { LATE_MS } from "./cloud";
import { divergences, doubles, isActive } from "./converged";
import { describe, prepared, succeed, type Clouds } from "./points";
import type { SkippedCase, SkippedSequel } from "./skipped-cases";

/** What became of it. All but the first are reasons not to skip checkpoints there. */
export type Verdict =
  | "converges"
  /** It ends in the error that says what only a person can decide; nothing is twice. */
  | "asks"
  | "fails"
  /** The cloud has what no state knows and no program declares. */
  | "leaves something over"
  /** The run says that all is well, and something is missing or not as declared. */
  | "is not as declared"
  | "makes something twice"
  /** What was written into the new workspace meanwhile is gone. */
  | "replaces a workspace twice"
  /** A VM that was there is started anew, and what was on its disk is gone. */
  | "empties a local disk";

/** How it all ended, with the reason where it did not converge. */
export interface Outcome {
  verdict: Verdict;
  why: string;
}

const ASKS =
  /nothing proves that it is ours|exists and points to|this stack did not start|did its work is not known|look gone at once/;

/** The calls that the run makes when nobody kills it. */
export async function callsIn(clouds: Clouds, subject: SkippedCase): Promise<string[]> {
  const { account, engine, of } = await begun(clouds, subject);
  await succeed(operate(engine, of), "the clean run");
  return account.calls();
}

/** Kills the run after a call, goes on, and says what came of it. */
export async function outcomeOf(
  clouds: Clouds,
  subject: SkippedCase,
  call: number,
  sequel: SkippedSequel,
): Promise<Outcome> {
  const { account, engine, of, before } = await begun(clouds, subject);
  engine.skipsCheckpoints = true;
  const state = JSON.stringify(engine.exportState());
  account.doom({ killAfter: call });
  const killed = await operate(engine, of);
  if (!killed.killed) throw new Error(`call ${call} was never made: ${describe(killed)}`);
  if (JSON.stringify(engine.exportState()) !== state) throw new Error("the state is not the one from before");
  const seen = { replaced: deletedIn(account), disks: localDisks(account) };
  account.cloud.emulator.clearCalls();

  const wanted = sequel === "destroy" ? [] : sequel === "before" ? before : (of ?? before);
  // Until a stop is over, a list shows the job as before.
  await account.cloud.time.pass(LATE_MS);
  if (sequel === "up, recovering") account.configure({ "mags:namespace": "", "mags:recover": "true" });
  const refreshed = sequel === "up --refresh" || sequel === "before" ? await engine.refresh() : undefined;
  const run =
    refreshed?.ok === false ? refreshed : await (sequel === "destroy" ? engine.destroy() : engine.up(wanted));
  await account.cloud.time.pass(LATE_MS);
  return judged(account, engine, wanted, run, seen);
}

async function begun(clouds: Clouds, subject: SkippedCase) {
  const fresh = await clouds.account(subject.names === undefined ? {} : { "mags:namespace": "" });
  const named = (program: Program): Program =>
    subject.names === "explicit" ? withNames(program, fresh.stack) : program;
  const before = named(subject.before);
  const { account, engine } = await prepared(clouds, { before }, fresh);
  return { account, engine, before, of: subject.after && named(subject.after) };
}

function operate(engine: EngineModel, program: Program | undefined): Promise<Run> {
  return program ? engine.up(program) : engine.destroy();
}

async function judged(
  account: TestAccount,
  engine: EngineModel,
  wanted: Program,
  run: Run,
  seen: { replaced: ReadonlySet<string>; disks: ReadonlyMap<string, string> },
): Promise<Outcome> {
  const twice = doubles(account);
  if (twice.length > 0) return { verdict: "makes something twice", why: twice.join("; ") };
  const again = [...deletedIn(account)].filter((id) => seen.replaced.has(id));
  if (again.length > 0 && run.ok) return { verdict: "replaces a workspace twice", why: again.join(", ") };
  if (!run.ok) return { verdict: ASKS.test(describe(run)) ? "asks" : "fails", why: describe(run) };
  const problems = divergences(account, engine, wanted);
  const wrong = problems.filter((problem) => !problem.endsWith("is left over"));
  if (wrong.length > 0) return { verdict: "is not as declared", why: wrong.join("; ") };
  if (problems.length > 0) return { verdict: "leaves something over", why: problems.join("; ") };
  const emptied = [...localDisks(account)].filter(([name, id]) => (seen.disks.get(name) ?? id) !== id);
  if (emptied.length > 0) return { verdict: "empties a local disk", why: emptied.join("; ") };
  const next = await engine.up(wanted);
  if (next.ok && next.steps.length === 0) return { verdict: "converges", why: "" };
  return { verdict: "fails", why: `the up after it is not empty: ${describe(next)}` };
}

/** Workspaces that were deleted since the calls were last cleared. */
function deletedIn(account: TestAccount): Set<string> {
  const calls = account.cloud.emulator
    .calls()
    .filter(
      (call) =>
        call.account === account.index &&
        call.route === "DELETE /mags-workspaces/{workspace_id}" &&
        call.status < 300,
    );
  return new Set(calls.map((call) => call.path.split("/").at(-1)!));
}

/** Requests of the jobs on local disks, by name. */
function localDisks(account: TestAccount): Map<string, string> {
  const jobs = account.snapshot().jobs.filter((job) => isActive(job) && job.noSync);
  return new Map(jobs.map((job) => [job.name ?? "", job.requestId]));
}

/** Names that the program gives, for all that have a name of their own. */
function withNames(program: Program, stack: string): Program {
  return program.map((declared) => {
    if (declared.kind === "Run") return declared;
    const field = declared.kind === "UrlAlias" ? "subdomain" : "name";
    return { ...declared, args: { ...declared.args, [field]: `${declared.name}-${stack}` } };
  });
}
