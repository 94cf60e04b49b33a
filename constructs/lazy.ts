import { notYet, notYetText } from "./not-yet";

const MARK = Symbol.for("pulumi-mags.Lazy");

/**
 * A value that is asked for when the plan is made, and so can depend on what the program does until then.
 *
 * @example
 * ```ts
 * const names: string[] = [];
 * new Job(this, "index", { environment: { NAMES: Lazy.string({ produce: () => names.join(",") }) } });
 * names.push("later");
 * ```
 */
export class Lazy<T = unknown> {
  static isLazy(value: unknown): value is Lazy {
    return typeof value === "object" && value !== null && Object.hasOwn(value, MARK);
  }

  static string(producer: { produce(): string | undefined }): Lazy<string> {
    return new Lazy<string>(() => producer.produce());
  }

  static number(producer: { produce(): number | undefined }): Lazy<number> {
    return new Lazy<number>(() => producer.produce());
  }

  static list<E = string>(producer: { produce(): E[] | undefined }): Lazy<E[]> {
    return new Lazy<E[]>(() => producer.produce());
  }

  /** Of any type. What it produces may hold references, further lazy values and Outputs. */
  static any<T>(producer: { produce(): T | undefined }): Lazy<T> {
    return new Lazy<T>(() => producer.produce());
  }

  /** Asks for the value; undefined leaves the property out. */
  readonly produce: () => T | undefined;

  private constructor(produce: () => T | undefined) {
    this.produce = produce;
    Object.defineProperty(this, MARK, { value: true });
  }

  /** No value: a plan refuses a text that this was made part of. */
  toString(): string {
    return notYetText("a lazy value");
  }

  toJSON(): unknown {
    return notYet("a lazy value");
  }
}
