import type { IConstruct, MetadataEntry } from "constructs";
import { Annotations } from "./annotations";
import * as errors from "./errors";
import { hasNotYet } from "./not-yet";

const TYPE = "mags:tag";

type Entry = readonly [key: string, value: string | undefined];

/**
 * Words about resources: team, cost centre, purpose. Mags has no tags, so they reach the manifest and the tree,
 * for people and tools that read those, and not the cloud. What a construct is tagged with holds for all below.
 *
 * @example
 * ```ts
 * Tags.of(stack).add("team", "web");
 * ```
 */
export class Tags {
  static of(construct: IConstruct): Tags {
    return new Tags(construct);
  }

  private constructor(private readonly construct: IConstruct) {}

  add(key: string, value: string): void {
    if (typeof value !== "string" || hasNotYet(value)) {
      Annotations.of(this.construct).addError(errors.tagNotKnown(key));
      return;
    }
    this.construct.node.addMetadata(TYPE, [key, value] satisfies Entry);
  }

  /** Takes away what is inherited. */
  remove(key: string): void {
    this.construct.node.addMetadata(TYPE, [key, undefined] satisfies Entry);
  }
}

/** Tags by what is among the metadata of a construct, given those of its scope; the same object where nothing is. */
export function tagsIn(
  metadata: readonly MetadataEntry[],
  inherited: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = metadata.filter((entry) => entry.type === TYPE);
  if (own.length === 0) return inherited;
  const tags = new Map(Object.entries(inherited));
  for (const { data } of own) {
    const [key, value] = data as Entry;
    if (value === undefined) tags.delete(key);
    else tags.set(key, value);
  }
  return Object.freeze(Object.fromEntries([...tags].sort(([a], [b]) => (a < b ? -1 : 1))));
}
