import { Construct } from "constructs";
import { UNKNOWN } from "../../provider/schema/fields";
import { Annotations } from "../annotations";
import * as errors from "../errors";
import { inWords } from "../inputs";
import { Reference } from "../reference";

/** The construct properties that L2 constructs take, and what to give for each. */
const TAKEN = {
  workspace: "a Workspace, or one that is there already by Workspace.fromName(…)",
  base: "a Workspace, or one that is there already by Workspace.fromName(…)",
  job: "a Job, or one that is there already by Job.fromName(…)",
  target: "a Job, Workspace or Sandbox; of those there already, one by fromName(…)",
} as const;

/**
 * An attribute of a construct that was given as a property. Anything else in its place, which a compiler would have
 * refused, is a problem of the plan: to go on without it would be to go on without the files, the job or the base.
 */
export function attributeOf<T extends object, A extends keyof T>(
  construct: Construct,
  property: keyof typeof TAKEN,
  given: T | undefined,
  attribute: A,
): T[A] | undefined {
  return given === undefined ? undefined : requiredAttributeOf(construct, property, given, attribute);
}

/** The same of a property that cannot be left out. */
export function requiredAttributeOf<T extends object, A extends keyof T>(
  construct: Construct,
  property: keyof typeof TAKEN,
  given: T,
  attribute: A,
): T[A] {
  if (typeof given === "object" && given !== null && given[attribute] !== undefined) return given[attribute];
  refuse(construct, property, given);
  // Nothing more is to be said of it.
  return UNKNOWN as never;
}

/** Says of a property that takes a construct that it was given something else. */
export function refuse(construct: Construct, property: keyof typeof TAKEN, given: unknown): void {
  Annotations.of(construct).addError(errors.notThatConstruct(property, givenInWords(given), TAKEN[property]));
}

function givenInWords(given: unknown): string {
  if (Reference.isReference(given)) return `the ${given.attribute} of ${given.target.path}`;
  if (Construct.isConstruct(given)) return `the ${given.constructor.name} ${given.node.path}`;
  return given === null ? "null" : inWords(given);
}
