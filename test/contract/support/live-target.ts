import type { SeenRoutes } from "./client";
import { CONTRACT_ROUTES } from "./routes";
import { Target } from "./target";
import type { Ability } from "./target";

const CLOUD = "https://api.magpiecloud.com";

/** Why the cloud is not asked; undefined if it is. */
export function whyNotLive(env: NodeJS.ProcessEnv): string | undefined {
  if (env.MAGS_LIVE !== "1") return "the live cloud is only used with MAGS_LIVE=1";
  if (env.MAGS_API_TOKEN === undefined || env.MAGS_API_TOKEN === "") return "MAGS_API_TOKEN is not set";
  return undefined;
}

/**
 * The cloud itself. It has none of the abilities but real scripts and an edge, and a second account where
 * MAGS_API_TOKEN_OTHER names one: time cannot be driven, machines cannot be taken away, and the domain of
 * the URLs it answers with is observed not to resolve.
 */
export function liveTarget(env: NodeJS.ProcessEnv, seen: SeenRoutes): Target {
  return new Target({
    url: liveUrl(env),
    token: env.MAGS_API_TOKEN ?? "",
    otherToken: env.MAGS_API_TOKEN_OTHER,
    abilities: liveAbilities(env),
    seen,
    stepMs: 1_000,
  });
}

/** What the cloud can be asked for. */
export function liveAbilities(env: NodeJS.ProcessEnv): readonly Ability[] {
  return env.MAGS_API_TOKEN_OTHER === undefined ? ["scripts", "edge"] : ["scripts", "edge", "accounts"];
}

/** The cloud's address (recorded), unless another one is named. */
function liveUrl(env: NodeJS.ProcessEnv): string {
  return (env.MAGS_API_URL ?? CLOUD).replace(/\/+$/, "");
}

/** The line that sums a run up. A run against anything but the cloud says so: it has recorded nothing live. */
export function recordedLine(count: number, env: NodeJS.ProcessEnv): string {
  const all = CONTRACT_ROUTES.length;
  const url = liveUrl(env);
  if (count === 0 || url === CLOUD) return `${count} of ${all} routes recorded live`;
  return `0 of ${all} routes recorded live (${count} answered at ${url}, which is not the cloud)`;
}
