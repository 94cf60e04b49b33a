import { copyFileSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { UserError } from "../../scripts/lib/errors.mjs";
import { root, stateFolder } from "../../scripts/lib/paths.mjs";
import { runOrThrow } from "../../scripts/lib/run.mjs";
import { getTerraform, useProvider } from "../../scripts/terraform/get-terraform.mjs";

/** How long one run of terraform may take, in milliseconds. */
const LIMIT = 10 * 60_000;

/** How many operations at once by default; terraform's own default is 10. */
const PARALLEL = 32;

let folders = 0;

/**
 * Terraform with a generic REST provider: what a user has where there is no provider of the cloud's own. Each
 * operation is the one command that a user runs for it; what it says it did is checked.
 */
export class TerraformContestant {
  /**
   * Why it cannot take part here; undefined when it can. Builds the provider the first time.
   * @param {import("../../scripts/lib/log.mjs").Log} log
   * @returns {Promise<string | undefined>}
   */
  static async absent(log) {
    const found = await getTerraform({ log });
    return "absent" in found ? found.absent : undefined;
  }

  #folder = "";
  /** @type {NodeJS.ProcessEnv} */
  #env = {};
  #parallelism;
  #change = 0;

  /**
   * @param {object} options
   * @param {{ url: string, token: string }} options.emulator
   * @param {number} options.resources How many persistent jobs it makes.
   * @param {number} [options.parallel] How many operations at once. Default: 32.
   * @param {(text: string) => void} [options.progress]
   */
  constructor({ emulator, resources, parallel = PARALLEL, progress = () => undefined }) {
    this.emulator = emulator;
    this.resources = resources;
    this.progress = progress;
    this.#parallelism = `-parallelism=${parallel}`;
  }

  async init() {
    const found = await getTerraform({ log: { line: this.progress, progress: this.progress } });
    if ("absent" in found) throw new UserError(`Terraform is not measured: ${found.absent}`);
    this.#folder = stateFolder("bench", `terraform-${process.pid}-${++folders}`);
    rmSync(this.#folder, { recursive: true, force: true });
    stateFolder("bench", path.basename(this.#folder));
    copyFileSync(path.join(root, "bench", "terraform", "main.tf"), path.join(this.#folder, "main.tf"));
    this.#env = {
      ...useProvider(this.#folder, found.provider),
      TF_VAR_url: this.emulator.url,
      TF_VAR_token: this.emulator.token,
      TF_VAR_jobs: String(this.resources),
    };
  }

  firstUp() {
    return this.#apply({ added: this.resources });
  }

  /** Reads every job to find that there is nothing to do. */
  unchanged() {
    return this.#apply({});
  }

  /** A plan that trusts the state instead, which no other contestant's figure stands beside by itself. */
  unchangedWithoutRefresh() {
    return this.#terraform(["plan", "-refresh=false", this.#parallelism], "No changes.");
  }

  /** Gives the job in the middle another start-up command. */
  changeOne() {
    this.#change += 1;
    return this.#apply({ changed: 1 });
  }

  refresh() {
    return this.#apply({}, "-refresh-only");
  }

  destroy() {
    return this.#terraform(
      ["destroy", "-auto-approve", this.#parallelism],
      `Destroy complete! Resources: ${this.resources} destroyed.`,
    );
  }

  /** The whole state as compact JSON: terraform's file is indented. */
  async stateBytes() {
    const state = JSON.parse(readFileSync(path.join(this.#folder, "terraform.tfstate"), "utf8"));
    return Buffer.byteLength(JSON.stringify(state));
  }

  /** What it made is in an emulator that ends too, so nothing has to be destroyed. */
  async remove() {
    if (this.#folder !== "") rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * @param {{ added?: number, changed?: number }} expected
   * @param {string[]} more
   */
  #apply({ added = 0, changed = 0 }, ...more) {
    return this.#terraform(
      ["apply", "-auto-approve", this.#parallelism, ...more],
      `Apply complete! Resources: ${added} added, ${changed} changed, 0 destroyed.`,
    );
  }

  /**
   * @param {string[]} args
   * @param {string} expected What it has to say.
   */
  async #terraform(args, expected) {
    const start = performance.now();
    const { stdout } = await runOrThrow(`terraform ${args[0]} failed`, "terraform", [...args, "-no-color"], {
      cwd: this.#folder,
      env: { ...this.#env, TF_VAR_change: String(this.#change) },
      timeout: LIMIT,
    });
    const milliseconds = performance.now() - start;
    if (!stdout.includes(expected)) {
      throw new Error(
        `terraform ${args.join(" ")} did something else than "${expected}":\n${stdout.slice(-2000)}`,
      );
    }
    return { milliseconds };
  }
}
