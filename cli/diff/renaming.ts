import { RESOURCE_ID } from "../../constructs/manifest";

/** A rename that a program could say: of a construct, with all that is in it. */
export interface Renaming {
  /** What it is of. */
  readonly path: string;
  readonly from: string;
  /** The class that it was of, where that is another one now. */
  readonly was?: string;
}

/** As a program writes it. */
export function renamingText({ path, from, was }: Renaming): string {
  const ofResource = path.endsWith(`/${RESOURCE_ID}`) ? "….resource" : "…";
  return `Renames.of(${ofResource}).from("/${from}"${was === undefined ? "" : `, ${was}`})`;
}
