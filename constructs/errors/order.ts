/** What comes after what. */

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
