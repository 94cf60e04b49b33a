import { cpSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { UserError } from "../../scripts/lib/errors.mjs";
import { stateFolder } from "../../scripts/lib/paths.mjs";
import { getTerraform, useProvider } from "../../scripts/terraform/get-terraform.mjs";
import { owning } from "../lib/cleanup.mjs";
import { measuredRun } from "./measured-run.mjs";

/** The process of the provider. */
const PROVIDER = /terraform-provider-restapi/;

/** How many operations at once by default; terraform's own default is 10. */
const PARALLEL = 32;

/** Folders of one run are told apart by number. */
let made = 0;

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

  #parallelism;
  #change = 0;
  /** @type {NodeJS.ProcessEnv} */
  #env = {};

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
    this.folder = path.join(stateFolder("bench"), `terraform-${process.pid}-${++made}`);
    /** What it made is in an emulator that ends too, so nothing has to be destroyed. */
    this.remove = owning(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  async init() {
    const found = await getTerraform({ log: { line: this.progress, progress: this.progress } });
    if ("absent" in found) throw new UserError(`Terraform is not measured: ${found.absent}`);
    rmSync(this.folder, { recursive: true, force: true });
    cpSync(path.join(import.meta.dirname, "programs", "terraform"), this.folder, { recursive: true });
    this.#env = {
      ...useProvider(this.folder, found.provider),
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

  /** A plan that trusts the state and reads nothing: what Pulumi does by itself, and terraform if it is told to. */
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
    const state = JSON.parse(readFileSync(path.join(this.folder, "terraform.tfstate"), "utf8"));
    return Buffer.byteLength(JSON.stringify(state));
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
    const run = await measuredRun(`terraform ${args[0]} failed`, "terraform", [...args, "-no-color"], {
      cwd: this.folder,
      env: { ...this.#env, TF_VAR_change: String(this.#change) },
      provider: PROVIDER,
    });
    if (!run.stdout.includes(expected)) {
      throw new Error(
        `terraform ${args.join(" ")} did something else than "${expected}":\n${run.stdout.slice(-2000)}`,
      );
    }
    return { milliseconds: run.milliseconds, providerPeakBytes: run.providerPeakBytes };
  }
}
