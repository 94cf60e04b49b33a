import type { Input } from "./inputs";
import { notYet, notYetText } from "./not-yet";

const MARK = Symbol.for("pulumi-mags.Interpolation");

/** A text of which parts are not known yet. Made by `interpolate`. */
export class Interpolation {
  static isInterpolation(value: unknown): value is Interpolation {
    return typeof value === "object" && value !== null && Object.hasOwn(value, MARK);
  }

  /** Texts, and what stands for them, in order. */
  readonly parts: readonly unknown[];

  constructor(parts: readonly unknown[]) {
    this.parts = Object.freeze([...parts]);
    Object.defineProperty(this, MARK, { value: true });
  }

  /** No value: a plan refuses a text that this was made part of. */
  toString(): string {
    return notYetText("a text");
  }

  toJSON(): unknown {
    return notYet("a text");
  }
}

/**
 * A text with values in it that may be known only later: references, secrets, Outputs, lazy ones. In a plain
 * template they would be asked for their text at once, which a plan refuses.
 *
 * @example
 * ```ts
 * new Job(this, "client", { environment: { API: interpolate`${api.url}/v1` } });
 * ```
 */
export function interpolate(
  texts: TemplateStringsArray,
  ...values: readonly Input<string | number | boolean>[]
): Interpolation {
  return new Interpolation(
    texts.flatMap((text, index) => (index < values.length ? [text, values[index]] : [text])),
  );
}

/** Parts as one text; where some are not known yet, with as few parts as can be. */
export function joined(parts: readonly unknown[]): string | Interpolation {
  const merged: unknown[] = [];
  for (const part of parts.flatMap((one) => (Interpolation.isInterpolation(one) ? one.parts : [one]))) {
    if (typeof part === "object" && part !== null) merged.push(part);
    else if (typeof merged.at(-1) === "string") merged.push(`${merged.pop() as string}${textOf(part)}`);
    else merged.push(textOf(part));
  }
  const texts = merged.filter((one) => one !== "");
  return texts.every((one) => typeof one === "string") ? texts.join("") : new Interpolation(texts);
}

/** A part as it stands in the text. What is not given is no text, rather than a word for it. */
export function textOf(part: unknown): string {
  return part === undefined || part === null ? "" : String(part);
}
