import type { Construct, IConstruct } from "constructs";
import type { Input } from "../inputs";
import { knownProps, spreadable, type PropNames } from "../known-props";
import type { Files, HttpProperties } from "../properties";
import type { Reference } from "../reference";
import type { RemovalPolicy } from "../removal-policy";
import { pathOfOverride, type MagsResource } from "../resource";
import type { Script } from "../script";
import type { Secret } from "../secret";
import type { Duration } from "../values/duration";
import type { Size } from "../values/size";
import { MagsConstruct, RESOURCE_PROPS, resourceOf, type ResourceProps } from "./base";
import { attributeOf } from "./given";
import { Run, type RunProps } from "./run";
import { UrlAlias, type IAliasTarget, type UrlAliasProps } from "./url-alias";
import type { IWorkspace } from "./workspace";

export interface JobProps extends ResourceProps {
  /**
   * Name of the job: up to 63 letters, digits, ".", "_" or "-". Changing this replaces the resource.
   * @default generated when it is deployed
   */
  readonly name?: Input<string>;
  /** Shell script that the VM runs when it starts. A change restarts the VM. @default "sleep infinity" */
  readonly script?: Script | Input<string>;
  /**
   * The workspace whose files the VM works on. Changing this replaces the resource.
   * @default none: the VM has a local disk only, and its files end with it
   */
  readonly workspace?: IWorkspace;
  /** Read-only base below the workspace. A change restarts the VM. @default that of `workspace` */
  readonly baseWorkspaceId?: Input<string>;
  /** Root file system: `standard`, `claude`, `pi` or another. A change restarts the VM. @default "standard" */
  readonly rootfsType?: Input<string>;
  /** Environment variables. A change restarts the VM. @default {} */
  readonly environment?: Input<Readonly<Record<string, Input<string>>>>;
  /** Environment variables that no manifest and no state shows. A change restarts the VM. @default {} */
  readonly secrets?: Input<Readonly<Record<string, Input<string>>>>;
  /**
   * Files put under `/uploads` before the script runs (documented), by name: `{ "app.conf": "conf/prod.conf" }`,
   * `{ "app/": "./app" }`. A change of what one holds restarts the VM.
   */
  readonly files?: Files;
  /** Virtual CPUs (observed, v2 of the API). A change restarts the VM. */
  readonly vcpus?: Input<number>;
  /** Memory in whole MiB (observed, v2 of the API). A change restarts the VM. */
  readonly memory?: Size;
  /** Idle time in whole minutes after which the VM sleeps (observed). A change restarts the VM. @default 10 minutes, by Mags */
  readonly idleTimeout?: Duration;
  /**
   * The VM's own disk at `/data`, in whole GiB, at least 2. It grows by a restart with a new, empty disk and never
   * shrinks. It is not part of the workspace (observed).
   * @default 2 GiB
   */
  readonly disk?: Size;
  /** Keep the VM running around the clock. Changed on the live VM. @default false */
  readonly noSleep?: Input<boolean>;
  /** Command that runs each time the VM wakes. Changed on the live VM. */
  readonly startupCommand?: Input<string>;
  /** HTTP access; gives the job a `url`. Taking it away restarts the VM. */
  readonly http?: Input<HttpProperties>;
  /** What a deploy waits for: a running VM, a URL that answers 2xx, or nothing. @default "running" */
  readonly waitFor?: Input<"running" | "healthy" | "none">;
  /** Any value; the VM restarts when it changes. */
  readonly triggers?: Input<unknown>;
  /**
   * Go on where files could be lost: those in `/data`, those not synced, those of a local disk.
   * @default true without a workspace, else false
   */
  readonly allowDataLoss?: Input<boolean>;
}

export const JOB_PROPS: PropNames<JobProps> = {
  name: true,
  script: true,
  workspace: true,
  baseWorkspaceId: true,
  rootfsType: true,
  environment: true,
  secrets: true,
  files: true,
  vcpus: true,
  memory: true,
  idleTimeout: true,
  disk: true,
  noSleep: true,
  startupCommand: true,
  http: true,
  waitFor: true,
  triggers: true,
  allowDataLoss: true,
  ...RESOURCE_PROPS,
};

