import * as fc from "fast-check";
import { Capture, Match, type Matcher } from "../../../constructs/testing";
import { resultOf } from "../../../constructs/testing/matcher";

/** What a comparison finds, as text. */
const found = (matcher: Matcher, actual: unknown) =>
  resultOf(matcher, actual).mismatches.map(({ path, reason }) => `${path.join(".")}: ${reason}`);

const key = fc.constantFrom("a", "b", "c", "d");
const json = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, true, false, "", "x", "y", 0, 1, 2),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
})).value;
const object = fc.dictionary(key, json, { maxKeys: 4 });

/** The same with some keys left out, at any depth outside of lists. */
function part(value: unknown, keep: () => boolean): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(() => keep());
  return Object.fromEntries(kept.map(([name, inner]) => [name, part(inner, keep)]));
}

describe("laws of matchers", () => {
  it("a value matches itself, whatever is asked for", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(found(Match.exact(value), value)).toEqual([]);
        expect(found(Match.serializedJson(value), JSON.stringify(value))).toEqual([]);
        expect(found(Match.not(value), value)).toHaveLength(1);
        expect(found(Match.not(Match.not(value)), value)).toEqual([]);
      }),
    );
  });

  it("exact is equality", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same = canonical(a) === canonical(b);
        expect(resultOf(Match.exact(a), b).isMatch).toBe(same);
      }),
    );
  });

  it("objectLike takes any part of an object, objectEquals the whole only", () => {
    fc.assert(
      fc.property(object, fc.infiniteStream(fc.boolean()), (value, choices) => {
        const pattern = part(value, () => choices.next().value as boolean) as Record<string, unknown>;
        expect(found(Match.objectLike(pattern), value)).toEqual([]);
        expect(resultOf(Match.objectEquals(pattern), value).isMatch).toBe(
          canonical(pattern) === canonical(value),
        );
      }),
    );
  });

  it("arrayWith takes what is left when items are left out, and nothing in another order", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(), { maxLength: 8 }),
        fc.infiniteStream(fc.boolean()),
        (items, choices) => {
          const some = items.filter(() => choices.next().value as boolean);
          expect(found(Match.arrayWith(some), items)).toEqual([]);
          if (some.length > 1) expect(found(Match.arrayWith([...some].reverse()), items)).toHaveLength(1);
        },
      ),
    );
  });

  it("every mismatch is at a place of the pattern or of the value", () => {
    fc.assert(
      fc.property(json, json, (pattern, actual) => {
        for (const { path } of resultOf(Match.exact(pattern), actual).mismatches) {
          const at = (root: unknown) =>
            path
              .slice(0, -1)
              .reduce<unknown>((inner, step) => (inner as Record<string, unknown>)?.[step], root);
          expect([typeof at(pattern), typeof at(actual)]).toContain(
            path.length > 0 ? "object" : typeof at(actual),
          );
        }
      }),
    );
  });
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

