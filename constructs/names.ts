import { createHash } from "node:crypto";
import type { IConstruct } from "constructs";
import * as errors from "./errors";
import { RESOURCE_ID } from "./manifest";

/** Characters of the hash at the end of a name. */
const HASH_LENGTH = 8;

export interface NameOptions {
  /** @default 63, what a host name's part may have */
  readonly maxLength?: number;
  /** Further parts, after those of the path. */
  readonly extra?: readonly string[];
}

/**
 * Names made from the place of a construct in the tree, for where one has to be known before anything is deployed.
 * Without a name of its own a resource gets one when it is deployed, which tells stacks apart; these do not.
 */
export class Names {
  /**
   * `<part>-<part>-<hash>`: lower-case letters, digits and inner hyphens, so that it can be a subdomain and any
   * other name. The same place gives the same name, two places give two; what does not fit is cut from the left,
   * never from the hash.
   */
  static toDnsLabel(construct: IConstruct, options: NameOptions = {}): string {
    const { maxLength = 63, extra = [] } = options;
    if (!Number.isInteger(maxLength) || maxLength < HASH_LENGTH + 2 || maxLength > 63) {
      throw errors.nameLength(maxLength, HASH_LENGTH + 2);
    }
    const parts = [...construct.node.scopes.map(({ node }) => node.id).filter((id) => id !== ""), ...extra];
    const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HASH_LENGTH);
    const readable = parts
      .filter((part) => part !== RESOURCE_ID)
      .map(slug)
      .filter((part) => part !== "")
      .join("-");
    const room = maxLength - HASH_LENGTH - 1;
    // The last parts say most.
    const kept = readable.slice(Math.max(0, readable.length - room)).replace(/^-+/, "");
    return kept === "" ? `n${hash}` : `${kept}-${hash}`;
  }

  private constructor() {}
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
