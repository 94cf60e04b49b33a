import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { pulumiSettings } from "../lib/env.mjs";
import { UserError } from "../lib/errors.mjs";
import { root, stateFolder, withPath } from "../lib/paths.mjs";
import { lastLines, run } from "../lib/run.mjs";

const example = path.join(root, "examples", "always-on-service");
const guard = fileURLToPath(new URL("../lib/guard.mjs", import.meta.url));

/** How long a run of the CLI may take before it is stopped, in milliseconds: cold VMs of a slow cloud. */
const UP_TIMEOUT = 15 * 60_000;

/** How long a command that only reads or makes state may take, in milliseconds. */
const QUIET_TIMEOUT = 120_000;

/** The example's stack, driven by the Pulumi CLI as a user would. */
export class Stack {
  /** The CLI that is running now, if one is. */
  #running;

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {string} options.bin The engine's folder.
   * @param {import("./session.mjs").Session} options.session
   * @param {NodeJS.ProcessEnv} options.env
   * @param {boolean} options.terminal
   */
  constructor({ name, bin, session, env, terminal }) {
    this.name = name;
    this.sessionConfig = session.config;
    this.terminal = terminal;
    // The CLI writes a stack's settings beside Pulumi.yaml. A copy of that keeps them out of the example.
    this.project = path.join(session.folder, "project");
    this.configFile = path.join(this.project, `Pulumi.${name}.yaml`);
    this.env = withPath([bin], {
      ...env,
      ...pulumiSettings(stateFolder("pulumi-home")),
      PULUMI_BACKEND_URL: pathToFileURL(path.join(session.folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: session.passphrase,
    });
  }

  /** Whether an earlier run has made it. */
  exists() {
    return existsSync(this.configFile);
  }

  /**
   * Makes the stack, if it is not there, with these settings.
   * @param {Record<string, string>} config
   */
  async create(config) {
    if (this.exists()) {
      // Left by a run that was cut off: its lock would stop this one. There is none otherwise.
      await this.#quiet(["cancel", "--yes"]);
      return;
    }
    mkdirSync(this.project, { recursive: true });
    copyFileSync(path.join(example, "Pulumi.yaml"), path.join(this.project, "Pulumi.yaml"));
    const lines = Object.entries({ ...config, ...this.sessionConfig }).map(
      ([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`,
    );
    if (lines.length > 0) writeFileSync(this.configFile, `config:\n${lines.join("")}`);
    const result = await this.#quiet(["stack", "init", "--no-select"]);
    if (result.code !== 0) throw failure("pulumi stack init", result);
  }

  /** @param {string[]} [flags] */
  async up(flags = ["--skip-preview"]) {
    await this.#shown("pulumi up", ["up", "--yes", ...flags]);
  }

  /** Another `up`, which must find nothing to do. */
  async upUnchanged() {
    await this.#shown("the second pulumi up, which must change nothing,", [
      "up",
      "--yes",
      "--skip-preview",
      "--expect-no-changes",
    ]);
  }

  /**
   * Destroys everything, and then the stack itself, which the CLI removes only when it is empty. What a run that
   * was cut off was just making is in no state: another `up` finds it.
   */
  async destroy() {
    if ((await this.#deployment()).pending_operations?.length) await this.up();
    await this.#shown("pulumi destroy", ["destroy", "--yes", "--skip-preview", "--remove"]);
    rmSync(this.configFile, { force: true });
  }

  /** @returns {Promise<Record<string, unknown>>} The stack's outputs; secret ones as `[secret]`. */
  async outputs() {
    const result = await this.#quiet(["stack", "output", "--json"]);
    if (result.code !== 0) throw failure("pulumi stack output", result);
    return JSON.parse(result.stdout);
  }

  /** How many resources the stack's state holds, the stack itself and providers aside. */
  async resourceCount() {
    const { resources = [] } = await this.#deployment();
    return resources.filter(({ type }) => !/^pulumi:(?:pulumi:Stack$|providers:)/.test(type)).length;
  }

  /** @returns {Promise<{ resources?: { type: string }[], pending_operations?: unknown[] }>} The stack's state. */
  async #deployment() {
    const result = await this.#quiet(["stack", "export"]);
    if (result.code !== 0) throw failure("pulumi stack export", result);
    return JSON.parse(result.stdout).deployment;
  }

  /** Asks a running CLI to stop after what it is doing right now; asked again, it stops at once. */
  interrupt() {
    this.#running?.kill("SIGINT");
  }

  /** Ends a running CLI now. */
  kill() {
    this.#running?.kill("SIGKILL");
  }

  /**
   * Runs the CLI with its rows on our own output.
   * @param {string} what
   * @param {string[]} args
   */
  async #shown(what, args) {
    const all = [
      ...args,
      "--stack",
      this.name,
      "--config-file",
      this.configFile,
      ...(this.terminal ? [] : ["--non-interactive", "--color", "never"]),
    ];
    // On a terminal the CLI draws its own rows and hears Ctrl-C itself. Elsewhere it is guarded, in a group of
    // its own, so that it hears a signal exactly once.
    const child = this.terminal
      ? spawn("pulumi", all, { cwd: example, env: this.env, stdio: "inherit" })
      : spawn(process.execPath, [guard, "pulumi", ...all], {
          cwd: example,
          env: this.env,
          detached: true,
          stdio: ["pipe", "inherit", "inherit"],
        });
    this.#running = child;
    const timer = setTimeout(() => this.interrupt(), UP_TIMEOUT);
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exit, signal) => resolve(exit ?? signal));
    });
    clearTimeout(timer);
    this.#running = undefined;
    if (code !== 0) throw new UserError(`${what} failed (exit code ${code}); Pulumi's own message is above.`);
  }

  /** @param {string[]} command */
  #quiet(command) {
    return run("pulumi", [...command, "--stack", this.name, "--non-interactive"], {
      cwd: this.project,
      env: this.env,
      timeout: QUIET_TIMEOUT,
    });
  }
}

/**
 * @param {string} what
 * @param {import("../lib/run.mjs").RunResult} result
 */
function failure(what, result) {
  return new UserError(`${what} failed (exit code ${result.code}):\n${lastLines(result.stderr, 10)}`);
}
