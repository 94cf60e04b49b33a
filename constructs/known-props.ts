import { Construct } from "constructs";
import { noSuchProperty } from "../provider/schema/validation";
import { Annotations } from "./annotations";
import * as errors from "./errors";
import { inWords } from "./inputs";

/** The names of all properties that a construct takes. The compiler sees to it that none is missing. */
export type PropNames<P> = Readonly<Record<keyof P & string, true>>;

/**
 * Those of the given properties that a construct takes. Others, which a compiler would have refused, are problems of
 * the plan, told as those of resources are.
 * @param ofResource names that the resource in it has for what the construct calls otherwise; they may be used, too
 */
export function knownProps<P extends object>(
  construct: Construct,
  props: P | undefined,
  names: PropNames<P>,
  ofResource: readonly string[] = [],
): P {
  if (props === undefined || props === null) return {} as P;
  if (!isMapLike(props)) {
    Annotations.of(construct).addError(errors.notProperties(inWords(props)));
    return {} as P;
  }
  const isUnknown = (name: string) => !Object.hasOwn(names, name) && !ofResource.includes(name);
  const unknown = Object.keys(props).filter(isUnknown);
  if (unknown.length === 0) return props;
  for (const name of unknown) {
    // One without a value says nothing.
    if ((props as Record<string, unknown>)[name] !== undefined)
      Annotations.of(construct).addError(noSuchProperty(name, Object.keys(names)));
  }
  return Object.fromEntries(Object.entries(props).filter(([name]) => !isUnknown(name))) as P;
}

/**
 * Properties that are handed on with others beside them. Anything but an object would be spread to nothing, or by
 * letter, so it is a problem of the plan.
 * @param what whose they are, in words
 */
export function spreadable<P extends object>(
  construct: Construct,
  what: string,
  props: P | undefined,
): P | undefined {
  if (props === undefined || props === null || isMapLike(props)) return props ?? undefined;
  Annotations.of(construct).addError(errors.notPropertiesOf(what, inWords(props)));
  return undefined;
}

function isMapLike(props: object): boolean {
  return typeof props === "object" && !Array.isArray(props) && !Construct.isConstruct(props);
}

/** The names without some: for a construct that takes what another one does, but for those. */
export function namesWithout<P, K extends keyof P & string>(
  names: PropNames<P>,
  ...without: readonly K[]
): PropNames<Omit<P, K>> {
  return Object.fromEntries(
    Object.entries(names).filter(([name]) => !without.includes(name as K)),
  ) as unknown as PropNames<Omit<P, K>>;
}
