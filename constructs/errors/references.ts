/** Values of one construct in another. */

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
