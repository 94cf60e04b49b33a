import { recordOf } from "../../../provider/schema/diff";
import { announcementOf, repairOf } from "../../../provider/schema/effects";
import { UNKNOWN, type Values } from "../../../provider/schema/fields";
import { difference } from "../../../provider/schema/plan";
import type { Schema } from "../../../provider/schema/schema";
import { SCHEMAS } from "../../../provider/schema/schemas";
import { resolveSettings } from "../../../provider/api/settings";

const { CronJob: cronJob, Job: job, Run: run, UrlAlias: urlAlias } = SCHEMAS;
const settings = resolveSettings(() => undefined, { MAGS_API_URL: "http://127.0.0.1:1" });

/** What an update from one set of inputs to another announces. */
function announced(schema: Schema, id: string, before: Values, after: Values): string | undefined {
  const recorded = { ...recordOf(schema.fields, before), status: "running" };
  const { changes } = difference(schema, settings, id, recorded, after);
  return announcementOf(schema, id, recorded, after, changes);
}

const BOX = { name: "box", workspaceId: "data", script: "old", diskGb: 2 };
const LOCAL = { name: "box", script: "old", localDisk: true };

describe("what the rows of a plan do not say", () => {
  it.each<[string, Schema, string, Values, Values, string]>([
    [
      "a restart, for which of the fields",
      job,
      "box",
      BOX,
      { ...BOX, script: "new", noSleep: true },
      'Job "box": restart for script (its VM stops and starts again)',
    ],
    [
      "a resize, before the restart that is part of it",
      job,
      "box",
      BOX,
      { ...BOX, diskGb: 20, script: "new" },
      'Job "box": resize for diskGb (its VM stops, and one with a larger disk takes its place)',
    ],
    [
      "that files are lost",
      job,
      "box",
      LOCAL,
      { ...LOCAL, script: "new" },
      'Job "box": restart for script (its VM stops and starts again; the files on its disk are lost)',
    ],
    [
      "that it depends on what is not known yet",
      job,
      "box",
      BOX,
      { ...BOX, environment: { A: UNKNOWN } },
      'Job "box": possibly restart for environment (its VM stops and starts again)',
    ],
    [
      "that the program now gives a name that was generated",
      job,
      "box",
      { ...BOX, generatedName: true },
      BOX,
      'Job "box": its name is given by the program from now on; nothing else changes',
    ],
    [
      "the moment without an answer",
      urlAlias,
      "shop.localhost",
      { subdomain: "shop", workspaceId: "one" },
      { subdomain: "shop", workspaceId: "two" },
      'UrlAlias "shop.localhost": repoint for workspaceId (its subdomain answers nothing for a moment)',
    ],
    [
      "another run",
      run,
      "seed",
      { name: "seed", script: "old" },
      { name: "seed", script: "new" },
      'Run "seed": rerun for script (its script runs once more, unless it has run with exactly this before)',
    ],
  ])("%s", (_name, schema, id, before, after, text) => {
    expect(announced(schema, id, before, after)).toBe(text);
  });

  it.each<[string, Schema, Values, Values]>([
    ["nothing", job, BOX, BOX],
    ["what is done on the live object", job, BOX, { ...BOX, noSleep: true }],
    ["what changes the state only", job, BOX, { ...BOX, timeouts: { create: 1 } }],
    ["a replacement, which has a row of its own", job, BOX, { ...BOX, name: "other", script: "new" }],
    [
      "an edit in place",
      cronJob,
      { name: "n", cronExpression: "0 3 * * *", script: "true" },
      { name: "n", cronExpression: "0 4 * * *", script: "true" },
    ],
  ])("is not said of %s", (_name, schema, before, after) => {
    expect(announced(schema, "box", before, after)).toBeUndefined();
  });

  it("why something is updated that is as it was", () => {
    expect(repairOf(job, "box", { status: "error" })).toBe(
      'Job "box": repair, since it is recorded as error',
    );
    expect(repairOf(job, "box", { status: "running", notReady: "no answer" })).toBe(
      'Job "box": repair, since it is recorded as not ready',
    );
  });
});
