import type { Edit } from "./edit";
import { JOBS } from "./jobs";
import { OTHERS } from "./aliases-runs-schedules";
import { TREE } from "./tree";
import { WORKSPACES } from "./workspaces";

export { HELPERS, type Edit } from "./edit";
export { LATE_REFUSALS, REFUSALS } from "./refusals";

/** What a deploy carries out. */
export const EDITS: readonly Edit[] = [...JOBS, ...WORKSPACES, ...OTHERS, ...TREE];
