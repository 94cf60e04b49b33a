import path from "node:path";

import { UserError } from "../lib/errors.mjs";
import { duration } from "../lib/log.mjs";
import { excerpt, requestService } from "./service.mjs";

/** @typedef {import("../lib/log.mjs").Log} Log */

/** Numbers the steps, and says what each did and how long it took. */
export class Steps {
  #number = 0;

  /**
   * @param {Log} log
   * @param {number} total
   */
  constructor(log, total) {
    this.log = log;
    this.total = total;
  }

  /**
   * @template T
   * @param {string} title
   * @param {() => T | Promise<T>} work
   * @param {(value: T) => string} [result]
   * @returns {Promise<T>}
   */
  async run(title, work, result = () => "done") {
    this.#number += 1;
    const mark = `[${this.#number}/${this.total}]`;
    this.log.line(`\n${mark} ${title}`);
    const start = performance.now();
    const value = await work();
    this.log.line(`${mark} ${result(value)} (${duration(performance.now() - start)})`);
    return value;
  }
}

/**
 * Brings the example up and shows that its service answers.
 * @param {Steps} steps
 * @param {import("./stack.mjs").Stack} stack
 * @param {Record<string, string>} config
 * @returns {Promise<string>} The service's address.
 */
export async function bringUp(steps, stack, config) {
  await steps.run(
    "pulumi up: examples/always-on-service",
    async () => {
      await stack.create(config);
      await stack.up();
    },
    () => "the fleet is up",
  );
  return steps.run(
    "Request the service through its alias",
    () => showService(steps.log, stack),
    () => "the service answers",
  );
}

/**
 * @param {Log} log
 * @param {import("./stack.mjs").Stack} stack
 */
export async function showService(log, stack) {
  const { url } = await stack.outputs();
  if (typeof url !== "string") {
    throw new UserError("The example has no stack output `url`, so there is nothing to request.");
  }
  const answer = await requestService(url);
  log.line(`  GET ${url} -> ${answer.status}`);
  log.line(excerpt(answer.body));
  return url;
}

/**
 * Proves the rest of a fleet's life: a second update changes nothing, and destroy leaves nothing.
 * @param {Steps} steps
 * @param {import("./stack.mjs").Stack} stack
 * @param {import("./cloud.mjs").Cloud} cloud
 */
export async function proveAndTearDown(steps, stack, cloud) {
  await steps.run(
    "pulumi up again: nothing may change",
    async () => {
      const count = await stack.resourceCount();
      if (count === 0) throw new UserError("The stack holds no resource, so the update has proved nothing.");
      await stack.upUnchanged();
      return count;
    },
    (count) => `all ${count} resources unchanged`,
  );
  await steps.run(
    "pulumi destroy",
    () => stack.destroy(),
    () => "destroyed",
  );
  if (!cloud.holdings) return;
  await steps.run(
    "Check that the emulator holds nothing any more",
    () => throwIfAnythingIsLeft(cloud),
    () => "nothing is left",
  );
}

/** @param {import("./cloud.mjs").Cloud} cloud */
export async function throwIfAnythingIsLeft(cloud) {
  const left = (await cloud.holdings?.()) ?? [];
  if (left.length > 0) throw new UserError(`After pulumi destroy there is still: ${left.join(", ")}.`);
}

/**
 * The three things to try next, for somebody whose fleet is up.
 * @param {string} service The service's address.
 * @param {import("./cloud.mjs").Cloud} cloud
 * @param {boolean} live
 */
export function nextWhileUp(service, cloud, live) {
  const look = live ? `open ${service} in a browser` : `open ${cloud.url} in a browser, and ${service}`;
  return [
    "",
    "The fleet is up. Try next:",
    `  1. Change it: edit a line of ${path.join("examples", "always-on-service", "index.ts")}, press Enter here`,
    "     and see what Pulumi does with exactly that line.",
    `  2. Look at it: ${look}.`,
    "  3. Tear it down: press Ctrl-C; everything is destroyed, and nothing is left running.",
  ].join("\n");
}

/** What can be done when an edit of a fleet that is up has failed. */
export const NEXT_AFTER_FAILURE =
  "\nCorrect the program and press Enter to try again, or press Ctrl-C to destroy the fleet.";

/**
 * The three things to try next, after a run that left nothing.
 * @param {boolean} live
 */
export function nextAfterOnce(live) {
  const start = live ? "npm start -- --live" : "npm start";
  return [
    "",
    "All steps passed. Try next:",
    `  1. Change it: edit a line of ${path.join("examples", "always-on-service", "index.ts")} and run this again.`,
    `  2. Look at it: run ${start} in a terminal; the fleet stays up, and its addresses are shown.`,
    "  3. Tear it down: press Ctrl-C there. This run has torn down everything already.",
  ].join("\n");
}
