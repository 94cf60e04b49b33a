/**
 * Every message that a user of constructs can meet, in one place: what is wrong, why, and what to do. Those that
 * a plan collects are texts without the path, which is put before each; secrets never appear in them.
 */

/** A mistake in a program, told in full by its message. */
export class ConstructsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConstructsError";
  }
}

/** One thing that is wrong in a tree. */
export interface PlanProblem {
  /** Path of the construct; empty for the app itself. */
  readonly path: string;
  readonly message: string;
}

/** All that is wrong in a tree. */
export class PlanError extends ConstructsError {
  constructor(readonly problems: readonly PlanProblem[]) {
    super(
      `The app has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}. Correct and run again:\n` +
        problems.map(({ path, message }) => `  - [${path || "app"}] ${message}`).join("\n"),
    );
    this.name = "PlanError";
  }
}

// --- The tree ------------------------------------------------------------------------------------------

export const scopeMissing = (id: string) =>
  new ConstructsError(
    `"${id}" was given no construct as its scope, so it would belong to no app. Pass the construct that it is to be part of, ` +
      `mostly "this".`,
  );

export const idNotText = (type: string) =>
  `a construct in it has no text for an id (${type === "string" ? "an empty one" : type}). An id is part of the path, which has to be ` +
  `known when the program runs: give a text.`;

export const idNotKnown = () =>
  `a construct in it has an id made from a value that is known only later. An id is part of the path: give a plain text.`;

export const idReserved = (id: string) =>
  `a construct in it has the id "${id}", which JavaScript keeps for itself. Give it another id.`;

export const duplicateId = (id: string) =>
  `two constructs in it have the id "${id}". Give one of them another id.`;

export const noApp = (path: string) =>
  new ConstructsError(`"${path}" is part of no App. Make the outermost construct an App: new Stack(app, …).`);

export const noStack = (path: string) =>
  new ConstructsError(`"${path}" is in no Stack. Create it in the scope of one.`);

export const nameLength = (length: unknown, least: number) =>
  new ConstructsError(
    `A name of at most ${String(length)} characters cannot be made: give a whole number from ${least} to 63.`,
  );

export const treeChanged = (added: number) =>
  `${Math.abs(added)} ${Math.abs(added) === 1 ? "construct was" : "constructs were"} ${added > 0 ? "added" : "removed"} while the app was ` +
  `planned, by a lazy value or a validation, and would be missed. Use an aspect for that.`;

export const descriptionNotText = () =>
  `its description is no plain text. It stands in the tree, so it has to be known when the program runs.`;

export const validationFailed = (detail: string) => `a validation of it failed: ${detail}`;

export const validationWithoutText = () =>
  `a validation of it found something, and has no text for it. Return a list of texts.`;

export const notProperties = (given: string) =>
  `its properties are ${given}. Give them as an object, such as { name: "…" }.`;

export const notPropertiesOf = (what: string, given: string) =>
  `the properties of ${what} are ${given}. Give them as an object, such as { name: "…" }.`;

export const tagNotKnown = (key: string) =>
  `the tag ${key} is no plain text. Tags stand in the manifest, so they have to be known when the program runs.`;

export const noSuchKind = (kind: string, near: string | undefined, known: readonly string[]) =>
  `there is no kind "${kind}": ${near ? `did you mean ${near}?` : `known are ${known.join(", ")}.`}`;

// --- Aspects -------------------------------------------------------------------------------------------

export const noAspect = () =>
  `an aspect that was added here is none. Give an object with a method visit(construct).`;

export const aspectFailed = (aspect: string, detail: string) => `${aspect} failed here: ${detail}`;

export const aspectTooLate = (aspect: string, priority: number) =>
  `${aspect} of priority ${priority} was added when aspects of a higher number had been visited already, which have not seen what it ` +
  `does. Add it before the plan, or give it a higher number.`;

export const aspectEndless = (aspect: string, added: number) =>
  `${aspect} goes on adding constructs to what it has added itself (${added} visits of what was added so far), and would for ever. ` +
  `Let it pass over constructs of its own.`;

// --- Order ---------------------------------------------------------------------------------------------

/** One step on the way round: what comes after what, and by which property, if not because it was told so. */
export interface CycleStep {
  readonly from: string;
  readonly to: string;
  readonly by?: string;
}