/** By the names of the field table. */
const WORDS = { workspaceId: "workspace", diskGb: "disk", memoryMb: "memory" };

/** A job, of this app or from elsewhere. */
export interface IJob extends IConstruct, IAliasTarget {
  readonly name: Input<string>;
  /** URL of the current VM, with `http`. Changes at every restart; that of an alias does not. */
  readonly url?: Input<string>;
  /** Makes a URL that stays, whatever VM is behind it. The id is no subdomain: give that as a property. */
  addAlias(id: string, props?: Omit<UrlAliasProps, "target">): UrlAlias;
  /** Makes a script that is run once inside this job's VM. */
  addRun(id: string, props: Omit<RunProps, "job" | "workspace">): Run;
}

abstract class JobBase extends MagsConstruct implements IJob {
  abstract readonly name: Input<string>;
  abstract readonly workspaceId: Input<string>;

  addAlias(id: string, props: Omit<UrlAliasProps, "target"> = {}): UrlAlias {
    return new UrlAlias(this, id, { ...spreadable(this, `"${id}"`, props), target: this });
  }

  addRun(id: string, props: Omit<RunProps, "job" | "workspace">): Run {
    return new Run(this, id, { ...spreadable(this, `"${id}"`, props), job: this } as RunProps);
  }
}

/**
 * A persistent VM that runs a script. It sleeps when idle, unless `noSleep`, and wakes on a request.
 *
 * @example
 * ```ts
 * const web = new Job(this, "web", {
 *   workspace: site,
 *   script: Script.fromFile("serve.sh"),
 *   noSleep: true,
 *   http: { port: 8080 },
 * });
 * web.addAlias("shop", { subdomain: "shop" });
 * ```
 */
export class Job extends JobBase {
  /** A job that exists already, by its name. */
  static fromName(
    scope: Construct,
    id: string,
    name: Input<string>,
    options: { readonly workspaceId?: Input<string>; readonly url?: Input<string> } = {},
  ): IJob {
    return new ImportedJob(scope, id, name, options.workspaceId ?? name, options.url);
  }

  readonly resource: MagsResource<"Job">;

  constructor(scope: Construct, id: string, props: JobProps = {}) {
    super(scope, id);
    const { workspace, disk, memory, removalPolicy, ...rest } = knownProps(
      this,
      props,
      JOB_PROPS,
      Object.keys(WORDS),
    );
    const properties = {
      workspaceId: attributeOf(this, "workspace", workspace, "workspaceId"),
      diskGb: disk,
      memoryMb: memory,
      ...rest,
      baseWorkspaceId: rest.baseWorkspaceId ?? workspace?.baseWorkspaceId,
    };
    this.resource = resourceOf(this, "Job", properties, removalPolicy, WORDS);
  }

  /** What happens to the object when the construct leaves the program. */
  applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }

  get name(): Reference<string> {
    return this.resource.getAtt("name");
  }

  /** The workspace, or the job's own name when it has a local disk only. */
  get workspaceId(): Reference<string> {
    return this.resource.getAtt("workspaceId");
  }

  get url(): Reference<string> {
    return this.resource.getAtt("url");
  }

  /** Id of the current request. Changes at every restart. */
  get requestId(): Reference<string> {
    return this.resource.getAtt("requestId");
  }

  /** Id of the current VM. Changes at every restart. */
  get vmId(): Reference<string> {
    return this.resource.getAtt("vmId");
  }

  /** Adds an environment variable. */
  addEnvironment(name: string, value: Input<string>): this {
    this.resource.addOverride(pathOfOverride("environment", name), value);
    return this;
  }

  /** Adds an environment variable that no manifest and no state shows. */
  addSecret(name: string, value: Input<string> | Secret<string>): this {
    this.resource.addOverride(pathOfOverride("secrets", name), value);
    return this;
  }

  /** Adds a file, or with `/` at the end of its name a folder, under `/uploads`. */
  addFile(name: string, path: string): this {
    this.resource.addOverride(pathOfOverride("files", name), path);
    return this;
  }
}

class ImportedJob extends JobBase {
  constructor(
    scope: Construct,
    id: string,
    readonly name: Input<string>,
    readonly workspaceId: Input<string>,
    readonly url?: Input<string>,
  ) {
    super(scope, id);
  }
}
