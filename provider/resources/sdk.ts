/**
 * What this package uses of Pulumi's SDK, by the modules that it is in. The SDK as a whole, which `@pulumi/pulumi` is,
 * loads npm, the Automation API and what turns functions into text: 575 modules and 0.3 s that every run would take.
 * See docs/adr/0027.
 */
import { allConfig } from "@pulumi/pulumi/runtime/config";
import { getMonitor, hasEngine, isDryRun, rpcKeepAlive } from "@pulumi/pulumi/runtime/settings";

export * from "@pulumi/pulumi/config";
export * from "@pulumi/pulumi/errors";
export * from "@pulumi/pulumi/metadata";
export * from "@pulumi/pulumi/output";
export * from "@pulumi/pulumi/resource";
export * as log from "@pulumi/pulumi/log";

export const runtime = { allConfig, getMonitor, hasEngine, isDryRun, rpcKeepAlive };