export const cycle = (steps: readonly CycleStep[]) =>
  steps.length === 1 && steps[0]!.from === steps[0]!.to
    ? `${steps[0]!.from} needs itself: ${steps[0]!.by}. Take that away.`
    : cycleOfSeveral(steps);

const cycleOfSeveral = (steps: readonly CycleStep[]) =>
  `these wait for each other: ${[...steps, steps[0]!].map(({ from }) => from || "app").join(" → ")}. ` +
  `${steps.map(({ from, to, by }) => `${from || "app"} ${by ? `needs ${to} (${by})` : `was told to wait for ${to || "app"}`}`).join("; ")}. ` +
  `Take one of them away.`;

export const waitsForItself = () => `it was told to wait for itself. Take that dependency away.`;

export const dependencyInvalid = () =>
  `it was told to wait for something that is no construct. Give node.addDependency constructs.`;

export const dependencyAcrossApps = (target: string) =>
  `it was told to wait for ${target}, which is part of another app. Deploy that one before, and take the dependency away.`;

export const dependencyGone = (target: string) =>
  `it was told to wait for ${target}, which is no part of the app any more. Take the dependency away.`;

// --- References ----------------------------------------------------------------------------------------

export const referenceAcrossApps = (property: string, target: string, attribute: string) =>
  `${property} is the ${attribute} of ${target}, which is part of another app. Import it by its name, with the class's from… methods.`;

export const referenceGone = (property: string, target: string, attribute: string) =>
  `${property} is the ${attribute} of ${target}, which is no part of the app any more. Refer to something that is.`;

export const jobHasNoUrl = (property: string, attribute: string, job: string) =>
  `${property} is the ${attribute} of ${job}, which opens no port and so has none. Give that job http: { port: … }.`;

export const noSuchAttribute = (
  property: string,
  target: string,
  attribute: string,
  near: string | undefined,
  known: readonly string[],
) =>
  `${property} is the ${attribute} of ${target}, which has no such attribute: ` +
  (near ? `did you mean ${near}?` : `known are ${known.join(", ")}.`);

// --- Resources together --------------------------------------------------------------------------------

export const nameTwice = (kind: string, property: string, name: string, other: string) =>
  `its ${property} is ${name}, as that of ${other}: two of kind ${kind} would be one thing in the cloud. Give one of them another ${property}.`;

/** Of what the rules refuse within one account, and a plan finds in two stacks. */
export const unlessOtherAccount = (refusal: string) =>
  `in one account, a deploy refuses this: ${refusal} If the two stacks are deployed to accounts of their own, by providers, it is well.`;

export const subdomainInTwoAccounts = (subdomain: string, other: string) =>
  `its subdomain is "${subdomain}", as that of ${other} in another account: a URL is one in all accounts, unless they have domains of ` +
  `their own. Give one of them another subdomain or domain.`;

export const twoJobsOnWorkspace = (workspace: string, other: string) =>
  `it works on the workspace ${workspace}, as ${other} does, and a workspace can have one active VM only. ` +
  `Give one of them a workspace of its own, for example a fork: workspace.fork(…).`;

export const localDiskNameTaken = (other: string) =>
  `it has no workspace, so its files stay on its local disk, but its name is that of the workspace ${other}, and the two would share it. ` +
  `Give it that workspace, or another name.`;

export const scheduleOnJobWorkspace = (workspace: string, job: string) =>
  `it would fire on the workspace ${workspace}, on which ${job} runs: a workspace can have one active VM only. ` +
  `Give the schedule a workspace of its own, for example a fork: workspace.fork(…).`;

export const runOnJobWorkspace = (workspace: string, job: string) =>
  `it would run on the workspace ${workspace}, on which ${job} runs: a workspace can have one active VM only. ` +
  `To run inside that job, give it as job; or give the run a workspace of its own.`;

export const targetHasNoUrl = (job: string) =>
  `it points to ${job}, which opens no port and so has no URL. Give that job http: { port: … }.`;

export const portNotOpen = (port: number, job: string) =>
  `it points to port ${port} of ${job}, which does not open that port, so nothing would answer. Add it to the job's http.otherPorts.`;

export const nothingAnswers = (workspace: string) =>
  `it points to the workspace ${workspace}, on which no job of this app runs: it answers only while some other job does.`;

