import { cpSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { localEnvironment, pulumiSettings } from "../../scripts/lib/env.mjs";
import { stateFolder, withPath } from "../../scripts/lib/paths.mjs";
import { owning } from "../lib/cleanup.mjs";
import { measuredRun } from "./measured-run.mjs";

/** The process that Pulumi runs the handlers of dynamic resources in. */
const PROVIDER = /node.*cmd\/dynamic-provider/;

/** Folders of one run are told apart by number. */
let made = 0;

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
    this.folder = path.join(stateFolder("bench"), `${name}-${process.pid}-${++made}`);
    /** What it made is in an emulator that ends too, so nothing has to be destroyed. */
    this.remove = owning(() => rmSync(this.folder, { recursive: true, force: true }));
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
    await this.pulumi("stack", "init", "bench");
    for (const [key, value] of Object.entries(config)) await this.pulumi("config", "set", key, value);
  }

  /** What `pulumi stack export` tells: the whole state. */
  async state() {
    const { stdout } = await this.pulumi("stack", "export");
    return JSON.parse(stdout);
  }

  /** The resources in the state, the stack itself and providers aside. */
  async resources() {
    /** @type {{ type: string, outputs?: Record<string, unknown> }[]} */
    const resources = (await this.state()).deployment.resources ?? [];
    return resources.filter(({ type }) => !/^pulumi:(?:pulumi:Stack$|providers:)/.test(type));
  }

  /** @param {string[]} args */
  pulumi(...args) {
    return measuredRun(`pulumi ${args[0]} failed`, "pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.env,
      provider: PROVIDER,
    });
  }
}
