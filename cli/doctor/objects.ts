import type { Account } from "../../provider/api/account";
import { explain } from "../../provider/api/explain";
import type { Settings } from "../../provider/api/settings";
import type { AccountFlags } from "../account/connect";
import { readFleet, type FleetObject } from "../fleet/read";
import { many } from "../lib/output";
import { optionsOf, quoted } from "../lib/shell";
import { harmless } from "../lib/table";
import { pulumiLine, recoveringLine } from "../pulumi/line";
import type { StackPlace } from "../pulumi/run";
import { ownersIn, type Owners } from "../state/owners";
import { saying } from "../lib/saying";
import { ok, unchecked, warning, wrong, type Finding } from "./finding";
import type { Surroundings } from "./stack";

/** So many are named in a finding; `mags-iac fleet` shows them all. */
const NAMED = 5;

/** What there is twice, or in no state, under names of the project's stacks. */
export async function objects(
  { account, settings }: { account?: Account; settings?: Settings },
  { project, stacks, stack, state }: Surroundings,
  { cwd: folder, stack: wanted, endpoint }: AccountFlags,
): Promise<Finding[]> {
  if (!project || !stacks) return [unchecked("objects", "Without stacks, nothing tells what is ours.")];
  if (!account || !settings)
    return [unchecked("objects", "Without an account, nothing tells what there is.")];
  const labels =
    stack && state ? [labelFinding({ folder, stack: stack.name }, state.resources, settings)] : [];
  try {
    const [fleet, owners] = await Promise.all([
      readFleet(account, settings, {}),
      ownersIn(project, stacks, { folder, account: settings.account }),
    ]);
    const unread = [...owners.problems].map(([name, problem]) =>
      unchecked(
        "stacks",
        `What stack "${name}" owns is not known, nor whether some of it is an orphan. ${problem}`,
      ),
    );
    return [
      ...labels,
      ...unread,
      ...duplicates(fleet.objects, owners, settings),
      ...orphans(fleet.objects, owners, folder),
    ];
  } catch (error) {
    const again = `mags-iac fleet${optionsOf({ cwd: folder, stack: wanted, endpoint })}`;
    return [...labels, wrong("objects", saying(explain(error)), again)];
  }
}

type Resources = NonNullable<Surroundings["state"]>["resources"];

/** Whether the state speaks of this account at all: a stack that was pointed elsewhere does nothing. */
function labelFinding(place: StackPlace, resources: Resources, { account }: Settings): Finding {
  const others = resources.filter(
    ({ configuration, outputs: { values } }) =>
      configuration === undefined && values.account !== undefined && values.account !== account,
  );
  if (others.length === 0) return ok("account", account);
  const label = String(others[0]!.outputs.values.account);
  return wrong(
    "account",
    `${many(others.length, "resource")} of stack "${place.stack}" belong to the account "${label}", and this one is "${account}": ` +
      `every run will refuse to touch them. Point the stack back at that account, or, if the two are the same one, call it by that label.`,
    pulumiLine(`config set mags:account ${quoted(label)}`, place),
  );
}

/** Exported for tests. */
export function duplicates(all: readonly FleetObject[], owners: Owners, settings: Settings): Finding[] {
  const ours = all.filter((object) => owners.of(object) !== undefined);
  const findings = [
    ...groups(ours, "Job", ({ name }) => name).map(([name, jobs]) =>
      warning(
        "duplicates",
        `${jobs.length} jobs named ${harmless(name)} are active: requests ${jobs.map(({ requestId }) => requestId).join(", ")}. ` +
          `Stop those that the state does not have.`,
        `mags stop ${strangers(jobs, owners)[0]?.requestId ?? jobs.at(-1)!.requestId}`,
      ),
    ),
    ...groups(ours, "CronJob", ({ name }) => name).map(([name, crons]) => {
      const { id } = strangers(crons, owners)[0] ?? crons.at(-1)!;
      return warning(
        "duplicates",
        `${crons.length} cron jobs are named ${harmless(name)}, and all of them fire: ${crons.map((cron) => cron.id).join(", ")}. ` +
          `Delete those that no state has.`,
        `curl -X DELETE -H "Authorization: Bearer $MAGS_API_TOKEN" ${settings.endpoint}/api/v1/mags-cron/${id}`,
      );
    }),
  ];
  return findings.length > 0 ? findings : [ok("duplicates", "none under names of ours")];
}

function groups(
  objects: readonly FleetObject[],
  kind: FleetObject["kind"],
  key: (object: FleetObject) => string,
): [string, FleetObject[]][] {
  const byKey = new Map<string, FleetObject[]>();
  for (const object of objects.filter((one) => one.kind === kind)) {
    byKey.set(key(object), [...(byKey.get(key(object)) ?? []), object]);
  }
  return [...byKey].filter(([, { length }]) => length > 1);
}

/** Those that are in no state themselves, whatever their name. */
function strangers(objects: readonly FleetObject[], owners: Owners): FleetObject[] {
  return objects.filter((object) => !owners.holds(object));
}

/** Exported for tests. */
export function orphans(all: readonly FleetObject[], owners: Owners, folder?: string): Finding[] {
  const byStack = new Map<string, FleetObject[]>();
  const nameOf = ({ kind, name }: FleetObject) => `${kind} ${name}`;
  // Another one of the name that a state has is a duplicate: no run takes it back.
  const held = new Set(all.filter((object) => owners.holds(object)).map(nameOf));
  for (const object of all) {
    const owner = owners.of(object);
    if (owner && !owner.resource && !held.has(nameOf(object)))
      byStack.set(owner.stack, [...(byStack.get(owner.stack) ?? []), object]);
  }
  const findings = [...byStack].map(([stack, found]) => {
    const named = found.slice(0, NAMED).map(({ kind, name }) => `${kind} ${harmless(name)}`);
    const more = found.length > NAMED ? `, and ${found.length - NAMED} more` : "";
    return warning(
      "orphans",
      `Stack "${stack}" has generated the names of ${many(found.length, "object")} that no state has: ${named.join(", ")}${more}. ` +
        `An interrupted run or a lost state leaves such, and so does retainOnDelete. ` +
        `What the program still declares comes back into the state with the command below; the rest has to be stopped or deleted by hand.`,
      recoveringLine({ folder, stack }, owners.namespaceOf(stack)),
    );
  });
  return findings.length > 0 ? findings : [ok("orphans", "none under names that these stacks generate")];
}
