import * as pulumi from "./sdk";
import { workspaceOutputs } from "../schema/outputs";
import { MagsResource, isKind } from "./base";
import { claimName, claimsFor, rememberName } from "./claims";

/** Limits for whole operations, in seconds. A change of them does nothing by itself. */
export interface Timeouts {
  create?: number;
  update?: number;
  delete?: number;
}

export interface WorkspaceArgs {
  /**
   * Name of the workspace, case-sensitive: up to 57 letters, digits, ".", "_" or "-".
   * Changing this replaces the resource.
   * @default generated from the stack's and the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * Workspace to fork: the new one starts with its files and never changes it (observed).
   * Changing this replaces the resource.
   */
  baseWorkspaceId?: pulumi.Input<string>;
  /**
   * Shell script that fills the workspace. It runs once, when the workspace is made, and is remembered
   * inside it; a later edit runs nothing.
   */
  setup?: pulumi.Input<string>;
  /**
   * Root file system of the VM that makes the workspace. Known to Mags: `standard`, `claude`, `pi`.
   * @default "standard"
   */
  rootfsType?: pulumi.Input<string>;
  /** Disk of the VM that makes the workspace, in GB, at least 2. @default 2 */
  diskGb?: pulumi.Input<number>;
  /**
   * Refuse to delete the workspace and its files; also sets Pulumi's `protect`, so that a destroy fails in
   * its preview. To delete it, turn this off, run `pulumi up`, then destroy.
   * @default true
   */
  deletionProtection?: boolean;
  /** Take over a workspace of this name that exists already, without running the setup. @default false */
  adopt?: pulumi.Input<boolean>;
  /** Limits in seconds. @default create 900, update 900, delete 300 */
  timeouts?: pulumi.Input<Timeouts>;
}

/**
 * Files that outlive VMs, kept in S3. The API has no call to make one: a short-lived job `<name>-setup` does,
 * and is stopped when it is done, so that no VM is left running.
 *
 * @example
 * ```ts
 * const site = new mags.Workspace("site", { setup: "echo hello > /root/index.html" });
 * ```
 */
export class Workspace extends MagsResource {
  declare readonly name: pulumi.Output<string>;
  /** What jobs, aliases and cron jobs refer to. Known at preview. */
  declare readonly workspaceId: pulumi.Output<string>;
  /**
   * Differs each time the workspace is made anew, and stays through edits. Known at preview. As a trigger it
   * makes things follow, such as a job's.
   */
  declare readonly workspaceGeneration: pulumi.Output<string | undefined>;
  declare readonly baseWorkspaceId: pulumi.Output<string | undefined>;

  constructor(name: string, args: WorkspaceArgs = {}, options?: pulumi.CustomResourceOptions) {
    claimName(claimsFor(options), "workspace", args.name);
    const protects = options?.id === undefined && args.deletionProtection !== false;
    // Only ever said to be on: what is off here may be on for its parent.
    super(
      "Workspace",
      name,
      { ...args },
      OUTPUTS,
      protects ? pulumi.mergeOptions({ protect: true }, options) : options,
    );
    rememberName(this, args.name);
    if (args.baseWorkspaceId !== undefined) bases.set(this, args.baseWorkspaceId);
  }

  /** Reads an existing workspace without managing it. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): Workspace {
    return new Workspace(name, undefined, { ...options, id });
  }

  static override isInstance(value: unknown): value is Workspace {
    return isKind("Workspace", value);
  }
}

/** The base that a fork was declared with. As an output it would be unknown in every preview. */
const bases = new WeakMap<Workspace, pulumi.Input<string>>();

export function baseOf(workspace: Workspace | undefined): pulumi.Input<string> | undefined {
  return workspace && bases.get(workspace);
}

const OUTPUTS = Object.keys(workspaceOutputs);
