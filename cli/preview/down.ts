import { print, printJson, say } from "../lib/output";
import { stateIn, type StackState, type StatePart, type StateResource } from "../state/stack-state";
import { runPage, warn } from "./actions";
import { cloudOfStack } from "./account";
import { namesOf, pullRequestIn } from "./cloud";
import { finishing } from "./engine";
import * as errors from "./errors";
import { GitHub } from "./github";
import { Place, type PlaceFlags } from "./place";
import { explained, isOfPulumi } from "./pulumi-errors";
import { pullRequestNumber, stackOf } from "./pull-request";
import { OWNER_TAG, isPreviewOf, ownerOf, recordOf, type Tags } from "./record";
import { tellGitHub } from "./sticky";

export interface DownFlags extends PlaceFlags {
  pr: string;
  comment?: true;
  json?: true;
}

/** What a removal found and removed. */
export interface Removal {
  /** Where it was looked for. */
  project: string;
  namespace: string;
  stack: string;
  /** Whether there was a stack. */
  existed: boolean;
  /** Resources that its state knew. */
  resources: number;
  /** Names of what no state knew. */
  strays: string[];
}

/** Removes a preview, whatever is left of it. */
export async function down(flags: DownFlags): Promise<void> {
  const pullRequest = pullRequestNumber(flags.pr);
  await Place.open(flags, async (place) => {
    const gitHub = flags.comment ? await GitHub.open(place.repository) : undefined;
    const removal = await remove(place, pullRequest);
    if (isNothing(removal) && !(await place.hasStacks())) warn(errors.noSuchProject(place.project));
    if (flags.json) printJson(removal);
    else print(`${inWords(removal)}\n`);
    if (gitHub) await tellRemoved(gitHub, place, pullRequest);
  });
}

/** A comment says so where there is one: a pull request that never had a preview needs no word of its end. */
export async function tellRemoved(gitHub: GitHub, place: Place, pullRequest: number): Promise<void> {
  const subject = { project: place.project, stack: stackOf(pullRequest), pullRequest };
  const failures = await tellGitHub(gitHub, subject, { state: "removed", run: runPage() }, false);
  for (const { message } of failures) warn(message);
}

function isNothing({ existed, strays }: Removal): boolean {
  return !existed && strays.length === 0;
}

export function inWords({ project, namespace, stack, existed, resources, strays }: Removal): string {
  const parts = [
    ...(existed
      ? [`its stack, which held ${resources === 1 ? "one resource" : `${resources} resources`}`]
      : []),
    ...(strays.length > 0 ? [`what no stack knew of: ${strays.join(", ")}`] : []),
  ];
  return parts.length > 0
    ? `${stack}: removed ${parts.join(", and ")}`
    : `${stack}: there was nothing of it: no such stack of the project ${project}, and no name generated for ${namespace}`;
}

/**
 * Removes the resources, and what an interrupted run has left beside them; then asks the cloud whether nothing is
 * there any more. Only then the stack goes too: while something is left, it says that there is a preview, and of what.
 * Needs no program: what a state holds is enough.
 */
export async function remove(
  place: Place,
  pullRequest: number,
  /** Tags of its stack, where somebody has just looked. */
  seen?: Tags,
): Promise<Removal> {
  const stack = stackOf(pullRequest);
  const tags = seen ?? (await place.find(stack));
  const state = tags && stateIn(await place.export(stack));
  if (state) {
    assertOurs(place, stack, pullRequest, tags, state);
    refuseProtected(stack, state);
  }
  // Before anything is removed: whether it is gone could not be told without.
  const cloud = await cloudOfStack(place, stack, state ?? { configuration: {} });
  const ids = [
    ...(state ? idsOf(state) : []),
    ...(recordOf(tags ?? {}).ids ?? "").split(" ").filter(Boolean),
  ];
  if (state && !state.isEmpty) {
    await noteIds(place, pullRequest, state);
    await destroy(place, stack);
  }
  const strays = await cloud.of(pullRequest);
  if (strays) {
    say(`${stack}: removing ${namesOf(strays).join(", ")}`);
    await cloud.remove(strays);
  }
  const left = await cloud.left(pullRequest, ids);
  if (left) throw errors.leftBehind(stack, namesOf(left));
  if (state) await place.removeStack(stack);
  const { namespace, project } = place;
  return {
    project,
    namespace,
    stack,
    existed: state !== undefined,
    resources: state ? owned(state).length : 0,
    strays: strays ? namesOf(strays) : [],
  };
}

/** What keeps a stack from being removed, without touching it. */
export async function refuseUnremovable(place: Place, stack: string): Promise<void> {
  refuseProtected(stack, stateIn(await place.export(stack)));
}

function assertOurs(place: Place, stack: string, pullRequest: number, tags: Tags, state: StackState): void {
  if (isPreviewOf(stack, tags, place.namespace, pullRequest)) return;
  const owner = tags[OWNER_TAG];
  if (owner !== undefined) throw errors.stackOfOther(stack, owner, ownerOf(place.namespace, pullRequest));
  // One that holds nothing is what a run leaves that was killed as it began.
  if (state.everything.length > 0) throw errors.stackNotPreview(stack);
}

async function destroy(place: Place, stack: string): Promise<void> {
  const withoutProgram = await place.withoutProgram(stack);
  try {
    await place.unlocked(stack, () =>
      finishing((signal) =>
        withoutProgram.destroy({
          color: "never",
          suppressProgress: true,
          message: "preview removed",
          onOutput: (text: string) => process.stderr.write(text),
          onError: (text: string) => process.stderr.write(text),
          showSecrets: false,
          signal,
        }),
      ),
    );
  } catch (error) {
    if (!isOfPulumi(error)) throw error;
    throw explained(error, (detail) => errors.downFailed(stack, detail), { atWork: true });
  }
}

/** What a program only reads is somebody else's, and stays. */
function owned({ everything }: StackState): StatePart[] {
  return everything.filter(({ external }) => !external);
}

/** Ids of what the cloud had of it by the state, whatever it was named by. Those of schedules are the API's own. */
function idsOf({ resources }: StackState): string[] {
  return listed(resources).map(({ id }) => id);
}

/** A Run is no object of its own in the end. */
function listed(resources: StackState["resources"]): StateResource[] {
  return resources.filter(({ id, kind }) => kind !== "Run" && id !== "");
}

/** Writes down what no name tells of: after the removal the state has forgotten it. */
async function noteIds(place: Place, pullRequest: number, { resources }: StackState): Promise<void> {
  const unnamed = listed(resources).filter(({ id, kind, outputs }) => {
    const name = kind === "CronJob" ? String(outputs.values.name) : id.split(".")[0]!;
    return pullRequestIn(name, place) !== pullRequest;
  });
  if (unnamed.length > 0)
    await place.note(stackOf(pullRequest), { ids: unnamed.map(({ id }) => id).join(" ") });
}

/** Nothing of a preview is protected, so what is, is not for us to remove. */
function refuseProtected(stack: string, { everything }: StackState): void {
  const names = everything.filter(({ protect }) => protect).map(({ name }) => name);
  if (names.length > 0) throw errors.stackProtected(stack, names);
}
