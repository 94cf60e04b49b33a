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

describe("the inputs of a job without a workspace", () => {
  const own = { name: "web", localDisk: true, workspaceId: "web" };

  it("need not say its workspace, nor the generation of that", () => {
    const values = { ...own, workspaceGeneration: "d32b5512e17b", generatedName: true };
    const text = packed(values);
    expect(text).toEqual({
      name: "web",
      [BOOKKEEPING_PROPERTY]: "generatedName localDisk generation:d32b5512e17b",
    });
    expect(unpacked(text)).toEqual(values);
  });

  it.each([UNKNOWN, "a1 b2", ""])("say a generation that is no word of ours: %p", (workspaceGeneration) => {
    const values = { ...own, workspaceGeneration };
    expect(packed(values)).toEqual({ name: "web", workspaceGeneration, [BOOKKEEPING_PROPERTY]: "localDisk" });
    expect(unpacked(packed(values))).toEqual(values);
  });

  it("are read as before where they say it", () => {
    const said = { ...own, workspaceGeneration: "d32b5512e17b" };
    const { localDisk: _, ...others } = said;
    expect(unpacked({ ...others, [BOOKKEEPING_PROPERTY]: "localDisk" })).toEqual(said);
  });

  it("are not those of a job with one, whatever it is called", () => {
    const values = { name: "web", workspaceId: "web", workspaceGeneration: "d32b5512e17b" };
    expect(packed(values)).toEqual(values);
  });

  it("say less than the outputs, which programs read", () => {
    const outputs = { ...own, schemaVersion: 3, workspaceGeneration: "d32b5512e17b" };
    expect(Object.keys(packed(outputs))).toEqual(
      expect.arrayContaining(["workspaceId", "workspaceGeneration"]),
    );
    expect(unpacked(packed(outputs))).toEqual(outputs);
  });
});

it("is not there where there is nothing to say", () => {
  expect(packed({ name: "web" })).toEqual({ name: "web" });
});

it("loses nothing, whatever the values are", () => {
  const value = fc.constantFrom<unknown>(true, false, "", "true", 0, null, UNKNOWN);
  const facts = fc.dictionary(fc.constantFrom(...FACTS), value);
  const others = fc.dictionary(
    fc.constantFrom("name", "noSleep", "workspaceGeneration", "localDiskOf", "3"),
    value,
  );
  fc.assert(
    fc.property(facts, others, fc.option(fc.nat(), { nil: undefined }), (some, rest, version) => {
      const values: Values = {
        ...rest,
        ...some,
        // As check makes the inputs.
        ...(some.localDisk === true ? { workspaceId: rest.name } : {}),
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
