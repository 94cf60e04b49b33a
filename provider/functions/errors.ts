/** What only the functions have to say: what happened, why, and what to do next. */
import { MagsError } from "../errors";

export const functionArguments = (name: string, reasons: string[]) =>
  new MagsError(`${name}: ${reasons.join(" ")}`);

export const providerForeign = (name: string) =>
  new MagsError(
    `${name}: the option "provider" has to be a Provider of this package. Make one with new mags.Provider, or leave it out.`,
  );

export const dependsOnForeign = (name: string) =>
  new MagsError(
    `${name}: the option dependsOn takes resources, and one of what it was given is none, for example a component. ` +
      `Name the resources that it has made.`,
  );

export const providerUnknown = (name: string) =>
  new MagsError(
    `${name}: the arguments of its provider are not known yet, so nothing can be called in this preview. ` +
      `Use ${name}Output, whose result is not known either then, or give the provider plain values.`,
  );
