/**
 * What an L1 resource takes, by kind: the arguments of the Pulumi resource of that name, under the names of its
 * field table. Sizes and durations may be given as such, a schedule as `Schedule`, a script as `Script`.
 */
import type { KindName } from "../provider/schema/fields";
import type {
  cronJobOutputs,
  jobOutputs,
  runOutputs,
  urlAliasOutputs,
  workspaceOutputs,
} from "../provider/schema/outputs";
import type { Input } from "./inputs";
import type { Script } from "./script";
import type { Duration } from "./values/duration";
import type { Schedule } from "./values/schedule";
import type { Size } from "./values/size";

/** Limits for whole operations, in seconds; `Duration`s are converted. */
export interface TimeoutProperties {
  readonly create?: Input<number> | Duration;
  readonly update?: Input<number> | Duration;
  readonly delete?: Input<number> | Duration;
}

export interface WorkspaceProperties {
  readonly name?: Input<string>;
  readonly baseWorkspaceId?: Input<string>;
  readonly setup?: Input<string> | Script;
  readonly rootfsType?: Input<string>;
  readonly diskGb?: Input<number> | Size;
  readonly deletionProtection?: boolean;
  readonly adopt?: Input<boolean>;
  readonly timeouts?: Input<TimeoutProperties>;
}

export interface HttpProperties {
  readonly port: Input<number>;
  readonly otherPorts?: Input<readonly Input<number>[]>;
  readonly healthPath?: Input<string>;
}

export interface JobProperties {
  readonly name?: Input<string>;
  readonly script?: Input<string> | Script;
  readonly workspaceId?: Input<string>;
  readonly baseWorkspaceId?: Input<string>;
  readonly rootfsType?: Input<string>;
  readonly environment?: Input<Readonly<Record<string, Input<string>>>>;
  readonly secrets?: Input<Readonly<Record<string, Input<string>>>>;
  readonly files?: Files;
  readonly vcpus?: Input<number>;
  readonly memoryMb?: Input<number> | Size;
  readonly idleTimeout?: Input<number> | Duration;
  readonly diskGb?: Input<number> | Size;
  readonly noSleep?: Input<boolean>;
  readonly startupCommand?: Input<string>;
  readonly http?: Input<HttpProperties>;
  readonly waitFor?: Input<"running" | "healthy" | "none">;
  readonly triggers?: Input<unknown>;
  readonly allowDataLoss?: Input<boolean>;
  readonly adopt?: Input<boolean>;
  readonly timeouts?: Input<TimeoutProperties>;
}

export interface UrlAliasProperties {
  readonly subdomain?: Input<string>;
  readonly domain?: Input<string>;
  readonly workspaceId: Input<string>;
  readonly port?: Input<number>;
  readonly adopt?: Input<boolean>;
  readonly timeouts?: Input<TimeoutProperties>;
}

export interface CronJobProperties {
  readonly name?: Input<string>;
  readonly cronExpression: Input<string> | Schedule;
  readonly script: Input<string> | Script;
  readonly workspaceId?: Input<string>;
  readonly environment?: Input<Readonly<Record<string, Input<string>>>>;
  readonly secrets?: Input<Readonly<Record<string, Input<string>>>>;
  readonly persistent?: Input<boolean>;
  readonly enabled?: Input<boolean>;
  readonly adopt?: Input<boolean>;
  readonly timeouts?: Input<TimeoutProperties>;
}

export interface RunProperties {
  readonly name?: Input<string>;
  readonly script: Input<string> | Script;
  readonly jobName?: Input<string>;
  readonly workspaceId?: Input<string>;
  readonly baseWorkspaceId?: Input<string>;
  readonly environment?: Input<Readonly<Record<string, Input<string>>>>;
  readonly secrets?: Input<Readonly<Record<string, Input<string>>>>;
  readonly files?: Files;
  readonly triggers?: Input<unknown>;
  readonly rootfsType?: Input<string>;
  readonly diskGb?: Input<number> | Size;
  readonly vcpus?: Input<number>;
  readonly memoryMb?: Input<number> | Size;
  readonly secretLog?: Input<boolean>;
  readonly timeouts?: Input<TimeoutProperties>;
}

/**
 * Files put under `/uploads`, by name: the path of one; with `/` at the end of the name, that of a folder, or a
 * pattern such as `./conf/*.json`, and what of it is left out. They are read when the plan is made.
 */
export type Files = Readonly<
  Record<string, string | { readonly path: string; readonly exclude?: readonly string[] }>
>;

export interface PropertiesOf {
  Workspace: WorkspaceProperties;
  Job: JobProperties;
  UrlAlias: UrlAliasProperties;
  CronJob: CronJobProperties;
  Run: RunProperties;
}

/** The outputs of each kind. */
export interface OutputsOf {
  Workspace: typeof workspaceOutputs;
  Job: typeof jobOutputs;
  UrlAlias: typeof urlAliasOutputs;
  CronJob: typeof cronJobOutputs;
  Run: typeof runOutputs;
}

/** What can be referred to of a kind: its outputs, and `id`. */
export type AttributeOf<K extends KindName> = (keyof OutputsOf[K] & string) | "id";
