import fc from "fast-check";
import { BOOKKEEPING_PROPERTY, packed, unpacked } from "../../../provider/host/bookkeeping";
import { UNKNOWN, type Values } from "../../../provider/schema/fields";

const facts = ["generatedName", "localDisk", "ownsRecord", "adopted"];

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

it("loses nothing, whatever the values are, and is packed twice as once", () => {
  const value = fc.constantFrom<unknown>(true, false, "", "true", 0, null, UNKNOWN);
  const bookkeeping = fc.dictionary(fc.constantFrom(...facts), value);
  const others = fc.dictionary(fc.constantFrom("name", "noSleep", "localDiskOf", "3"), value);
  fc.assert(
    fc.property(bookkeeping, others, fc.option(fc.nat(), { nil: undefined }), (some, rest, version) => {
      const values: Values = {
        ...rest,
        ...some,
        ...(version === undefined ? {} : { schemaVersion: version }),
      };
      const before = { ...values };
      expect(unpacked(packed(values))).toEqual(before);
      expect(packed(packed(values))).toEqual(packed(values));
      expect(values).toEqual(before);
    }),
  );
});

it("reads what a newer release has written of it, so that its version can be refused", () => {
  expect(unpacked({ [BOOKKEEPING_PROPERTY]: "12 generatedName later" })).toEqual({
    schemaVersion: 12,
    generatedName: true,
    later: true,
  });
});

it.each([undefined, null, 3, ["3"], ""])("takes %p for nothing said", (text) => {
  expect(unpacked({ name: "web", [BOOKKEEPING_PROPERTY]: text })).toEqual({ name: "web" });
});
