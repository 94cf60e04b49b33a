import { appendFileSync } from "node:fs";
import { say } from "../lib/output";
import { textOf, type Told } from "./comment-text";

/** What GitHub Actions gives a step to be told by: files for outputs and a summary, and lines that it picks out. */

export function writeOutputs(outputs: Record<string, string | undefined>, env = process.env): void {
  if (!env.GITHUB_OUTPUT) return;
  const lines = Object.entries(outputs).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value.replace(/[\r\n]+/g, " ")}\n`],
  );
  appendFileSync(env.GITHUB_OUTPUT, lines.join(""));
}

export function writeSummary(told: Told, env = process.env): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${textOf(told, Date.now())}\n`);
}

/** Something that did not work, but is not what was asked for. */
export function warn(message: string, env = process.env): void {
  if (env.GITHUB_ACTIONS === "true")
    say(`::warning::${message.replace(/%/g, "%25").replace(/\r?\n/g, "%0A")}`);
  else say(`warning: ${message}`);
}

/** The page of this run. */
export function runPage(env = process.env): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return server && repository && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
}
