import { cpSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { localEnvironment, pulumiSettings } from "../scripts/lib/env.mjs";
import { stateFolder, withPath } from "../scripts/lib/paths.mjs";
import { runOrThrow } from "../scripts/lib/run.mjs";

/** How long one run of the CLI may take, in milliseconds. */
const LIMIT = 10 * 60_000;

/** A copy of a Pulumi project, with a state of its own, in a folder that git ignores. */
export class BenchStack {
  /**
   * @param {object} options
   * @param {string} options.name
   * @param {string} options.program Folder to copy.
   * @param {string} options.bin The engine's folder.
   * @param {NodeJS.ProcessEnv} options.env
   */
  constructor({ name, program, bin, env }) {
    this.folder = path.join(stateFolder("bench"), `${name}-${process.pid}`);
    rmSync(this.folder, { recursive: true, force: true });
    cpSync(program, this.folder, { recursive: true });
    mkdirSync(path.join(this.folder, ".state"));
    this.env = withPath([bin], {
      ...localEnvironment(),
      ...pulumiSettings(stateFolder("bench", "pulumi-home")),
      PULUMI_BACKEND_URL: pathToFileURL(path.join(this.folder, ".state")).href,
      PULUMI_CONFIG_PASSPHRASE: "only for this measurement",
      ...env,
    });
  }

  /** @param {Record<string, string>} [config] */
  async init(config = {}) {
    await this.#pulumi("stack", "init", "bench");
    for (const [key, value] of Object.entries(config)) await this.#pulumi("config", "set", key, value);
  }

  async up() {
    await this.#pulumi("up", "--yes", "--skip-preview", "--parallel", "32");
  }

  /** An update that finds nothing to do. Returns its milliseconds. */
  async upUnchanged() {
    const start = performance.now();
    await this.#pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    return performance.now() - start;
  }

  /** The resources in the state, the stack itself and providers aside. */
  async resources() {
    const { stdout } = await this.#pulumi("stack", "export");
    /** @type {{ type: string, outputs?: Record<string, unknown> }[]} */
    const resources = JSON.parse(stdout).deployment.resources ?? [];
    return resources.filter(({ type }) => !/^pulumi:(?:pulumi:Stack$|providers:)/.test(type));
  }

  /** What it made is in an emulator that ends too, so nothing has to be destroyed. */
  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @param {string[]} args */
  #pulumi(...args) {
    return runOrThrow(`pulumi ${args[0]} failed`, "pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.env,
      timeout: LIMIT,
    });
  }
}
