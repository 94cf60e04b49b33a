import type { Construct, IConstruct } from "constructs";
import { sandboxParts } from "../../provider/schema/sandbox";
import { Annotations } from "../annotations";
import type { Input } from "../inputs";
import { knownProps, namesWithout, type PropNames } from "../known-props";
import type { Reference } from "../reference";
import type { RemovalPolicy } from "../removal-policy";
import type { Script } from "../script";
import { MagsConstruct } from "./base";
import { attributeOf } from "./given";
import { JOB_PROPS, Job, type JobProps } from "./job";
import type { Run, RunProps } from "./run";
import type { IAliasTarget, UrlAlias, UrlAliasProps } from "./url-alias";
import { Workspace, type IWorkspace } from "./workspace";

const MARK = Symbol.for("pulumi-mags.Sandbox");

export interface SandboxProps extends Omit<JobProps, "workspace" | "name" | "allowDataLoss"> {
  /**
   * Name of the job and of its workspace: up to 57 letters, digits, ".", "_" or "-". Changing this replaces both.
   * @default generated when it is deployed, one for both
   */
  readonly name?: Input<string>;
  /**
   * Keep the files in a workspace, which outlives the VM. Without, they are on the VM's local disk only and end
   * with it.
   * @default true
   */
  readonly persistent?: boolean;
  /** Workspace to fork. */
  readonly base?: IWorkspace;
  /** Script that fills the workspace, once. */
  readonly setup?: Script | Input<string>;
  /** Refuse to delete the workspace and its files. @default true */
  readonly deletionProtection?: boolean;
  /**
   * Go on where files could be lost: those in `/data`, those not synced and, with `persistent: false`, all of them.
   * @default false
   */
  readonly allowDataLoss?: Input<boolean>;
}

const SANDBOX_PROPS: PropNames<SandboxProps> = {
  ...namesWithout(JOB_PROPS, "workspace"),
  persistent: true,
  base: true,
  setup: true,
  deletionProtection: true,
};

/** A sandbox. */
export interface ISandbox extends IConstruct, IAliasTarget {
  readonly name: Input<string>;
  /** URL of the current VM, with `http`. Changes at every restart; that of an alias does not. */
  readonly url?: Input<string>;
  /** Makes a URL that stays, whatever VM is behind it. */
  addAlias(id: string, props?: Omit<UrlAliasProps, "target">): UrlAlias;
  /** Makes a script that is run once inside the VM. */
  addRun(id: string, props: Omit<RunProps, "job" | "workspace">): Run;
}

/**
 * What `mags new NAME -p` gives: a workspace and a job on it, under one name. With `persistent: false` it is a job
 * alone, on a local disk, that is not restarted over its files.
 *
 * @example
 * ```ts
 * new Sandbox(this, "ada", { memory: Size.gibibytes(4), noSleep: true });
 * ```
 */
export class Sandbox extends MagsConstruct implements ISandbox {
  static isSandbox(value: unknown): value is Sandbox {
    return typeof value === "object" && value !== null && MARK in value;
  }

  /** The files that outlive the VM; undefined with `persistent: false`. */
  readonly workspace?: Workspace;
  /** The VM. */
  readonly job: Job;

  constructor(scope: Construct, id: string, props: SandboxProps = {}) {
    super(scope, id);
    const { base, disk, memory, removalPolicy, ...rest } = knownProps(this, props, SANDBOX_PROPS, [
      "diskGb",
      "memoryMb",
      // What is wrong with these is told by their own rule.
      "workspace",
      "workspaceId",
    ]);
    const parts = sandboxParts({
      diskGb: disk,
      memoryMb: memory,
      ...rest,
      baseWorkspaceId: rest.baseWorkspaceId ?? attributeOf(this, "base", base, "workspaceId"),
    });
    for (const problem of parts.problems) Annotations.of(this).addError(problem);
    if (parts.workspace)
      this.workspace = new Workspace(this, "Workspace", { ...parts.workspace, removalPolicy });
    // Without a name, both get the one that is generated for the sandbox.
    this.job = new Job(this, "Job", { ...parts.job, workspace: this.workspace, removalPolicy });
  }

  /** What happens to the VM and the workspace when the construct leaves the program. */
  applyRemovalPolicy(policy: RemovalPolicy): void {
    this.workspace?.applyRemovalPolicy(policy);
    this.job.applyRemovalPolicy(policy);
  }

  get name(): Reference<string> {
    return this.job.name;
  }

  get workspaceId(): Reference<string> {
    return this.job.workspaceId;
  }

  /** URL of the current VM, with `http`. Changes at every restart; that of an alias does not. */
  get url(): Reference<string> {
    return this.job.url;
  }

  addAlias(id: string, props: Omit<UrlAliasProps, "target"> = {}): UrlAlias {
    return this.job.addAlias(id, props);
  }

  /** Makes a script that is run once inside the VM. */
  addRun(id: string, props: Omit<RunProps, "job" | "workspace">): Run {
    return this.job.addRun(id, props);
  }
}

Object.defineProperty(Sandbox.prototype, MARK, { value: true });

/** The sandbox that a workspace or a job is a part of: one that stands in it besides is none. */
export function sandboxOfPart(construct: IConstruct): Sandbox | undefined {
  const { scope } = construct.node;
  const isPart = Sandbox.isSandbox(scope) && (construct === scope.workspace || construct === scope.job);
  return isPart ? scope : undefined;
}
