import type { IConstruct } from "constructs";
import { annotationsOf, type Annotation } from "../annotations";
import { formerPlacesOf, type Place } from "../renames";
import { MagsResource } from "../resource";
import { tagsIn } from "../tags";
import { typeNameOf, typesIn } from "../type-names";
import { isPlace } from "../urn-parts";

/** A construct as it stands in the tree when the plan is made. */
export class Entry implements Place {
  /** The construct itself, where it is a resource. */
  readonly resource: MagsResource | undefined;
  readonly tags: Readonly<Record<string, string>>;
  private readonly found: Entry[] = [];
  private inOrder = true;
  /** Of all components that it is in and, where it is one, its own. */
  readonly types: string;
  private readonly isPlace: boolean;
  private former?: readonly Place[];

  constructor(
    readonly construct: IConstruct,
    readonly id: string,
    readonly path: string,
    readonly parent: Entry | undefined,
  ) {
    this.resource = MagsResource.isMagsResource(construct) ? construct : undefined;
    const { metadata } = construct.node;
    this.tags = tagsIn(metadata, parent?.tags ?? NO_TAGS);
    const around = parent?.types ?? "";
    this.isPlace = isPlace(construct);
    this.types = !this.isPlace || !parent ? around : typesIn(around, typeNameOf(construct));
  }

  /** Those that there are by now: what is checked may add some. */
  get annotations(): readonly Annotation[] {
    return annotationsOf(this.construct);
  }

  /** As they are by `Renames`, those of what is below a renamed construct too. */
  get formerPlaces(): readonly Place[] {
    return (this.former ??= formerPlacesOf(this.construct, this.types, this.component));
  }

  /** What is around it where Pulumi has a component: what stands below a resource is deployed beside it. */
  private get component(): Entry | undefined {
    const { parent } = this;
    return parent && !parent.isPlace ? parent.component : parent;
  }

  /** By id: the order in which they were made has no meaning. */
  get children(): readonly Entry[] {
    if (!this.inOrder) this.found.sort((a, b) => (a.id < b.id ? -1 : 1));
    this.inOrder = true;
    return this.found;
  }

  add(child: Entry): void {
    const last = this.found.at(-1);
    if (last && last.id > child.id) this.inOrder = false;
    this.found.push(child);
  }
}

const NO_TAGS: Readonly<Record<string, string>> = Object.freeze({});

/** The tree, walked once. */
export interface Walk {
  readonly root: Entry;
  /** Each before what is below it. */
  readonly entries: readonly Entry[];
  entryOf(construct: IConstruct): Entry | undefined;
}

export function walk(root: IConstruct): Walk {
  const top = new Entry(root, "", "", undefined);
  const entries = [top];
  const byConstruct = new Map<IConstruct, Entry>([[root, top]]);
  // The list grows while it is gone through.
  for (const entry of entries) {
    for (const child of entry.construct.node.children) {
      const { id } = child.node;
      const below = new Entry(child, id, entry.path === "" ? id : `${entry.path}/${id}`, entry);
      entry.add(below);
      entries.push(below);
      byConstruct.set(child, below);
    }
  }
  return { root: top, entries, entryOf: (construct) => byConstruct.get(construct) };
}

/** A construct and all below it, in the order in which they were made. */
export function descendants(construct: IConstruct): IConstruct[] {
  const found = [construct];
  for (const one of found) for (const child of one.node.children) found.push(child);
  return found;
}

/** A construct and all below it by id, each before what is below it. */
export function descendantsById(construct: IConstruct, found: IConstruct[] = []): IConstruct[] {
  found.push(construct);
  const children = construct.node.children.sort((a, b) => (a.node.id < b.node.id ? -1 : 1));
  for (const child of children) descendantsById(child, found);
  return found;
}
