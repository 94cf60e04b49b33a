import type { KindName } from "../../provider/schema/fields";
import type { AnnotationLevel } from "../annotations";
import { App } from "../app";
import { Stack } from "../stack";
import { Annotations, inWords } from "./annotations";
import * as errors from "./errors";
import { Match } from "./match";
import type { Matcher } from "./matcher";
import { Template, type PropertyPattern } from "./template";

/** The assertions as methods of `expect`. */
export interface MagsMatchers<R = unknown> {
  /**
   * There is a resource of the kind, with these properties if some are given; others may stand beside them.
   * @example expect(stack).toHaveResource("Job", { http: { port: 8080 } });
   */
  toHaveResource<K extends KindName>(kind: K, properties?: PropertyPattern<K>): R;
  /** There are exactly so many resources of the kind, with these properties if some are given. */
  toHaveResourceCount<K extends KindName>(kind: K, count: number, properties?: PropertyPattern<K>): R;
  /**
   * The construct at the path has such an error. Only for stacks.
   * @default any path, any message
   */
  toHaveError(path?: string, message?: string | Matcher): R;
  /**
   * The construct at the path has such a warning. Only for stacks.
   * @default any path, any message
   */
  toHaveWarning(path?: string, message?: string | Matcher): R;
  /**
   * The construct at the path has such an info. Only for stacks.
   * @default any path, any message
   */
  toHaveInfo(path?: string, message?: string | Matcher): R;
}

/** What Jest is told. */
export interface MatcherOutcome {
  pass: boolean;
  message: () => string;
}

/** What `expect.extend` takes. */
export type MatcherImplementations = {
  [Name in keyof MagsMatchers]: (
    received: unknown,
    ...args: Parameters<MagsMatchers[Name]>
  ) => MatcherOutcome;
};

/**
 * For `expect.extend`, where `expect` is no global that `pulumi-mags/testing/jest` could find: with
 * `@jest/globals`, or with Vitest.
 */
export const matchers: MatcherImplementations = {
  toHaveResource(received, kind, properties = {}) {
    const template = templateOf(received);
    return outcome(
      () => template.hasResourceProperties(kind, properties),
      () => errors.unexpectedMatch(kind, Object.keys(template.findResources(kind, { properties }))),
    );
  },

  toHaveResourceCount(received, kind, count, properties = {}) {
    const template = templateOf(received);
    return outcome(
      () => template.resourcePropertiesCountIs(kind, properties, count),
      () => errors.countIs(kind, count, Object.keys(template.findResources(kind, { properties }))),
    );
  },

  toHaveError: (received, path, message) => annotated("error", received, path, message),
  toHaveWarning: (received, path, message) => annotated("warning", received, path, message),
  toHaveInfo: (received, path, message) => annotated("info", received, path, message),
};

function annotated(
  level: AnnotationLevel,
  received: unknown,
  path = "*",
  message: string | Matcher = Match.anyValue(),
): MatcherOutcome {
  if (!Stack.isStack(received)) throw errors.notAStack();
  const annotations = Annotations.fromStack(received);
  return outcome(
    () => annotations.has(level, path, message),
    () => errors.unexpectedAnnotation(level, annotations.find(level, path, message).map(inWords)),
  );
}

function templateOf(received: unknown): Template {
  if (received instanceof Template) return received;
  if (App.isApp(received)) return Template.fromApp(received);
  if (Stack.isStack(received)) return Template.fromStack(received);
  throw errors.nothingToAssertOn();
}

/** What an assertion comes to; `opposite` gives the failure where the assertion holds but must not. */
function outcome(assert: () => void, opposite: () => Error): MatcherOutcome {
  try {
    assert();
    return { pass: true, message: () => opposite().message };
  } catch (error) {
    if (!(error instanceof errors.AssertionError)) throw error;
    return { pass: false, message: () => error.message };
  }
}
