import {
  CronJob,
  Job,
  RemovalPolicy,
  Sandbox,
  Schedule,
  Secret,
  Size,
  UrlAlias,
  Workspace,
  type Stack,
} from "../../../constructs";
import { brief, changesOf, output } from "./support";

describe("what a change does", () => {
  it("is nothing between a manifest and itself, whatever stands in it", () => {
    const build = (stack: Stack) => {
      const site = new Workspace(stack, "site");
      const web = new Job(stack, "web", {
        workspace: site,
        environment: { A: output(), B: "b" },
        secrets: { KEY: Secret.of("x") },
        vcpus: output(),
        script: "a\nb\n",
        http: { port: 80 },
      });
      web.addAlias("url");
      new Job(stack, "named", { name: output(), environment: { URL: web.url }, triggers: { $odd: "1" } });
      new Sandbox(stack, "ada", { base: site, noSleep: true });
      new CronJob(stack, "c", { schedule: Schedule.daily(), script: output() });
    };
    expect(changesOf(build, build)).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[], string[]]>([
    ["a patch", { noSleep: true }, {}, ["s/j patch"], ["noSleep patch"]],
    [
      "a restart",
      {},
      { script: "x", environment: { A: "1" } },
      ["s/j restart"],
      ["script restart", "environment restart"],
    ],
    ["a resize", { diskGb: 4 }, { diskGb: 8 }, ["s/j resize"], ["diskGb resize"]],
    ["a disk that shrinks", { diskGb: 8 }, { diskGb: 4 }, ["s/j resize, refused"], ["diskGb resize"]],
    ["a disk taken away, which is a shrink", { diskGb: 8 }, {}, ["s/j resize, refused"], ["diskGb resize"]],
    ["another name", { name: "a" }, { name: "b" }, ["s/j replace"], ["name replace"]],
    ["a name for one that was generated", {}, { name: "b" }, ["s/j replace"], ["name replace"]],
    ["http added", {}, { http: { port: 80 } }, ["s/j patch"], ["http patch"]],
    ["http moved", { http: { port: 80 } }, { http: { port: 81 } }, ["s/j patch"], ["http.port patch"]],
    ["http taken away", { http: { port: 80 } }, {}, ["s/j restart"], ["http restart"]],
    [
      "a port taken away",
      { http: { port: 80, otherPorts: [1, 2] } },
      { http: { port: 80, otherPorts: [2] } },
      ["s/j restart"],
      ["http.otherPorts restart"],
    ],
    ["bookkeeping", {}, { waitFor: "none" }, ["s/j local"], ["waitFor local"]],
    [
      "the strongest of several",
      { noSleep: true },
      { vcpus: 2, noSleep: false },
      ["s/j restart"],
      ["vcpus restart", "noSleep patch"],
    ],
    [
      "one variable of many",
      { environment: { A: "1", B: "2" } },
      { environment: { A: "1", B: "3", C: "4" } },
      ["s/j restart"],
      ["environment.B restart", "environment.C restart"],
    ],
    ["a default said aloud", {}, { diskGb: 2, noSleep: false, environment: {} }, [], []],
    [
      "a secret more",
      { secrets: { A: "a" } },
      { secrets: { A: "a", B: "b" } },
      ["s/j restart"],
      ["secrets.B restart"],
    ],
    ["the value of a secret, which nobody sees", { secrets: { A: "a" } }, { secrets: { A: "b" } }, [], []],
    ["a generated name that stays", { name: "a" }, {}, [], []],
  ])("%s", (_what, before, after, actions, properties) => {
    const build = (given: Record<string, unknown>) => (stack: Stack) => {
      const { diskGb, ...rest } = given;
      new Job(stack, "j", {
        workspace: Workspace.fromName(stack, "w", "site"),
        ...(diskGb === undefined ? {} : { disk: Size.gibibytes(diskGb as number) }),
        ...rest,
      });
    };
    const changes = changesOf(build(before), build(after));
    expect(brief(changes)).toEqual(actions);
    expect(
      changes.flatMap((change) => change.changes.map(({ property, effect }) => `${property} ${effect}`)),
    ).toEqual(properties);
  });

  it("an Output that was a value may be another one; one that was an Output is not compared", () => {
    const build = (vcpus: unknown) => (stack: Stack) => {
      new Job(stack, "j", { workspace: Workspace.fromName(stack, "w", "site"), vcpus: vcpus as number });
    };
    expect(brief(changesOf(build(2), build(output())))).toEqual(["s/j restart"]);
    expect(brief(changesOf(build(output()), build(2)))).toEqual(["s/j restart"]);
    expect(changesOf(build(output()), build(output()))).toEqual([]);
  });

  it("a resource more is made, one less is deleted, or left where its policy says so", () => {
    const one = (stack: Stack) => {
      new Job(stack, "a");
      new Job(stack, "kept", { removalPolicy: RemovalPolicy.RETAIN });
      new UrlAlias(stack, "u", { subdomain: "x", target: Job.fromName(stack, "i", "i") });
    };
    const other = (stack: Stack) => {
      new CronJob(stack, "c", { schedule: Schedule.daily(), script: "date" });
    };
    expect(brief(changesOf(one, other))).toEqual(["s/a delete", "s/c create", "s/kept forget", "s/u delete"]);
  });

  it("another kind in the same place is another thing", () => {
    expect(
      brief(
        changesOf(
          (stack) => new Job(stack, "x"),
          (stack) => new Workspace(stack, "x"),
        ),
      ),
    ).toEqual(["s/x delete", "s/x create"]);
  });

  it("a workspace that is protected cannot go, in no way", () => {
    const nothing = () => undefined;
    const changes = changesOf((stack) => new Workspace(stack, "w", { name: "files" }), nothing);
    expect(brief(changes)).toEqual(["s/w delete, refused"]);
    expect(changes[0]!.refused).toContain('Workspace "files" is protected');
    const bare = (stack: Stack) => new Workspace(stack, "w", { deletionProtection: false });
    expect(brief(changesOf(bare, nothing))).toEqual(["s/w delete"]);
    // By what is recorded: to turn it off and to delete it are two steps.
    const named = (name: string, deletionProtection: boolean) => (stack: Stack) =>
      new Workspace(stack, "w", { name, deletionProtection });
    expect(brief(changesOf(named("a", true), named("b", false)))).toEqual(["s/w replace, refused"]);
    expect(brief(changesOf(named("a", false), named("b", false)))).toEqual(["s/w replace"]);
  });

  it("a restart of a job on a local disk loses its files, or is refused", () => {
    const build = (script: string, allowDataLoss?: boolean) => (stack: Stack) =>
      new Job(stack, "j", { script, allowDataLoss });
    expect(brief(changesOf(build("a"), build("b")))).toEqual(["s/j restart, loses files"]);
    expect(brief(changesOf(build("a", false), build("b", false)))).toEqual(["s/j restart, refused"]);
  });

  it("a sandbox cannot change between a workspace of its name and a local disk", () => {
    const box = (persistent: boolean) => (stack: Stack) =>
      new Sandbox(stack, "box", { persistent, allowDataLoss: true, deletionProtection: false });
    expect(brief(changesOf(box(true), box(false)))).toEqual([
      "s/box/Job replace, refused",
      "s/box/Workspace delete",
    ]);
    const changes = changesOf(box(false), box(true));
    expect(brief(changes)).toEqual(["s/box/Job replace, refused", "s/box/Workspace create"]);
    expect(changes[0]!.refused).toContain(
      "cannot change between a workspace of its own name and a local disk",
    );
  });

  it("tells the same reference that comes to something else", () => {
    const build = (name: string) => (stack: Stack) => {
      const workspace = new Workspace(stack, "w", { name, deletionProtection: false });
      new CronJob(stack, "c", { schedule: Schedule.daily(), script: "date", workspace });
    };
    const changes = changesOf(build("a"), build("b"));
    expect(brief(changes)).toEqual(["s/c patch", "s/w replace"]);
    expect(changes[0]!.changes).toEqual([
      { property: "workspaceId", effect: "patch", before: "a", after: "b" },
    ]);
  });

  it("what has a replaced one as a reason to be replaced is, even where its value stays", () => {
    const build = (base: string | undefined) => (stack: Stack) => {
      const workspace = new Workspace(stack, "w", {
        deletionProtection: false,
        base: base === undefined ? undefined : Workspace.fromName(stack, "base", base),
      });
      const job = workspace.addJob("j", { baseWorkspaceId: "fixed", http: { port: 80 } });
      job.addAlias("u");
      new Job(stack, "other", { workspace: Workspace.fromName(stack, "e", "elsewhere") });
    };
    expect(brief(changesOf(build(undefined), build("golden")))).toEqual([
      "s/w replace",
      "s/w/j replace, because of s/w",
      "s/w/j/u repoint, because of s/w/j",
    ]);
  });

  it("tells what was perhaps only renamed", () => {
    const build = (id: string) => (stack: Stack) => new Job(stack, id, { vcpus: 2 });
    expect(brief(changesOf(build("old"), build("new")))).toEqual([
      "s/new create, like s/old",
      "s/old delete",
    ]);
  });

  it("sees no change in the order of constructs", () => {
    const one = (stack: Stack) => {
      new Job(stack, "a");
      new Job(stack, "b");
    };
    const other = (stack: Stack) => {
      new Job(stack, "b");
      new Job(stack, "a");
    };
    expect(changesOf(one, other)).toEqual([]);
  });
});
