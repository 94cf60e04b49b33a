import { type Program } from "../../support/engine-model";
import { succeed } from "../support/points";
import { reasons, rulesCase } from "../support/rules";

const the = rulesCase();

describe("CronJob", () => {
  const cron = (args: object): Program => [
    { name: "cron", kind: "CronJob", args: { cronExpression: "0 3 * * *", script: "true", ...args } },
  ];
  const only = () => the.account.snapshot().crons[0]!;

  /** What the API shows of a schedule is changed on its way, so often. */
  const shows = (change: (cron: Record<string, unknown>) => void, times: number) =>
    the.account.doom({
      tamper: ({ method, path }, answer) => {
        if (method === "GET" && /mags-cron\/./.test(path) && times-- > 0)
          change(answer as Record<string, unknown>);
        return answer;
      },
    });

  it("that does not show an edit is patched once more, with what it does not show", async () => {
    await succeed(the.engine.up(cron({})), "up");
    the.cloud().emulator.clearCalls();
    shows((seen) => (seen.script = "true"), 1);
    await succeed(the.engine.up(cron({ script: "false", enabled: false })), "edit");
    const patches = the
      .cloud()
      .emulator.calls()
      .filter(({ method }) => method === "PATCH")
      .map(({ body }) => body);
    expect(patches).toEqual([{ script: "false", enabled: false }, { script: "false" }]);
  });

  it("that does not show it then either is kept as unfinished, and the field is named", async () => {
    await succeed(the.engine.up(cron({})), "up");
    shows((seen) => (seen.cron_expression = "0 3 * * *"), 2);
    const edited = cron({ cronExpression: "5 4 * * 1" });
    expect(reasons(await the.engine.up(edited))).toMatch(
      /still shows the old value of cronExpression after a second try/,
    );
    expect(the.engine.entry("cron").outputs).toMatchObject({
      cronExpression: "0 3 * * *",
      notReady: expect.any(String),
    });
    await succeed(the.engine.up(edited), "the next up");
    expect(only()).toMatchObject({ cronExpression: "5 4 * * 1" });
    expect((await succeed(the.engine.up(edited), "another up")).steps).toEqual([]);
  });

  it("under a generated name is one: the oldest is kept, and what a late effect made is deleted and told", async () => {
    const twin = () => {
      const { name, cronExpression, script } = only();
      return the.account.byHand("POST", "mags-cron", { name, cron_expression: cronExpression, script });
    };
    const ids = () => the.account.snapshot().crons.map(({ id }) => id);
    await succeed(the.engine.up(cron({})), "up");
    const { id } = only();
    await the.cloud().time.pass(5_000);
    await twin();
    await succeed(the.engine.up(cron({ script: "false" })), "an edit finds it");
    expect(ids()).toEqual([id]);
    expect(the.said()).toMatch(/another cron job ".*" exists under our generated name; deleting/);
    await the.cloud().time.pass(5_000);
    await twin();
    the.engine.importState([]);
    await succeed(the.engine.up(cron({})), "recovery finds it");
    expect(ids()).toEqual([id]);
    await twin();
    await succeed(the.engine.destroy(), "destroy finds it");
    expect(ids()).toEqual([]);
  });

  it("under a name that the program gives is left alone beside another one of it", async () => {
    await succeed(the.engine.up(cron({ name: "mine" })), "up");
    await the.account.byHand("POST", "mags-cron", {
      name: "mine",
      cron_expression: "0 3 * * *",
      script: "theirs",
    });
    await succeed(the.engine.up(cron({ name: "mine", script: "false" })), "edit");
    await succeed(the.engine.destroy(), "destroy");
    expect(the.account.snapshot().crons).toEqual([expect.objectContaining({ script: "theirs" })]);
  });

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
