import type { Command } from "commander";
import { sharedAccount, type Task } from "../../provider/api/account";
import { resolveSettings, resolveToken, type Settings } from "../../provider/api/settings";
import * as errors from "../errors";
import { ENDPOINT_FLAG } from "../lib/failure";
import { isFolder } from "../lib/folders";
import { OpenOption, type Candidate, type Typed } from "../lib/open-option";
import { say } from "../lib/output";
import { stacksOf } from "../pulumi/project";
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

/** What a message about the endpoint names: what was typed, or else what the provider reads. */
export function endpointNamed({ endpoint }: AccountFlags): string | undefined {
  return endpoint === undefined ? undefined : ENDPOINT_FLAG;
}

/** What the flags say instead of what a stack configures. */
export function withFlags(configuration: Configuration, { endpoint }: AccountFlags): Configuration {
  return { ...configuration, ...(endpoint === undefined ? {} : { endpoint }) };
}

/** Much longer than anything takes; what is waited for has limits of its own. */
const LIMIT_MS = 30 * 60_000;

/** Adds what says which account a command talks to. */
export function accountOptions(command: Command): Command {
  return command
    .addOption(
      new OpenOption(
        "-s, --stack <name>",
        "take the account that this Pulumi stack is configured with",
        likelyStacks,
      ),
    )
    .option(
      "-C, --cwd <folder>",
      "the folder of the Pulumi project (default: the current one)",
      existingFolder,
    )
    .option(
      ENDPOINT_FLAG + " <url>",
      "URL of the Mags API, instead of that of the stack or MAGS_API_URL",
      endpointUrl,
    );
}

/** The stacks of the project, if Pulumi lists them soon: where it has to be asked over a network it may not. */
async function likelyStacks(typed: Typed, limitMs: number): Promise<Candidate[]> {
  try {
    const stacks = await stacksOf(typed.valueOf("--cwd"), AbortSignal.timeout(limitMs));
    return stacks.map(({ name, current }) => ({ value: name, meaning: current ? "the selected stack" : "" }));
  } catch {
    // Somebody is typing: what is amiss is told when the command is run.
    return [];
  }
}

/** Told before anything is looked for in a folder around one that is not there. */
function existingFolder(folder: string): string {
  if (!isFolder(folder)) throw errors.folderMissing(folder);
  return folder;
}

/** Told by the flag that was typed; one that is empty must not mean another account. */
function endpointUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw errors.endpointFlagInvalid(text);
  return text;
}

/**
 * Connects to the account that the flags, else the stack, else the environment say, by the rule that the provider
 * has for its own. Nothing is called yet.
 */
export async function connect(flags: AccountFlags): Promise<Connection> {
  const { stack, cwd: folder } = flags;
  return connectionTo(withFlags(stack === undefined ? {} : await configurationOf({ stack, folder }), flags));
}

/** Connects to the account of a configuration; what it leaves open, the environment says. */
export function connectionTo(configuration: Configuration): Connection {
  const settings = resolveSettings((key) => configuration[key]);
  const token = resolveToken(settings);
  const account = sharedAccount(settings, token, say);
  return { ...account, settings, say, deadline: account.clock.now() + LIMIT_MS };
}
