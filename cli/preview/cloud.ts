import { sharedAccount, type Task } from "../../provider/api/account";
import { isNotFound } from "../../provider/api/errors";
import { explain } from "../../provider/api/explain";
import { stopAndWait } from "../../provider/api/job-stop";
import { resolveSettings, resolveToken, type Settings } from "../../provider/api/settings";
import type { AliasView, CronView, JobView, WorkspaceView } from "../../provider/api/wire";
import { isDerivedIn, scopeOf } from "../../provider/schema/naming";
import { listsOf } from "../account/lists";
import { say } from "../lib/output";
import { stackOf } from "./pull-request";

/** Objects of the account that belong together. Jobs are those that are active: the others are history. */
export interface Belongings {
  jobs: JobView[];
  workspaces: WorkspaceView[];
  aliases: AliasView[];
  crons: CronView[];
}

/** Longer than anything here takes; what is waited for has limits of its own. */
const LIMIT_MS = 15 * 60_000;
/** How long a list may still show what was just removed. */
const LOOKS = 10;

function nothing(): Belongings {
  return { jobs: [], workspaces: [], aliases: [], crons: [] };
}

export interface Scope {
  namespace: string;
  organization: string;
  project: string;
}

/** Whether a name was generated for the preview of a pull request: its scope part is that of the stack, exactly. */
export function belongsTo(name: string, pullRequest: number, { namespace, ...identity }: Scope): boolean {
  return isDerivedIn(scopeOf({ ...identity, stack: stackOf(pullRequest) }, namespace), name);
}

/** The pull request whose preview a name was generated for; undefined for all other names. */
export function pullRequestIn(name: string, scope: Scope): number | undefined {
  const digits = /^pr-([1-9]\d{0,8})-/.exec(name)?.[1];
  return digits !== undefined && belongsTo(name, Number(digits), scope) ? Number(digits) : undefined;
}

/** The account that previews are in, by the API alone. */
export class Cloud {
  private readonly task: Task;
  private readonly settings: Settings;

  constructor(
    configuration: Readonly<Record<string, string>>,
    private readonly scope: Scope,
  ) {
    this.settings = resolveSettings((key) => configuration[key]);
    const account = sharedAccount(this.settings, resolveToken(this.settings), say);
    this.task = { ...account, say, deadline: account.clock.now() + LIMIT_MS };
  }

  /** Everything that was made for previews of this namespace and project, by pull request. */
  async previews(): Promise<Map<number, Belongings>> {
    const found = new Map<number, Belongings>();
    await this.look((kind, name, item) => {
      const pullRequest = pullRequestIn(name, this.scope);
      if (pullRequest === undefined) return;
      const belongings = found.get(pullRequest) ?? nothing();
      (belongings[kind] as unknown[]).push(item);
      found.set(pullRequest, belongings);
    });
    return found;
  }

  /** What there is of one pull request, and besides of these ids; undefined if nothing. */
  async of(pullRequest: number, ids: readonly string[] = []): Promise<Belongings | undefined> {
    const belongings = nothing();
    await this.look((kind, name, item, id) => {
      if (pullRequestIn(name, this.scope) === pullRequest || ids.includes(id))
        (belongings[kind] as unknown[]).push(item);
    });
    return Object.values(belongings).some((items: unknown[]) => items.length > 0) ? belongings : undefined;
  }

  /** Looks at everything in the account, by complete walks that begin now: what is not in them is not there. */
  private async look(
    see: (kind: keyof Belongings, name: string, item: unknown, id: string) => void,
  ): Promise<void> {
    try {
      const { active, workspaces, aliases, crons } = await listsOf(this.task, this.settings);
      for (const job of active) see("jobs", job.name ?? "", job, job.name ?? "");
      for (const item of workspaces) see("workspaces", item.workspaceId, item, item.workspaceId);
      for (const item of aliases) see("aliases", item.subdomain, item, item.id);
      for (const item of crons) see("crons", item.name ?? "", item, item.id);
    } catch (error) {
      throw explain(error);
    }
  }

  /** Removes all of these, whoever made them: first what leads to a VM, then VMs, then their files. */
  async remove({ aliases, crons, jobs, workspaces }: Belongings): Promise<void> {
    const { client } = this.task;
    for (const { subdomain } of aliases) await gone(() => client.deleteAlias(subdomain));
    for (const { id } of crons) await gone(() => client.deleteCron(id));
    for (const job of jobs) await gone(() => stopAndWait(this.task, job, job.name ?? job.requestId));
    for (const { workspaceId } of workspaces) await gone(() => client.deleteWorkspace(workspaceId));
  }

  /** What of a pull request is there in the end. A list may lag behind, so it is looked at more than once. */
  async left(pullRequest: number, ids: readonly string[]): Promise<Belongings | undefined> {
    for (let look = 1; ; look++) {
      const belongings = await this.of(pullRequest, ids);
      if (belongings === undefined || look === LOOKS) return belongings;
      await this.task.clock.sleep(this.task.pollMs);
    }
  }
}

async function gone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isNotFound(error)) throw explain(error);
  }
}

/** What these are, by name. */
export function namesOf({ jobs, workspaces, aliases, crons }: Belongings): string[] {
  return [
    ...jobs.map(({ name }) => `job ${name}`),
    ...workspaces.map(({ workspaceId }) => `workspace ${workspaceId}`),
    ...aliases.map(({ subdomain }) => `URL ${subdomain}`),
    ...crons.map(({ name }) => `schedule ${name}`),
  ];
}
