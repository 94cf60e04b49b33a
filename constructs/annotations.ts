import type { IConstruct } from "constructs";

export type AnnotationLevel = "info" | "warning" | "error";

/** Metadata types under which annotations are kept on a node. */
const TYPES: Record<AnnotationLevel, string> = {
  info: "mags:info",
  warning: "mags:warning",
  error: "mags:error",
};

export interface Annotation {
  readonly level: AnnotationLevel;
  readonly message: string;
}

/**
 * Messages attached to a construct. Infos and warnings come with the plan; an error fails it, together with
 * every other error of the tree.
 *
 * @example
 * ```ts
 * Annotations.of(job).addWarning("runs around the clock, and costs so");
 * ```
 */
export class Annotations {
  static of(construct: IConstruct): Annotations {
    return new Annotations(construct);
  }

  private constructor(private readonly construct: IConstruct) {}

  addInfo(message: string): void {
    this.add("info", message);
  }

  addWarning(message: string): void {
    this.add("warning", message);
  }

  addError(message: string): void {
    this.add("error", message);
  }

  /** Those of this construct alone, each once, in the order in which they were added. */
  get all(): readonly Annotation[] {
    return annotationsOf(this.construct);
  }

  /** The same words twice are one message. */
  private add(level: AnnotationLevel, message: string): void {
    const known = this.all.some((one) => one.level === level && one.message === message);
    if (!known) this.construct.node.addMetadata(TYPES[level], message);
  }
}

export function annotationsOf(construct: IConstruct): readonly Annotation[] {
  const { metadata } = construct.node;
  if (metadata.length === 0) return NONE;
  return metadata.flatMap(({ type, data }) => {
    const level = LEVELS.get(type);
    return level === undefined ? [] : [Object.freeze({ level, message: String(data) })];
  });
}

const NONE: readonly Annotation[] = [];
const LEVELS = new Map(Object.entries(TYPES).map(([level, type]) => [type, level as AnnotationLevel]));