export const protectedButDestroyed = () =>
  `deletionProtection is true, and its removal policy is DESTROY: the one forbids what the other asks for. Keep one of them.`;

// --- Values --------------------------------------------------------------------------------------------

export const secretUnset = (name: string, value: "" | undefined) =>
  new ConstructsError(
    `The environment variable ${name}, which a secret is to be read from, is ${value === "" ? "empty" : "not set"}. ` +
      `Set it and deploy again${value === "" ? `; where the secret is to be empty, say Secret.of("")` : ""}.`,
  );

export const valueNotKnown = (property: string, what: string) =>
  `${property} is ${what}, but the plan has to know it: what follows from it is decided before anything is deployed. Give a plain value.`;

export const madeText = (property: string) =>
  `${property} is a text made from a value that is known only later. Make it by interpolate\`…\`, or give that value as the whole.`;

export const partMissing = (property: string, part: string) =>
  `${property} is a text with a part that is ${part}, such as the URL of an imported job that was told none. Give that part a value.`;

export const notText = (property: string) =>
  `${property} is a text with a list or map in it. Give a text, a number, true or false, or what stands for one.`;

export const notJson = (property: string, what: string) =>
  `${property} is ${what}, which no property can hold. Give a text, a number, true or false, or lists and maps of them.`;

export const keyReserved = (property: string) =>
  `${property} is a name that JavaScript keeps for itself. Take it away.`;

export const constructAsValue = (property: string) =>
  `${property} is a construct. Give one of its attributes, such as its workspaceId.`;

export const notThatConstruct = (property: string, given: string, wanted: string) =>
  `${property} is ${given}, but it takes the construct itself. Give ${wanted}.`;

export const scriptNotText = (property: string, given: string) =>
  `${property} is a script made of what is ${given}. Give Script.inline a text.`;

export const noSuchRemovalPolicy = (policy: string, known: readonly string[]) =>
  `its removal policy is ${policy}, and there is none such. Give ${known.map((name) => `RemovalPolicy.${name}`).join(" or ")}.`;

export const endlessValue = (property: string) =>
  `${property} holds itself, or is lazy and produces itself, so it has no end.`;

export const noMeasure = (property: string, value: string) =>
  `${property} is ${value}, but it is no property that is measured so. Give a plain value.`;

export const overrideWithoutPath = (type: string) =>
  `an override of it has no path (${type}). Give names joined by dots, such as "http.port".`;

export const overrideBlocked = (path: string) =>
  `the override of ${path} cannot be made: on the way to it stands a value that is no map, or not known yet. Override that one as a whole.`;

export const scriptUnreadable = (file: string, detail: string) =>
  new ConstructsError(
    `the script ${file} cannot be read (${detail}). Correct the path: it is relative to the folder that the program runs in.`,
  );

// --- Deploy --------------------------------------------------------------------------------------------

export const formerPathEmpty = () =>
  `it was renamed from a path without an id. Give the id that it had, or its whole former path, such as "/shop/web".`;

export const formerPathTaken = (path: string) =>
  `it was renamed from ${path}, but a construct is there now, and what was deployed can go on as one of them only. ` +
  `Give the other one another id, or take the rename away. If what was deployed was of another class, give that as well: ` +
  `from("/${path}", Sandbox).`;

export const formerClassOfResource = (path: string) =>
  `it was renamed from ${path} and another class, but it is a resource, which Pulumi knows by its kind: ` +
  `that is the same, or it is another resource. Leave the class out, or give the rename to the construct around it.`;

export const formerClassWrong = (path: string) =>
  `it was renamed from ${path}, and what it was is no class. Give the class itself, such as Sandbox.`;

export const formerScopeGone = (path: string, scope: string) =>
  `it was renamed from ${path}, but ${scope} is no part of the app any more, so what it was is not known. ` +
  `Rename ${scope} in one deploy, with a rename of its own, and move this in the next.`;

export const notDeployed = (path: string, what: string) =>
  new ConstructsError(
    `${path || "app"} has no ${what} among what was deployed. ` +
      `Ask for a construct of the app that was given to deploy, with resources in it.`,
  );

export const providerForNobody = (path: string) =>
  `providers has one for "${path}", and the app has no construct of that path. Correct the path.`;

// --- Patterns ------------------------------------------------------------------------------------------

