import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

import { localEnvironment } from "../../scripts/lib/env.mjs";
import { UserError } from "../../scripts/lib/errors.mjs";
import { owning } from "../lib/cleanup.mjs";

/** One that never gets in the way: VMs are simulated, at once there, and nothing happens by itself. */
const OPTIONS = {
  execute: "simulate",
  bootMs: 0,
  vmIdMs: 0,
  stopMs: 0,
  idleMs: 24 * 3_600_000,
  syncMs: 24 * 3_600_000,
  maxVms: 1_000_000,
  maxEndedJobs: 1_000_000,
  maxCalls: 1_000_000,
};

/** States of a job that has a VM or waits for one. */
const ACTIVE = ["pending", "running", "sleeping"];

/** @typedef {Record<string, number>} Calls Numbers by route, in the words of the emulator's table. */

/** The emulator of one contestant, in a process of its own, so that its work is nobody else's. */
export class FleetEmulator {
  /** @param {object} [options] What differs from {@link OPTIONS}. */
  static async start(options = {}) {
    const program = path.join(import.meta.dirname, "emulator-process.mjs");
    const child = spawn(process.execPath, [program, JSON.stringify({ ...OPTIONS, ...options })], {
      env: localEnvironment(),
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("close", () => resolve(undefined)));
    const line = await Promise.race([firstLine(child.stdout), ended]);
    if (line === undefined) throw new UserError("An emulator of the benchmark did not start: see above.");
    const stop = async () => {
      child.stdin.destroy();
      await ended;
    };
    return new FleetEmulator(JSON.parse(line), owning(stop));
  }

  /**
   * @param {{ url: string, token: string, adminUrl: string, adminToken: string }} where
   * @param {() => Promise<void>} stop
   */
  constructor({ url, token, adminUrl, adminToken }, stop) {
    this.url = url;
    this.token = token;
    this.stop = stop;
    this.admin = { url: adminUrl, token: adminToken };
  }

  /** Every call is answered so many milliseconds late from now on. */
  async latency(/** @type {number} */ milliseconds) {
    await this.#admin("DELETE", "/faults");
    if (milliseconds > 0)
      await this.#admin("POST", "/faults", { kind: "slow", count: 0, delayMs: milliseconds });
  }

  /**
   * The calls since the last time this was asked.
   * @returns {Promise<Calls>}
   */
  async takeCalls() {
    /** @type {{ calls: { method: string, path: string, route: string, status: number }[] }} */
    const { calls } = await this.#admin("GET", "/calls");
    await this.#admin("DELETE", "/calls");
    /** @type {Calls} */
    const counts = {};
    for (const { method, path: where, route } of calls) {
      const name = route || `${method} ${where}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** How many jobs there are that have not ended. */
  async active() {
    /** @type {{ jobs: { status: string }[] }} */
    const { jobs } = await this.#admin("GET", "/state");
    return jobs.filter(({ status }) => ACTIVE.includes(status)).length;
  }

  /**
   * @param {string} method
   * @param {string} route
   * @param {object} [body]
   */
  async #admin(method, route, body) {
    const response = await fetch(`${this.admin.url}${route}`, {
      method,
      headers: { authorization: `Bearer ${this.admin.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route} was answered with ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

/**
 * @param {import("node:stream").Readable} stream
 * @returns {Promise<string>}
 */
function firstLine(stream) {
  return new Promise((resolve) => createInterface(stream).once("line", resolve));
}
