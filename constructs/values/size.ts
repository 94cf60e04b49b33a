import * as errors from "./errors";
import { nearestWhole, wholeAmount } from "./whole-amount";

const BRAND = Symbol.for("pulumi-mags.Size");

/** Bytes in each unit, from the largest. */
const UNITS = { PiB: 1024 ** 5, TiB: 1024 ** 4, GiB: 1024 ** 3, MiB: 1024 ** 2, KiB: 1024, B: 1 } as const;
type SizeUnit = keyof typeof UNITS;

const NAMES: Record<SizeUnit, string> = {
  PiB: "pebibytes",
  TiB: "tebibytes",
  GiB: "gibibytes",
  MiB: "mebibytes",
  KiB: "kibibytes",
  B: "bytes",
};

/** What a conversion does with a result that is not whole. */
export enum SizeRoundingBehavior {
  /** It is an error. */
  FAIL,
  /** It is rounded down. */
  FLOOR,
  /** It is returned as it is. */
  NONE,
}

export interface SizeConversionOptions {
  /**
   * What to do with a result that is not whole.
   * @default SizeRoundingBehavior.FAIL
   */
  readonly rounding?: SizeRoundingBehavior;
}

/**
 * An amount of memory or disk that knows its unit, in whole bytes. A conversion that would lose something is an
 * error, not a rounding. What Mags calls a GB is taken as a GiB, and a MB as a MiB (assumed: 8192 MB were
 * observed to give 8 GB).
 *
 * @example
 * ```ts
 * import { Size } from "pulumi-mags/constructs";
 *
 * Size.gibibytes(2).toMebibytes(); // 2048
 * Size.mebibytes(2500).toGibibytes(); // an error: not whole
 * ```
 */
export class Size {
  /** True for every size, also one made by another copy of this package. */
  static isSize(value: unknown): value is Size {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  /** A number of bytes. It has to be whole and not negative. */
  static bytes(amount: number): Size {
    return Size.of(amount, "B");
  }

  /** A number of KiB, each 1024 bytes. There is none that is negative or not whole in bytes. */
  static kibibytes(amount: number): Size {
    return Size.of(amount, "KiB");
  }

  /** A number of MiB, each 1024 KiB. There is none that is negative or not whole in bytes. */
  static mebibytes(amount: number): Size {
    return Size.of(amount, "MiB");
  }

  /** A number of GiB, each 1024 MiB. There is none that is negative or not whole in bytes. */
  static gibibytes(amount: number): Size {
    return Size.of(amount, "GiB");
  }

  /** A number of TiB, each 1024 GiB. There is none that is negative or not whole in bytes. */
  static tebibytes(amount: number): Size {
    return Size.of(amount, "TiB");
  }

  /** A number of PiB, each 1024 TiB. There is none that is negative or not whole in bytes. */
  static pebibytes(amount: number): Size {
    return Size.of(amount, "PiB");
  }

  /** Reads a number and its unit, such as `8 GiB` or `512MiB`: for sizes that are not written in a program. */
  static parse(text: string): Size {
    const [, amount, unit] =
      (typeof text === "string" && /^(\d+(?:\.\d+)?) ?([KMGTP]iB|B)$/.exec(text)) || [];
    if (unit === undefined) return new Size(errors.sizeMalformed(text));
    return Size.of(Number(amount), unit as SizeUnit);
  }

  private static of(amount: number, unit: SizeUnit): Size {
    const bytes = wholeAmount(amount, UNITS[unit]);
    return new Size(bytes ?? errors.sizeAmount(amount, NAMES[unit]));
  }

  private constructor(private readonly made: number | errors.ConstructsError) {}

  /** @throws where there is no such size */
  private get bytes(): number {
    if (typeof this.made !== "number") throw this.made;
    return this.made;
  }

  /** The whole of it in bytes. */
  toBytes(): number {
    return this.bytes;
  }

  /** The whole of it in KiB. Fails if that is not whole, unless `rounding` says otherwise. */
  toKibibytes(options?: SizeConversionOptions): number {
    return this.in("KiB", options);
  }

  /** The whole of it in MiB. Fails if that is not whole, unless `rounding` says otherwise. */
  toMebibytes(options?: SizeConversionOptions): number {
    return this.in("MiB", options);
  }

  /** The whole of it in GiB. Fails if that is not whole, unless `rounding` says otherwise. */
  toGibibytes(options?: SizeConversionOptions): number {
    return this.in("GiB", options);
  }

  /** The whole of it in TiB. Fails if that is not whole, unless `rounding` says otherwise. */
  toTebibytes(options?: SizeConversionOptions): number {
    return this.in("TiB", options);
  }

  /** The whole of it in PiB. Fails if that is not whole, unless `rounding` says otherwise. */
  toPebibytes(options?: SizeConversionOptions): number {
    return this.in("PiB", options);
  }

  /** In the largest unit that it is whole in: `8 GiB`, `1536 MiB`. `Size.parse` reads it back. */
  asString(): string {
    const unit = (Object.keys(UNITS) as SizeUnit[]).find((name) => this.bytes % UNITS[name] === 0);
    return this.bytes === 0 || !unit ? "0 B" : `${this.bytes / UNITS[unit]} ${unit}`;
  }

  /** As `asString`. */
  toString(): string {
    return this.asString();
  }

  /** As `asString`: what JSON shows. */
  toJSON(): string {
    return this.asString();
  }

  private in(unit: SizeUnit, { rounding = SizeRoundingBehavior.FAIL }: SizeConversionOptions = {}): number {
    const value = this.bytes / UNITS[unit];
    if (rounding === SizeRoundingBehavior.FLOOR) return Math.floor(value);
    if (rounding === SizeRoundingBehavior.FAIL && this.bytes % UNITS[unit] !== 0) {
      throw errors.sizeNotWhole(
        this.asString(),
        NAMES[unit],
        nearestWhole(value, (amount) => `${amount} ${unit}`),
      );
    }
    return value;
  }
}
Object.defineProperty(Size.prototype, BRAND, { value: true });
