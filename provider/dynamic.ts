/**
 * The entry that the text in every state requires (`require("pulumi-mags/dynamic").workspace`). State in the
 * field needs it for refresh and destroy, so neither this path nor these names may ever change or go away.
 * Loading it must stay cheap: kinds and undici are loaded on first use.
 */
import { handlerOf, type Handler } from "./host/handler";
import { SmallHeap, sparing, thisHeap } from "./host/memory";
import type { Kind } from "./lifecycle/kind";

const heap = thisHeap();
const smallHeap = heap && new SmallHeap(heap);

function entry(loadKind: () => Kind): Handler {
  return sparing(handlerOf(loadKind), smallHeap);
}

export const workspace: Handler = entry(
  () => (require("./lifecycle/workspace") as { workspace: Kind }).workspace,
);
export const job: Handler = entry(() => (require("./lifecycle/job") as { job: Kind }).job);
export const urlAlias: Handler = entry(
  () => (require("./lifecycle/url-alias") as { urlAlias: Kind }).urlAlias,
);
export const cronJob: Handler = entry(() => (require("./lifecycle/cron-job") as { cronJob: Kind }).cronJob);
export const run: Handler = entry(() => (require("./lifecycle/run") as { run: Kind }).run);
