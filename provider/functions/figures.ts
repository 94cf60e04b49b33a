import type * as pulumi from "@pulumi/pulumi";
import {
  call,
  callOutput,
  type Definition,
  type FunctionOptions,
  type FunctionOutputOptions,
  type InputsOf,
} from "./call";

export interface GetUsageArgs {
  /** Days to look back. @default 30 */
  windowDays?: number;
}

/** What the account has used. Figures that the contract does not list come under their own names. */
export interface GetUsageResult {
  totalJobs?: number;
  vmSeconds?: number;
  windowDays?: number;
  /** Label of the account. */
  account: string;
  [figure: string]: unknown;
}

/** The pool of VMs, which is one for all accounts. */
export interface GetPoolStatusResult {
  idleVms?: number;
  busyVms?: number;
  totalVms?: number;
  minPoolSize?: number;
  maxPoolSize?: number;
  /** Label of the account that asked. */
  account: string;
  [figure: string]: unknown;
}

const usage: Definition<GetUsageArgs, GetUsageResult> = {
  name: "getUsage",
  table: {
    windowDays: { type: { kind: "integer", min: 1 }, unit: "days", effect: "local", description: "" },
  },
  async ask({ task, settings: { account } }, { windowDays }) {
    return { ...(await task.client.usage(windowDays)), account };
  },
};

const pool: Definition<object, GetPoolStatusResult> = {
  name: "getPoolStatus",
  table: {},
  async ask({ task, settings: { account } }) {
    return { ...(await task.client.poolStatus()), account };
  },
};

/**
 * What the account has used. In a preview too.
 *
 * @example
 * ```ts
 * const { vmSeconds } = await mags.getUsage({ windowDays: 7 });
 * ```
 */
export function getUsage(args: GetUsageArgs = {}, options?: FunctionOptions): Promise<GetUsageResult> {
  return call(usage, args, options);
}

/** As `getUsage`, for arguments that are outputs. */
export function getUsageOutput(
  args: InputsOf<GetUsageArgs> = {},
  options?: FunctionOutputOptions,
): pulumi.Output<GetUsageResult> {
  return callOutput(usage, args, options);
}

/** The pool of VMs. In a preview too. */
export function getPoolStatus(options?: FunctionOptions): Promise<GetPoolStatusResult> {
  return call(pool, {}, options);
}

/** As `getPoolStatus`, for a provider whose arguments are outputs. */
export function getPoolStatusOutput(options?: FunctionOutputOptions): pulumi.Output<GetPoolStatusResult> {
  return callOutput(pool, {}, options);
}
