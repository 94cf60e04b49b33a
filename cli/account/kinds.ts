import type { KindName } from "../../provider/schema/fields";

/** The kinds that the API has lists of, in the order in which one may need another. */
export const LISTED_KINDS = [
  "Workspace",
  "Job",
  "UrlAlias",
  "CronJob",
] as const satisfies readonly KindName[];
export type ListedKind = (typeof LISTED_KINDS)[number];
