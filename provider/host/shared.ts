import { sharedAccount, type Account } from "../api/account";
import type { Settings } from "../api/settings";
import { GoneGuard } from "../lifecycle/gone-guard";
import { ProvenScripts } from "../lifecycle/proven-scripts";
import { RunClaims } from "../lifecycle/run-claims";

/** What all handlers of this process share for one account. */
export interface Shared {
  account: Account;
  goneGuard: GoneGuard;
}

/** What all handlers of this process share: one run of a program, with one provider. */
export interface ProcessWide {
  open(settings: Settings, token: string): Shared;
  claims: RunClaims;
  proven: ProvenScripts;
}

/** Lines that a handler prints become diagnostics of the run. */
export function say(message: string): void {
  console.info(message);
}

const guards = new WeakMap<Account, Shared>();

function openShared(settings: Settings, token: string): Shared {
  const account = sharedAccount(settings, token, say);
  let shared = guards.get(account);
  if (!shared) guards.set(account, (shared = { account, goneGuard: new GoneGuard(account.clock) }));
  return shared;
}

export const thisProcess: ProcessWide = {
  open: openShared,
  claims: new RunClaims(),
  proven: new ProvenScripts(),
};
