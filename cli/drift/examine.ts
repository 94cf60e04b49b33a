import { isActive } from "../../provider/api/job-status";
import { explain } from "../../provider/api/explain";
import type { Settings } from "../../provider/api/settings";
import { UNRECORDED } from "../../provider/lifecycle/job-observe";
import { isOurs, type Context } from "../../provider/lifecycle/kind";
import { KINDS } from "../../provider/lifecycle/kinds";
import { ProvenScripts } from "../../provider/lifecycle/proven-scripts";
import { RunClaims } from "../../provider/lifecycle/run-claims";
import { changesBetween, strongest, unrecordedNames } from "../../provider/schema/diff";
import { EFFECT_MEANINGS } from "../../provider/schema/effects";
import type { KindName, Values } from "../../provider/schema/fields";
import { assertAccount, difference } from "../../provider/schema/plan";
import type { Configuration } from "../account/config";
import { connectionTo, type Connection } from "../account/connect";
import { compare } from "../lib/compare";
import type { StateResource } from "../state/stack-state";
import type { Difference, Finding, Remedy, Standing } from "./finding";

/**
 * Compares each resource with what the cloud has, by the reads that a refresh makes: one rule says what is gone, ended
 * or asleep. Nothing is changed, in the state or in the cloud, and no VM is woken.
 * @param own what configures the account of the stack
 * @param endpointNamed what a message about its endpoint names
 */
export async function examine(
  resources: readonly StateResource[],
  own: Configuration,
  endpointNamed?: string,
): Promise<Finding[]> {
  const contexts = new Map<string, Context>();
  const contextOf = (configuration: Configuration): Context => {
    const key = JSON.stringify(configuration);
    let context = contexts.get(key);
    if (!context) contexts.set(key, (context = contextFor(connectionTo(configuration))));
    return context;
  };
  // Without a token nothing can be asked for: that is one failure, and not one of each resource.
  if (resources.some(({ configuration }) => configuration === undefined)) contextOf(own);
  return Promise.all(
    [...resources].sort(byName).map(async (resource) => {
      try {
        return await examined(resource, contextOf(resource.configuration ?? own));
      } catch (error) {
        return findingOf(resource, "unreachable", NOTHING, { why: explain(error, endpointNamed).message });
      }
    }),
  );
}

/** The state has them in the order in which they were made, which is never twice the same. */
function byName(a: StateResource, b: StateResource): number {
  return compare(a.name, b.name) || compare(a.urn, b.urn);
}

function contextFor(connection: Connection): Context {
  // What a read says of its waits is of no interest here.
  return { ...connection, claims: new RunClaims(), proven: new ProvenScripts(), say: () => undefined };
}

async function examined(resource: StateResource, context: Context): Promise<Finding> {
  const { kind: kindName, id } = resource;
  const kind = KINDS[kindName];
  const recorded = resource.outputs.values;
  assertAccount(kind, context.settings, id, recorded);
  const found = await kind.read(context, id, recorded);
  if (!found) return findingOf(resource, "gone", CREATE[kindName] ?? CREATE_ANY);
  const seen = found.outputs;
  const standing = standingOf(resource, seen);
  const differences = differencesOf(resource, seen);
  const { status } = seen;
  return findingOf(
    resource,
    standing === "same" && differences.length > 0 ? "changed" : standing,
    remedyFor(resource, seen, context.settings, standing, isOurs(context, recorded)),
    {
      differences,
      ...(kindName === "Job" && standing !== "foreign" ? { status: String(status) } : {}),
      ...(status === "sleeping" ? { asleep: true } : {}),
      ...(seen.notReady === undefined ? {} : { why: String(seen.notReady) }),
    },
  );
}

function standingOf({ kind }: StateResource, seen: Values): Standing {
  const status = String(seen.status);
  if (kind === "Job" && status === UNRECORDED) return "foreign";
  if (kind === "Job" && !isActive({ status })) return "ended";
  return seen.notReady === undefined ? "same" : "unready";
}

/** What the field table says is not as it was. */
function differencesOf({ kind, outputs }: StateResource, seen: Values): Difference[] {
  const { fields } = KINDS[kind];
  const valueOf = (name: string, values: Values) => values[name] ?? fields[name]?.default;
  return changesBetween(fields, outputs.values, seen).map(({ field }) =>
    fields[field]?.secret || outputs.secret.has(field)
      ? { property: field, secret: true }
      : { property: field, was: valueOf(field, outputs.values), is: valueOf(field, seen) },
  );
}

/** What an update does after a refresh has recorded what is seen: the program wants what was recorded before. */
function remedyFor(
  { kind: kindName, id, outputs }: StateResource,
  seen: Values,
  settings: Settings,
  standing: Standing,
  ours: boolean,
): Remedy {
  const kind = KINDS[kindName];
  if (standing === "foreign" && !ours) return { ...RESTART, refused: NOT_PROVEN };
  try {
    const { changes, repair } = difference(kind, settings, id, seen, wantedOf(outputs.values));
    const effect = strongest(changes);
    if (kindName === "Job" && (standing === "ended" || standing === "foreign")) return RESTART;
    if (effect !== undefined) return { action: effect, meaning: EFFECT_MEANINGS[effect] };
    return repair ? REPAIR : NOTHING;
  } catch (error) {
    return { ...REPAIR, refused: explain(error).message };
  }
}

/** What the program wants is what it wanted; what an update left undone it wants to have done. */
function wantedOf({ notReady: _notReady, ...recorded }: Values): Values {
  return recorded;
}

function findingOf(
  resource: StateResource,
  standing: Standing,
  up: Remedy,
  more: Partial<Finding> = {},
): Finding {
  const { urn, name, kind, id, outputs } = resource;
  const unrecorded = unrecordedNames(outputs.values);
  return {
    urn,
    name,
    kind,
    id,
    object: objectName(resource),
    standing,
    differences: [],
    up,
    ...(unrecorded.length > 0 ? { unrecorded } : {}),
    ...more,
  };
}

/** What the cloud calls it. */
function objectName({ kind, id, outputs }: StateResource): string {
  const { nameField } = KINDS[kind];
  const name = outputs.values[nameField];
  return kind === "CronJob" && typeof name === "string" && !outputs.secret.has(nameField) ? name : id;
}

const NOT_PROVEN =
  "nothing proves that it is ours. Stop it, or set mags:namespace (or MAGS_RECOVER=true for one run) if it is ours and may be restarted";
const NOTHING: Remedy = { action: "none", meaning: "nothing is done" };
const REPAIR: Remedy = { action: "repair", meaning: "what the last update left undone is done" };
const RESTART: Remedy = {
  action: "restart",
  meaning: "a VM is started under the same name with all settings",
};
const CREATE_ANY: Remedy = { action: "create", meaning: "it is made anew" };
const CREATE: Partial<Record<KindName, Remedy>> = {
  Workspace: { action: "create", meaning: "it is made anew, and set up again: the files it had are gone" },
};
