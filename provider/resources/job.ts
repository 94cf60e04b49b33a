import * as pulumi from "./sdk";
import * as errors from "../errors";
import { jobOutputs } from "../schema/outputs";
import { MagsResource, isKind } from "./base";
import { claimName, claimWorkspace, claimsFor } from "./claims";
import { generationOf } from "./generation";
import { filesOf, scriptOf, type FilesArgs } from "./local-files";
import { baseOf, type Timeouts, type Workspace } from "./workspace";
import { refuseNonResource, refuseProgram } from "./problems";

export interface HttpArgs {
  /** Port behind the job's URL, 1 to 65535. A new value is opened on the live VM, without a restart. */
  port: pulumi.Input<number>;
  /** Further ports to open. Taking one away restarts the VM. @default [] */
  otherPorts?: pulumi.Input<pulumi.Input<number>[]>;
  /** Path that answers 2xx when the service is well; asked for with `waitFor: "healthy"`. @default "/" */
  healthPath?: pulumi.Input<string>;
}

export interface JobArgs {
  /**
   * Name of the job: up to 63 letters, digits, ".", "_" or "-". Changing this replaces the resource.
   * @default generated from the stack's and the resource's name
   */
  name?: pulumi.Input<string>;
  /** Shell script that the VM runs when it starts. A change restarts the VM. @default "sleep infinity" */
  script?: pulumi.Input<string>;
  /** Project-relative path of the script, instead of `script`. A change of its content restarts the VM. */
  scriptFile?: pulumi.Input<string>;
  /** The workspace whose files the VM works on. Changing this replaces the resource. */
  workspace?: Workspace;
  /**
   * Name of the workspace, instead of `workspace`. Changing this replaces the resource.
   * @default none: the VM has a local disk only, and its files end with it
   */
  workspaceId?: pulumi.Input<string>;
  /** Read-only base below the workspace. A change restarts the VM. @default that of `workspace` */
  baseWorkspaceId?: pulumi.Input<string>;
  /** Root file system: `standard`, `claude`, `pi` or another. A change restarts the VM. @default "standard" */
  rootfsType?: pulumi.Input<string>;
  /** Environment variables. A change restarts the VM. @default {} */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Environment variables that are secret in state. A change restarts the VM. @default {} */
  secrets?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Files put under `/uploads` before the script runs (documented): name to project-relative path. A name that
   * ends with `/` takes a folder, or all that a pattern matches: `{ "app/": "./app", "conf/": "./conf/*.json" }`.
   * A change of a file's content restarts the VM; permissions do not come along.
   * At most 1000 files, 100 MB each and 500 MB together (assumed, the API documents no limit).
   * @default {}
   */
  files?: pulumi.Input<FilesArgs>;
  /** Virtual CPUs (observed, v2 of the API). A change restarts the VM. */
  vcpus?: pulumi.Input<number>;
  /** Memory in MB (observed, v2 of the API). A change restarts the VM. */
  memoryMb?: pulumi.Input<number>;
  /** Minutes of idleness after which the VM sleeps (observed). A change restarts the VM. @default 10, by Mags */
  idleTimeout?: pulumi.Input<number>;
  /**
   * Size in GB of the VM's own disk at `/data`, at least 2. It grows by the resize flow, which makes a new VM
   * with a new, empty disk; it never shrinks. Not synced to the workspace (observed).
   * @default 2
   */
  diskGb?: pulumi.Input<number>;
  /** Keep the VM running around the clock. Changed on the live VM, without a restart. @default false */
  noSleep?: pulumi.Input<boolean>;
  /** Command that runs each time the VM wakes. Changed on the live VM, without a restart. */
  startupCommand?: pulumi.Input<string>;
  /** HTTP access; gives the job a `url`. Taking it away restarts the VM. */
  http?: pulumi.Input<HttpArgs>;
  /**
   * What a create or update waits for: a running VM, a URL that answers 2xx, or nothing.
   * @default "running"
   */
  waitFor?: pulumi.Input<"running" | "healthy" | "none">;
  /** Any value; the VM restarts when it changes. */
  triggers?: pulumi.Input<unknown>;
  /**
   * Go on where files could be lost: those in `/data`, those not synced, those of a local disk.
   * @default true without a workspace, else false
   */
  allowDataLoss?: pulumi.Input<boolean>;
  /** Take over an active job of this name as it is, without a restart. @default false */
  adopt?: pulumi.Input<boolean>;
  /** Limits in seconds. @default create 600, update 900, delete 300 */
  timeouts?: pulumi.Input<Timeouts>;
}

/**
 * A persistent VM that runs a script. It sleeps when idle, unless `noSleep`, and wakes on a request.
 *
 * @example
 * ```ts
 * const web = new mags.Job("web", {
 *   workspace: site,
 *   script: "cd /root && exec python3 -m http.server 8080",
 *   noSleep: true,
 *   http: { port: 8080 },
 *   waitFor: "healthy",
 * });
 * ```
 */
export class Job extends MagsResource {
  declare readonly name: pulumi.Output<string>;
  /** Id of the current request. Changes at every restart. */
  declare readonly requestId: pulumi.Output<string>;
  /** `pending`, `running` or `sleeping` while it lives (documented); anything else means that it ended. */
  declare readonly status: pulumi.Output<string>;
  declare readonly vmId: pulumi.Output<string | undefined>;
  /** URL of the current VM, with `http`. Changes at every restart; a UrlAlias does not. */
  declare readonly url: pulumi.Output<string | undefined>;
  declare readonly subdomain: pulumi.Output<string | undefined>;
  /** The workspace, or the job's own name when it has a local disk only. Known at preview. */
  declare readonly workspaceId: pulumi.Output<string>;
  /** That of its workspace; with a local disk only, it differs each time the job is made anew. Known at preview. */
  declare readonly workspaceGeneration: pulumi.Output<string | undefined>;

  constructor(name: string, args: JobArgs = {}, options?: pulumi.CustomResourceOptions) {
    args ??= {};
    const { workspace, scriptFile, files, secrets, ...inputs } = args;
    refuseNonResource(workspace, `Job "${name}"`, "workspace", {
      expected: "a Workspace",
      instead: "workspaceId",
    });
    if (workspace !== undefined && args.workspaceId !== undefined)
      void refuseProgram([errors.targetTwice(`Job "${name}"`, "workspace", "workspaceId").message]);
    const claims = claimsFor(options);
    claimName(claims, "job", args.name);
    claimWorkspace(claims, "job", workspace ?? args.workspaceId, name);
    super(
      "Job",
      name,
      {
        ...inputs,
        script: scriptOf(`Job "${name}"`, args.script, scriptFile),
        files: filesOf(`Job "${name}"`, files),
        secrets: secrets === undefined ? undefined : pulumi.secret(secrets),
        workspaceId: workspace?.workspaceId ?? args.workspaceId,
        baseWorkspaceId: args.baseWorkspaceId ?? baseOf(workspace),
      },
      OUTPUTS,
      options,
      generationOf(workspace, args.workspaceId),
    );
  }

  /** Reads an existing job without managing it. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): Job {
    return new Job(name, undefined, { ...options, id });
  }

  static override isInstance(value: unknown): value is Job {
    return isKind("Job", value);
  }
}

const OUTPUTS = Object.keys(jobOutputs);
