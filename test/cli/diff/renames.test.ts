import { compare } from "../../../cli/diff/compare";
import {
  AlwaysOnService,
  App,
  CronJob,
  Job,
  Renames,
  Sandbox,
  Schedule,
  Stack,
  Workspace,
  interpolate,
  type Manifest,
} from "../../../constructs";
import { manifestText, readManifest } from "../../../constructs/manifest-text";
import { brief, changesOf, manifestOf } from "./support";

/** A construct under an id, which it had another one before. */
const renamed = (construct: Job | Workspace | AlwaysOnService | Sandbox, from: string | undefined) => {
  if (from !== undefined) Renames.of(construct).from(from);
};

describe("a rename", () => {
  it("of what has much in it replaces nothing, and nothing that refers to it sees it", () => {
    const build = (id: string, from?: string) => (stack: Stack) => {
      const service = new AlwaysOnService(stack, id, { script: "serve" });
      renamed(service, from);
      new Job(stack, "client", {
        environment: { NAME: service.job.name, URL: interpolate`${service.job.url}/x`, ALIAS: service.url },
      });
    };
    expect(brief(changesOf(build("web"), build("site", "web")))).toEqual([
      "s/site/Job rename, was s/web/Job",
      "s/site/Job/Alias rename, was s/web/Job/Alias",
      "s/site/Workspace rename, was s/web/Workspace",
    ]);
  });

  it("is no change any more once it is deployed", () => {
    const build = (stack: Stack) => renamed(new Job(stack, "site"), "web");
    expect(changesOf(build, build)).toEqual([]);
  });

  it("shows what else changes, and no more than that", () => {
    const build = (id: string, noSleep: boolean, from?: string) => (stack: Stack) => {
      const data = new Workspace(stack, `${id}-data`);
      renamed(data, from && `${from}-data`);
      renamed(new Job(stack, id, { workspace: data, noSleep, environment: { DATA: data.name } }), from);
    };
    const changes = changesOf(build("web", false), build("site", true, "web"));
    expect(brief(changes)).toEqual(["s/site patch, was s/web", "s/site-data rename, was s/web-data"]);
    expect(changes[0]!.changes.map(({ property }) => property)).toEqual(["noSleep"]);
  });

  it("out of one scope into another, and of a whole stack", () => {
    const before = (stack: Stack) => {
      new Job(new Workspace(stack, "old"), "job");
      new Workspace(stack, "there");
    };
    const after = (stack: Stack) => {
      new Workspace(stack, "old");
      const job = new Job(new Workspace(stack, "there"), "job");
      Renames.of(job).from("/s/old/job");
    };
    expect(brief(changesOf(before, after))).toEqual(["s/there/job rename, was s/old/job"]);
    const stackOf = (id: string, from?: string): Manifest => {
      const app = new App();
      const stack = new Stack(app, id);
      new Sandbox(stack, "ada");
      if (from !== undefined) Renames.of(stack).from(from);
      return app.plan().manifest;
    };
    expect(brief(compare(stackOf("team"), stackOf("people", "team")))).toEqual([
      "people/ada/Job rename, was team/ada/Job",
      "people/ada/Workspace rename, was team/ada/Workspace",
    ]);
  });

  it("of something inside of what is renamed too", () => {
    const build = (outer: string, inner: string, from?: [string, string]) => (stack: Stack) => {
      const workspace = new Workspace(stack, outer);
      renamed(workspace, from?.[0]);
      renamed(workspace.addJob(inner), from?.[1]);
    };
    expect(brief(changesOf(build("a", "x"), build("b", "y", ["a", "x"])))).toEqual([
      "s/b rename, was s/a",
      "s/b/y rename, was s/a/x",
    ]);
  });

  it("to what is of another kind is none", () => {
    const before = (stack: Stack) => new Job(stack, "a");
    const after = (stack: Stack) => renamed(new Workspace(stack, "b"), "a");
    expect(brief(changesOf(before, after))).toEqual(["s/a delete", "s/b create"]);
  });

  it("into the place of another kind keeps the two apart", () => {
    const before = (stack: Stack) => {
      const old = new Job(stack, "old", { name: "old" });
      new CronJob(stack, "place", {
        schedule: Schedule.daily(),
        script: "date",
        environment: { A: old.name },
      });
    };
    const after = (stack: Stack) => renamed(new Job(stack, "place", { name: "old", noSleep: true }), "old");
    expect(brief(changesOf(before, after))).toEqual([
      "s/place patch, was s/old",
      "s/place (until now) delete",
    ]);
  });

  it("of a job without a workspace says nothing of one", () => {
    const build = (id: string, name: string, from?: string) => (stack: Stack) =>
      renamed(new Job(stack, id, { name }), from);
    const changed = (name: string) =>
      changesOf(build("a", "x"), build("b", name, "a")).map(({ changes }) =>
        changes.map(({ property }) => property),
      );
    expect(changed("x")).toEqual([[]]);
    expect(changed("y")).toEqual([["name"]]);
  });

  it("and another name at once is a replacement", () => {
    const build = (id: string, from?: string) => (stack: Stack) =>
      renamed(new Job(stack, id, { name: id }), from);
    expect(brief(changesOf(build("a"), build("b", "a")))).toEqual(["s/b replace, loses files, was s/a"]);
  });
});

describe("in the manifest a rename", () => {
  it("stands only where it is used, with the ways that Pulumi looks for it", () => {
    const { resources } = manifestOf((stack) => {
      const workspace = new Workspace(stack, "data");
      Renames.of(workspace).from("files");
      Renames.of(workspace).from("store");
      renamed(workspace.addJob("job"), "web");
      new Job(stack, "other");
    });
    expect(Object.entries(resources).map(([path, { renamedFrom }]) => [path, renamedFrom])).toEqual([
      ["s/data", ["s/files", "s/store"]],
      ["s/data/job", ["s/data/web", "s/files/job", "s/files/web", "s/store/job", "s/store/web"]],
      ["s/other", undefined],
    ]);
  });

  it("is read back, and its absence too", () => {
    const manifest = manifestOf((stack) => renamed(new Job(stack, "site"), "web"));
    expect(readManifest("m.json", manifestText(manifest))).toEqual(manifest);
    const old = manifestOf((stack) => void new Job(stack, "web"));
    expect(manifestText(old)).not.toContain("renamedFrom");
    expect(brief(compare(readManifest("m.json", manifestText(old)), manifest))).toEqual([
      "s/site rename, was s/web",
    ]);
  });
});
