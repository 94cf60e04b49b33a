import { compare, type ResourceChange } from "../../../cli/diff/compare";
import { App, Stack, type Manifest, type OutputLike } from "../../../constructs";

/** What is known of an Output without the SDK: its mark. */
class FakeOutput {
  readonly __pulumiOutput = true;
}
export const output = () => new FakeOutput() as unknown as OutputLike<never>;

export function manifestOf(build: (stack: Stack) => void): Manifest {
  const app = new App();
  build(new Stack(app, "s"));
  // As it is read from a file.
  return JSON.parse(JSON.stringify(app.plan().manifest)) as Manifest;
}

export const changesOf = (before: (stack: Stack) => void, after: (stack: Stack) => void) =>
  compare(manifestOf(before), manifestOf(after));

/** The changes as lines: path, action, what became of it. */
export const brief = (changes: readonly ResourceChange[]) =>
  changes.map(({ path, action, refused, because, looksLike, losesFiles, keepsOld, renamedFrom, retyped }) =>
    [
      `${path} ${action}`,
      refused !== undefined && "refused",
      because !== undefined && `because of ${because}`,
      looksLike !== undefined && `like ${looksLike.path}`,
      losesFiles && "loses files",
      keepsOld && "keeps the old one",
      renamedFrom !== undefined && `was ${renamedFrom}`,
      retyped && `${retyped.path} was of another type`,
    ]
      .filter(Boolean)
      .join(", "),
  );
