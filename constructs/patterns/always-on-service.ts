import { Construct } from "constructs";
import { Annotations } from "../annotations";
import { isPlainObject } from "../containers";
import * as errors from "../errors";
import type { Input } from "../inputs";
import { knownProps, namesWithout, type PropNames } from "../known-props";
import { MagsConstruct } from "../l2/base";
import { refuse } from "../l2/given";
import { JOB_PROPS, Job, type JobProps } from "../l2/job";
import type { IAliasTarget, UrlAlias, UrlAliasProps } from "../l2/url-alias";
import { Workspace, type IWorkspace, type WorkspaceProps } from "../l2/workspace";
import type { Reference } from "../reference";
import type { Script } from "../script";

/** All that a job takes, but for what the service decides itself; each default can be overridden. */
export interface AlwaysOnServiceProps extends Omit<
  JobProps,
  "http" | "workspace" | "baseWorkspaceId" | "script" | "noSleep" | "waitFor"
> {
  /** Shell script that serves on `port`; the VM runs it when it starts. A change restarts the VM. */
  readonly script: Script | Input<string>;
  /** Port that the script listens on. @default 8080 */
  readonly port?: Input<number>;
  /** Further ports to open. @default [] */
  readonly otherPorts?: Input<readonly Input<number>[]>;
  /** Path that answers 2xx when the service is well. @default "/" */
  readonly healthPath?: Input<string>;
  /** The files it works on: a workspace that is there, or how to make one. @default a new one */
  readonly workspace?: IWorkspace | WorkspaceProps;
  /** Its URL, such as `{ subdomain: "shop" }`; `false` for none. @default a generated subdomain */
  readonly alias?: Omit<UrlAliasProps, "target"> | false;
  /** @default true */
  readonly noSleep?: Input<boolean>;
  /** @default "healthy" */
  readonly waitFor?: Input<"running" | "healthy" | "none">;
}

export const ALWAYS_ON_SERVICE_PROPS: PropNames<AlwaysOnServiceProps> = {
  ...namesWithout(JOB_PROPS, "http", "baseWorkspaceId"),
  port: true,
  otherPorts: true,
  healthPath: true,
  alias: true,
};

/**
 * A service around the clock: files that outlive its VM, the VM, a URL that stays, and a deploy that waits until
 * it answers.
 *
 * @example
 * ```ts
 * const shop = new AlwaysOnService(this, "shop", {
 *   script: Script.fromFile("serve.sh"),
 *   alias: { subdomain: "shop" },
 * });
 * shop.job.addSecret("DB_PASSWORD", Secret.fromEnvironment("DB_PASSWORD"));
 * ```
 */
export class AlwaysOnService extends MagsConstruct implements IAliasTarget {
  readonly workspace: IWorkspace;
  readonly job: Job;
  readonly alias?: UrlAlias;

  constructor(scope: Construct, id: string, props: AlwaysOnServiceProps) {
    super(scope, id);
    const known = knownProps(this, props, ALWAYS_ON_SERVICE_PROPS);
    const { port = 8080, otherPorts, healthPath, workspace, alias, ...rest } = known;
    this.workspace = this.workspaceBy(workspace);
    // Without one, a job sleeps, and a deploy would wait for an answer in vain.
    if (rest.script === undefined) Annotations.of(this).addError(errors.serviceWithoutScript());
    this.job = new Job(this, "Job", {
      noSleep: true,
      waitFor: "healthy",
      ...rest,
      workspace: this.workspace,
      http: { port, otherPorts, healthPath },
    });
    if (alias !== false) this.alias = this.job.addAlias("Alias", alias);
  }

  private workspaceBy(given: IWorkspace | WorkspaceProps | undefined): IWorkspace {
    if (isWorkspace(given)) return given;
    const isHow = given === undefined || isPlainObject(given);
    // A name, mostly, of files that are not to be passed over for new ones.
    if (!isHow) refuse(this, "workspace", given);
    return new Workspace(this, "Workspace", isHow ? given : {});
  }

  get workspaceId(): Reference<string> {
    return this.job.workspaceId;
  }

  /** The URL that stays; without an alias that of the current VM. */
  get url(): Reference<string> {
    return (this.alias ?? this.job).url;
  }
}

function isWorkspace(value: IWorkspace | WorkspaceProps | undefined): value is IWorkspace {
  return Construct.isConstruct(value);
}
