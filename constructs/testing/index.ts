/**
 * Assertions about a program of constructs, without an engine and without Pulumi's SDK. `pulumi-mags/testing/jest`
 * has them as matchers of Jest.
 *
 * @packageDocumentation
 */
export { Annotations, type FoundAnnotation } from "./annotations";
export { Capture } from "./capture";
export { AssertionError } from "./errors";
export { Match } from "./match";
export { MatchResult, Matcher, type Captured, type Mismatch, type Path } from "./matcher";
export { matchers, type MagsMatchers, type MatcherImplementations, type MatcherOutcome } from "./matchers";
export { Template, type PropertyPattern, type ResourcePattern } from "./template";
