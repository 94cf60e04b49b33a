/** Names on the web, and schedules. */
import { MagsError } from "./base";

export const aliasElsewhere = (subdomain: string, domain: string, otherDomain: string) =>
  new MagsError(
    `The subdomain "${subdomain}" exists on ${otherDomain}. The API deletes aliases by subdomain alone, so one on ${domain} ` +
      `could not be told apart from it. Choose another subdomain.`,
  );

export const aliasTaken = (host: string) =>
  new MagsError(
    `The alias ${host} is taken by somebody else: it is not in this account's list. Choose another subdomain.`,
  );

export const aliasPointsElsewhere = (host: string, target: string) =>
  new MagsError(
    `The alias ${host} exists and points to "${target}". To take it over as it is, set adopt: true; else delete it or choose another subdomain.`,
  );

export const aliasRepointFailed = (host: string, detail: string, restored: boolean) =>
  new MagsError(
    `The alias ${host} could not be pointed to its new target (${detail}). ` +
      (restored
        ? `It points to its old target again.`
        : `Its old target could not be restored either: it answers nothing until the next "pulumi up".`),
  );

export const cronNotTaken = (name: string, fields: string[]) =>
  new MagsError(
    `The cron job "${name}" was changed, but the API still shows the old value of ${fields.join(", ")} after a second try. ` +
      `Look at it with "mags cron list", then run again.`,
  );
