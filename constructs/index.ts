/**
 * Mags as constructs: a fleet described as a tree, reviewed as text, deployed with Pulumi.
 *
 * @packageDocumentation
 */
export { Annotations, type Annotation, type AnnotationLevel } from "./annotations";
export { App, type AppProps } from "./app";
export { ConstructsError, PlanError, type PlanProblem } from "./errors";
export { isOutput, type Input, type OutputLike } from "./inputs";
export { Lazy } from "./lazy";
export * from "./manifest";
export type { Plan, PlanAnnotation, PlanResource } from "./plan";
export type * from "./properties";
export { Reference } from "./reference";
export { RemovalPolicy } from "./removal-policy";
export { MagsResource, type Override } from "./resource";
export { Secret } from "./secret";
export { Stack, type StackProps } from "./stack";
export type { SynthOptions, SynthResult } from "./synth";
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
