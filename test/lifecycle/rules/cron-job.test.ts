import { type Program } from "../../support/engine-model";
import { succeed } from "../support/points";
import { rulesCase } from "../support/rules";

const the = rulesCase();

describe("CronJob", () => {
  const cron = (args: object): Program => [
    { name: "cron", kind: "CronJob", args: { cronExpression: "0 3 * * *", script: "true", ...args } },
  ];
  const only = () => the.account.snapshot().crons[0]!;

  it("is edited, renamed, disabled, enabled and cleared in place", async () => {
    await succeed(the.engine.up(cron({ workspaceId: undefined })), "up");
    const { id } = only();
    const edits: [object, object][] = [
      [{ cronExpression: "5 4 * * 1" }, { cronExpression: "5 4 * * 1" }],
      [{ name: "renamed" }, { name: "renamed" }],
      [{ name: "renamed", enabled: false }, { enabled: false }],
      [{ name: "renamed", enabled: true }, { enabled: true }],
      [
        { name: "renamed", workspaceId: "w", environment: { A: "1" } },
        { workspaceId: "w", environment: { A: "1" } },
      ],
      [{ name: "renamed" }, { environment: {} }],
    ];
    for (const [args, seen] of edits) {
      the.cloud().emulator.clearCalls();
      await succeed(the.engine.up(cron(args)), JSON.stringify(args));
      expect(the.mutations()).toEqual(["PATCH /mags-cron/{id}"]);
      expect(only()).toMatchObject({ id, ...seen });
    }
    expect(only().workspaceId ?? "").toBe("");
    expect((await succeed(the.engine.up(cron({ name: "renamed" })), "no edit")).steps).toEqual([]);
  });
});
