import fc from "fast-check";
import { packed, unpacked } from "../../../provider/host/bookkeeping";
import { BOOKKEEPING_PROPERTY } from "../../../provider/host/properties";
import { FACTS } from "../../../provider/schema/facts";
import { UNKNOWN, type Values } from "../../../provider/schema/fields";

it("is one text beside what others read", () => {
  const values = { schemaVersion: 3, name: "web", generatedName: true, localDisk: true, status: "running" };
  const text = packed(values);
  expect(text).toEqual({
    name: "web",
    status: "running",
    [BOOKKEEPING_PROPERTY]: "3 generatedName localDisk",
  });
  expect(unpacked(text)).toEqual(values);
});

it("is not there where there is nothing to say", () => {
  expect(packed({ name: "web" })).toEqual({ name: "web" });
});

it("loses nothing, whatever the values are", () => {
  const value = fc.constantFrom<unknown>(true, false, "", "true", 0, null, UNKNOWN);
  const facts = fc.dictionary(fc.constantFrom(...FACTS), value);
  const others = fc.dictionary(fc.constantFrom("name", "noSleep", "localDiskOf", "3"), value);
  fc.assert(
    fc.property(facts, others, fc.option(fc.nat(), { nil: undefined }), (some, rest, version) => {
      const values: Values = {
        ...rest,
        ...some,
        ...(version === undefined ? {} : { schemaVersion: version }),
      };
      const before = { ...values };
      expect(unpacked(packed(values))).toEqual(before);
      expect(values).toEqual(before);
    }),
  );
});

it("reads the version of a newer release, so that it can be refused, and none of its words", () => {
  expect(unpacked({ name: "web", [BOOKKEEPING_PROPERTY]: "12 generatedName later name" })).toEqual({
    schemaVersion: 12,
    generatedName: true,
    name: "web",
  });
});

it.each([undefined, null, 3, ["3"], ""])("takes %p for nothing said", (text) => {
  expect(unpacked({ name: "web", [BOOKKEEPING_PROPERTY]: text })).toEqual({ name: "web" });
});
