import * as errors from "./errors";
import type { OutputLike } from "./inputs";
import { notYet, notYetText } from "./not-yet";

const MARK = Symbol.for("pulumi-mags.Secret");

/**
 * A value that no manifest, message or plain state shows, wherever it stands. What stands in the property
 * `secrets` is secret anyway.
 *
 * @example
 * ```ts
 * new Job(this, "api", { secrets: { DB_PASSWORD: Secret.fromEnvironment("DB_PASSWORD") } });
 * ```
 */
export class Secret<T = unknown> {
  /** Only for the type checker. */
  declare protected readonly type?: T;

  static isSecret(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && Object.hasOwn(value, MARK);
  }

  /** A value that the program has: a text, or an Output. */
  static of<T>(value: T | OutputLike<T>): Secret<T> {
    return new Secret<T>(() => value);
  }

  /**
   * An environment variable of the process that deploys. Nobody else needs it: a plan is the same without it, so
   * manifests can be made and checked where no secret is.
   */
  static fromEnvironment(name: string): Secret<string> {
    return new Secret<string>(() => {
      const value = process.env[name];
      // One that is empty was mostly meant to be set; Secret.of("") says that it is not.
      if (value === undefined || value === "") throw errors.secretUnset(name, value);
      return value;
    });
  }

  /** The value. Asked for when it is deployed. @throws when its environment variable is not set, or empty */
  declare readonly reveal: () => T | OutputLike<T>;

  private constructor(reveal: () => T | OutputLike<T>) {
    // Not enumerable: whoever prints or walks the object does not come across the value.
    Object.defineProperty(this, "reveal", { value: reveal });
    Object.defineProperty(this, MARK, { value: true });
  }

  /** No value: a plan refuses a text that this was made part of. */
  toString(): string {
    return notYetText("a secret");
  }

  toJSON(): unknown {
    return notYet("a secret");
  }
}
