import * as fc from "fast-check";
import { Size, SizeRoundingBehavior } from "../../../constructs/values/size";
import { ConstructsError } from "../../../constructs/errors";

const UNITS = [
  ["bytes", "toBytes", 1],
  ["kibibytes", "toKibibytes", 1024],
  ["mebibytes", "toMebibytes", 1024 ** 2],
  ["gibibytes", "toGibibytes", 1024 ** 3],
  ["tebibytes", "toTebibytes", 1024 ** 4],
  ["pebibytes", "toPebibytes", 1024 ** 5],
] as const;
const unit = fc.constantFrom(...UNITS);
/** Whole in any unit as often as not. */
const bytes = fc
  .tuple(fc.integer({ min: 0, max: 7_000 }), fc.constantFrom(0, 1, 2, 3, 4))
  .map(([amount, power]) => amount * 1024 ** power);

describe("laws of sizes", () => {
  it("a whole amount of a unit comes back from that unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), unit, (amount, [make, read]) => {
        expect(Size[make](amount)[read]()).toBe(amount);
      }),
    );
  });

  it("a conversion is exact, or an error that names the size and offers what would do", () => {
    fc.assert(
      fc.property(bytes, unit, (total, [make, read, factor]) => {
        const size = Size.bytes(total);
        if (total % factor === 0) {
          expect(size[read]() * factor).toBe(total);
          return;
        }
        const convert = () => size[read]();
        expect(convert).toThrow(ConstructsError);
        expect(convert).toThrow(`A size of ${size.asString()} is not a whole number of ${make}`);
        expect(size[read]({ rounding: SizeRoundingBehavior.NONE })).toBe(total / factor);
        expect(size[read]({ rounding: SizeRoundingBehavior.FLOOR })).toBe(Math.floor(total / factor));
      }),
    );
  });

  it("parse reads what asString writes", () => {
    fc.assert(
      fc.property(bytes, (total) => {
        const size = Size.bytes(total);
        expect(Size.parse(size.asString())).toEqual(size);
      }),
    );
  });
});

describe("Size", () => {
  it("offers what is near when it refuses to round", () => {
    expect(() => Size.mebibytes(2500).toGibibytes()).toThrow(
      "A size of 2500 MiB is not a whole number of gibibytes, and is not rounded silently. Use 2 GiB or 3 GiB.",
    );
    expect(() => Size.mebibytes(100).toGibibytes()).toThrow(/Use 1 GiB\.$/);
  });

  it.each([-1, NaN, Infinity, 0.3, 2 ** 53, "5" as never])("%p kibibytes are refused", (amount) => {
    expect(() => Size.kibibytes(amount).toBytes()).toThrow(`A size of ${String(amount)} kibibytes cannot be`);
  });

  it("fractions of a unit are taken where they come to whole bytes", () => {
    expect(Size.gibibytes(1.5).toMebibytes()).toBe(1536);
    expect(Size.gibibytes(0.5).asString()).toBe("512 MiB");
  });

  it.each([
    ["0 B", 0],
    ["512MiB", 512 * 1024 ** 2],
    ["8 GiB", 8 * 1024 ** 3],
    ["1.5 KiB", 1536],
  ])("parse reads %s", (text, total) => expect(Size.parse(text).toBytes()).toBe(total));

  it.each(["", "8", "GiB", "8 GB", "8 G", "8gib", "-1 GiB", "8  GiB", "1 GiB 2 MiB", 8 as never])(
    "parse refuses %p and says how to write it",
    (text) =>
      expect(() => Size.parse(text).toBytes()).toThrow(/is no size: .*such as "8 GiB".*a GB is a GiB/),
  );

  it("shows the largest unit that it is whole in", () => {
    expect(String(Size.mebibytes(2048))).toBe("2 GiB");
    expect(String(Size.mebibytes(2049))).toBe("2049 MiB");
    expect(JSON.stringify({ size: Size.bytes(0) })).toBe('{"size":"0 B"}');
  });

  it("is recognized, also from another copy of the package", () => {
    let other: unknown;
    jest.isolateModules(() => {
      other = (jest.requireActual("../../../constructs/values/size") as { Size: typeof Size }).Size.gibibytes(
        1,
      );
    });
    expect(other).not.toBeInstanceOf(Size);
    expect(Size.isSize(other)).toBe(true);
    for (const value of [undefined, null, 5, "8 GiB", {}]) expect(Size.isSize(value)).toBe(false);
  });

  it("is equal to another of the same amount, and to no other", () => {
    expect(Size.mebibytes(1024)).toEqual(Size.gibibytes(1));
    expect(Size.mebibytes(1025)).not.toEqual(Size.gibibytes(1));
  });
});
