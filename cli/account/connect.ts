import type { Command } from "commander";
import { sharedAccount, type Task } from "../../provider/api/account";
import { explain } from "../../provider/api/explain";
import { resolveSettings, resolveToken, type Settings } from "../../provider/api/settings";
import { say } from "../lib/output";
import { configurationOf, type Configuration } from "./config";

/** What every command that talks to an account takes. */
export interface AccountFlags {
  endpoint?: string;
  stack?: string;
  cwd?: string;
}

/** An account to talk to. */
export interface Connection extends Task {
  settings: Settings;
}

/** Much longer than anything takes; what is waited for has limits of its own. */
const LIMIT_MS = 30 * 60_000;

/** Adds what says which account a command talks to. */
export function accountOptions(command: Command): Command {
  return command
    .option("-s, --stack <name>", "take the account that this Pulumi stack is configured with")
    .option("-C, --cwd <folder>", "the folder of the Pulumi project (default: the current one)")
    .option("--endpoint <url>", "URL of the Mags API, instead of that of the stack or MAGS_API_URL");
}

/**
 * Connects to the account that the flags, else the stack, else the environment say, by the rule that the provider
 * has for its own. Nothing is called yet.
 */
export async function connect(flags: AccountFlags): Promise<Connection> {
  const { stack, cwd: folder } = flags;
  return connectionTo({
    ...(stack === undefined ? {} : await configurationOf({ stack, folder })),
    ...(flags.endpoint === undefined ? {} : { endpoint: flags.endpoint }),
  });
}

/** Connects to the account of a configuration; what it leaves open, the environment says. */
export function connectionTo(configuration: Configuration): Connection {
  const settings = resolveSettings((key) => configuration[key]);
  const token = resolveToken(settings);
  const account = sharedAccount(settings, token, say);
  return { ...account, settings, say, deadline: account.clock.now() + LIMIT_MS };
}

/** Work on an account, whose failures are told as the provider tells them: a refused token as that, for example. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error);
  }
}
