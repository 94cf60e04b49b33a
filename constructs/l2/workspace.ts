import type { Construct, IConstruct } from "constructs";
import type { Input } from "../inputs";
import { knownProps, spreadable, type PropNames } from "../known-props";
import type { Reference } from "../reference";
import type { RemovalPolicy } from "../removal-policy";
import type { MagsResource } from "../resource";
import type { Script } from "../script";
import type { Size } from "../values/size";
import { MagsConstruct, RESOURCE_PROPS, resourceOf, type ResourceProps } from "./base";
import { CronJob, type CronJobProps } from "./cron-job";
import { attributeOf } from "./given";
import { Job, type JobProps } from "./job";
import { Run, type RunProps } from "./run";

export interface WorkspaceProps extends ResourceProps {
  /**
   * Name of the workspace, case-sensitive: up to 57 letters, digits, ".", "_" or "-".
   * Changing this replaces the resource.
   * @default generated when it is deployed
   */
  readonly name?: Input<string>;
  /**
   * Workspace to fork: the new one starts with its files and never changes it (observed).
   * Changing this replaces the resource.
   */
  readonly base?: IWorkspace;
  /** Script that fills the workspace. It runs once, when the workspace is made; a later edit runs nothing. */
  readonly setup?: Script | Input<string>;
  /** Root file system of the VM that makes the workspace. @default "standard" */
  readonly rootfsType?: Input<string>;
  /** Disk of the VM that makes the workspace, in whole GiB, at least 2. @default 2 GiB */
  readonly disk?: Size;
  /**
   * Refuse to delete the workspace and its files. The removal policy `DESTROY` turns it off.
   * @default true
   */
  readonly deletionProtection?: boolean;
}

const WORKSPACE_PROPS: PropNames<WorkspaceProps> = {
  name: true,
  base: true,
  setup: true,
  rootfsType: true,
  disk: true,
  deletionProtection: true,
  ...RESOURCE_PROPS,
};

/** By the names of the field table. */
const WORDS = { baseWorkspaceId: "base", diskGb: "disk" };

/** What a fork takes. */
export type ForkProps = Omit<WorkspaceProps, "base">;

/** A workspace, of this app or from elsewhere. */
export interface IWorkspace extends IConstruct {
  /** What jobs, aliases and schedules refer to. */
  readonly workspaceId: Input<string>;
  /** Of a fork: the workspace that it was made from. A job on it needs that too. */
  readonly baseWorkspaceId?: Input<string>;
  /** Makes a workspace that starts with the files of this one. */
  fork(id: string, props?: ForkProps): Workspace;
  /** Makes a job that works on this workspace. It can have one. */
  addJob(id: string, props?: Omit<JobProps, "workspace">): Job;
  /** Makes a schedule that works on this workspace, which then can have no job. */
  addCronJob(id: string, props: Omit<CronJobProps, "workspace">): CronJob;
  /** Makes a script that is run once on this workspace, in a VM of its own. Where a job is, it runs in that. */
  addRun(id: string, props: Omit<RunProps, "job" | "workspace">): Run;
}

abstract class WorkspaceBase extends MagsConstruct implements IWorkspace {
  abstract readonly workspaceId: Input<string>;
  abstract readonly baseWorkspaceId?: Input<string>;

  fork(id: string, props: ForkProps = {}): Workspace {
    return new Workspace(this, id, { ...this.own(id, props), base: this });
  }

  addJob(id: string, props: Omit<JobProps, "workspace"> = {}): Job {
    return new Job(this, id, { ...this.own(id, props), workspace: this });
  }

  addCronJob(id: string, props: Omit<CronJobProps, "workspace">): CronJob {
    return new CronJob(this, id, { ...this.own(id, props), workspace: this });
  }

  addRun(id: string, props: Omit<RunProps, "job" | "workspace">): Run {
    return new Run(this, id, { ...this.own(id, props), workspace: this });
  }

  private own<P extends object>(id: string, props: P): P {
    return spreadable(this, `"${id}"`, props) ?? ({} as P);
  }
}

/**
 * Files that outlive VMs, kept in S3.
 *
 * @example
 * ```ts
 * const site = new Workspace(this, "site", { setup: "echo hello > /root/index.html" });
 * site.addJob("web", { script: "exec python3 -m http.server 8080", http: { port: 8080 } });
 * ```
 */
export class Workspace extends WorkspaceBase {
  /** A workspace that exists already, by its name, which is case-sensitive. */
  static fromName(
    scope: Construct,
    id: string,
    name: Input<string>,
    options: { readonly baseWorkspaceId?: Input<string> } = {},
  ): IWorkspace {
    return new ImportedWorkspace(scope, id, name, options.baseWorkspaceId);
  }

  readonly resource: MagsResource<"Workspace">;
  readonly workspaceId: Reference<string>;
  readonly baseWorkspaceId?: Input<string>;

  constructor(scope: Construct, id: string, props: WorkspaceProps = {}) {
    super(scope, id);
    const { base, disk, removalPolicy, ...rest } = knownProps(
      this,
      props,
      WORKSPACE_PROPS,
      Object.keys(WORDS),
    );
    const baseWorkspaceId = attributeOf(this, "base", base, "workspaceId");
    const properties = { baseWorkspaceId, diskGb: disk, ...rest };
    this.resource = resourceOf(this, "Workspace", properties, removalPolicy, WORDS);
    this.workspaceId = this.resource.getAtt("workspaceId");
    this.baseWorkspaceId = baseWorkspaceId;
  }

  /** What happens to the object when the construct leaves the program. */
  applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }

  /** Name of the workspace. */
  get name(): Reference<string> {
    return this.resource.getAtt("name");
  }
}

class ImportedWorkspace extends WorkspaceBase {
  constructor(
    scope: Construct,
    id: string,
    readonly workspaceId: Input<string>,
    readonly baseWorkspaceId?: Input<string>,
  ) {
    super(scope, id);
  }
}
