import type { Json } from "../../constructs/manifest";
import { changesBetween, equal, type Change } from "../../provider/schema/diff";
import type { Effect, FieldTable, Values } from "../../provider/schema/fields";
import { isMap, ownKey } from "./json";

/** One place in the properties that changes. */
export interface PropertyChange {
  /** Such as `environment.LOG_LEVEL`. */
  readonly property: string;
  readonly effect: Effect;
  /** As in the manifest; absent where there was nothing, which means the default. */
  readonly before?: Json;
  readonly after?: Json;
  /** What absence means. */
  readonly default?: Json;
}

/** The places of a changed property in which it differs, each with what that does. */
export function partsOf(
  table: FieldTable,
  { field: name, effect }: Change,
  before: Json | undefined,
  after: Json | undefined,
  at = name,
): PropertyChange[] {
  const field = table[name]!;
  if (field.derived) return [];
  const { type } = field;
  if (isMap(before) && isMap(after)) {
    if (type.kind === "object") {
      return changesBetween(type.fields, before as Values, after as Values).flatMap((change) =>
        partsOf(type.fields, change, before[change.field], after[change.field], `${at}.${change.field}`),
      );
    }
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) =>
        equal(before[key], after[key])
          ? []
          : { property: `${at}.${ownKey(key)}`, effect, before: before[key], after: after[key] },
      );
  }
  const fallback = field.default as Json | undefined;
  return [{ property: at, effect, before, after, ...(fallback === undefined ? {} : { default: fallback }) }];
}
