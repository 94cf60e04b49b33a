import { Construct, type IConstruct } from "constructs";
import { Annotations } from "./annotations";
import * as errors from "./errors";
import { claimId } from "./ids";
import { knownProps, type PropNames } from "./known-props";
import { hasNotYet } from "./not-yet";
import { Tags } from "./tags";

const MARK = Symbol.for("pulumi-mags.Stack");

export interface StackProps {
  /** What the stack is for; shown in the tree. */
  readonly description?: string;
  /** Tags of all its resources. */
  readonly tags?: Readonly<Record<string, string>>;
}

const STACK_PROPS: PropNames<StackProps> = { description: true, tags: true };

/** A unit that is deployed together: a component of its own in Pulumi. */
export class Stack extends Construct {
  static isStack(value: unknown): value is Stack {
    return typeof value === "object" && value !== null && MARK in value;
  }

  /** The innermost stack that a construct is part of; a stack is its own. */
  static of(construct: IConstruct): Stack {
    for (let at: IConstruct | undefined = construct; at; at = at.node.scope) {
      if (Stack.isStack(at)) return at;
    }
    throw errors.noStack(construct.node.path);
  }

  readonly description?: string;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, claimId(scope, id));
    const { description, tags = {} } = knownProps(this, props, STACK_PROPS);
    // It stands in the tree, which is plain text.
    const isText = description === undefined || (typeof description === "string" && !hasNotYet(description));
    if (isText) this.description = description;
    else Annotations.of(this).addError(errors.descriptionNotText());
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
  }
}
Object.defineProperty(Stack.prototype, MARK, { value: true });
