import { resolveSettings } from "../../../provider/api/settings";
import { recordOf } from "../../../provider/schema/diff";
import { UNKNOWN, type Values } from "../../../provider/schema/fields";
import { job } from "../../../provider/lifecycle/job";
import { check, difference } from "../../../provider/schema/plan";

const settings = resolveSettings(() => undefined, { MAGS_API_URL: "http://127.0.0.1:1" });

/** Plans the step from one set of arguments to another. */
const plan = (before: Values, after: Values) => {
  const { inputs } = check(job, settings, {}, { name: "box", ...before });
  const wanted = check(job, settings, inputs, { name: "box", ...after }).inputs;
  return difference(job, settings, "box", { ...recordOf(job.fields, inputs), status: "running" }, wanted);
};

const SYNCED = { workspaceId: "site" };

describe("the disk never shrinks", () => {
  it.each<[unknown, unknown]>([
    [8, 4],
    [3, 2],
    [8, undefined],
  ])("from %j to %j is refused with both sizes and the recipe", (from, to) => {
    const refused = () => plan({ ...SYNCED, diskGb: from }, { ...SYNCED, diskGb: to });
    expect(refused).toThrow(`cannot shrink from ${String(from)} GB to ${String(to ?? 2)} GB`);
    expect(refused).toThrow(`Set diskGb back to ${String(from)} or more`);
    expect(refused).toThrow("copy what you need from /data into the workspace");
  });

  it("not even with allowDataLoss", () => {
    expect(() => plan({ ...SYNCED, diskGb: 8 }, { ...SYNCED, diskGb: 4, allowDataLoss: true })).toThrow(
      "shrink",
    );
  });

  it("but it grows, and a replacement has a disk of its own", () => {
    expect(plan({ ...SYNCED, diskGb: 4 }, { ...SYNCED, diskGb: 8 }).replaces).toEqual([]);
    expect(plan({ ...SYNCED, diskGb: 8 }, { ...SYNCED, diskGb: 4, name: "other" }).replaces).toEqual([
      "name",
    ]);
  });

  it("an unknown size is let pass: it is judged when it is known", () => {
    expect(plan({ ...SYNCED, diskGb: 8 }, { ...SYNCED, diskGb: UNKNOWN }).changes).toEqual([
      { field: "diskGb", effect: "resize" },
    ]);
  });
});

describe("a local disk is not lost unasked", () => {
  const KEPT = { allowDataLoss: false };

  it.each<[string, Values]>([
    ["restart", { script: "new" }],
    ["resize", { diskGb: 8 }],
    ["replacement", { name: "other" }],
  ])("a %s is refused, naming what asks for it", (_effect, change) => {
    const refused = () => plan(KEPT, { ...KEPT, ...change });
    expect(refused).toThrow(`A change of ${Object.keys(change)[0]}`);
    expect(refused).toThrow("allowDataLoss: true");
  });

  it.each<[string, Values]>([
    ["patch", { noSleep: true }],
    ["new port", { http: { port: 80 } }],
    ["bookkeeping", { waitFor: "none" }],
  ])("a %s harms nothing", (_name, change) => {
    expect(plan(KEPT, { ...KEPT, ...change }).changes).toHaveLength(1);
  });

  it("by default a job without a workspace may be restarted", () => {
    expect(plan({}, { script: "new" }).changes).toEqual([{ field: "script", effect: "restart" }]);
  });

  it("an unknown permission is let pass", () => {
    expect(plan(KEPT, { allowDataLoss: UNKNOWN, script: "new" }).changes).not.toEqual([]);
  });

  it("moving to a workspace is told as that, without what is computed", () => {
    const refused = () => plan({}, SYNCED);
    expect(refused).toThrow("A change of workspaceId makes a new VM");
    expect(() => plan({}, { ...SYNCED, allowDataLoss: true })).not.toThrow();
  });

  it("a job with a workspace loses nothing by a restart", () => {
    expect(plan({ ...SYNCED, ...KEPT }, { ...SYNCED, ...KEPT, script: "new" }).changes).toHaveLength(1);
  });
});
