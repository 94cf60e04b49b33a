import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import fc from "fast-check";
import { App, Aspects, Job, Stack, Tags, Workspace } from "../../constructs";
import { projectWithPackage, type ProjectCopy } from "../support/package-copy";

describe("the same program, made in another order, gives the same bytes", () => {
  interface Thing {
    readonly id: string;
    readonly group: number;
    readonly kind: "job" | "workspace";
    readonly uses: number | undefined;
    readonly waits: number | undefined;
    readonly env: Record<string, string>;
  }
  const id = fc.stringMatching(/^[A-Za-z0-9 ._äß-]{1,8}$/).filter((text) => !(text in Object.prototype));
  const things = fc.uniqueArray(
    fc.record<Thing>({
      id,
      group: fc.nat(3),
      kind: fc.constantFrom("job", "workspace"),
      uses: fc.option(fc.nat(20), { nil: undefined }),
      waits: fc.option(fc.nat(20), { nil: undefined }),
      env: fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), fc.string()),
    }),
    { selector: ({ id: own }) => own, maxLength: 12 },
  );

  function build(all: readonly Thing[], order: readonly number[]): Record<string, string> {
    const app = new App();
    const stack = new Stack(app, "stack");
    const groups = new Map<number, Construct>();
    const made = new Map<number, Job | Workspace>();
    for (const index of order) {
      const { env, group, id: own, kind } = all[index]!;
      if (!groups.has(group)) groups.set(group, new Construct(stack, `group ${group}`));
      const scope = groups.get(group)!;
      const environment = Object.fromEntries(Object.entries(env).sort(() => (index % 2 ? 1 : -1)));
      made.set(index, kind === "job" ? new Job(scope, own, { environment }) : new Workspace(scope, own));
    }
    for (const index of order) {
      const { uses, waits } = all[index]!;
      const one = made.get(index)!;
      // From higher to lower numbers, so that there is no circle.
      if (uses !== undefined && uses < index && one instanceof Job)
        one.addEnvironment("USES", made.get(uses)!.name);
      if (waits !== undefined && waits < index) one.node.addDependency(made.get(waits)!);
    }
    let visits = 0;
    Aspects.of(app).add({ visit: (construct) => Tags.of(construct).add("visit", String(visits++)) });
    return app.synthText();
  }

  it("for any program", () => {
    fc.assert(
      fc.property(
        things.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray([...all.keys()], { minLength: all.length, maxLength: all.length }),
          ),
        ),
        ([all, order]) => expect(build(all, order)).toEqual(build(all, [...all.keys()])),
      ),
    );
  });
});

describe("in a process of its own", () => {
  let project: ProjectCopy;
  beforeAll(() => {
    project = projectWithPackage();
    writeFileSync(
      join(project.folder, "app.js"),
      `
      const m = require("pulumi-mags/constructs");
      const app = new m.App();
      const stack = new m.Stack(app, "İstanbul", { tags: { owner: "ı" } });
      for (const id of ["ä", "z", "I", "i", "10", "9", "a-b", "a"]) {
        const workspace = new m.Workspace(stack, id, { setup: "line\\nİI", name: m.Names.toDnsLabel(stack, { extra: [id] }) });
        if (id === "a") continue;
        const job = new m.Job(workspace, "Job", { workspace, http: { port: 8080 }, disk: m.Size.gibibytes(4) });
        job.addAlias("alias");
      }
      new m.CronJob(stack, "cron", { schedule: m.Schedule.cron({ minute: 30, hour: 9, weekDay: "MON-FRI" }), script: "true" });
      new m.PreviewEnvironment(stack, "preview", { pullRequest: 7, expires: new Date(0), script: "true" });
      new m.SandboxFleet(stack, "fleet", { count: 3, members: ["ada"] });
      process.stdout.write(JSON.stringify({ files: app.synthText(), loaded: Object.keys(require.cache) }));
      `,
    );
  });
  afterAll(() => project.remove());

  const run = (env: Record<string, string>) =>
    JSON.parse(
      execFileSync(process.execPath, ["app.js"], {
        cwd: project.folder,
        env: { PATH: process.env.PATH, ...env },
        encoding: "utf8",
        maxBuffer: 1 << 26,
      }),
    ) as { files: Record<string, string>; loaded: string[] };

  it("another locale, time zone and home give the same bytes, without a word of this machine", () => {
    const here = run({ LANG: "C", TZ: "UTC", HOME: "/nowhere" });
    const there = run({
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      TZ: "Pacific/Kiritimati",
      HOME: "/elsewhere",
      USER: "x",
    });
    expect(there.files).toEqual(here.files);
    expect(JSON.stringify(here.files)).not.toContain(project.folder);
  });

  it("a plan loads nothing of Pulumi, and no library that it does not need", () => {
    const { loaded } = run({});
    const packages = new Set(
      loaded.flatMap((file) => /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? []),
    );
    expect([...packages].sort()).toEqual(["constructs", "croner", "pulumi-mags"]);
    const rooms = loaded.flatMap((file) => /dist[\\/](provider[\\/][a-z]+)[\\/]/.exec(file)?.[1] ?? []);
    expect(rooms.filter((room) => /lifecycle|host|resources/.test(room))).toEqual([]);
  });

  it("assertions on a plan load nothing of Pulumi either", () => {
    const program = `
      const { App, Job, Stack } = require("pulumi-mags/constructs");
      const { Annotations, Match, Template } = require("pulumi-mags/testing");
      const stack = new Stack(new App(), "s");
      new Job(stack, "job", { vcpus: 2 });
      Template.fromStack(stack).hasResourceProperties("Job", { vcpus: Match.anyValue() });
      Annotations.fromStack(stack).hasNoWarning("*", Match.anyValue());
      process.stdout.write(JSON.stringify(Object.keys(require.cache)));`;
    const files = JSON.parse(
      execFileSync(process.execPath, ["-e", program], { cwd: project.folder, encoding: "utf8" }),
    ) as string[];
    expect(files.some((file) => file.endsWith("constructs/testing/index.js"))).toBe(true);
    expect(
      files.filter((file) => /node_modules.@pulumi|provider.(lifecycle|host|resources)/.test(file)),
    ).toEqual([]);
  });

  it("loading constructs loads neither what plans nor a library", () => {
    const loaded = execFileSync(
      process.execPath,
      [
        "-e",
        'require("pulumi-mags/constructs"); process.stdout.write(JSON.stringify(Object.keys(require.cache)))',
      ],
      { cwd: project.folder, encoding: "utf8" },
    );
    const files = JSON.parse(loaded) as string[];
    expect(files.some((file) => file.endsWith("constructs/index.js"))).toBe(true);
    expect(
      files.filter((file) => /planning|node_modules.(croner|yaml|cronstrue|tinyglobby|@pulumi)/.test(file)),
    ).toEqual([]);
  });
});
