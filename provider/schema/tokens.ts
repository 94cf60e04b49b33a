import type { KindName } from "./fields";

/**
 * Where each kind's handler is found. The texts are part of every state: they are frozen, byte for byte.
 */
export const PROVIDER_TEXTS: Record<KindName, string> = {
  Workspace: 'exports.handler=()=>require("pulumi-mags/dynamic").workspace;',
  Job: 'exports.handler=()=>require("pulumi-mags/dynamic").job;',
  UrlAlias: 'exports.handler=()=>require("pulumi-mags/dynamic").urlAlias;',
  CronJob: 'exports.handler=()=>require("pulumi-mags/dynamic").cronJob;',
  Run: 'exports.handler=()=>require("pulumi-mags/dynamic").run;',
};

const PREFIX = "pulumi-nodejs:dynamic/mags:";

/** The type token of a kind. Frozen like the texts. */
export function typeToken(kind: KindName): string {
  return `${PREFIX}${kind}`;
}

/** The kind that a type token is of, if it is one of ours. */
export function kindOfToken(token: string): KindName | undefined {
  const kind = token.startsWith(PREFIX) ? token.slice(PREFIX.length) : "";
  return Object.hasOwn(PROVIDER_TEXTS, kind) ? (kind as KindName) : undefined;
}

/** The type token of the component. Frozen as well. */
export const SANDBOX_TYPE = "mags:index:Sandbox";
