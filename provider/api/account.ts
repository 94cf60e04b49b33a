import { MagsClient } from "./client";
import { systemClock, type Clock } from "./clock";
import { Directory } from "./directory";
import { JobReads } from "./job-reads";
import { JobWatcher, POLL_MS } from "./job-watcher";
import { Limiter } from "./limiter";
import { isLoopback, type Settings } from "./settings";
import { Transport, type TransportOptions } from "./transport";

/** An endpoint on this machine is polled more often: it costs nobody anything. */
const LOOPBACK_POLL_MS = 100;

/** What is shared by everything that talks to one account from one process. */
export interface Account {
  client: MagsClient;
  directory: Directory;
  reads: JobReads;
  watcher: JobWatcher;
  clock: Clock;
  /** How often something that is waited for is looked at. */
  pollMs: number;
}

export function openAccount(
  settings: Pick<Settings, "endpoint" | "maxConcurrency">,
  token: string,
  options: { clock?: Clock; timeoutMs?: number; pollMs?: number } & Pick<
    TransportOptions,
    "around" | "say" | "limiter"
  > = {},
): Account {
  const clock = options.clock ?? systemClock;
  const transport = new Transport({
    endpoint: settings.endpoint,
    token,
    maxConcurrency: settings.maxConcurrency,
    limiter: options.limiter,
    clock,
    timeoutMs: options.timeoutMs,
    around: options.around,
    say: options.say,
    onMutation: () => directory.noteWrite(),
  });
  const client = new MagsClient(transport);
  const directory = new Directory(client, clock);
  const pollMs =
    options.pollMs ?? (isLoopback(new URL(settings.endpoint).hostname) ? LOOPBACK_POLL_MS : POLL_MS);
  const reads = new JobReads(directory, clock);
  return { client, directory, reads, clock, pollMs, watcher: new JobWatcher(client, clock, pollMs) };
}

/** One piece of work on an account: it may not take for ever, and has somebody to tell how it goes. */
export interface Task extends Account {
  /** Milliseconds since the epoch after which the work is given up. */
  deadline: number;
  /** Tells the user something while the work goes on. */
  say(message: string): void;
}

const accounts = new Map<string, Account>();
const budgets = new Map<string, Limiter>();

/** One account object per endpoint and token in this process, whoever asks. */
export function sharedAccount(settings: Settings, token: string, say: (message: string) => void): Account {
  const limiter = sharedBudget(settings, token);
  const key = keyOf(settings, token);
  let account = accounts.get(key);
  if (!account) accounts.set(key, (account = openAccount(settings, token, { say, limiter })));
  return account;
}

/**
 * One budget per endpoint and token in this process: for resources of all kinds, functions and clients. The
 * smallest `maxConcurrency` of those who use it holds.
 */
export function sharedBudget(
  settings: Pick<Settings, "endpoint" | "maxConcurrency">,
  token: string,
): Limiter {
  const key = keyOf(settings, token);
  let budget = budgets.get(key);
  if (!budget) budgets.set(key, (budget = new Limiter(settings.maxConcurrency, systemClock)));
  budget.restrict(settings.maxConcurrency);
  return budget;
}

function keyOf({ endpoint }: Pick<Settings, "endpoint">, token: string): string {
  return `${endpoint} ${token}`;
}
