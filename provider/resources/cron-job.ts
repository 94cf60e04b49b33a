import * as pulumi from "./sdk";
import * as errors from "../errors";
import { cronJobOutputs } from "../schema/outputs";
import { MagsResource, isKind } from "./base";
import { claimName, claimWorkspace, claimsFor } from "./claims";
import { scriptOf } from "./local-files";
import type { Timeouts, Workspace } from "./workspace";
import { refuseNonResource, refuseProgram } from "./problems";

export interface CronJobArgs {
  /** Five fields: minute, hour, day of month, month, day of week. UTC. Changed in place. */
  cronExpression: pulumi.Input<string>;
  /** Shell script that each fire runs. Changed in place. */
  script?: pulumi.Input<string>;
  /** Project-relative path of the script, instead of `script`. */
  scriptFile?: pulumi.Input<string>;
  /** Name of the schedule. Changed in place. @default generated from the stack's and the resource's name */
  name?: pulumi.Input<string>;
  /** The workspace that the script works on. Give a schedule one of its own. Changed in place. */
  workspace?: Workspace;
  /** Name of the workspace, instead of `workspace`. Changed in place. */
  workspaceId?: pulumi.Input<string>;
  /** Environment variables. Changed in place. @default {} */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Environment variables that are secret in state. Changed in place. @default {} */
  secrets?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Keep the VM of a fire after its script has ended. Changed in place. @default false */
  persistent?: pulumi.Input<boolean>;
  /** Whether the schedule fires. Changed in place. @default true */
  enabled?: pulumi.Input<boolean>;
  /** Take over a schedule of this name that exists already. @default false */
  adopt?: pulumi.Input<boolean>;
  /** Limits in seconds. @default 180 each */
  timeouts?: pulumi.Input<Timeouts>;
}

/**
 * A script on a schedule. Never replaced for an edit, so that no fire is doubled or missed.
 *
 * @example
 * ```ts
 * new mags.CronJob("nightly", { cronExpression: "0 3 * * *", script: "./backup.sh", workspace: backups });
 * ```
 */
export class CronJob extends MagsResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly cronExpression: pulumi.Output<string>;
  declare readonly enabled: pulumi.Output<boolean | undefined>;

  constructor(name: string, args: CronJobArgs, options?: pulumi.CustomResourceOptions) {
    args ??= {} as CronJobArgs;
    const { workspace, scriptFile, secrets, ...inputs } = args;
    refuseNonResource(workspace, `CronJob "${name}"`, "workspace", {
      expected: "a Workspace",
      instead: "workspaceId",
    });
    if (workspace !== undefined && args.workspaceId !== undefined)
      void refuseProgram([errors.targetTwice(`CronJob "${name}"`, "workspace", "workspaceId").message]);
    const claims = claimsFor(options);
    claimName(claims, "cron job", args.name);
    claimWorkspace(claims, "cron", workspace ?? args.workspaceId, name);
    super(
      "CronJob",
      name,
      {
        ...inputs,
        script: scriptOf(`CronJob "${name}"`, args.script, scriptFile),
        secrets: secrets === undefined ? undefined : pulumi.secret(secrets),
        workspaceId: workspace?.workspaceId ?? args.workspaceId,
      },
      OUTPUTS,
      options,
    );
  }

  /** Reads an existing schedule without managing it. The id is the API's. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): CronJob {
    return new CronJob(name, { cronExpression: undefined as never }, { ...options, id });
  }

  static override isInstance(value: unknown): value is CronJob {
    return isKind("CronJob", value);
  }
}

const OUTPUTS = Object.keys(cronJobOutputs);
