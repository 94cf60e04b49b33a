import { setTimeout as sleep } from "node:timers/promises";
import { Agent, fetch } from "undici";
import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";
import { loopbackLookup } from "../../provider/api/transport";
import * as errors from "./errors";

const POLL_MS = 500;
const ANSWER_MS = 10_000;

/** The URL of a preview: the output that is named so, else that of its only alias. A secret one is not for showing. */
export function urlOf(
  outputs: OutputMap,
  output: string,
  state: Deployment,
): { url: string; problem?: undefined } | { url?: undefined; problem: errors.UrlProblem } {
  const given = outputs[output];
  if (given?.secret) return { problem: "secret" };
  const url: unknown = given === undefined ? urlOfAlias(state) : given.value;
  if (url === undefined) return { problem: "missing" };
  return typeof url === "string" && /^https?:\/\//i.test(url) && URL.canParse(url)
    ? { url }
    : { problem: "invalid" };
}

function urlOfAlias(state: Deployment): unknown {
  const { resources = [] } = (state.deployment ?? {}) as {
    resources?: { type: string; outputs?: { url?: unknown } }[];
  };
  const aliases = resources.filter(({ type }) => type === "pulumi-nodejs:dynamic/mags:UrlAlias");
  return aliases.length === 1 ? aliases[0]!.outputs?.url : undefined;
}

/**
 * Waits until there is somebody behind a URL who answers as a page does. That a page is not found, or that the server
 * has an error, is what the edge of a cloud says for somebody who is not there yet.
 * @param page another page than the URL itself, as a link in that would name it
 */
export async function waitForAnswer(url: string, page: string | undefined, limitMs: number): Promise<void> {
  const place = new URL(page ?? url, url).href;
  const dispatcher = new Agent({ connect: { lookup: loopbackLookup } });
  const until = Date.now() + limitMs;
  try {
    for (let seen = "no answer"; ; await sleep(POLL_MS)) {
      try {
        const { status, body } = await fetch(place, {
          dispatcher,
          redirect: "manual",
          signal: AbortSignal.timeout(ANSWER_MS),
        });
        await body?.cancel();
        if (status < 500 && status !== 404) return;
        seen = `the last answer was ${status}`;
      } catch (error) {
        const { cause, name } = error as { cause?: { code?: string }; name?: string };
        seen = `no answer: ${cause?.code ?? name ?? "unknown"}`;
      }
      if (Date.now() >= until) throw errors.urlSilent(place, Math.round(limitMs / 1000), seen);
    }
  } finally {
    await dispatcher.destroy();
  }
}