describe("Match", () => {
  it.each<[string, Matcher, unknown, string[]]>([
    ["a part of an object", Match.objectLike({ a: { b: 1 } }), { a: { b: 1, c: 2 }, d: 3 }, []],
    [
      "a value that differs",
      Match.objectLike({ a: { b: 1 } }),
      { a: { b: 2 } },
      ["a.b: expected 1, but it is 2"],
    ],
    ["a key that is missing", Match.objectLike({ a: { b: 1 } }), { a: {} }, ["a.b: is missing, expected 1"]],
    ["no object", Match.objectLike({ a: 1 }), "text", [': expected {"a":1}, but it is "text"']],
    [
      "nothing where an object is expected",
      Match.objectLike({ a: { b: 1 } }),
      {},
      ['a: is missing, expected {"b":1}'],
    ],
    [
      "keys beyond the whole",
      Match.objectEquals({ a: { b: 1 } }),
      { a: { b: 1, c: 2 } },
      ["a.c: is not expected, but it is 2"],
    ],
    [
      "every difference at once",
      Match.objectLike({ a: 1, b: 2, c: 3 }),
      { a: 0, b: 2 },
      ["a: expected 1, but it is 0", "c: is missing, expected 3"],
    ],
    [
      "a list of another length",
      Match.objectLike({ a: [1] }),
      { a: [1, 2] },
      ["a: expected 1 items, but there are 2: [1,2]"],
    ],
    [
      "an item that differs",
      Match.objectLike({ a: [{ x: 1 }] }),
      { a: [{ x: 2, y: 3 }] },
      ["a.0.x: expected 1, but it is 2"],
    ],
    ["a part of an item", Match.objectLike({ a: [{ x: 1 }] }), { a: [{ x: 1, y: 3 }] }, []],
    [
      "the whole of an item",
      Match.arrayEquals([{ x: 1 }]),
      [{ x: 1, y: 3 }],
      ["0.y: is not expected, but it is 3"],
    ],
    ["no list", Match.arrayEquals([1]), { 0: 1 }, [': expected a list of 1, but it is {"0":1}']],
    ["an item that is not there", Match.arrayWith([3]), [1, 2], [": has no item 3: it is [1,2]"]],
    [
      "an item in another order",
      Match.arrayWith([2, 1]),
      [1, 2],
      [": has 1 only as item 0, before or instead of what is expected before it: the order counts"],
    ],
    [
      "an item that is close",
      Match.arrayWith([{ x: 1, y: 2 }]),
      [{}, { x: 1, y: 3 }],
      [': has no item {"x":1,"y":2}; the closest is item 1, in which y expected 2, but it is 3'],
    ],
    ["no list to look in", Match.arrayWith([1]), 1, [": expected a list, but it is 1"]],
    [
      "something that should be absent",
      Match.objectLike({ a: Match.absent() }),
      { a: 1 },
      ["a: should be absent, but it is 1"],
    ],
    ["nothing, as it should be", Match.objectLike({ a: Match.absent(), b: undefined }), {}, []],
    [
      "undefined as absent",
      Match.objectLike({ a: undefined }),
      { a: null },
      ["a: should be absent, but it is null"],
    ],
    ["any value", Match.objectLike({ a: Match.anyValue() }), { a: 0 }, []],
    ["no value at all", Match.objectLike({ a: Match.anyValue() }), {}, ["a: is missing, expected any value"]],
    [
      "what must not match",
      Match.objectLike({ a: Match.not(1) }),
      { a: 1 },
      ["a: is 1, which must not match 1"],
    ],
    ["absence, which is not 1", Match.objectLike({ a: Match.not(1) }), {}, []],
    ["a text that is like it", Match.stringLikeRegexp("^set -e"), "set -eu\nx", []],
    [
      "a text that is not",
      Match.stringLikeRegexp(/^x/gi),
      "yx",
      [': expected a text like /^x/gi, but it is "yx"'],
    ],
    ["no text", Match.stringLikeRegexp("1"), 1, [": expected a text like /1/, but it is 1"]],
    ["JSON in a text", Match.serializedJson({ a: Match.anyValue() }), '{"a":1,"b":2}', []],
    ["JSON that differs", Match.serializedJson({ a: 1 }), '{"a":2}', ["a: expected 1, but it is 2"]],
    ["no JSON", Match.serializedJson({ a: 1 }), "{", [': expected a text with JSON, but it is "{"']],
    [
      "matchers in matchers",
      Match.arrayWith([Match.objectLike({ a: Match.stringLikeRegexp("x") })]),
      [{ a: "y" }],
      [
        ': has no item Match.objectLike({"a":Match.stringLikeRegexp("x")}); the closest is item 0, in which a expected a text like /x/, but it is "y"',
      ],
    ],
    [
      "exactly, deep inside",
      Match.objectLike({ a: Match.exact({ b: {} }) }),
      { a: { b: { c: 1 } } },
      ["a.b.c: is not expected, but it is 1"],
    ],
  ])("%s", (_name, matcher, actual, expected) => {
    expect(found(matcher, actual)).toEqual(expected);
  });

  it("a regular expression with the flag g finds the same every time", () => {
    const matcher = Match.stringLikeRegexp(/x/g);
    expect([1, 2, 3].map(() => resultOf(matcher, "x").isMatch)).toEqual([true, true, true]);
  });

  it("a long value is cut in messages", () => {
    const [reason] = found(Match.exact("short"), "x".repeat(1_000));
    expect(reason!.length).toBeLessThan(160);
    expect(reason).toMatch(/…$/);
  });
});

describe("Capture", () => {
  it("keeps values once they are committed, in order, and only those that match", () => {
    const capture = new Capture(Match.stringLikeRegexp("^x"));
    const results = ["x1", "y", "x2"].map((value) =>
      resultOf(Match.objectLike({ a: capture }), { a: value }),
    );
    expect(results.map(({ isMatch }) => isMatch)).toEqual([true, false, true]);
    expect(() => capture.asString()).toThrow("Nothing was captured");
    for (const result of results) result.commit();
    expect(capture.asString()).toBe("x1");
    expect(capture.next()).toBe(true);
    expect(capture.asString()).toBe("x2");
    expect(capture.next()).toBe(false);
    expect(capture.asString()).toBe("x2");
  });

  it("needs something that is there", () => {
    expect(found(Match.objectLike({ a: new Capture() }), {})).toEqual([
      "a: is missing, expected a value to capture",
    ]);
  });

  it.each<[string, unknown, (capture: Capture) => unknown]>([
    ["text", "x", (capture) => capture.asString()],
    ["number", 1, (capture) => capture.asNumber()],
    ["boolean", false, (capture) => capture.asBoolean()],
    ["list", [1], (capture) => capture.asArray()],
    ["object", { a: 1 }, (capture) => capture.asObject()],
  ])("gives a %s as that, and as nothing else", (type, value, read) => {
    const capture = new Capture();
    resultOf(capture, value).commit();
    expect(read(capture)).toEqual(value);
    const other = new Capture();
    resultOf(other, null).commit();
    expect(() => read(other)).toThrow(`The captured value is no ${type}: it is null.`);
  });
});
