import type { IConstruct } from "constructs";
import { MagsResource } from "../resource";
import { tagsOf } from "../tags";

/** A construct as it stands in the tree when the plan is made. */
export interface Entry {
  readonly construct: IConstruct;
  readonly path: string;
  readonly parent: Entry | undefined;
  /** By id: the order in which they were made has no meaning. */
  readonly children: readonly Entry[];
  /** The construct itself, where it is a resource. */
  readonly resource: MagsResource | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** The tree, walked once: paths, tags and order are known from here on. */
export interface Walk {
  readonly root: Entry;
  /** Each before what is below it. */
  readonly entries: readonly Entry[];
  entryOf(construct: IConstruct): Entry | undefined;
}

export function walk(root: IConstruct): Walk {
  const entries: Entry[] = [];
  const byConstruct = new Map<IConstruct, Entry>();
  const enter = (construct: IConstruct, path: string, parent: Entry | undefined): Entry => {
    const children: Entry[] = [];
    const entry: Entry = {
      construct,
      path,
      parent,
      children,
      resource: MagsResource.isMagsResource(construct) ? construct : undefined,
      tags: tagsOf(construct, parent?.tags ?? {}),
    };
    entries.push(entry);
    byConstruct.set(construct, entry);
    for (const child of childrenOf(construct)) {
      children.push(enter(child, path === "" ? child.node.id : `${path}/${child.node.id}`, entry));
    }
    return entry;
  };
  return { root: enter(root, "", undefined), entries, entryOf: (construct) => byConstruct.get(construct) };
}

/** A construct and all below it, each before what is below it, by id. */
export function descendants(construct: IConstruct, found: IConstruct[] = []): IConstruct[] {
  found.push(construct);
  for (const child of childrenOf(construct)) descendants(child, found);
  return found;
}

function childrenOf(construct: IConstruct): IConstruct[] {
  const { children } = construct.node;
  return children.length > 1 ? children.sort((a, b) => (a.node.id < b.node.id ? -1 : 1)) : children;
}
