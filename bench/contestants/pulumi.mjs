import path from "node:path";

import { BenchStack } from "./stack.mjs";

/**
 * What every contestant is made with.
 * @typedef {object} ContestantOptions
 * @property {{ url: string, token: string }} emulator
 * @property {number} resources How many persistent jobs it makes.
 * @property {boolean} [checkpoints] Whether the state is written after each step, as it is by default.
 * @property {number} [parallel] How many operations at once. Default: what the tool does by itself.
 * @property {(text: string) => void} progress
 * @property {string} bin Folder of the Pulumi engine.
 */

/** A program of `programs`, run by the Pulumi CLI as a user would. */
export class PulumiContestant {
  #change = 0;

  /**
   * @param {string} program
   * @param {ContestantOptions} options
   */
  constructor(program, { emulator, resources, checkpoints = true, parallel, bin }) {
    this.flags = parallel === undefined ? [] : ["--parallel", String(parallel)];
    this.stack = new BenchStack({
      name: program,
      program: path.join(import.meta.dirname, "programs", program),
      bin,
      env: {
        MAGS_API_URL: emulator.url,
        MAGS_API_TOKEN: emulator.token,
        BENCH_RESOURCES: String(resources),
        BENCH_CHANGE: "0",
        ...(checkpoints ? {} : { PULUMI_SKIP_CHECKPOINTS: "true" }),
      },
    });
  }

  async init() {
    // With it, a run without checkpoints that was cut off would find again what it made.
    await this.stack.init({ "mags:namespace": "bench" });
  }

  firstUp() {
    return this.#operation("up");
  }

  unchanged() {
    return this.#operation("up", "--expect-no-changes");
  }

  /** Gives the resource in the middle another start-up command. */
  changeOne() {
    this.stack.env.BENCH_CHANGE = String(++this.#change);
    return this.#operation("up");
  }

  refresh() {
    return this.#operation("refresh", "--expect-no-changes");
  }

  destroy() {
    return this.#operation("destroy");
  }

  async stateBytes() {
    return Buffer.byteLength(JSON.stringify(await this.stack.state()));
  }

  remove() {
    return this.stack.remove();
  }

  /** @param {string[]} args */
  async #operation(...args) {
    const { milliseconds, providerPeakBytes } = await this.stack.pulumi(
      ...args,
      "--yes",
      "--skip-preview",
      ...this.flags,
    );
    return { milliseconds, providerPeakBytes };
  }
}
