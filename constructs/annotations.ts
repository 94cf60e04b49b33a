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

  private add(level: AnnotationLevel, message: string): void {
    this.construct.node.addMetadata(TYPES[level], message);
  }
}

/** The same words twice are one message. */
export function annotationsOf(construct: IConstruct): readonly Annotation[] {
  const { metadata } = construct.node;
  if (metadata.length === 0) return NONE;
  const found = new Map<string, Annotation>();
  for (const { type, data } of metadata) {
    const level = LEVELS.get(type);
    const message = String(data);
    const key = `${type} ${message}`;
    if (level !== undefined && !found.has(key)) found.set(key, Object.freeze({ level, message }));
  }
  return [...found.values()];
}

const NONE: readonly Annotation[] = [];
const LEVELS = new Map(Object.entries(TYPES).map(([level, type]) => [type, level as AnnotationLevel]));
