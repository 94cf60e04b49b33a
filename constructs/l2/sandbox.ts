import type { Construct, IConstruct } from "constructs";
import { Annotations } from "../annotations";
import * as errors from "../errors";
import type { Input } from "../inputs";
import type { Reference } from "../reference";
import type { Script } from "../script";
import { MagsConstruct } from "./base";
import { Job, type JobProps } from "./job";
import type { IAliasTarget, UrlAlias, UrlAliasProps } from "./url-alias";
import { Workspace, type IWorkspace } from "./workspace";

export interface SandboxProps extends Omit<JobProps, "workspace" | "baseWorkspaceId" | "name"> {
  /** Name of the job, and of its workspace. Changing this replaces both. @default generated when it is deployed */
  readonly name?: Input<string>;
  /**
   * Keep the files in a workspace that outlives the VM; without, they are on the VM's disk and end with it.
   * @default true
   */
  readonly persistent?: boolean;
  /** Workspace to fork. */
  readonly base?: IWorkspace;
  /** Script that fills the workspace, once. */
  readonly setup?: Script | Input<string>;
  /** Refuse to delete the workspace and its files. @default true */
  readonly deletionProtection?: boolean;
}

/** A sandbox. */
export interface ISandbox extends IConstruct, IAliasTarget {
  readonly name: Input<string>;
  addAlias(id: string, props?: Omit<UrlAliasProps, "target">): UrlAlias;
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
  readonly workspace?: Workspace;
  readonly job: Job;

  constructor(scope: Construct, id: string, props: SandboxProps = {}) {
    super(scope, id);
    const { name, persistent = true, base, setup, deletionProtection, ...rest } = props;
    const { adopt, rootfsType, removalPolicy } = rest;
    if (!persistent) {
      const misplaced = Object.keys(given({ base, setup, deletionProtection }));
      if (misplaced.length > 0) Annotations.of(this).addError(errors.needsWorkspace(misplaced));
      this.job = new Job(this, "Job", { allowDataLoss: false, ...rest, ...given({ name }) });
      return;
    }
    this.workspace = new Workspace(this, "Workspace", {
      ...given({ name, base, setup, deletionProtection, adopt, rootfsType, removalPolicy }),
    });
    this.job = new Job(this, "Job", { ...rest, name: this.workspace.name, workspace: this.workspace });
  }

  get name(): Reference<string> {
    return this.job.name;
  }

  get workspaceId(): Reference<string> {
    return this.job.workspaceId;
  }

  addAlias(id: string, props: Omit<UrlAliasProps, "target"> = {}): UrlAlias {
    return this.job.addAlias(id, props);
  }
}

/** Only what has a value. */
function given<T extends object>(props: T): T {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as T;
}
