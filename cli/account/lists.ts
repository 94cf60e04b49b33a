import type { Account } from "../../provider/api/account";
import { isActive } from "../../provider/api/job-status";
import type { Settings } from "../../provider/api/settings";
import type { AliasView, CronView, JobView, WorkspaceView } from "../../provider/api/wire";

/** What is in an account at one time, in the terms of resources. */
export interface AccountLists {
  readonly active: readonly JobView[];
  /** A history of jobs, and nothing to manage. */
  readonly ended: readonly JobView[];
  readonly workspaces: readonly WorkspaceView[];
  readonly aliases: readonly ListedAlias[];
  readonly crons: readonly CronView[];
}

/** An alias with what the list leaves out where it is as usual. */
export interface ListedAlias extends AliasView {
  domain: string;
  /** What Pulumi knows it by. */
  id: string;
}

/**
 * Reads all lists of an account to their end. Each is complete, or the reading fails. Nothing is changed, and no VM woken.
 * @param maxAgeMs How old a reading may be that serves again; 0 for one that begins now
 */
export async function listsOf(
  { directory }: Pick<Account, "directory">,
  { domain: ownDomain }: Pick<Settings, "domain">,
  maxAgeMs = 0,
): Promise<AccountLists> {
  const [jobs, workspaces, aliases, crons] = await Promise.all([
    directory.jobs(maxAgeMs),
    directory.workspaces(maxAgeMs),
    directory.aliases(maxAgeMs),
    directory.crons(maxAgeMs),
  ]);
  return {
    active: jobs.filter(isActive),
    ended: jobs.filter((job) => !isActive(job)),
    workspaces,
    aliases: aliases.map(({ domain = ownDomain, ...alias }) => ({
      ...alias,
      domain,
      id: `${alias.subdomain}.${domain}`,
    })),
    // An empty text is how the API says that there is none.
    crons: crons.map((cron) => ({ ...cron, workspaceId: cron.workspaceId || undefined })),
  };
}
