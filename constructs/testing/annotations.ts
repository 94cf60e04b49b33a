import { annotationsOf, type AnnotationLevel } from "../annotations";
import { App } from "../app";
import { PlanError } from "../errors";
import type { Stack } from "../stack";
import * as errors from "./errors";
import { compare } from "./literal";
import { MatchResult, type Matcher } from "./matcher";
import { shown } from "./pattern";

/** A message of a construct. */
export interface FoundAnnotation {
  /** Path of the construct. */
  readonly path: string;
  readonly level: AnnotationLevel;
  readonly message: string;
}

/** Stands for every path. */
const ANYWHERE = "*";

/**
 * The messages that a stack's constructs have once its app was planned: infos, warnings, and everything that makes
 * the plan fail, whether it was added as an error or found by a check.
 *
 * @example
 * ```ts
 * import { Annotations, Match } from "pulumi-mags/testing";
 *
 * const annotations = Annotations.fromStack(stack);
 * annotations.hasWarning("shop/web", Match.stringLikeRegexp("around the clock"));
 * annotations.hasNoError("*", Match.anyValue());
 * ```
 */
export class Annotations {
  /**
   * Those of a stack, and the errors of what it is in, such as the app: two constructs that wait for each other are
   * told there. The whole app is planned; that the plan fails is no failure here.
   */
  static fromStack(stack: Stack): Annotations {
    const { path } = stack.node;
    const isInside = (one: FoundAnnotation) => isAt(one.path, path);
    const isAround = (one: FoundAnnotation) => one.level === "error" && isAt(path, one.path);
    return new Annotations(annotationsIn(App.of(stack)).filter((one) => isInside(one) || isAround(one)));
  }

  private constructor(private readonly all: readonly FoundAnnotation[]) {}

  /** Fails unless the construct at the path has such an error. `*` stands for every path. */
  hasError(path: string, message: string | Matcher): void {
    this.has("error", path, message);
  }

  /** Fails if the construct at the path has such an error. */
  hasNoError(path: string, message: string | Matcher): void {
    this.hasNo("error", path, message);
  }

  /** The errors of the construct at the path. */
  findError(path: string, message: string | Matcher): readonly FoundAnnotation[] {
    return this.find("error", path, message);
  }

  /** Fails unless the construct at the path has such a warning. `*` stands for every path. */
  hasWarning(path: string, message: string | Matcher): void {
    this.has("warning", path, message);
  }

  /** Fails if the construct at the path has such a warning. */
  hasNoWarning(path: string, message: string | Matcher): void {
    this.hasNo("warning", path, message);
  }

  /** The warnings of the construct at the path. */
  findWarning(path: string, message: string | Matcher): readonly FoundAnnotation[] {
    return this.find("warning", path, message);
  }

  /** Fails unless the construct at the path has such an info. `*` stands for every path. */
  hasInfo(path: string, message: string | Matcher): void {
    this.has("info", path, message);
  }

  /** Fails if the construct at the path has such an info. */
  hasNoInfo(path: string, message: string | Matcher): void {
    this.hasNo("info", path, message);
  }

  /** The infos of the construct at the path. */
  findInfo(path: string, message: string | Matcher): readonly FoundAnnotation[] {
    return this.find("info", path, message);
  }

  /** Fails unless there is one of the level. */
  has(level: AnnotationLevel, path: string, message: string | Matcher): void {
    if (this.find(level, path, message).length > 0) return;
    const others = this.all.filter((one) => one.level === level).map(inWords);
    const where = path === ANYWHERE ? "any path" : path;
    throw errors.noAnnotation(level, where, shown(message), others);
  }

  /** Fails if there is one of the level. */
  hasNo(level: AnnotationLevel, path: string, message: string | Matcher): void {
    const found = this.find(level, path, message);
    if (found.length > 0) throw errors.unexpectedAnnotation(level, found.map(inWords));
  }

  /** Those of the level. */
  find(level: AnnotationLevel, path: string, message: string | Matcher): readonly FoundAnnotation[] {
    const results = this.all
      .filter((one) => one.level === level && (path === ANYWHERE || one.path === path))
      .map((annotation) => ({ annotation, one: new MatchResult() }));
    for (const { annotation, one } of results)
      compare(message, annotation.message, [], one, { partial: true });
    const matching = results.filter(({ one }) => one.isMatch);
    for (const { one } of matching) one.commit();
    return matching.map(({ annotation }) => annotation);
  }
}

/** Whether a path is another one, or below it. */
function isAt(path: string, other: string): boolean {
  return other === "" || path === other || path.startsWith(`${other}/`);
}

function annotationsIn(app: App): readonly FoundAnnotation[] {
  try {
    return app.plan().annotations;
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const problems = error.problems.map(({ path, message }): FoundAnnotation => ({
      path,
      level: "error",
      message,
    }));
    // There is no plan to ask for the others.
    const others = app.node.findAll().flatMap((construct) =>
      annotationsOf(construct)
        .filter(({ level }) => level !== "error")
        .map((annotation) => ({ path: construct.node.path, ...annotation })),
    );
    return [...problems, ...others];
  }
}

export function inWords({ path, message }: FoundAnnotation): string {
  return `[${path || "app"}] ${message}`;
}
