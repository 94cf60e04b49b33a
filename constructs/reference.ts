import { notYet, notYetText } from "./not-yet";
import type { MagsResource } from "./resource";

const MARK = Symbol.for("pulumi-mags.Reference");

/**
 * An attribute of a resource of the tree, such as the `workspaceId` of a workspace. A value of its own, no text
 * with a hidden token: it cannot be cut, joined or lost in a string.
 */
export class Reference<T = unknown> {
  /** Only for the type checker: a reference to a number is no reference to a text. */
  declare protected readonly type?: T;

  static isReference(value: unknown): value is Reference {
    return typeof value === "object" && value !== null && Object.hasOwn(value, MARK);
  }

  constructor(
    readonly target: MagsResource,
    readonly attribute: string,
  ) {
    Object.defineProperty(this, MARK, { value: true });
  }

  /** `path.attribute`, as the manifest names it. */
  get address(): string {
    return `${this.target.path}.${this.attribute}`;
  }

  /** No value: a plan refuses a text that this was made part of. */
  toString(): string {
    return notYetText(this.address);
  }

  toJSON(): unknown {
    return notYet(this.address);
  }
}
