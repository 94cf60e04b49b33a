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

/** What a laptop has. */
function remoteOf(folder: string): string | undefined {
  const url = git(folder, "remote", "get-url", "origin");
  return url === undefined ? undefined : pathOfRemote(url);
}

/** The whole path of a remote: `owner/name`, or with the groups that GitLab has before that. */
export function pathOfRemote(url: string): string | undefined {
  const bare = url.replace(/\/+$/, "").replace(/\.git$/, "");
  const hosted = /^(?:https?|ssh|git):\/\/[^/]+\/+(.+)$/.exec(bare) ?? /^[^/:]+:\/*(.+)$/.exec(bare);
  // One in a folder of this machine has no host before it.
  return (hosted ?? /([^/]+\/[^/]+)$/.exec(bare))?.[1];
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
