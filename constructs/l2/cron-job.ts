import type { Construct, IConstruct } from "constructs";
import type { Input } from "../inputs";
import { knownProps, type PropNames } from "../known-props";
import type { Reference } from "../reference";
import type { RemovalPolicy } from "../removal-policy";
import type { MagsResource } from "../resource";
import type { Script } from "../script";
import type { Schedule } from "../values/schedule";
import { MagsConstruct, RESOURCE_PROPS, resourceOf, type ResourceProps } from "./base";
import { attributeOf } from "./given";
import type { IWorkspace } from "./workspace";

export interface CronJobProps extends ResourceProps {
  /** When it fires, in UTC: a `Schedule`, or a cron expression of five fields. Changed in place. */
  readonly schedule: Schedule | Input<string>;
  /** Shell script that each fire runs. Changed in place. */
  readonly script: Script | Input<string>;
  /** Name of the schedule. Changed in place. @default generated when it is deployed */
  readonly name?: Input<string>;
  /** The workspace that the script works on: one of its own, without a job. Changed in place. */
  readonly workspace?: IWorkspace;
  /** Environment variables. Changed in place. @default {} */
  readonly environment?: Input<Readonly<Record<string, Input<string>>>>;
  /** Environment variables that no manifest and no state shows. Changed in place. @default {} */
  readonly secrets?: Input<Readonly<Record<string, Input<string>>>>;
  /** Keep the VM of a fire after its script has ended. Changed in place. @default false */
  readonly persistent?: Input<boolean>;
  /** Whether the schedule fires. Changed in place. @default true */
  readonly enabled?: Input<boolean>;
}

const CRON_JOB_PROPS: PropNames<CronJobProps> = {
  schedule: true,
  script: true,
  name: true,
  workspace: true,
  environment: true,
  secrets: true,
  persistent: true,
  enabled: true,
  ...RESOURCE_PROPS,
};

/** By the names of the field table. */
const WORDS = { cronExpression: "schedule", workspaceId: "workspace" };

/** A schedule, of this app or from elsewhere. */
export interface ICronJob extends IConstruct {
  /** The id that the API gave it. */
  readonly cronJobId: Input<string>;
}

/**
 * A script on a schedule. Never replaced for an edit, so that no fire is doubled or missed.
 *
 * @example
 * ```ts
 * new CronJob(this, "nightly", { schedule: Schedule.daily({ hour: 3 }), script: Script.fromFile("backup.sh") });
 * ```
 */
export class CronJob extends MagsConstruct implements ICronJob {
  /** A schedule that exists already, by the id that the API gave it. */
  static fromId(scope: Construct, id: string, cronJobId: Input<string>): ICronJob {
    return new ImportedCronJob(scope, id, cronJobId);
  }

  readonly resource: MagsResource<"CronJob">;

  constructor(scope: Construct, id: string, props: CronJobProps) {
    super(scope, id);
    const { schedule, workspace, removalPolicy, ...rest } = knownProps(
      this,
      props,
      CRON_JOB_PROPS,
      Object.keys(WORDS),
    );
    const workspaceId = attributeOf(this, "workspace", workspace, "workspaceId");
    const properties = { cronExpression: schedule, workspaceId, ...rest };
    this.resource = resourceOf(this, "CronJob", properties, removalPolicy, WORDS);
  }

  /** What happens to the object when the construct leaves the program. */
  applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }

  get cronJobId(): Reference<string> {
    return this.resource.getAtt("id");
  }

  get name(): Reference<string> {
    return this.resource.getAtt("name");
  }
}

class ImportedCronJob extends MagsConstruct implements ICronJob {
  constructor(
    scope: Construct,
    id: string,
    readonly cronJobId: Input<string>,
  ) {
    super(scope, id);
  }
}
