import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { localEnvironment } from "../lib/env.mjs";
import { UserError } from "../lib/errors.mjs";
import { getJson } from "../lib/http.mjs";
import { root } from "../lib/paths.mjs";
import { lastLines } from "../lib/run.mjs";

const guard = fileURLToPath(new URL("../lib/guard.mjs", import.meta.url));

/** How long the emulator may take to be ready, and to end, in milliseconds. */
const START_TIMEOUT = 30_000;
const STOP_TIMEOUT = 15_000;

/** States of a job that has a VM or waits for one; in any other it has ended. */
const ACTIVE = ["pending", "running", "sleeping"];

/**
 * The local Mags cloud, on a free loopback port, in a process of its own that ends with this one.
 * @returns {Promise<Emulator>}
 */
export async function startEmulator() {
  const program = path.join(root, "dist", "cli", "main.js");
  const child = spawn(
    process.execPath,
    [guard, process.execPath, program, "emulator", "--port", "0", "--json"],
    {
      cwd: root,
      env: localEnvironment(),
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  const emulator = new Emulator(child);
  await emulator.ready();
  return emulator;
}

class Emulator {
  /** What it said on stderr, for the case that it fails. */
  #said = "";
  #exited;

  /** @param {import("node:child_process").ChildProcessWithoutNullStreams} child */
  constructor(child) {
    this.child = child;
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      this.#said = (this.#said + chunk).slice(-10_000);
    });
    this.#exited = new Promise((resolve) => {
      child.on("error", () => resolve(undefined));
      child.on("exit", () => resolve(undefined));
    });
  }

  async ready() {
    const line = await Promise.race([
      firstLine(this.child.stdout),
      this.#exited,
      new Promise((resolve) => setTimeout(resolve, START_TIMEOUT).unref()),
    ]);
    if (typeof line !== "string") {
      await this.stop();
      throw new UserError(`The emulator did not start. Its last words:\n${lastLines(this.#said, 10)}`);
    }
    const { url, token } = JSON.parse(line);
    /** Its address, and the token of its first account. */
    this.url = String(url);
    this.token = String(token);
  }

  /** What the account still holds: a line per object, none when it is empty. */
  async holdings() {
    /** @param {string} route */
    const list = async (route) => {
      const answer = await getJson(`${this.url}/api/v1/${route}`, this.token);
      const items = Array.isArray(answer) ? answer : Object.values(answer).find(Array.isArray);
      return /** @type {Record<string, unknown>[]} */ (items ?? []);
    };
    const jobs = (await list("mags-jobs?page_size=50")).filter(({ status }) =>
      ACTIVE.includes(String(status)),
    );
    return [
      ...jobs.map((job) => `job ${job.name ?? job.request_id} (${job.status})`),
      ...(await list("mags-workspaces")).map(
        (workspace) => `workspace ${workspace.workspace_id ?? workspace.id}`,
      ),
      ...(await list("mags-url-aliases")).map((alias) => `alias ${alias.subdomain}`),
      ...(await list("mags-cron")).map((cron) => `cron job ${cron.name ?? cron.id}`),
    ];
  }

  /** What it said last, if it has ended by itself. */
  lastWords() {
    if (this.child.exitCode === null && this.child.signalCode === null) return undefined;
    return `The emulator has ended by itself. Its last words:\n${lastLines(this.#said, 10)}`;
  }

  /** Ends it, with everything that it runs. */
  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.stdin.destroy(), STOP_TIMEOUT);
    await this.#exited;
    clearTimeout(timer);
  }
}

/**
 * @param {import("node:stream").Readable} stream
 * @returns {Promise<string>}
 */
function firstLine(stream) {
  return new Promise((resolve) => createInterface(stream).once("line", resolve));
}
