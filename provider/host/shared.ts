import { sharedAccount, type Account } from "../api/account";
import type { Settings } from "../api/settings";
import { GoneGuard } from "../lifecycle/gone-guard";

/** What all handlers of this process share for one account. */
export interface Shared {
  account: Account;
  goneGuard: GoneGuard;
  /** What this run has created, as `kind id`: a delete of the same belongs to a resource that was renamed. */
  created: Set<string>;
}

const guards = new WeakMap<Account, Shared>();

export function openShared(settings: Settings, token: string): Shared {
  const account = sharedAccount(settings, token);
  let shared = guards.get(account);
  if (!shared)
    guards.set(account, (shared = { account, goneGuard: new GoneGuard(account.clock), created: new Set() }));
  return shared;
}
