import type { Construct } from "constructs";
import { Annotations } from "../annotations";
import { isPlainObject } from "../containers";
import * as errors from "../errors";
import { knownProps, type PropNames } from "../known-props";
import { MagsConstruct } from "../l2/base";
import { CronJob, type CronJobProps } from "../l2/cron-job";
import { Workspace, type IWorkspace, type WorkspaceProps } from "../l2/workspace";

/** A schedule of the suite: as a `CronJob` takes it. */
export interface CronSuiteEntry extends Omit<CronJobProps, "workspace"> {
  /** A workspace, the name of one among `workspaces`, or `"own"` for one that is made for this schedule alone. */
  readonly workspace?: IWorkspace | string;
}

export interface CronSuiteProps {
  /** The schedules by id. */
  readonly schedules?: Readonly<Record<string, CronSuiteEntry>>;
  /**
   * A YAML file with further schedules by id, read when the suite is made. A mistake in it is told with its line.
   * Paths of scripts are relative to it.
   *
   * ```yaml
   * nightly-backup:
   *   schedule: "0 3 * * *"
   *   scriptFile: backup.sh
   *   workspace: own
   *   environment: { KEEP: "7" }
   *   secrets: [BACKUP_TOKEN] # names of environment variables of the process that deploys
   * ```
   */
  readonly file?: string;
  /** Workspaces that schedules name. */
  readonly workspaces?: Readonly<Record<string, IWorkspace>>;
  /** How the workspaces of `workspace: own` are made. */
  readonly ownWorkspace?: WorkspaceProps;
  /** What schedules have in common; what one says itself goes before. Environments and secrets are merged. */
  readonly defaults?: Partial<Omit<CronJobProps, "schedule">>;
}

const CRON_SUITE_PROPS: PropNames<CronSuiteProps> = {
  schedules: true,
  file: true,
  workspaces: true,
  ownWorkspace: true,
  defaults: true,
};

/**
 * Schedules from a table that can be reviewed: one line of it changes, one line of the plan changes.
 *
 * @example
 * ```ts
 * new CronSuite(this, "maintenance", { file: "schedules.yaml", defaults: { environment: { REGION: "eu" } } });
 * ```
 */
export class CronSuite extends MagsConstruct {
  /** By id. */
  readonly cronJobs: ReadonlyMap<string, CronJob>;

  constructor(scope: Construct, id: string, given: CronSuiteProps) {
    super(scope, id);
    const props = knownProps(this, given, CRON_SUITE_PROPS);
    const cronJobs = new Map<string, CronJob>();
    this.cronJobs = cronJobs;
    const add = (entryId: string, entry: CronSuiteEntry, where: string) => {
      if (!isPlainObject(entry)) this.problem(where, errors.scheduleNotMap(entryId));
      else if (cronJobs.has(entryId)) this.problem(where, errors.scheduleTwice(entryId));
      else cronJobs.set(entryId, new CronJob(this, entryId, this.propsOf(entryId, entry, where, props)));
    };
    for (const [entryId, entry] of Object.entries(props.schedules ?? {})) add(entryId, entry, "");
    if (props.file === undefined) return;
    // Loaded for those who have a file, with the library that reads it.
    const { readSchedules } = require("./schedule-file") as typeof import("./schedule-file");
    const { entries, problems } = readSchedules(props.file);
    for (const problem of problems) Annotations.of(this).addError(problem);
    for (const { id: entryId, entry, isSound, where } of entries) {
      if (isSound) add(entryId, entry, where);
      // What is wrong with it beside that is told, too.
      else {
        if (Object.hasOwn(props.schedules ?? {}, entryId)) this.problem(where, errors.scheduleTwice(entryId));
        this.checkWorkspace(entryId, entry.workspace, where, props);
      }
    }
  }

  /** @throws when there is none of that id */
  cronJob(id: string): CronJob {
    const cronJob = this.cronJobs.get(id);
    if (!cronJob) throw errors.noSuchPart(this.node.path, "schedule", id, [...this.cronJobs.keys()]);
    return cronJob;
  }

  private propsOf(id: string, entry: CronSuiteEntry, where: string, props: CronSuiteProps): CronJobProps {
    const { defaults = {} } = props;
    const workspace = this.workspaceOf(id, entry.workspace ?? defaults.workspace, where, props);
    const environment = this.merged("environment", defaults.environment, entry.environment, where);
    const secrets = this.merged("secrets", defaults.secrets, entry.secrets, where);
    return { ...defaults, ...entry, workspace, environment, secrets };
  }

  private workspaceOf(
    id: string,
    workspace: IWorkspace | string | undefined,
    where: string,
    { workspaces = {}, ownWorkspace }: CronSuiteProps,
  ): IWorkspace | undefined {
    if (typeof workspace !== "string") return workspace;
    if (Object.hasOwn(workspaces, workspace)) return workspaces[workspace];
    if (workspace === OWN) return new Workspace(this, `${id}-workspace`, ownWorkspace);
    this.checkWorkspace(id, workspace, where, { workspaces });
    return undefined;
  }

  private checkWorkspace(
    id: string,
    workspace: IWorkspace | string | undefined,
    where: string,
    { workspaces = {} }: CronSuiteProps,
  ): void {
    const names = [...Object.keys(workspaces), OWN];
    if (typeof workspace === "string" && !names.includes(workspace))
      this.problem(where, errors.noSuchWorkspace(id, workspace, names));
  }

  private merged(name: string, common: StringMap, own: StringMap, where: string): StringMap {
    if (common === undefined || own === undefined) return own ?? common;
    if (isPlainObject(common) && isPlainObject(own)) return { ...common, ...own };
    this.problem(where, errors.cannotMerge(name));
    return own;
  }

  private problem(where: string, message: string): void {
    Annotations.of(this).addError(where === "" ? message : `${where}: ${message}`);
  }
}

/** As a schedule asks for a workspace that is made for it alone. */
const OWN = "own";

type StringMap = CronJobProps["environment"];
