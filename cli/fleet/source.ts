import { ApiError } from "../../provider/api/errors";
import type { Settings } from "../../provider/api/settings";
import { connect, endpointNamed, type AccountFlags, type Connection } from "../account/connect";
import { projectAt, stacksOf } from "../pulumi/project";
import { ownersIn, type Owners } from "../state/owners";
import { readFleet, type Fleet } from "./read";
import type { Usage } from "./table";
import { saying } from "../lib/saying";

/** What the commands about a fleet read. */
export interface Source {
  account: Connection;
  settings: Settings;
  /** What a message about the endpoint names. */
  endpointNamed?: string;
  read(): Promise<{ fleet: Fleet; usage?: Usage }>;
  /** What the stacks of the project own; undefined where there is no project, or where nobody asks. */
  owners: Promise<Owners | undefined>;
  /** Called when the stacks have been read. */
  onOwners(told: (owners: Owners) => void): void;
}

/** How old the figures on usage may be: they say nothing new every second. */
const USAGE_MS = 60_000;

/**
 * Opens an account and, beside it, the stacks of the project around.
 * @param onProblem Told when the stacks, or some of them, cannot be read: then some owners are not known.
 */
export async function openSource(
  flags: AccountFlags & { owners: boolean; all?: boolean },
  onProblem: (message: string) => void,
): Promise<Source> {
  const account = await connect(flags);
  const { settings, client, clock } = account;
  let usage: { figures: Usage | undefined; at: number } | undefined;
  const usageNow = async () => {
    if (!usage || clock.now() - usage.at > USAGE_MS) {
      usage = { figures: await client.usage().catch(unlessModelled), at: clock.now() };
    }
    return usage.figures;
  };
  const owners = flags.owners ? ownersAround(flags, settings.account, onProblem) : Promise.resolve(undefined);
  return {
    account,
    settings,
    endpointNamed: endpointNamed(flags),
    read: async () => {
      const [fleet, figures] = await Promise.all([readFleet(account, settings, flags), usageNow()]);
      return { fleet, usage: figures };
    },
    owners,
    onOwners: (told) => void owners.then((found) => found && told(found)),
  };
}

/** What the stacks of the project around own. Never fails: without them, the rest is as true as with them. */
async function ownersAround(
  { cwd: folder }: AccountFlags,
  account: string,
  onProblem: (message: string) => void,
): Promise<Owners | undefined> {
  try {
    const project = projectAt(folder);
    if (!project) return undefined;
    const owners = await ownersIn(project, await stacksOf(folder), { folder, account });
    for (const [stack, problem] of owners.problems)
      onProblem(`What stack "${stack}" owns is not known. ${problem}`);
    return owners;
  } catch (error) {
    onProblem(`Owners are not known. ${saying(error)}`);
    return undefined;
  }
}

/** Usage is an extra: a server that has no such route, or none for this token, has the lists all the same. */
function unlessModelled(error: unknown): undefined {
  if (error instanceof ApiError && [403, 404, 501].includes(error.status)) return undefined;
  throw error;
}
