import { RootConstruct, type IConstruct } from "constructs";
import * as errors from "./errors";
import { handOver, handOverFolder } from "./hand-over";
import { knownProps, type PropNames } from "./known-props";
import type { Plan } from "./plan";
import { filesOf, synth, type SynthOptions, type SynthResult } from "./synth";

const MARK = Symbol.for("pulumi-mags.App");

export interface AppProps {
  /** Values that constructs of the tree can look up by `node.tryGetContext`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where `synth` writes. @default "mags.out" */
  readonly outdir?: string;
}

const APP_PROPS: PropNames<AppProps> = { context: true, outdir: true };

/**
 * The root of a tree of constructs.
 *
 * @example
 * ```ts
 * const app = new App();
 * const stack = new Stack(app, "shop");
 * new Job(stack, "web", { script: Script.inline("exec ./serve"), http: { port: 8080 } });
 * app.synth("manifest");
 * ```
 */
export class App extends RootConstruct {
  static isApp(value: unknown): value is App {
    return typeof value === "object" && value !== null && MARK in value;
  }

  /** The app that a construct is part of. */
  static of(construct: IConstruct): App {
    const { root } = construct.node;
    if (!App.isApp(root)) throw errors.noApp(construct.node.path);
    return root;
  }

  readonly outdir: string;

  constructor(props: AppProps = {}) {
    super();
    const { context = {}, outdir = "mags.out" } = knownProps(this, props, APP_PROPS);
    this.outdir = outdir;
    for (const [key, value] of Object.entries(context)) this.node.setContext(key, value);
  }

  /**
   * What the tree comes to. Aspects are visited, everything is checked, references are resolved. The same program
   * gives the same plan everywhere. Pulumi is not loaded for it.
   * @throws PlanError with all that is wrong in the tree
   */
  plan(): Plan {
    // Loaded on first use, with the field tables and all that checks them.
    const { planOf } = require("./planning") as typeof import("./planning");
    return planOf(this);
  }

  /**
   * Writes the plan for review: `mags.manifest.json` and `tree.json`. With `check`, nothing is written, and the
   * result says whether what is there is that of the program. Run by `mags-iac`, it gives the plan to that command
   * instead, and neither writes nor compares anything here.
   * @throws PlanError with all that is wrong in the tree
   */
  synth(dir: string = this.outdir, options: SynthOptions = {}): SynthResult {
    const folder = handOverFolder();
    return folder === undefined ? synth(this.plan(), dir, options) : handOver(this.plan(), folder);
  }

  /** What `synth` would write, by file name. */
  synthText(): Readonly<Record<string, string>> {
    return filesOf(this.plan());
  }
}
Object.defineProperty(App.prototype, MARK, { value: true });
