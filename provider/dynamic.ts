/**
 * The entry that the text in every state requires (`require("pulumi-mags/dynamic").workspace`). State in the
 * field needs it for refresh and destroy, so neither this path nor these names may ever change or go away.
 * Loading it must stay cheap: kinds and undici are loaded on first use.
 */
import { handlerOf, type Handler } from "./host/handler";
import { keepHeapSmall } from "./host/memory";
import type { Kind } from "./lifecycle/kind";

// By then the first answers of the API are waited for.
setTimeout(keepHeapSmall, 50).unref();

export const workspace: Handler = handlerOf(
  () => (require("./lifecycle/workspace") as { workspace: Kind }).workspace,
);
export const job: Handler = handlerOf(() => (require("./lifecycle/job") as { job: Kind }).job);
export const urlAlias: Handler = handlerOf(
  () => (require("./lifecycle/url-alias") as { urlAlias: Kind }).urlAlias,
);
export const cronJob: Handler = handlerOf(
  () => (require("./lifecycle/cron-job") as { cronJob: Kind }).cronJob,
);
export const run: Handler = handlerOf(() => (require("./lifecycle/run") as { run: Kind }).run);
