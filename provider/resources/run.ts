import * as pulumi from "./sdk";
import * as errors from "../errors";
import { runOutputs } from "../schema/outputs";
import { MagsResource, isKind } from "./base";
import { claimName, claimWorkspace, claimsFor } from "./claims";
import type { Job } from "./job";
import { generationOf } from "./generation";
import { filesOf, scriptOf, type FilesArgs } from "./local-files";
import { refuseNonResource, refuseProgram } from "./problems";
import { baseOf, type Timeouts, type Workspace } from "./workspace";

export interface RunArgs {
  /** Shell script that is run to its end, in the home folder. Runs again when it changes. */
  script?: pulumi.Input<string>;
  /** Project-relative path of the script, instead of `script`. Runs again when its content changes. */
  scriptFile?: pulumi.Input<string>;
  /**
   * Job whose VM the script runs inside; it is woken if it sleeps. Give it `noSleep` where a script is silent for
   * longer than it takes to fall asleep. Changing this replaces the resource.
   * @default none: a VM of its own, which ends with the script
   */
  job?: Job;
  /** Name of the job, instead of `job`. Changing this replaces the resource. */
  jobName?: pulumi.Input<string>;
  /**
   * Workspace whose files the script works on, in a VM of its own. No other VM may be active on it: to run beside
   * a Job, pass `job`. Changing this replaces the resource.
   * @default none: nothing of the VM is kept
   */
  workspace?: Workspace;
  /** Name of the workspace, instead of `workspace`. Changing this replaces the resource. */
  workspaceId?: pulumi.Input<string>;
  /** Read-only base below the workspace. Counts for the next run. @default that of `workspace` */
  baseWorkspaceId?: pulumi.Input<string>;
  /** Environment variables. Runs again when they change. @default {} */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Environment variables that are secret in state and masked in `logTail`. Runs again when they change. @default {} */
  secrets?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Files put under `/uploads` of a VM of its own (documented), by name: paths of files, folders and patterns,
   * relative to the project. Runs again when the content of one changes.
   */
  files?: pulumi.Input<FilesArgs>;
  /** Any value; runs again when it changes to one that it has not run with. */
  triggers?: pulumi.Input<unknown>;
  /** Root file system of a VM of its own: `standard`, `claude`, `pi` or another. Counts for the next run. @default "standard" */
  rootfsType?: pulumi.Input<string>;
  /** Disk `/data` of a VM of its own, in GB, at least 2. Counts for the next run. @default 2 */
  diskGb?: pulumi.Input<number>;
  /** Virtual CPUs of a VM of its own (observed, v2 of the API). Counts for the next run. */
  vcpus?: pulumi.Input<number>;
  /** Memory of a VM of its own in MB (observed, v2 of the API). Counts for the next run. */
  memoryMb?: pulumi.Input<number>;
  /**
   * Keep `logTail` encrypted in the state, and out of messages.
   * @default true if script, environment or triggers are a Pulumi secret, else false
   */
  secretLog?: pulumi.Input<boolean>;
  /**
   * Name of the run: up to 50 letters, digits, ".", "_" or "-". Changing this replaces the resource.
   * @default generated from the stack's and the resource's name
   */
  name?: pulumi.Input<string>;
  /** Limits in seconds. @default create 7200, update 7200, delete 300 */
  timeouts?: pulumi.Input<Timeouts>;
}

/**
 * A script that is run once to its end: a migration, a seeding. It runs when the resource is made, and again when
 * script, environment, files or triggers change; at most once for the same ones, also when an update is interrupted:
 * the next one goes on waiting for it, or reads what came of it. A script that fails fails the update.
 *
 * @example
 * ```ts
 * const migration = new mags.Run("migrate", { job: web, script: "cd ~/app && ./migrate.sh", triggers: ["2.0"] });
 * export const log = migration.logTail;
 * ```
 */
export class Run extends MagsResource {
  declare readonly name: pulumi.Output<string>;
  /** Exit code of the script. Anything but 0 fails the update. */
  declare readonly exitCode: pulumi.Output<number>;
  /** The last lines of what the script wrote: at most 50, and 16 KB. Values of `secrets` are masked. */
  declare readonly logTail: pulumi.Output<string>;
  /** The name and a hash of what was run: name of its VM, or of the folder in `~/.mags-runs` that remembers it. */
  declare readonly runId: pulumi.Output<string>;
  /** Id of the request whose VM it ran in. */
  declare readonly requestId: pulumi.Output<string>;
  declare readonly vmId: pulumi.Output<string | undefined>;

  constructor(name: string, args: RunArgs, options?: pulumi.CustomResourceOptions) {
    args ??= {} as RunArgs;
    const { job, workspace, scriptFile, files, secrets, ...inputs } = args;
    refuseNonResource(workspace, `Run "${name}"`, "workspace", {
      expected: "a Workspace",
      instead: "workspaceId",
    });
    refuseNonResource(job, `Run "${name}"`, "job", { expected: "a Job", instead: "jobName" });
    if (job !== undefined && args.jobName !== undefined)
      void refuseProgram([errors.targetTwice(`Run "${name}"`, "job", "jobName", "job").message]);
    if (workspace !== undefined && args.workspaceId !== undefined)
      void refuseProgram([errors.targetTwice(`Run "${name}"`, "workspace", "workspaceId").message]);
    const claims = claimsFor(options);
    claimName(claims, "run", args.name);
    claimWorkspace(claims, "run", workspace ?? args.workspaceId, name);
    super(
      "Run",
      name,
      {
        ...inputs,
        script: scriptOf(`Run "${name}"`, args.script, scriptFile),
        files: filesOf(`Run "${name}"`, files),
        secrets: secrets === undefined ? undefined : pulumi.secret(secrets),
        jobName: job?.name ?? args.jobName,
        workspaceId: workspace?.workspaceId ?? args.workspaceId,
        baseWorkspaceId: args.baseWorkspaceId ?? baseOf(workspace),
        secretLog: args.secretLog ?? holdsSecret([args.script, args.environment, args.triggers]),
      },
      OUTPUTS,
      options,
      generationOf(job ?? workspace, args.jobName ?? args.workspaceId),
    );
  }

  static override isInstance(value: unknown): value is Run {
    return isKind("Run", value);
  }
}

const OUTPUTS = Object.keys(runOutputs);

/** True where one of the values is a secret, at any depth; undefined where none is, so that nothing is sent. */
function holdsSecret(values: pulumi.Input<unknown>[]): Promise<true | undefined> {
  return pulumi.isSecret(pulumi.output(values)).then((secret) => secret || undefined);
}
