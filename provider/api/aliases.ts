import type { Task } from "./account";
import { createOnce } from "./attempt";
import { isConflict, isNotFound } from "./errors";
import type { AliasRequest, AliasView } from "./wire";
import * as errors from "../errors";

/** The alias in this account's list. One of the same subdomain on another domain could not be told apart. */
export async function findAlias(
  task: Task,
  subdomain: string,
  domain: string,
  maxAgeMs?: number,
): Promise<AliasView | undefined> {
  return aliasIn(await task.directory.aliases(maxAgeMs), subdomain, domain);
}

/** The same, in a list that is there. */
export function aliasIn(
  aliases: readonly AliasView[],
  subdomain: string,
  domain: string,
): AliasView | undefined {
  const same = aliases.filter((alias) => alias.subdomain === subdomain);
  const elsewhere = same.find((alias) => alias.domain !== undefined && alias.domain !== domain);
  if (elsewhere) throw errors.aliasElsewhere(subdomain, domain, String(elsewhere.domain));
  return same[0];
}

/**
 * Creates the alias. A conflict is a success only if the list shows exactly what is wanted; else the answer
 * has no alias, and what is in the way, as far as this account's list shows it.
 */
export async function createAlias(
  task: Task,
  wanted: AliasRequest,
): Promise<{ alias: AliasView } | { alias?: undefined; occupant: AliasView | undefined }> {
  const { subdomain, domain, workspaceId } = wanted;
  const look = () => findAlias(task, subdomain, domain, 0);
  const find = async () => {
    const alias = await look();
    return alias?.workspaceId === workspaceId ? alias : undefined;
  };
  try {
    const alias = await createOnce(task, {
      doing: `Creating alias ${subdomain}.${domain}`,
      post: async () => ({ ...(await task.client.createAlias(wanted)), subdomain, domain, workspaceId }),
      find,
    });
    return { alias };
  } catch (error) {
    if (!isConflict(error)) throw error;
    const alias = await find();
    return alias ? { alias } : { occupant: await look() };
  }
}

/** Deletes the alias; it is a success too when it is there no more. */
export async function removeAlias(task: Task, subdomain: string): Promise<void> {
  try {
    await task.client.deleteAlias(subdomain);
  } catch (error) {
    // Deleting a missing one is an error (observed); whether it is missing, the list tells.
    const listed = (await task.directory.aliases(0)).some((alias) => alias.subdomain === subdomain);
    if (listed || !isNotFoundOrRefused(error)) throw error;
  }
}

function isNotFoundOrRefused(error: unknown): boolean {
  return isNotFound(error) || (error instanceof Error && "status" in error && Number(error.status) >= 400);
}
