/** What failed assertions say: what was expected, what there is, and how the closest differs. */

/** An expectation that does not hold. */
export class AssertionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AssertionError";
  }
}

/** How much of a long list of paths a message shows. */
const SHOWN = 10;

export const listed = (items: readonly string[]): string =>
  items.length <= SHOWN
    ? items.join(", ")
    : `${items.slice(0, SHOWN).join(", ")} and ${items.length - SHOWN} more`;

const many = (count: number, kind: string) =>
  `${count === 0 ? "no" : count} ${kind}${count === 1 ? "" : "s"}`;
const are = (count: number) => (count === 1 ? "is" : "are");

export const noneOfKind = (kind: string, others: string) =>
  new AssertionError(`There is no ${kind}. There ${others ? `are: ${others}` : "is no resource at all"}.`);

export const noneMatches = (kind: string, count: number, closest: string) =>
  new AssertionError(
    `${count === 1 ? `The only ${kind} does not match` : `None of ${many(count, kind)} matches`}.\n${closest}`,
  );

export const notAllMatch = (kind: string, count: number, failing: readonly string[], first: string) =>
  new AssertionError(
    `${failing.length} of ${many(count, kind)} ${failing.length === 1 ? "does" : "do"} not match: ${listed(failing)}.\n${first}`,
  );

export const countDiffers = (kind: string, expected: number, paths: readonly string[]) =>
  new AssertionError(
    `Expected ${many(expected, kind)}, but there ${are(paths.length)} ${many(paths.length, kind)}${paths.length > 0 ? `: ${listed(paths)}` : ""}.`,
  );

export const matchingCountDiffers = (
  kind: string,
  expected: number,
  paths: readonly string[],
  closest: string | undefined,
) =>
  new AssertionError(
    `Expected ${many(expected, kind)} that match${expected === 1 ? "es" : ""}, but there ${are(paths.length)} ` +
      `${many(paths.length, kind)}${paths.length > 0 ? `: ${listed(paths)}` : ""}.${closest ? `\n${closest}` : ""}`,
  );

export const unexpectedMatch = (kind: string, paths: readonly string[]) =>
  new AssertionError(`Expected no ${kind} that matches, but there ${are(paths.length)}: ${listed(paths)}.`);

export const countIs = (kind: string, count: number, paths: readonly string[]) =>
  new AssertionError(
    `Expected another number of ${kind}s than ${count}${paths.length > 0 ? `: ${listed(paths)}` : ""}.`,
  );

export const kindUnknown = (kind: string, known: readonly string[]) =>
  new AssertionError(`There is no kind of resource "${kind}". Known are ${known.join(", ")}.`);

export const noAnnotation = (level: string, path: string, message: string, found: readonly string[]) =>
  new AssertionError(
    `Expected ${level} ${message} at ${path}, but ${found.length === 0 ? `there is none` : `there ${are(found.length)} only:\n${found.map((one) => `  ${one}`).join("\n")}`}${found.length === 0 ? "." : ""}`,
  );

export const unexpectedAnnotation = (level: string, found: readonly string[]) =>
  new AssertionError(
    `Expected no such ${level}, but there ${are(found.length)}:\n${found.map((one) => `  ${one}`).join("\n")}`,
  );

export const nothingCaptured = () =>
  new AssertionError(
    `Nothing was captured: a Capture has a value once the assertion that it is part of has passed.`,
  );

export const capturedOtherType = (type: string, value: string) =>
  new AssertionError(`The captured value is no ${type}: it is ${value}.`);

export const nothingToAssertOn = () =>
  new TypeError("This matcher is for an App, a Stack or a Template: give one of them to expect.");

export const notAStack = () => new TypeError("This matcher is for a Stack: give one to expect.");

export const noGlobalExpect = () =>
  new Error(
    `There is no global expect to add matchers to. Import matchers from "pulumi-mags/testing" and call expect.extend(matchers) ` +
      `with the expect that the test uses.`,
  );
