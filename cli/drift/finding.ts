import type { Effect, KindName } from "../../provider/schema/fields";

/**
 * How a resource stands.
 * - `same`: as recorded
 * - `changed`: there, but something that the API shows is not as recorded
 * - `gone`: certainly not there any more
 * - `ended`: a job that is listed, but whose VM has ended
 * - `foreign`: under the name of a job another request is active, which this stack did not start
 * - `unready`: the last update did not get it ready
 * - `unreachable`: it could not be asked for, so nothing is known
 */
export const STANDINGS = ["gone", "ended", "foreign", "unready", "changed", "unreachable", "same"] as const;
export type Standing = (typeof STANDINGS)[number];

/** What an update after a refresh does about it, with the program as it was. */
export interface Remedy {
  readonly action: Effect | "create" | "repair" | "none";
  readonly meaning: string;
  /** Why the update will refuse to do it. */
  readonly refused?: string;
}

/** One value that is not as recorded. */
export interface Difference {
  readonly property: string;
  /** The values of a secret are left out. */
  readonly secret?: true;
  readonly was?: unknown;
  readonly is?: unknown;
}

/** What was found of one resource. */
export interface Finding {
  readonly urn: string;
  /** As the program calls it. */
  readonly name: string;
  readonly kind: KindName;
  readonly id: string;
  /** As the cloud calls it. */
  readonly object: string;
  readonly standing: Standing;
  /** Of a job, as the cloud says it now. */
  readonly status?: string;
  /** An idle job sleeps, and wakes on a request: that is no drift. */
  readonly asleep?: true;
  readonly differences: readonly Difference[];
  readonly up: Remedy;
  /** Why it could not be asked for, or is not ready. */
  readonly why?: string;
  /** Imported, and not recorded by a first update yet: inputs that nothing is known of. */
  readonly unrecorded?: readonly string[];
}

/** Whether something is to be done. */
export function isDrift({ standing }: Finding): boolean {
  return standing !== "same" && standing !== "unreachable";
}
