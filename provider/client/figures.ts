import { checked } from "./arguments";
import type { Session } from "./session";

/** What an account has used. Figures that the contract does not list come under their own names. */
export interface Usage {
  totalJobs?: number;
  vmSeconds?: number;
  windowDays?: number;
  [figure: string]: unknown;
}

/** The pool of VMs, which is one for all accounts. */
export interface PoolStatus {
  idleVms?: number;
  busyVms?: number;
  totalVms?: number;
  minPoolSize?: number;
  maxPoolSize?: number;
  [figure: string]: unknown;
}

export async function usage(session: Session, options: { windowDays?: number }): Promise<Usage> {
  const { windowDays } = checked<{ windowDays?: number }>("usage", options);
  return session.account.client.usage(windowDays);
}

export function poolStatus(session: Session): Promise<PoolStatus> {
  return session.account.client.poolStatus();
}
