const BRAND = Symbol.for("pulumi-mags.secret");
const INSPECT = Symbol.for("nodejs.util.inspect.custom");
const HIDDEN = "[secret]";

/**
 * A value that does not show itself: not in a log, a template text, JSON or an error. Only `reveal` gives it.
 *
 * @example
 * ```ts
 * const access = await mags.enableAccess(requestId, 22);
 * writeFileSync("key", access.sshPrivateKey.reveal(), { mode: 0o600 });
 * ```
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }

  [INSPECT](): string {
    return HIDDEN;
  }

  /** True for a secret, also one from another copy of this package. */
  static isInstance(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && BRAND in value;
  }
}
