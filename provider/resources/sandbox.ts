import * as pulumi from "./sdk";
import { sandboxParts } from "../schema/sandbox";
import { SANDBOX_TYPE } from "../schema/tokens";
import { Job, type JobArgs } from "./job";
import { refuse } from "./problems";
import { pauseStacks } from "./stacks";
import { Workspace, type WorkspaceArgs } from "./workspace";

/** The arguments of its parts: those of a Job, but for its workspace, and three of a Workspace. */
export interface SandboxArgs
  extends
    Omit<JobArgs, "name" | "workspace" | "workspaceId" | "allowDataLoss">,
    Pick<WorkspaceArgs, "baseWorkspaceId" | "setup" | "deletionProtection"> {
  /**
   * Name of the job and of its workspace: up to 57 letters, digits, ".", "_" or "-". Changing this replaces both.
   * @default generated from the stack's and the sandbox's name
   */
  name?: pulumi.Input<string>;
  /**
   * Keep the files in a workspace, which outlives the VM. Without, they are on the VM's local disk only and end
   * with it. Cannot be changed: the plan refuses it.
   * @default true
   */
  persistent?: boolean;
  /**
   * Go on where files could be lost: those in `/data`, those not synced and, with `persistent: false`, all of them.
   * @default false
   */
  allowDataLoss?: pulumi.Input<boolean>;
}

/**
 * What `mags new NAME` gives: a VM to work in, with a workspace of the same name that keeps its files. With
 * `persistent: false` it is a Job alone on its local disk, which no edit may lose.
 *
 * @example
 * ```ts
 * const box = new mags.Sandbox("box", { rootfsType: "claude", diskGb: 8, noSleep: true });
 * export const name = box.name;
 * ```
 */
export class Sandbox extends pulumi.ComponentResource {
  /** The files that outlive the VM; undefined with `persistent: false`. */
  readonly workspace: Workspace | undefined;
  /** The VM. */
  readonly job: Job;
  /** Name of the job and of its workspace. Known at preview. */
  readonly name: pulumi.Output<string>;
  /** Id of the current request. Changes at every restart. */
  readonly requestId: pulumi.Output<string>;
  /** `pending`, `running` or `sleeping` while it lives (documented); anything else means that it ended. */
  readonly status: pulumi.Output<string>;
  /** Id of the current VM. Changes at every restart. */
  readonly vmId: pulumi.Output<string | undefined>;
  /** URL of the current VM, with `http`. Changes at every restart; a UrlAlias does not. */
  readonly url: pulumi.Output<string | undefined>;
  /** First part of that URL's host name. */
  readonly subdomain: pulumi.Output<string | undefined>;
  /** The workspace, or the job's own name with `persistent: false`. Known at preview. */
  readonly workspaceId: pulumi.Output<string>;
  /** Differs each time the workspace, or with `persistent: false` the job, is made anew. Known at preview. */
  readonly workspaceGeneration: pulumi.Output<string | undefined>;
  /** Label of the account that it lives in. */
  readonly account: pulumi.Output<string>;

  constructor(name: string, args: SandboxArgs = {}, options?: pulumi.ComponentResourceOptions) {
    const stacks = pauseStacks();
    try {
      super(SANDBOX_TYPE, name, {}, options);
    } catch (error) {
      throw stacks.endedBy(error);
    } finally {
      stacks.end();
    }
    const { workspace, job, problems } = sandboxParts({ ...args });
    // The parts have the sandbox's logical name, so that an alias for a sandbox that was renamed holds for them too.
    this.workspace = workspace && new Workspace(name, workspace, { parent: this });
    // Something has to wait for the promise that fails the run.
    const refusal = problems.length > 0 ? { triggers: refuse(`Sandbox "${name}"`, problems) } : {};
    this.job = new Job(name, { ...job, workspace: this.workspace, ...refusal }, { parent: this });
    this.name = this.job.name;
    this.requestId = this.job.requestId;
    this.status = this.job.status;
    this.vmId = this.job.vmId;
    this.url = this.job.url;
    this.subdomain = this.job.subdomain;
    this.workspaceId = this.job.workspaceId;
    this.workspaceGeneration = this.job.workspaceGeneration;
    this.account = this.job.account;
    this.registerOutputs({
      name: this.name,
      requestId: this.requestId,
      status: this.status,
      vmId: this.vmId,
      url: this.url,
      subdomain: this.subdomain,
      workspaceId: this.workspaceId,
      workspaceGeneration: this.workspaceGeneration,
      account: this.account,
    });
  }

  static override isInstance(value: unknown): value is Sandbox {
    return (
      pulumi.ComponentResource.isInstance(value) &&
      (value as { __pulumiType?: string }).__pulumiType === SANDBOX_TYPE
    );
  }
}
