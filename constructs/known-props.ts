import type { Construct } from "constructs";
import { noSuchProperty } from "../provider/schema/validation";
import { Annotations } from "./annotations";

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
  if (typeof props !== "object" || props === null) return {} as P;
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

/** The names without some: for a construct that takes what another one does, but for those. */
export function namesWithout<P, K extends keyof P & string>(
  names: PropNames<P>,
  ...without: readonly K[]
): PropNames<Omit<P, K>> {
  return Object.fromEntries(
    Object.entries(names).filter(([name]) => !without.includes(name as K)),
  ) as unknown as PropNames<Omit<P, K>>;
}
