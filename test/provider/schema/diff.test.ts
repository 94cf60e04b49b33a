import * as fc from "fast-check";
import { cronJobFields } from "../../../provider/schema/cron-job-fields";
import { changesBetween, digestOf, equal, has, recordOf, strongest } from "../../../provider/schema/diff";
import {
  EFFECT_ORDER,
  UNKNOWN,
  type Effect,
  type FieldTable,
  type FieldType,
  type Values,
} from "../../../provider/schema/fields";
import { jobFields } from "../../../provider/schema/job-fields";
import { runFields } from "../../../provider/schema/run-fields";
import { urlAliasFields } from "../../../provider/schema/url-alias-fields";
import { workspaceFields } from "../../../provider/schema/workspace-fields";

const TABLES: [string, FieldTable][] = [
  ["Workspace", workspaceFields],
  ["Job", jobFields],
  ["UrlAlias", urlAliasFields],
  ["CronJob", cronJobFields],
  ["Run", runFields],
];
/** The laws are about what is compared, and known: `unrecorded` is what makes an exception of others. */
const COMPARED = TABLES.map(([kind, table]): [string, FieldTable] => [
  kind,
  Object.fromEntries(
    Object.entries(table).filter(([name, { compared }]) => compared !== false && name !== "unrecorded"),
  ),
]);

/** Any value that a type allows. */
function valueOf(type: FieldType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "integer":
      return fc.integer({ min: type.min, max: type.max ?? type.min + 1_000 });
    case "boolean":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...type.values);
    case "map":
      return fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), valueOf(type.of), { maxKeys: 4 });
    case "list":
      return fc.array(valueOf(type.of), { maxLength: 4 });
    case "object":
      return inputsOf(type.fields);
    case "any":
      return fc.jsonValue();
    default:
      return fc.stringMatching(/^[a-z]{1,8}$/);
  }
}

/** Any inputs that a table allows; what is not required may be absent. */
function inputsOf(table: FieldTable): fc.Arbitrary<Values> {
  const required = Object.keys(table).filter((name) => table[name]!.required);
  return fc.record(
    Object.fromEntries(Object.entries(table).map(([name, field]) => [name, valueOf(field.type)])),
    { requiredKeys: required },
  );
}

