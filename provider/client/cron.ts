import { createOnce } from "../api/attempt";
import { isNotFound } from "../api/errors";
import type { CronPatch, CronView } from "../api/wire";
import { defined } from "../api/defined";
import { checked } from "./arguments";
import * as errors from "./errors";
import type { CronOptions } from "./options";
import { type Session } from "./session";

/** Time for creating a schedule, a lost answer looked after. */
const CRON_MS = 180_000;

/** Our names on the wire. Both are taken in an update, as the vendor's SDK passes on whatever it is given. */
const WIRE: Record<string, keyof CronOptions> = {
  cron_expression: "cronExpression",
  workspace_id: "workspaceId",
};

export async function cronCreate(session: Session, options: CronOptions): Promise<CronView> {
  const { enabled = true, ...given } = checked<CronOptions>("cronCreate", options);
  const { client, directory } = session.account;
  // Names need not be unique, so whatever has this one already is not what we are about to make.
  const named = async () => (await directory.crons(0)).filter((cron) => cron.name === given.name);
  const before = new Set((await named()).map((cron) => cron.id));
  const { cron_expression, workspace_id, environment, persistent = false } = wire(given);
  const made = await createOnce(session.task(CRON_MS), {
    doing: `Creating cron job "${given.name}"`,
    post: () =>
      client.createCron({
        name: given.name,
        cron_expression: String(cron_expression),
        script: given.script,
        persistent,
        ...(workspace_id ? { workspace_id } : {}),
        ...(environment && Object.keys(environment).length > 0 ? { environment } : {}),
      }),
    find: async () => (await named()).find((cron) => !before.has(cron.id)),
  });
  // Creation ignores `enabled` (documented: it is set with PATCH).
  if (!enabled) await client.patchCron(made.id, { enabled });
  return defined({ ...made, ...(enabled ? {} : { enabled, nextRunAt: undefined }) });
}

export async function cronList(session: Session): Promise<{ cronJobs: CronView[]; total: number }> {
  const crons = await session.account.directory.crons(0);
  return { cronJobs: crons.map(defined), total: crons.length };
}

export async function cronGet(session: Session, id: string): Promise<CronView> {
  checked("cronGet", { id });
  return defined(await found(id, () => session.account.client.getCron(id)));
}

export async function cronUpdate(
  session: Session,
  id: string,
  updates: Partial<CronOptions>,
): Promise<CronView> {
  const ours =
    typeof updates === "object" && updates !== null
      ? Object.fromEntries(Object.entries(updates).map(([key, value]) => [WIRE[key] ?? key, value]))
      : updates;
  const { id: _id, ...given } = checked<Partial<CronOptions> & { id: string }>("cronUpdate", ours, { id });
  const patch = wire(given);
  await found(id, () => session.account.client.patchCron(id, patch));
  return cronGet(session, id);
}

export async function cronDelete(session: Session, id: string): Promise<void> {
  checked("cronDelete", { id });
  const { client } = session.account;
  // It has to be there before, so that a repetition after a lost answer may find it gone.
  await cronGet(session, id);
  try {
    await client.deleteCron(id);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function wire({ cronExpression, workspaceId, ...same }: Partial<CronOptions>): CronPatch {
  return defined({ ...same, cron_expression: cronExpression, workspace_id: workspaceId });
}

async function found<T>(id: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw isNotFound(error) ? errors.cronNotFound(id) : error;
  }
}
