import type { IConstruct } from "constructs";
import { CronJob } from "./l2/cron-job";
import { Job } from "./l2/job";
import { Run } from "./l2/run";
import { Sandbox } from "./l2/sandbox";
import { UrlAlias } from "./l2/url-alias";
import { Workspace } from "./l2/workspace";
import { AlwaysOnService } from "./patterns/always-on-service";
import { CronSuite } from "./patterns/cron-suite";
import { PreviewEnvironment } from "./patterns/preview-environment";
import { SandboxFleet } from "./patterns/sandbox-fleet";
import { Stack } from "./stack";

const MARK = Symbol.for("pulumi-mags.TypeName");

/** Names of types in URNs: frozen, since another one would be another resource. */
const NAMED = {
  Stack,
  Workspace,
  Job,
  Sandbox,
  UrlAlias,
  CronJob,
  Run,
  AlwaysOnService,
  CronSuite,
  SandboxFleet,
  PreviewEnvironment,
};

// On the prototypes, where deploys of another copy of this package find them as well.
for (const [name, type] of Object.entries(NAMED)) {
  Object.defineProperty(type.prototype, MARK, { value: name });
}

/**
 * What a construct is, in the words of this package. A class of the program's own counts as that of ours which it
 * extends, so that nothing depends on the name that the program gives it.
 */
export function typeNameOf(construct: IConstruct): string {
  return typeNameIn(construct);
}

/** What the constructs of a class are, in the same words. */
export function typeNameOfClass(type: { readonly prototype: IConstruct }): string {
  return typeNameIn(type.prototype);
}

function typeNameIn(construct: object): string {
  return (construct as { [MARK]?: string })[MARK] ?? "Construct";
}

/** The types that something in a place has in its URN, after those of the place itself. */
export function typesIn(around: string, ...inner: readonly string[]): string {
  return [around, ...inner].filter((one) => one !== "").join("/");
}
