import { Construct, type IConstruct } from "constructs";
import { Annotations } from "../annotations";
import { AspectPriority, Aspects } from "../aspects";
import * as errors from "../errors";
import { inWords, type Input } from "../inputs";
import { knownProps, spreadable, type PropNames } from "../known-props";
import { MagsConstruct } from "../l2/base";
import type { IWorkspace, WorkspaceProps } from "../l2/workspace";
import { RemovalPolicy } from "../removal-policy";
import type { Reference } from "../reference";
import { MagsResource } from "../resource";
import { Tags } from "../tags";
import { Duration } from "../values/duration";
import { ALWAYS_ON_SERVICE_PROPS, AlwaysOnService, type AlwaysOnServiceProps } from "./always-on-service";

/** Tags under which a preview says what it is for, and until when. */
export const PREVIEW_TAGS = {
  pullRequest: "preview-pull-request",
  expiresAt: "preview-expires-at",
  expiresAfter: "preview-expires-after",
} as const;

/** All that the service takes, but for its workspace. */
export interface PreviewEnvironmentProps extends Omit<AlwaysOnServiceProps, "workspace"> {
  /** Number of the pull request. All that it gets is named by it. */
  readonly pullRequest: number;
  /**
   * When it may be removed by whoever tidies up: so long after it was last deployed, or at a time. A plan knows no
   * clock, so it is recorded, as a tag, and not counted.
   * @default 7 days after it was last deployed
   */
  readonly expires?: Duration | Date;
  /** Workspace to fork: the preview starts with its files and never changes it. */
  readonly base?: IWorkspace;
  /** How its workspace is made besides. */
  readonly workspace?: Omit<WorkspaceProps, "base">;
  /** @default false: it sleeps while nobody looks at it */
  readonly noSleep?: Input<boolean>;
}

const PREVIEW_ENVIRONMENT_PROPS: PropNames<PreviewEnvironmentProps> = {
  ...ALWAYS_ON_SERVICE_PROPS,
  pullRequest: true,
  expires: true,
  base: true,
};

/**
 * All that a pull request needs: a copy of the files, the service, a URL. Everything in it goes when the preview
 * does: nothing is protected, whatever else is added to it.
 *
 * @example
 * ```ts
 * const preview = new PreviewEnvironment(this, "preview", {
 *   pullRequest: 12,
 *   base: Workspace.fromName(this, "staging", "staging-data"),
 *   script: Script.fromFile("serve.sh"),
 * });
 * new CronJob(preview.scope, "tick", { schedule: Schedule.hourly(), script: "./tick.sh" });
 * ```
 */
export class PreviewEnvironment extends MagsConstruct {
  /** What belongs to the pull request is in here. Its id has the number, and so have the names made from it. */
  readonly scope: Construct;
  readonly service: AlwaysOnService;

  constructor(scope: Construct, id: string, props: PreviewEnvironmentProps) {
    super(scope, id);
    const known = knownProps(this, props, PREVIEW_ENVIRONMENT_PROPS);
    const { pullRequest, expires = Duration.days(7), base, workspace, ...rest } = known;
    const isNumber = Number.isSafeInteger(pullRequest) && pullRequest > 0;
    if (!isNumber) Annotations.of(this).addError(errors.noPullRequest(inWords(pullRequest)));
    this.scope = new Construct(this, `pr-${isNumber ? pullRequest : "unknown"}`);
    this.service = new AlwaysOnService(this.scope, "Service", {
      noSleep: false,
      ...rest,
      workspace: { ...spreadable(this, "workspace", workspace), ...(base === undefined ? {} : { base }) },
    });
    Aspects.of(this).add(unprotect, { priority: AspectPriority.MUTATING });
    const tags = Tags.of(this);
    if (isNumber) tags.add(PREVIEW_TAGS.pullRequest, String(pullRequest));
    if (!Duration.isDuration(expires)) this.tagTime(expires);
    else this.tagDuration(expires);
  }

  get url(): Reference<string> {
    return this.service.url;
  }

  private tagDuration(duration: Duration): void {
    try {
      Tags.of(this).add(PREVIEW_TAGS.expiresAfter, duration.toIsoString());
    } catch (error) {
      Annotations.of(this).addError(`expires: ${(error as Error).message}`);
    }
  }

  private tagTime(time: Date): void {
    if (!(time instanceof Date) || Number.isNaN(time.getTime()))
      Annotations.of(this).addError(errors.noTime());
    else Tags.of(this).add(PREVIEW_TAGS.expiresAt, time.toISOString());
  }
}

/** Left as it is where the program has said what is to happen. */
const unprotect = {
  visit(construct: IConstruct): void {
    if (MagsResource.isMagsResource(construct) && construct.removalPolicy === undefined) {
      construct.applyRemovalPolicy(RemovalPolicy.DESTROY);
    }
  },
};