/** The same value with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

describe.each(COMPARED)("laws of the diff: %s", (_name, table) => {
  const inputs = inputsOf(table);

  it("what is recorded of inputs does not differ from them, whatever the order of keys", () => {
    fc.assert(
      fc.property(inputs, (values) => {
        const recorded = JSON.parse(JSON.stringify(recordOf(table, values))) as Values;
        expect(changesBetween(table, recorded, values)).toEqual([]);
        expect(changesBetween(table, recorded, reordered(values) as Values)).toEqual([]);
      }),
    );
  });

  it("absent and default are equal, both ways", () => {
    fc.assert(
      fc.property(inputs, (values) => {
        const filled = { ...values };
        for (const [name, field] of Object.entries(table)) {
          if (field.default !== undefined && values[name] === undefined) filled[name] = field.default;
        }
        expect(changesBetween(table, recordOf(table, values), filled)).toEqual([]);
        expect(changesBetween(table, recordOf(table, filled), values)).toEqual([]);
      }),
    );
  });

  it("an unknown value is always a change with the effect of its field", () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...Object.keys(table)), (values, name) => {
        const changes = changesBetween(table, recordOf(table, values), { ...values, [name]: UNKNOWN });
        expect(changes).toEqual([{ field: name, effect: table[name]!.effect }]);
      }),
    );
  });

  it("names exactly the fields that differ, each with an effect of the table", () => {
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        const changes = changesBetween(table, recordOf(table, before), after);
        for (const [name, field] of Object.entries(table)) {
          const [old, now] = [before[name] ?? field.default, after[name] ?? field.default];
          const change = changes.find((candidate) => candidate.field === name);
          if (equal(old, now)) expect(change).toBeUndefined();
          else if (field.type.kind !== "object" && field.type.kind !== "map") expect(change).toBeDefined();
          if (change) expect(EFFECT_ORDER).toContain(change.effect);
        }
        expect(changes.filter(({ field }) => !(field in table))).toEqual([]);
      }),
    );
  });

  it("a change back undoes a change: both ways see the same fields", () => {
    fc.assert(
      fc.property(inputs, inputs, (one, other) => {
        const fields = (from: Values, to: Values) =>
          changesBetween(table, recordOf(table, from), to).map(({ field }) => field);
        expect(fields(one, other)).toEqual(fields(other, one));
      }),
    );
  });
});

describe("effects", () => {
  const base: Values = { name: "web", script: "serve", workspaceId: "site", http: { port: 80 } };
  const effectOf = (before: Values, after: Values) => {
    const changes = changesBetween(jobFields, recordOf(jobFields, { ...base, ...before }), {
      ...base,
      ...after,
    });
    return changes.length === 0 ? undefined : strongest(changes);
  };

  it.each<[string, Values, Values, Effect | undefined]>([
    ["name", {}, { name: "other" }, "replace"],
    ["workspaceId", {}, { workspaceId: "other" }, "replace"],
    ["script", {}, { script: "serve 2" }, "restart"],
    ["environment", {}, { environment: { A: "1" } }, "restart"],
    ["a value in environment", { environment: { A: "1" } }, { environment: { A: "2" } }, "restart"],
    ["environment to empty", { environment: { A: "1" } }, { environment: {} }, "restart"],
    ["environment from absent to empty", {}, { environment: {} }, undefined],
    ["secrets", { secrets: { A: "1" } }, { secrets: { A: "2" } }, "restart"],
    ["disk", { diskGb: 4 }, { diskGb: 8 }, "resize"],
    ["disk from absent to its default", {}, { diskGb: 2 }, undefined],
    ["noSleep", {}, { noSleep: true }, "patch"],
    ["startupCommand", {}, { startupCommand: "x" }, "patch"],
    ["clearing startupCommand", { startupCommand: "x" }, {}, "patch"],
    ["waitFor", {}, { waitFor: "healthy" }, "local"],
    ["timeouts", {}, { timeouts: { create: 5 } }, "local"],
    ["triggers", { triggers: [1] }, { triggers: [2] }, "restart"],
    ["adding http", { http: undefined }, {}, "patch"],
    ["removing http", {}, { http: undefined }, "restart"],
    ["moving the port", {}, { http: { port: 81 } }, "patch"],
    ["healthPath", {}, { http: { port: 80, healthPath: "/ok" } }, "local"],
    ["healthPath from absent to its default", {}, { http: { port: 80, healthPath: "/" } }, undefined],
    ["otherPorts from absent to its default", {}, { http: { port: 80, otherPorts: [] } }, undefined],
    ["adding a port", {}, { http: { port: 80, otherPorts: [81] } }, "patch"],
    ["removing a port", { http: { port: 80, otherPorts: [81] } }, {}, "restart"],
    [
      "swapping a port",
      { http: { port: 80, otherPorts: [81] } },
      { http: { port: 80, otherPorts: [82] } },
      "restart",
    ],
    ["an unknown port", {}, { http: { port: UNKNOWN } }, "patch"],
    ["an unknown healthPath", {}, { http: { port: 80, healthPath: UNKNOWN } }, "local"],
    ["an unknown variable", { environment: { A: "1" } }, { environment: { A: UNKNOWN } }, "restart"],
    [
      "moving a file",
      { files: { a: { path: "./x", sha256: "1" } } },
      { files: { a: { path: "./y", sha256: "1" } } },
      undefined,
    ],
    [
      "moving and changing a file",
      { files: { a: { path: "./x", sha256: "1" } } },
      { files: { a: { path: "./y", sha256: "2" } } },
      "restart",
    ],
    [
      "renaming a file",
      { files: { a: { path: "./x", sha256: "1" } } },
      { files: { b: { path: "./x", sha256: "1" } } },
      "restart",
    ],
    [
      "changing a file",
      { files: { a: { path: "./x", sha256: "1" } } },
      { files: { a: { path: "./x", sha256: "2" } } },
      "restart",
    ],
    ["adding a file", {}, { files: { a: { path: "./x", sha256: "1" } } }, "restart"],
    ["removing a file", { files: { a: { path: "./x", sha256: "1" } } }, {}, "restart"],
    ["several", { diskGb: 2 }, { diskGb: 4, noSleep: true, script: "new" }, "resize"],
  ])("%s", (_name, before, after, effect) => expect(effectOf(before, after)).toBe(effect));

  it.each([
    ["Workspace", workspaceFields, ["name", "workspaceId", "baseWorkspaceId"]],
    ["Job", jobFields, ["name", "workspaceId", "localDisk"]],
    ["UrlAlias", urlAliasFields, ["subdomain", "domain"]],
    ["CronJob", cronJobFields, []],
    ["Run", runFields, ["name", "jobName", "workspaceId"]],
  ])("%s: only what identifies an object replaces it", (_kind, table: FieldTable, expected) => {
    expect(Object.keys(table).filter((name) => table[name]!.effect === "replace")).toEqual(expected);
  });
});

describe("strongest", () => {
  it("is the one that does most, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EFFECT_ORDER), { minLength: 1 }), (effects) => {
        const index = Math.max(...effects.map((effect) => EFFECT_ORDER.indexOf(effect)));
        expect(strongest(effects.map((effect) => ({ field: "f", effect })))).toBe(EFFECT_ORDER[index]);
      }),
    );
    expect(strongest([])).toBeUndefined();
  });

  it("has finds any of several", () => {
    const changes = [{ field: "a", effect: "patch" as const }];
    expect(has(changes, "restart", "patch")).toBe(true);
    expect(has(changes, "restart")).toBe(false);
  });
});

describe("digest fields", () => {
  it("leave only a digest in the record", () => {
    const recorded = recordOf(jobFields, { name: "web", script: "echo private" });
    expect(recorded.script).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(JSON.stringify(recorded)).not.toContain("private");
  });

  it("differ exactly when the text does", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const changes = changesBetween(jobFields, recordOf(jobFields, { script: one }), { script: other });
        expect(changes.length > 0).toBe(one !== other);
      }),
    );
  });

  it("keep what is unknown, absent or digested already", () => {
    expect(digestOf(UNKNOWN)).toBe(UNKNOWN);
    expect(digestOf(undefined)).toBeUndefined();
    expect(digestOf(digestOf("x"))).toBe(digestOf("x"));
  });
});

describe("equal", () => {
  it("sees through the order of keys and undefined ones, not through the order of lists", () => {
    expect(equal({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1, e: undefined })).toBe(true);
    expect(equal([1, 2], [2, 1])).toBe(false);
    expect(equal("1", 1)).toBe(false);
    expect(equal(null, undefined)).toBe(false);
  });
});
