import type { Construct } from "constructs";
import { Annotations } from "../annotations";
import { isPlainObject } from "../containers";
import * as errors from "../errors";
import { inWords } from "../inputs";
import { knownProps, spreadable, type PropNames } from "../known-props";
import { MagsConstruct } from "../l2/base";
import { Sandbox, type SandboxProps } from "../l2/sandbox";

/** How large the sandboxes of a class are, and whatever else they have in common. */
export type SandboxClass = Partial<SandboxProps>;

/** One sandbox, with what is its own. It goes before its class, and that before what all have. */
export interface SandboxMember extends SandboxProps {
  /** Its id in the fleet: mostly the name of who uses it. */
  readonly id: string;
  /** Its class. @default that of the fleet */
  readonly size?: string;
}

export interface SandboxFleetProps {
  /** Who gets a sandbox: ids, or ids with what is their own. */
  readonly members?: readonly (string | SandboxMember)[];
  /** How many sandboxes besides, called `sandbox-001` and so on. @default 0 */
  readonly count?: number;
  /** The classes by name, such as `{ small: { memory: Size.gibibytes(2) } }`. @default none */
  readonly sizes?: Readonly<Record<string, SandboxClass>>;
  /** The class of those that name none. @default none: as Mags makes them */
  readonly size?: string;
  /** What all have in common. */
  readonly sandbox?: SandboxProps;
}

const SANDBOX_FLEET_PROPS: PropNames<SandboxFleetProps> = {
  members: true,
  count: true,
  sizes: true,
  size: true,
  sandbox: true,
};

/**
 * Sandboxes for a list of people, or a number of them, in sizes by class. Who leaves the list loses the sandbox,
 * and nobody else is touched; its workspace is protected until that is turned off.
 *
 * @example
 * ```ts
 * new SandboxFleet(this, "team", {
 *   members: ["ada", { id: "grace", size: "large" }],
 *   sizes: { small: { memory: Size.gibibytes(2) }, large: { memory: Size.gibibytes(8), noSleep: true } },
 *   size: "small",
 * });
 * ```
 */
export class SandboxFleet extends MagsConstruct {
  /** By id, in the order of the list. */
  readonly sandboxes: ReadonlyMap<string, Sandbox>;

  constructor(scope: Construct, id: string, props: SandboxFleetProps) {
    super(scope, id);
    const known = knownProps(this, props, SANDBOX_FLEET_PROPS);
    const { members = [], count = 0, sizes = {}, size, sandbox = {} } = known;
    const sandboxes = new Map<string, Sandbox>();
    const common = spreadable(this, "sandbox", sandbox);
    for (const member of [...this.membersIn(members), ...this.numbered(count)]) {
      const { id: memberId, size: own = size, ...rest } = member;
      const ofClass = own === undefined ? {} : this.classOf(own, sizes, memberId);
      sandboxes.set(memberId, new Sandbox(this, memberId, { ...common, ...ofClass, ...rest }));
    }
    this.sandboxes = sandboxes;
  }

  /** @throws when there is none of that id */
  sandbox(id: string): Sandbox {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) throw errors.noSuchPart(this.node.path, "sandbox", id, [...this.sandboxes.keys()]);
    return sandbox;
  }

  /** Those of the list that are members. */
  private membersIn(members: readonly (string | SandboxMember)[]): SandboxMember[] {
    if (!Array.isArray(members)) {
      Annotations.of(this).addError(errors.membersNotList(inWords(members)));
      return [];
    }
    return (members as readonly (string | SandboxMember)[]).flatMap((member, place) => {
      if (typeof member === "string") return [{ id: member }];
      if (isPlainObject(member)) return [member as SandboxMember];
      Annotations.of(this).addError(errors.memberWithoutId(place, inWords(member)));
      return [];
    });
  }

  /** Numbers of a fixed width, so that one sandbox more is not another name for all the others. */
  private numbered(count: number): SandboxMember[] {
    if (!Number.isSafeInteger(count) || count < 0) {
      Annotations.of(this).addError(errors.countNotWhole(inWords(count)));
      return [];
    }
    return Array.from({ length: count }, (_, index) => ({
      id: `sandbox-${String(index + 1).padStart(3, "0")}`,
    }));
  }

  private classOf(name: string, sizes: Readonly<Record<string, SandboxClass>>, member: string): SandboxClass {
    if (Object.hasOwn(sizes, name)) return spreadable(this, `the size "${name}"`, sizes[name]) ?? {};
    Annotations.of(this).addError(errors.noSuchSize(member, name, Object.keys(sizes)));
    return {};
  }
}
