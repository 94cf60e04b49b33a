import { openAccount, sharedBudget, type Account, type Task } from "../api/account";
import { retryFor } from "../api/attempt";
import type { Clock } from "../api/clock";
import { defined } from "../api/defined";
import { isApiError, isNotFound } from "../api/errors";
import { findToken, publicUrl, resolveSettings, type Settings } from "../api/settings";
import type { TransportOptions } from "../api/transport";
import type { JobView } from "../api/wire";
import { checked } from "./arguments";
import * as errors from "./errors";
import { JobFinder } from "./find";
import type { MagsOptions } from "./options";
import { Submissions } from "./submissions";

/** A job can be answered with 404 for this long after it was submitted (observed). */
const NOT_FOUND_GRACE_MS = 25_000;

/** What the methods of one client share. */
export interface Session {
  account: Account;
  settings: Settings;
  submissions: Submissions;
  jobs: JobFinder;
  /** One call, that gives up after so many milliseconds. */
  task(milliseconds: number): Task;
}

/** Under this key of the options: what tests drive the clock with, and stand around every exchange. */
export const INTERNALS = Symbol("internals");

export interface Internals {
  clock?: Clock;
  pollMs?: number;
  around?: TransportOptions["around"];
}

export function openSession(
  options: MagsOptions & { [INTERNALS]?: Internals },
  env: NodeJS.ProcessEnv = process.env,
): Session {
  const given = checked<MagsOptions>("new Mags", options);
  const config: Record<string, string | undefined> = {
    endpoint: given.apiUrl,
    apiToken: given.apiToken,
    domain: given.domain,
    maxConcurrency: given.maxConcurrency === undefined ? undefined : String(given.maxConcurrency),
  };
  const settings = resolveSettings((key) => config[key], env);
  const token = findToken(settings, env);
  if (token === undefined) throw errors.tokenRequired(settings.endpoint);
  const say = given.log ?? (() => undefined);
  const { clock, pollMs, around }: Internals = options[INTERNALS] ?? {};
  const account = openAccount(settings, token, {
    clock,
    pollMs,
    // A clock of its own means time of its own.
    limiter: clock ? undefined : sharedBudget(settings, token),
    timeoutMs: given.timeout ?? timeoutFrom(env),
    say,
    around: (request, exchange) => explained(() => (around ? around(request, exchange) : exchange())),
  });
  return {
    account,
    settings,
    submissions: new Submissions(account.clock),
    jobs: new JobFinder(account),
    task: (milliseconds) => ({ ...account, say, deadline: account.clock.now() + milliseconds }),
  };
}

function timeoutFrom({ MAGS_TIMEOUT: text }: NodeJS.ProcessEnv): number | undefined {
  if (!text) return undefined;
  const milliseconds = Number(text);
  if (!Number.isInteger(milliseconds) || milliseconds < 1_000) throw errors.timeoutInvalid(text);
  return milliseconds;
}

/** A refused token is told as that, whatever was called. */
async function explained(exchange: () => Promise<unknown>): Promise<unknown> {
  try {
    return await exchange();
  } catch (error) {
    throw isApiError(error) && error.isAuth ? new errors.TokenRefusedError(error) : error;
  }
}

/** A call about a job by its request id, which a new job may still be unknown under. */
export async function aboutJob<T>(
  { account, submissions, task }: Session,
  requestId: string,
  call: () => Promise<T>,
): Promise<T> {
  const forMs = Math.max(0, NOT_FOUND_GRACE_MS - submissions.ageOf(requestId));
  try {
    return await retryFor(task(forMs), { everyMs: account.pollMs, forMs, mayRetry: isNotFound }, call);
  } catch (error) {
    if (isNotFound(error)) throw errors.jobNotFound(requestId);
    throw error;
  }
}

/** A job as it is shown: with the URL on the domain that was asked for, and without what is not known. */
export function presented({ settings }: Session, job: JobView): JobView {
  const url = job.subdomain === undefined ? job.url : publicUrl(settings, job.subdomain, settings.domain);
  return defined({ ...job, url });
}
