import * as fc from "fast-check";
import {
  RESOURCE_LENGTH,
  SCOPE_LENGTH,
  generatedName,
  isSameScope,
  scopeOf,
  type Identity,
} from "../../../provider/schema/naming";

const IDENTITY: Identity = {
  organization: "acme",
  project: "shop",
  stack: "dev",
  typeChain: "pulumi-nodejs:dynamic/mags:Job",
  logicalName: "web",
};

const part = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });
const identity: fc.Arbitrary<Identity> = fc.record({
  organization: part,
  project: part,
  stack: part,
  typeChain: part,
  logicalName: part,
});
const maxLength = fc.constantFrom(57, 63);

it("is the same today as it was when states were written with it", () => {
  expect(generatedName(IDENTITY, undefined, 63)).toBe("dev-web-2p63418g8lnu8");
  expect(generatedName(IDENTITY, "team-a", 63)).toBe("dev-web-0mln04y22w6ke");
});

it("is made of stack, logical name and the two hashes", () => {
  const pattern = new RegExp(`^dev-web-[0-9a-z]{${SCOPE_LENGTH + RESOURCE_LENGTH}}$`);
  expect(generatedName(IDENTITY, undefined, 63)).toMatch(pattern);
});

it("always fits and holds only what every kind of name allows", () => {
  fc.assert(
    fc.property(identity, fc.option(part, { nil: undefined }), maxLength, (who, namespace, max) => {
      const name = generatedName(who, namespace, max);
      expect(name.length).toBeLessThanOrEqual(max);
      // A subdomain is the narrowest of them.
      expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }),
    { examples: [[{ ...IDENTITY, stack: "-", logicalName: "ü" }, undefined, 63]] },
  );
});

it("is deterministic", () => {
  fc.assert(
    fc.property(identity, maxLength, (who, max) => {
      expect(generatedName({ ...who }, "n", max)).toBe(generatedName(who, "n", max));
    }),
  );
});

it("keeps the hash when the readable part is cut", () => {
  const long = { ...IDENTITY, logicalName: "x".repeat(300) };
  const [one, other] = [long, { ...long, logicalName: "x".repeat(301) }].map((who) =>
    generatedName(who, undefined, 63),
  );
  expect(one).toHaveLength(63);
  expect(one!.slice(0, 49)).toBe(other!.slice(0, 49));
  expect(one).not.toBe(other);
});

it("differs whenever any part of the identity differs", () => {
  fc.assert(
    fc.property(identity, identity, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(generatedName(one, undefined, 63)).not.toBe(generatedName(other, undefined, 63));
    }),
  );
});

it.each<[string, Partial<Identity>, Partial<Identity>]>([
  ["stack and logical name", { stack: "a", logicalName: "b-c" }, { stack: "a-b", logicalName: "c" }],
  ["upper case", { logicalName: "web" }, { logicalName: "Web" }],
  ["characters that cannot be shown", { logicalName: "a_b" }, { logicalName: "a.b" }],
  ["organization and project", { organization: "a", project: "bc" }, { organization: "ab", project: "c" }],
])("does not confuse what only looks the same: %s", (_name, one, other) => {
  expect(generatedName({ ...IDENTITY, ...one }, undefined, 63)).not.toBe(
    generatedName({ ...IDENTITY, ...other }, undefined, 63),
  );
});

it("has one scope per stack and namespace, the same for all of its resources", () => {
  const scopes = new Set<string>();
  for (const namespace of [undefined, "a", "b"]) {
    for (const stack of ["dev", "prod"]) {
      for (const project of ["shop", "blog"]) {
        const scope = scopeOf({ ...IDENTITY, stack, project }, namespace);
        scopes.add(scope);
        for (const logicalName of ["web", "db"]) {
          const name = generatedName({ ...IDENTITY, stack, project, logicalName }, namespace, 63);
          expect(name.slice(-SCOPE_LENGTH - RESOURCE_LENGTH, -RESOURCE_LENGTH)).toBe(scope);
        }
      }
    }
  }
  expect(scopes.size).toBe(12);
});

it("has no collision in a fleet of ten thousand", () => {
  const names = Array.from({ length: 10_000 }, (_, i) =>
    generatedName({ ...IDENTITY, logicalName: `box-${i}` }, "team", 63),
  );
  expect(new Set(names.map((name) => name.slice(-RESOURCE_LENGTH))).size).toBe(names.length);
});

it("two names tell whether they are of one scope", () => {
  const [one, other, foreign] = [
    generatedName(IDENTITY, "team", 63),
    generatedName({ ...IDENTITY, logicalName: "other" }, "team", 20),
    generatedName(IDENTITY, "theirs", 63),
  ];
  expect(isSameScope(one, other)).toBe(true);
  expect(isSameScope(one, foreign)).toBe(false);
  expect(isSameScope(one, "data")).toBe(false);
  expect(isSameScope("data", "data")).toBe(false);
});
