/** What a program says that cannot be done, told before anything is touched. */
import { MagsError } from "./base";
import { listed } from "./texts";

export const programInvalid = (problems: string[]) =>
  new MagsError(
    `The program has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}. Correct and run again:\n${listed(problems)}`,
  );

export const sandboxHasOwnWorkspace = (argument: string) =>
  new MagsError(
    `A sandbox has a workspace of its own, so ${argument} cannot be given. To work on another one, use a Job with it.`,
  );

export const sandboxHasNoWorkspace = (fields: string[]) =>
  new MagsError(
    `With persistent: false there is no workspace that ${fields.join(" and ")} could be about. Leave that out; what a VM needs ` +
      `at its start can be in script.`,
  );

export const scriptTwice = (resource: string) =>
  new MagsError(`${resource}: script and scriptFile both say what to run. Keep one of them.`);

export const targetTwice = (resource: string, one: string, other: string, target = "workspace") =>
  new MagsError(`${resource}: ${one} and ${other} both name the ${target}. Keep one of them.`);

export const notAResource = (resource: string, argument: string, expected: string, instead: string) =>
  new MagsError(
    `${resource}: ${argument} has to be ${expected} of the program. To refer to one by its name, use ${instead}.`,
  );

export const importOptionUnsupported = (kind: string, name: string) =>
  new MagsError(
    `${kind} "${name}": the option "import" cannot work for this provider, since Pulumi hands it no code to read with. ` +
      (kind === "Run"
        ? `A run that was carried out under this name with the same content is found by itself.`
        : `Set adopt: true to take over the existing object.`),
  );

export const providerArgumentUnknown = (provider: string, argument: string, known: string[]) =>
  new MagsError(`Provider "${provider}": there is no argument ${argument}. Known are ${known.join(", ")}.`);

export const providerArgumentEmpty = (provider: string, argument: string) =>
  new MagsError(
    `Provider "${provider}": ${argument} is given but has no value, so the token of another account would be used. ` +
      `Give it a value, perhaps by setting the environment variable or the secret that it is read from, or leave it out.`,
  );
