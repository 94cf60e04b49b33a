import type { Construct, IConstruct } from "constructs";
import type { Input } from "../inputs";
import { knownProps, namesWithout, type PropNames } from "../known-props";
import type { Files } from "../properties";
import type { Reference } from "../reference";
import type { RemovalPolicy } from "../removal-policy";
import type { MagsResource } from "../resource";
import type { Script } from "../script";
import type { Size } from "../values/size";
import { MagsConstruct, RESOURCE_PROPS, resourceOf, type ResourceProps } from "./base";
import { attributeOf } from "./given";
import type { IJob } from "./job";
import type { IWorkspace } from "./workspace";

export interface RunProps extends Omit<ResourceProps, "adopt"> {
  /** Shell script that is run to its end, in the home folder. Runs again when it changes. */
  readonly script: Script | Input<string>;
  /**
   * Job whose VM the script runs inside. Changing this replaces the resource.
   * @default none: a VM of its own, which ends with the script
   */
  readonly job?: IJob;
  /**
   * Workspace whose files the script works on, in a VM of its own: one without a job. Changing this replaces the
   * resource.
   * @default none: nothing of the VM is kept
   */
  readonly workspace?: IWorkspace;
  /** Name of the run: up to 50 characters. Changing this replaces the resource. @default generated when it is deployed */
  readonly name?: Input<string>;
  /** Read-only base below the workspace. Counts for the next run. @default that of `workspace` */
  readonly baseWorkspaceId?: Input<string>;
  /** Environment variables. Runs again when they change. @default {} */
  readonly environment?: Input<Readonly<Record<string, Input<string>>>>;
  /** Environment variables that no manifest and no state shows. Runs again when they change. @default {} */
  readonly secrets?: Input<Readonly<Record<string, Input<string>>>>;
  /** Files put under `/uploads` of a VM of its own (documented). Runs again when the content of one changes. */
  readonly files?: Files;
  /** Any value; runs again when it changes to one that it has not run with. */
  readonly triggers?: Input<unknown>;
  /** Root file system of a VM of its own. Counts for the next run. @default "standard" */
  readonly rootfsType?: Input<string>;
  /** Disk at `/data` of a VM of its own, in whole GiB, at least 2. Counts for the next run. @default 2 GiB */
  readonly disk?: Size;
  /** Virtual CPUs of a VM of its own (observed, v2 of the API). Counts for the next run. */
  readonly vcpus?: Input<number>;
  /** Memory of a VM of its own, in whole MiB (observed, v2 of the API). Counts for the next run. */
  readonly memory?: Size;
  /** Keep `logTail` encrypted in the state, and out of messages. @default true if what it is made of is secret */
  readonly secretLog?: Input<boolean>;
}

const RUN_PROPS: PropNames<RunProps> = {
  script: true,
  job: true,
  workspace: true,
  name: true,
  baseWorkspaceId: true,
  environment: true,
  secrets: true,
  files: true,
  triggers: true,
  rootfsType: true,
  disk: true,
  vcpus: true,
  memory: true,
  secretLog: true,
  ...namesWithout(RESOURCE_PROPS, "adopt"),
};

/** By the names of the field table. */
const WORDS = { jobName: "job", workspaceId: "workspace", diskGb: "disk", memoryMb: "memory" };

/** A run of this app. It is over when a deploy is, so there is none to import. */
export interface IRun extends IConstruct {
  readonly name: Input<string>;
  /** The last lines of what the script wrote, with the values of `secrets` masked. */
  readonly logTail: Input<string>;
}

/**
 * A script that is run once to its end: a migration, a seeding. At most once for the same script, environment,
 * files and triggers.
 *
 * @example
 * ```ts
 * new Run(this, "migrate", { job: web, script: Script.fromFile("migrate.sh"), triggers: ["2.0"] });
 * ```
 */
export class Run extends MagsConstruct implements IRun {
  readonly resource: MagsResource<"Run">;

  constructor(scope: Construct, id: string, props: RunProps) {
    super(scope, id);
    const { job, workspace, disk, memory, removalPolicy, ...rest } = knownProps(
      this,
      props,
      RUN_PROPS,
      Object.keys(WORDS),
    );
    const properties = {
      jobName: attributeOf(this, "job", job, "name"),
      workspaceId: attributeOf(this, "workspace", workspace, "workspaceId"),
      diskGb: disk,
      memoryMb: memory,
      ...rest,
      baseWorkspaceId: rest.baseWorkspaceId ?? workspace?.baseWorkspaceId,
    };
    this.resource = resourceOf(this, "Run", properties, removalPolicy, WORDS);
  }

  /** What happens to the object when the construct leaves the program. */
  applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }

  get name(): Reference<string> {
    return this.resource.getAtt("name");
  }

  /** The name and a hash of what was run. */
  get runId(): Reference<string> {
    return this.resource.getAtt("runId");
  }

  /** Exit code of the script. Anything but 0 fails the deploy. */
  get exitCode(): Reference<number> {
    return this.resource.getAtt<number>("exitCode");
  }

  /** The last lines of what the script wrote, with the values of `secrets` masked. */
  get logTail(): Reference<string> {
    return this.resource.getAtt("logTail");
  }
}
