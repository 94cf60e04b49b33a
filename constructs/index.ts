/**
 * Mags as constructs: a fleet described as a tree, reviewed as text, deployed with Pulumi.
 *
 * @packageDocumentation
 */
export { Annotations, type Annotation, type AnnotationLevel } from "./annotations";
export { App, type AppProps } from "./app";
export type { KindName } from "../provider/schema/fields";
export { AspectPriority, Aspects, type AspectOptions, type IAspect } from "./aspects";
export { ConstructsError, PlanError, type PlanProblem } from "./errors";
export { isOutput, type Input, type OutputLike } from "./inputs";
export { Interpolation, interpolate } from "./interpolation";
export { CronJob, type CronJobProps, type ICronJob } from "./l2/cron-job";
export { Run, type IRun, type RunProps } from "./l2/run";
export { Job, type IJob, type JobProps } from "./l2/job";
export { Sandbox, type ISandbox, type SandboxProps } from "./l2/sandbox";
export { UrlAlias, type IAliasTarget, type IUrlAlias, type UrlAliasProps } from "./l2/url-alias";
export { Workspace, type ForkProps, type IWorkspace, type WorkspaceProps } from "./l2/workspace";
export type { ResourceProps, Timeouts } from "./l2/base";
export { Lazy } from "./lazy";
export * from "./manifest";
export { readManifest } from "./manifest-text";
export { Names, type NameOptions } from "./names";
export { AlwaysOnService, type AlwaysOnServiceProps } from "./patterns/always-on-service";
export { CronSuite, type CronSuiteEntry, type CronSuiteProps } from "./patterns/cron-suite";
export {
  PREVIEW_TAGS,
  PreviewEnvironment,
  type PreviewEnvironmentProps,
} from "./patterns/preview-environment";
export {
  SandboxFleet,
  type SandboxClass,
  type SandboxFleetProps,
  type SandboxMember,
} from "./patterns/sandbox-fleet";
export type { Plan, PlanAnnotation, PlanResource } from "./plan";
export type * from "./properties";
export { Reference } from "./reference";
export { Renames, type ConstructClass } from "./renames";
export { RemovalPolicy } from "./removal-policy";
export { MagsResource, type Override } from "./resource";
export { Script } from "./script";
export { Secret } from "./secret";
export { Stack, type StackProps } from "./stack";
export type { SynthOptions, SynthResult } from "./synth";
export { mapSymbols, type SymbolVisitor } from "./symbols";
export { Tags } from "./tags";
export { Duration, type TimeConversionOptions } from "./values/duration";
export {
  Schedule,
  type AnnuallyOptions,
  type CronField,
  type CronOptions,
  type DailyOptions,
  type HourlyOptions,
  type MonthlyOptions,
  type WeekDay,
  type WeeklyOptions,
} from "./values/schedule";
export { Size, SizeRoundingBehavior, type SizeConversionOptions } from "./values/size";
