import * as fc from "fast-check";
import { UNKNOWN_TEXT, fromHost, toHost } from "../../../provider/host/json";
import { PROVIDER_PROPERTY } from "../../../provider/host/properties";
import { Sensitive, UNKNOWN } from "../../../provider/schema/fields";

describe("toHost", () => {
  it("leaves out undefined at any depth, and puts null into lists for it", () => {
    expect(toHost({ a: undefined, b: { c: undefined, d: 1 }, e: [undefined, { f: undefined }] })).toEqual({
      b: { d: 1 },
      e: [null, {}],
    });
    expect(Object.keys(toHost({ a: undefined }))).toEqual([]);
  });

  it("turns everything else that is no JSON into JSON, or leaves it out", () => {
    const result = toHost({
      big: 10n,
      date: new Date("2026-01-01T00:00:00Z"),
      noDate: new Date(Number.NaN),
      map: new Map<unknown, unknown>([
        ["a", 1],
        [{ toString: 5 }, 2],
      ]),
      fn: () => 1,
      symbol: Symbol("x"),
      nan: Number.NaN,
      infinite: Infinity,
      buffer: Buffer.from("a"),
    });
    expect(result).toEqual({
      big: "10",
      date: "2026-01-01T00:00:00.000Z",
      noDate: null,
      map: { a: 1 },
      nan: null,
      infinite: null,
      buffer: { 0: 97 },
    });
  });

  it("puts what is sensitive into the engine's envelope for secrets, at any depth", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    expect(toHost({ a: { b: new Sensitive({ c: undefined, d: 1 }) }, e: new Sensitive(undefined) })).toEqual({
      a: { b: { ...secret, value: { d: 1 } } },
      e: { ...secret, value: null },
    });
  });

  it("cuts cycles, but not what is merely used twice", () => {
    const shared = { x: 1 };
    const loop: Record<string, unknown> = { shared, again: shared };
    loop.self = loop;
    expect(toHost(loop)).toEqual({ shared: { x: 1 }, again: { x: 1 } });
  });

  it("is the identity on JSON", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
        const plain = JSON.parse(JSON.stringify(values)) as typeof values;
        expect(JSON.parse(JSON.stringify(toHost(plain)))).toEqual(plain);
      }),
    );
  });

  it("always gives what JSON can hold", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true, withMap: true })),
        (values) => {
          const result = toHost(values);
          expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(result)));
          const holds = (value: unknown): boolean =>
            value === null ||
            ["string", "boolean"].includes(typeof value) ||
            (typeof value === "number" && Number.isFinite(value)) ||
            (typeof value === "object" && Object.values(value).every(holds));
          expect(holds(result)).toBe(true);
        },
      ),
    );
  });
});

describe("fromHost", () => {
  it("marks unknown values at any depth and leaves out the provider's text", () => {
    const values = { a: UNKNOWN_TEXT, b: [{ c: UNKNOWN_TEXT }], d: "x", [PROVIDER_PROPERTY]: "text" };
    expect(fromHost(values)).toEqual({ a: UNKNOWN, b: [{ c: UNKNOWN }], d: "x" });
  });

  it("takes nothing for nothing", () => {
    expect(fromHost(undefined)).toEqual({});
    expect(fromHost(null)).toEqual({});
  });

  it("and back gives the same", () => {
    const values = { a: UNKNOWN_TEXT, b: [UNKNOWN_TEXT, 1], c: { d: UNKNOWN_TEXT } };
    expect(toHost(fromHost(values))).toEqual(values);
  });
});
