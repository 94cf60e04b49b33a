/** Where the token, the endpoint and other settings come from, and whether they are of use. */
import { MagsError } from "./base";

export const tokenMissing = (endpoint: string) =>
  new MagsError(
    `No API token for ${endpoint}. Set MAGS_API_TOKEN, run "mags login", or configure one with ` +
      `"pulumi config set --secret mags:apiToken". Tokens are made at https://mags.run/tokens.html.`,
  );

export const tokenEnvironmentVariableUnset = (name: string) =>
  new MagsError(
    `The environment variable ${name}, which mags:apiTokenEnv names for the API token, is not set. Set it and run again.`,
  );

export const tokenMalformed = () =>
  new MagsError(
    `The API token holds spaces, line breaks or other characters that no token has. Copy it again, on one line, ` +
      `into mags:apiToken or MAGS_API_TOKEN, or run "mags login".`,
  );

export const loginFileUnreadable = (path: string) =>
  new MagsError(
    `${path} is not JSON, so it gives no API token. Run "mags login" again, or set MAGS_API_TOKEN.`,
  );

export const endpointInvalid = (text: string) =>
  new MagsError(
    `"${text}" is no URL of a Mags API: it has to start with http:// or https://. Correct mags:endpoint, MAGS_API_URL or apiUrl.`,
  );

export const configInvalid = (key: string, expected: string) =>
  new MagsError(
    `The configuration value mags:${key} has to be ${expected}. Correct it with "pulumi config set mags:${key}".`,
  );

export const configUnknown = (key: string, near: string | undefined, known: readonly string[]) =>
  new MagsError(
    `There is no configuration value mags:${key}: ${near ? `did you mean mags:${near}?` : `known are ${known.join(", ")}.`} ` +
      `Remove it with "pulumi config rm mags:${key}".`,
  );

export const tokenRefused = (status: number, serverMessage: string) =>
  new MagsError(
    `Mags refused the API token (${status}: ${serverMessage}). ` +
      `Check MAGS_API_TOKEN or mags:apiToken, or run "mags login". Nothing was concluded about your resources.`,
  );

/** @param named What says which endpoint it is. */
export const unreachable = (endpoint: string, detail: string, named = "mags:endpoint and MAGS_API_URL") =>
  new MagsError(
    `${endpoint} cannot be reached (${detail}). Check the network${named.includes(" and ") ? "," : " and"} ${named}, then run again: ` +
      `nothing was concluded about your resources.`,
  );

export const accountMismatch = (kind: string, name: string, recorded: string, current: string) =>
  new MagsError(
    `${kind} "${name}" belongs to the account "${recorded}", but this provider talks to "${current}". ` +
      `Nothing was read, changed or deleted. Point the provider back (mags:endpoint, mags:account), ` +
      `or set MAGS_ALLOW_ACCOUNT_MOVE=true for one run if the two are the same account under another label.`,
  );

export const nodeTooOld = (version: string, minimum: string) =>
  new MagsError(
    `pulumi-mags needs Node.js ${minimum} or newer, and this is ${version}. Nothing was called. Put a newer node first in PATH and run again.`,
  );
