/** What every state in the field depends on: the texts, the type tokens, the entry, and that it loads fast. */
import { execFileSync } from "node:child_process";
import { projectWithPackage, type ProjectCopy } from "../../support/package-copy";
import { isKnownV8 } from "../../../provider/host/memory";
import { PROVIDER_TEXTS, typeToken } from "../../../provider/schema/tokens";
import { itIf } from "../../support/skip";

describe("frozen for ever", () => {
  it("the texts in states", () => {
    expect(PROVIDER_TEXTS).toEqual({
      Workspace: 'exports.handler=()=>require("pulumi-mags/dynamic").workspace;',
      Job: 'exports.handler=()=>require("pulumi-mags/dynamic").job;',
      UrlAlias: 'exports.handler=()=>require("pulumi-mags/dynamic").urlAlias;',
      CronJob: 'exports.handler=()=>require("pulumi-mags/dynamic").cronJob;',
      Run: 'exports.handler=()=>require("pulumi-mags/dynamic").run;',
    });
  });

  it("the type tokens", () => {
    expect((["Workspace", "Job", "UrlAlias", "CronJob", "Run"] as const).map(typeToken)).toEqual([
      "pulumi-nodejs:dynamic/mags:Workspace",
      "pulumi-nodejs:dynamic/mags:Job",
      "pulumi-nodejs:dynamic/mags:UrlAlias",
      "pulumi-nodejs:dynamic/mags:CronJob",
      "pulumi-nodejs:dynamic/mags:Run",
    ]);
  });

  it.each(Object.entries(PROVIDER_TEXTS))("the text of %s has at most 120 bytes", (_kind, text) => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(120);
  });
});

describe("the entry pulumi-mags/dynamic", () => {
  let project: ProjectCopy;
  beforeAll(() => {
    project = projectWithPackage();
  }, 20_000);
  afterAll(() => project.remove());

  const inProject = (program: string) =>
    JSON.parse(
      execFileSync(process.execPath, ["-e", program], { cwd: project.folder, encoding: "utf8" }),
    ) as unknown;

  it("has a handler with every operation for each text", () => {
    const texts = JSON.stringify(Object.values(PROVIDER_TEXTS));
    const operations = inProject(
      `console.log(JSON.stringify(${texts}.map((text) => {
        const module = { exports: {} };
        new Function("module", "exports", "require", text)(module, module.exports, require);
        return Object.keys(module.exports.handler()).sort();
      })))`,
    );
    const all = ["check", "configure", "create", "delete", "diff", "read", "update"];
    expect(operations).toEqual([all, all, all, all, all]);
  });

  it("loads neither undici nor @pulumi/pulumi, and no kind, before the first use", () => {
    const loaded = inProject(
      'require("pulumi-mags/dynamic"); console.log(JSON.stringify(Object.keys(require.cache)))',
    ) as string[];
    expect(loaded.some((file) => file.endsWith("/provider/dynamic.js"))).toBe(true);
    expect(loaded.filter((file) => /node_modules\/(undici|@pulumi)\//.test(file))).toEqual([]);
    expect(
      loaded.filter((file) => /lifecycle\/(job|workspace|url-alias|cron-job|run)\.js$/.test(file)),
    ).toEqual([]);
  });

  const onKnownV8 = itIf(isKnownV8(), "this V8 may not know the flags");
  onKnownV8("gives back the room for young objects that loading has made", () => {
    const young = inProject(
      `const v8 = require("node:v8");
      const young = () => v8.getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size;
      globalThis.inUse = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
      const before = young();
      require("pulumi-mags/dynamic");
      const end = Date.now() + 30_000;
      const look = () => young() < before || Date.now() > end
        ? console.log(JSON.stringify([before, young()]))
        : setTimeout(look, 5);
      look();`,
    ) as [number, number];
    expect(young[1]).toBeLessThanOrEqual(17_000_000);
    expect(young[0]).toBeGreaterThan(17_000_000);
  });

  it("a check of good inputs and a diff still need no HTTP client", () => {
    const loaded = inProject(
      `const { job } = require("pulumi-mags/dynamic");
      job.check({}, { name: "box" })
        .then(({ inputs }) => job.diff("box", {}, inputs))
        .then(() => console.log(JSON.stringify(Object.keys(require.cache))));`,
    ) as string[];
    expect(loaded.filter((file) => /node_modules\/(undici|@pulumi)\//.test(file))).toEqual([]);
  });
});
