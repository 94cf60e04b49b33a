import { ROUTES } from "../../../emulator/routes";
import type { SeenRoutes } from "./client";
import { Target } from "./target";
import type { Ability } from "./target";

/** Why the cloud is not asked; undefined if it is. */
export function whyNotLive(env: NodeJS.ProcessEnv): string | undefined {
  if (env.MAGS_LIVE !== "1") return "the live cloud is only used with MAGS_LIVE=1";
  if (env.MAGS_API_TOKEN === undefined || env.MAGS_API_TOKEN === "") return "MAGS_API_TOKEN is not set";
  return undefined;
}

/**
 * The cloud itself. It has none of the abilities but real scripts, and a second account where
 * MAGS_API_TOKEN_OTHER names one: time cannot be driven, machines cannot be taken away, and the domain of
 * the URLs it answers with is observed not to resolve.
 */
export function liveTarget(env: NodeJS.ProcessEnv, seen: SeenRoutes): Target {
  return new Target({
    url: (env.MAGS_API_URL ?? "https://api.magpiecloud.com").replace(/\/+$/, ""),
    token: env.MAGS_API_TOKEN ?? "",
    otherToken: env.MAGS_API_TOKEN_OTHER,
    abilities: liveAbilities(env),
    seen,
    stepMs: 1_000,
  });
}

/** What the cloud can be asked for. */
export function liveAbilities(env: NodeJS.ProcessEnv): readonly Ability[] {
  return env.MAGS_API_TOKEN_OTHER === undefined ? ["scripts"] : ["scripts", "accounts"];
}

/** The line that sums a run up. */
export function recordedLine(count: number): string {
  const all = ROUTES.reduce((sum, route) => sum + Object.keys(route.versions).length, 0);
  return `${count} of ${all} routes recorded live`;
}
