import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../lib/errors.mjs";
import { get } from "../lib/http.mjs";

/** How long the service may take to answer after `up`, and how often it is asked, in milliseconds. */
const DEADLINE = 60_000;
const INTERVAL = 250;

/**
 * Requests the service until it answers with success.
 * @param {string} url
 * @returns {Promise<import("../lib/http.mjs").Answer>}
 */
export async function requestService(url) {
  const end = performance.now() + DEADLINE;
  let last = "no answer";
  while (performance.now() < end) {
    try {
      const answer = await get(url);
      if (answer.status >= 200 && answer.status < 300) return answer;
      last = `status ${answer.status}: ${answer.body.slice(0, 200)}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(INTERVAL);
  }
  throw new UserError(
    `The service did not answer at ${url} within ${DEADLINE / 1000} s of the update; last: ${last}`,
  );
}

/**
 * What came back, for people: the text as it is, or without the tags of a page.
 * @param {string} body
 */
export function excerpt(body) {
  const text = /<html|<!doctype/i.test(body)
    ? body.replace(/<(style|script)[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]+>/g, " ")
    : body;
  const lines = text.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
  return lines
    .filter(Boolean)
    .slice(0, 5)
    .map((line) => `    ${line.slice(0, 100)}`)
    .join("\n");
}
