import type { Origin } from "../schema/plan";

/** The input that carries a resource's identity from its constructor to check, and no further. */
export const IDENTITY_PROPERTY = "__identity";

/** An origin as an input. */
export type ToldOrigin = string | { origin: string; workspaceGeneration: unknown };

/**
 * An origin in one text: the engine logs, copies and hands on every property by itself. The generation of a
 * workspace is beside it, since it can be an output, and then is not known in every preview.
 */
export function originToHost({ workspaceGeneration, ...origin }: Origin): ToldOrigin {
  const text = JSON.stringify(origin);
  return workspaceGeneration === undefined ? text : { origin: text, workspaceGeneration };
}

/** The origin in the inputs that check is handed; undefined where there was no program. */
export function originFromHost(told: unknown): Origin | undefined {
  if (told === undefined) return undefined;
  const { origin, workspaceGeneration }: Exclude<ToldOrigin, string> =
    typeof told === "string"
      ? { origin: told, workspaceGeneration: undefined }
      : (told as Exclude<ToldOrigin, string>);
  return {
    ...(JSON.parse(origin) as Origin),
    ...(workspaceGeneration === undefined ? {} : { workspaceGeneration }),
  };
}
