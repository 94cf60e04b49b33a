import { execFileSync } from "node:child_process";
import * as errors from "./errors";

const REPOSITORY = /^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/;
const NAMESPACE = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

export interface RepositoryFlags {
  namespace?: string;
  repository?: string;
}

/** `owner/name` on GitHub, as far as somebody says so. */
export function repositoryOf({ repository }: RepositoryFlags, env = process.env): string | undefined {
  const given = repository ?? (env.GITHUB_REPOSITORY || undefined);
  if (given !== undefined && !REPOSITORY.test(given)) throw errors.repositoryInvalid(given);
  return given;
}

/**
 * What tells the pull requests of this repository from those of all others on the account. In lower case, since
 * GitHub takes `Acme/Shop` for `acme/shop`.
 */
export function namespaceOf(flags: RepositoryFlags, folder: string): string {
  const given = flags.namespace ?? repositoryOf(flags) ?? remoteOf(folder);
  if (given === undefined) throw errors.namespaceUnknown();
  if (!NAMESPACE.test(given)) throw errors.namespaceInvalid(given);
  return given.toLowerCase();
}

/** What a laptop has: the path of the remote, `owner/name` on every host that is known. */
function remoteOf(folder: string): string | undefined {
  const url = git(folder, "remote", "get-url", "origin");
  return url?.match(/[:/]([^:/]+\/[^:/]+?)(?:\.git)?\/?$/)?.[1];
}

/** The commit that a folder is at; undefined outside of git. */
export function commitOf(folder: string): string | undefined {
  return git(folder, "rev-parse", "HEAD");
}

function git(folder: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined; // no git here, or no repository: said elsewhere where it matters
  }
}
