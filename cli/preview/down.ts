import type { Deployment } from "@pulumi/pulumi/automation";
import { print, printJson, say } from "../lib/output";
import { runPage, warn } from "./actions";
import { Cloud, configurationIn, namesOf } from "./cloud";
import { finishing } from "./engine";
import * as errors from "./errors";
import { GitHub } from "./github";
import { Place, type PlaceFlags } from "./place";
import { magsConfiguration } from "./project";
import { explained } from "./pulumi-errors";
import { pullRequestNumber, stackOf } from "./pull-request";
import { OWNER_TAG, isPreviewOf, ownerOf } from "./record";
import { tellGitHub } from "./sticky";

export interface DownFlags extends PlaceFlags {
  pr: string;
  comment?: true;
  json?: true;
}

/** What a removal found and removed. */
export interface Removal {
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

export function inWords({ stack, existed, resources, strays }: Removal): string {
  const parts = [
    ...(existed
      ? [`its stack, which held ${resources === 1 ? "one resource" : `${resources} resources`}`]
      : []),
    ...(strays.length > 0 ? [`what no stack knew of: ${strays.join(", ")}`] : []),
  ];
  return parts.length > 0 ? `${stack}: removed ${parts.join(", and ")}` : `${stack}: there was nothing of it`;
}

/**
 * Removes the resources, the stack, and what an interrupted run has left beside them; then asks the cloud whether
 * nothing is there any more. Needs no program: what a state holds is enough.
 */
export async function remove(
  place: Place,
  pullRequest: number,
  /** True where somebody has just looked whose the stack is. */
  isOurs = false,
): Promise<Removal> {
  const stack = stackOf(pullRequest);
  const existed = isOurs || (await place.stack(stack)) !== undefined;
  let state: Deployment | undefined;
  if (existed) {
    state = await place.export(stack);
    if (!isOurs) await assertOurs(place, stack, pullRequest, state);
    refuseProtected(stack, state);
  }
  // Before anything is removed: whether it is gone could not be told without.
  const cloud = new Cloud(
    { ...(state ? configurationIn(state) : {}), ...magsConfiguration(place.template) },
    place,
  );
  if (existed) {
    if (holdsAnything(state!)) await destroy(place, stack);
    await place.removeStack(stack);
  }
  const strays = await cloud.of(pullRequest);
  if (strays) {
    say(`${stack}: removing ${namesOf(strays).join(", ")}`);
    await cloud.remove(strays);
  }
  const left = await cloud.left(pullRequest, state ? idsOf(state) : []);
  if (left) throw errors.leftBehind(stack, namesOf(left));
  return {
    stack,
    existed,
    resources: state ? resourcesOf(state).length : 0,
    strays: strays ? namesOf(strays) : [],
  };
}

async function assertOurs(
  place: Place,
  stack: string,
  pullRequest: number,
  state: Deployment,
): Promise<void> {
  const tags = await place.tags(stack);
  if (isPreviewOf(stack, tags, place.namespace, pullRequest)) return;
  const owner = tags[OWNER_TAG];
  if (owner !== undefined) throw errors.stackOfOther(stack, owner, ownerOf(place.namespace, pullRequest));
  // One that holds nothing is what a run leaves that was killed as it began.
  if (resourcesOf(state).length > 0) throw errors.stackNotPreview(stack);
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
    if (!("commandResult" in (error as object))) throw error;
    throw explained(error, (detail) => errors.downFailed(stack, detail));
  }
}

interface StateResource {
  urn: string;
  type: string;
  id?: string;
  protect?: boolean;
}

function resourcesOf(state: Deployment): StateResource[] {
  const { resources = [] } = (state.deployment ?? {}) as { resources?: StateResource[] };
  return resources.filter(
    ({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"),
  );
}

/** Ids of what the cloud had of it by the state, whatever it was named by. Those of schedules are the API's own. */
function idsOf(state: Deployment): string[] {
  return resourcesOf(state)
    .filter(({ type }) => /^pulumi-nodejs:dynamic\/mags:(?:Job|Workspace|UrlAlias|CronJob)$/.test(type))
    .flatMap(({ id }) => (id === undefined ? [] : [id]));
}

/** Also what is no resource of its own, such as a provider, or one that an interrupted run was about to make. */
function holdsAnything(state: Deployment): boolean {
  const { resources = [], pending_operations: pending } = (state.deployment ?? {}) as {
    resources?: unknown[];
    pending_operations?: unknown[] | null;
  };
  return resources.length > 0 || (pending ?? []).length > 0;
}

/** Nothing of a preview is protected, so what is, is not for us to remove. */
function refuseProtected(stack: string, state: Deployment): void {
  const names = resourcesOf(state)
    .filter(({ protect }) => protect)
    .map(({ urn }) => urn.split("::").at(-1)!);
  if (names.length > 0) throw errors.stackProtected(stack, names);
}
