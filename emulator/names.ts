import { invalid } from "./errors";

/** Names of jobs and subdomains: lower case, digits, `-`, 1 to 63 characters (assumed). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Workspace ids are case-sensitive (recorded by the vendor's client); otherwise as names. */
const WORKSPACE = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** Cron names are labels for people (assumed). */
const CRON_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62})$/;
/** Names of uploaded files: one path segment of printable ASCII (assumed). */
const FILE_NAME = /^[\x20-\x2e\x30-\x5b\x5d-\x7e]{1,200}$/;

/** Refuses what is not a job name. */
export function checkJobName(value: string): string {
  return check(
    value,
    LABEL,
    "name",
    "1 to 63 lower-case letters, digits and hyphens, no hyphen at either end",
  );
}

/** Refuses what is not a workspace id. */
export function checkWorkspaceId(value: string, field = "workspace_id"): string {
  return check(
    value,
    WORKSPACE,
    field,
    "1 to 63 letters, digits and hyphens, no hyphen at either end (case matters)",
  );
}

/** Refuses what is not a subdomain. */
export function checkSubdomain(value: string): string {
  return check(
    value,
    LABEL,
    "subdomain",
    "1 to 63 lower-case letters, digits and hyphens, no hyphen at either end",
  );
}

/** Refuses what is not a name of a cron job. */
export function checkCronName(value: string): string {
  if (value.includes("..")) throw invalid(`name: ${shown(value)} must not contain two dots in a row.`);
  return check(value, CRON_NAME, "name", "1 to 63 letters, digits, spaces, dots, underscores and hyphens");
}

/** Refuses file names that are not one harmless path segment. */
export function checkFileName(value: string): string {
  if (value === "." || value.includes("..")) {
    throw invalid(`file name: ${shown(value)} must not be or contain "..".`);
  }
  return check(
    value,
    FILE_NAME,
    "file name",
    "one path segment of up to 200 printable ASCII characters, without slashes",
  );
}

function check(value: string, pattern: RegExp, field: string, rule: string): string {
  if (!pattern.test(value)) throw invalid(`${field}: ${shown(value)} is not valid. Use ${rule}.`);
  return value;
}

/** A value as an error may show it: quoted, cut, without control characters. */
function shown(value: string): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…"` : text;
}