export const noSuchPart = (path: string, what: string, id: string, known: readonly string[]) =>
  new ConstructsError(`${path} has no ${what} "${id}": known are ${known.join(", ") || "none"}.`);

export const serviceWithoutScript = () =>
  `it has no script, so nothing would answer. Give it the script that serves on its port.`;

export const membersNotList = (given: string) =>
  `members is ${given}. Give a list of ids, or of ids with what is their own: ["ada", { id: "grace", noSleep: true }].`;

export const memberWithoutId = (place: number, given: string) =>
  `members.${place} is ${given}. Give an id, or an object with an id: { id: "grace" }.`;

export const countNotWhole = (count: string) =>
  `count is ${count}, but the plan has to know how many there are. Give a whole number of 0 or more.`;

export const noSuchSize = (member: string, size: string, known: readonly string[]) =>
  `${member} has the size "${size}", which is none of ${known.join(", ") || "none"}. Correct it, or add it to sizes.`;

export const noPullRequest = (value: string) =>
  `pullRequest is ${value}, but everything here is named by it. Give the number of the pull request, a whole number from 1 on.`;

export const noTime = () => `expires is no valid time. Give a Date that is one, or a Duration.`;

export const scheduleTwice = (id: string) =>
  `there is a schedule "${id}" already, in the program or before in the file. Give one of them another id.`;

export const noSuchWorkspace = (id: string, workspace: string, known: readonly string[]) =>
  `${id} names the workspace "${workspace}": known are ${known.join(", ")}. Correct it, or add it to workspaces.`;

export const cannotMerge = (name: string) =>
  `${name} cannot be merged with that of defaults, since one of them is not known yet. Give both as maps, whose values may be unknown.`;

// --- Schedules in a file -------------------------------------------------------------------------------

export const scheduleFileUnreadable = (file: string, detail: string) =>
  `the schedules in ${file} cannot be read (${detail}). Correct the path: it is relative to the folder that the program runs in.`;

export const scheduleFileEmpty = (file: string) =>
  `${file} has no schedules. Write them as a map from ids, such as: nightly: { schedule: "0 3 * * *", script: ./backup.sh }`;

export const scheduleDocumentTwice = () =>
  `a second document begins here, and the file is read as one. Take the line --- away, or make it a file of its own.`;

export const scheduleKeyTwice = (name: string) => `${name} is there twice. Keep one of them.`;

export const scheduleScriptUnreadable = (file: string, detail: string) =>
  `the script ${file} cannot be read (${detail}). Correct the path: it is relative to the file of the schedules.`;

export const scheduleNotMap = (id: string) =>
  `${id} is no map. Write what the schedule is, such as: ${id}: { schedule: "0 3 * * *", script: ./backup.sh }`;

export const scheduleIdNotText = () => `an id is a text, and this is none.`;

export const scheduleUnknownProperty = (name: string, near: string | undefined, known: readonly string[]) =>
  `there is no property ${name}: ${near ? `did you mean ${near}?` : `known are ${known.join(", ")}.`}`;

export const scheduleMissing = (id: string, what: string) => `${id} has no ${what}. Add it.`;

export const scheduleScriptTwice = (id: string) =>
  `${id} has a script and a scriptFile, which both say what to run. Keep one of them.`;

export const scheduleTextUnquoted = () => ` Write it in quotes.`;

export const scheduleSecretsInFile = () =>
  `secrets has to be a list of names of environment variables of the process that deploys. Their values do not belong into a file.`;

// --- Files ---------------------------------------------------------------------------------------------

export const synthFailed = (place: string, detail: string) =>
  new ConstructsError(
    `The manifest cannot be written to or compared with ${place} (${detail}). Choose another folder, or correct its rights.`,
  );

export const synthTwice = () =>
  new ConstructsError(
    `The program synthesizes two apps, and a manifest is of one. Put their stacks into one App, or give each a program of its own.`,
  );

export const manifestMalformed = (file: string, detail: string) =>
  new ConstructsError(
    `${file} is not what synth writes (${detail}). Make it anew with "app.synth()", and commit that.`,
  );

export const manifestTooNew = (file: string, version: number, known: number) =>
  new ConstructsError(
    `${file} was written by a newer pulumi-mags (shape ${version}; this release knows ${known}). Install that release or a later one.`,
  );
