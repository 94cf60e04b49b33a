import { Construct } from "constructs";
import { compare } from "../../../cli/diff/compare";
import { inWords } from "../../../cli/diff/words";
import {
  AlwaysOnService,
  Job,
  MagsResource,
  RemovalPolicy,
  Renames,
  Sandbox,
  Stack,
  UrlAlias,
  Workspace,
  type Manifest,
} from "../../../constructs";
import { manifestText, readManifest } from "../../../constructs/manifest-text";
import { brief, changesOf, manifestOf } from "./support";

const sandbox = (stack: Stack) => new Sandbox(stack, "x", { deletionProtection: false });
const service = (stack: Stack) =>
  new AlwaysOnService(stack, "x", {
    script: "serve",
    alias: false,
    workspace: { deletionProtection: false },
  });

describe("another type of construct under the same id", () => {
  it("replaces all that is in it, and says why", () => {
    const changes = changesOf(sandbox, service);
    expect(brief(changes)).toEqual([
      "s/x/Job replace, s/x was of another type",
      "s/x/Workspace replace, s/x was of another type",
    ]);
    expect(inWords(changes)).toContain(
      [
        `± s/x/Workspace (Workspace): replace`,
        `    since s/x was of another type (Sandbox, now AlwaysOnService): ` +
          `Pulumi takes what is in it for something new, makes it first, and deletes the old one then`,
        `    if it is to go on, say so with Renames.of(…).from("/s/x", Sandbox)`,
      ].join("\n"),
    );
  });

  it("is refused for what is protected, and keeps what is retained", () => {
    const kept = (stack: Stack) => new Sandbox(stack, "x", { removalPolicy: RemovalPolicy.RETAIN });
    expect(brief(changesOf((stack) => new Sandbox(stack, "x"), service))).toEqual([
      "s/x/Job replace, s/x was of another type",
      "s/x/Workspace replace, refused, s/x was of another type",
    ]);
    expect(brief(changesOf(kept, service))).toEqual([
      "s/x/Job replace, keeps the old one, s/x was of another type",
      "s/x/Workspace replace, keeps the old one, s/x was of another type",
    ]);
  });

  it("is refused for what has to have a name, or a workspace, that the old one still has", () => {
    const build = (scope: (stack: Stack) => Construct) => (stack: Stack) => {
      const group = scope(stack);
      new Job(group, "named", { name: "web" });
      new Job(group, "adopting", { name: "other", adopt: true });
      new Job(group, "on", { workspace: new Workspace(stack, "files") });
      new UrlAlias(group, "alias", {
        target: new Job(group, "free", { http: { port: 80 } }),
        subdomain: "shop",
      });
    };
    const [before, after] = [Construct, Stack].map((type) => build((stack) => new type(stack, "in")));
    const changes = changesOf(before!, after!);
    expect(changes.map(({ path, refused }) => [path, refused?.match(/its \w+/)?.[0]])).toEqual([
      ["s/in/adopting", undefined],
      ["s/in/alias", "its subdomain"],
      ["s/in/free", undefined],
      ["s/in/named", "its name"],
      ["s/in/on", "its workspace"],
    ]);
  });

  it("is refused for what is retained under a name that the new one wants, too", () => {
    const named = (wrap: boolean) => (stack: Stack) => {
      const job = new Job(wrap ? new Stack(stack, "in") : new Construct(stack, "in"), "j", { name: "web" });
      job.resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    };
    expect(brief(changesOf(named(false), named(true)))).toEqual([
      "s/in/j replace, refused, s/in was of another type",
    ]);
  });

  it("is another one for those that refer to it", () => {
    const build = (wrap: boolean) => (stack: Stack) => {
      const job = new Job(wrap ? new Stack(stack, "in") : new Construct(stack, "in"), "job", {
        http: { port: 80 },
      });
      new Job(stack, "client", { environment: { URL: job.url } });
      new UrlAlias(stack, "alias", { target: job, subdomain: "shop" });
    };
    const changes = changesOf(build(false), build(true));
    expect(brief(changes)).toEqual([
      "s/alias repoint",
      "s/client restart, loses files",
      "s/in/job replace, s/in was of another type",
    ]);
    expect(inWords(changes)).toContain("environment.URL: s/in/job.url → another s/in/job.url");
  });

  it("goes on with a rename from it, which shows what else changes", () => {
    const after = (stack: Stack) => Renames.of(service(stack)).from("x", Sandbox);
    const changes = changesOf(sandbox, after);
    expect(changes.map(({ path, action, renamedFrom }) => [path, action, renamedFrom])).toEqual([
      ["s/x/Job", "restart", "s/x/Job"],
      ["s/x/Workspace", "rename", "s/x/Workspace"],
    ]);
    expect(inWords(changes)).toContain("of another class until now, by a rename: nothing is replaced");
    expect(changesOf(after, after)).toEqual([]);
    expect(changesOf(after, service)).toEqual([]);
  });

  it("and another id at once goes on with a rename", () => {
    const after = (stack: Stack) => Renames.of(new Stack(stack, "y")).from("c", Construct);
    const before = manifestOf((stack) => new Job(new Construct(stack, "c"), "j"));
    const moved = manifestOf((stack) => {
      const inner = new Stack(stack, "y");
      Renames.of(inner).from("c", Construct);
      new Job(inner, "j");
    });
    expect(brief(compare(before, moved))).toEqual(["s/y/j rename, was s/c/j"]);
    expect(changesOf(after, after)).toEqual([]);
  });
});

describe("a resource of the program's own", () => {
  const own = (stack: Stack) => new MagsResource(stack, "x", "Job", {});
  const wrapped = (stack: Stack) => new Job(stack, "x");

  const inOwn = (rename = false) => {
    return (stack: Stack) => {
      const resource = new MagsResource(new Construct(stack, "x"), "Resource", "Job", {});
      if (rename) Renames.of(resource).from("/s/x");
    };
  };

  it("is that of a construct of ours of its path, there and back", () => {
    expect(changesOf(own, wrapped)).toEqual([]);
    expect(changesOf(wrapped, own)).toEqual([]);
  });

  it("in a construct of the program's own is another one, and a rename of the resource goes on with it", () => {
    const changes = changesOf(own, inOwn());
    expect(brief(changes)).toEqual(["s/x replace, s/x was of another type"]);
    expect(inWords(changes)).toContain("(Job, now Construct)");
    expect(inWords(changes)).toContain(`say so with Renames.of(….resource).from("/s/x")`);
    expect(brief(changesOf(own, inOwn(true)))).toEqual(["s/x rename, was s/x"]);
  });

  it("cannot go on with that of a construct of the program's own, which is said", () => {
    expect(inWords(changesOf(inOwn(), own))).toContain(
      "since s/x was of another type (Construct, now Job): Pulumi takes what is in it for something new, " +
        "makes it first, and deletes the old one then\n" +
        "    no rename can go on with it: leave s/x as it was, if it is to stay",
    );
  });
});

describe("what stands below a construct that is one resource", () => {
  const alias = (scope: Construct) => new UrlAlias(scope, "alias", { target: { workspaceId: "w" } });

  it("is in another place once a component is around it, and again when that goes", () => {
    const beside = (stack: Stack) => alias(new Job(stack, "x"));
    const inside = (stack: Stack) => alias(new Construct(stack, "x"));
    expect(changesOf(beside, inside).map(({ path, retyped }) => [path, retyped])).toEqual([
      ["s/x", undefined],
      ["s/x/alias", { path: "s/x", before: "Job", after: "Construct" }],
    ]);
    expect(changesOf(inside, beside).map(({ path, retyped }) => [path, retyped])).toEqual([
      ["s/x", undefined],
      ["s/x/alias", { path: "s/x", before: "Construct", after: "Job" }],
    ]);
  });

  it("is told by the types of the components below it alone", () => {
    const group = (type: typeof Stack | typeof Construct) => (stack: Stack) =>
      new Job(new type(new Job(stack, "x"), "in"), "j");
    const [change] = changesOf(group(Construct), group(Stack));
    expect([change!.path, change!.retyped]).toEqual([
      "s/x/in/j",
      {
        path: "s/x/in",
        before: "Construct",
        after: "Stack",
        renaming: { path: "s/x/in", from: "s/x/in", was: "Construct" },
      },
    ]);
  });
});

it("a manifest of an earlier release, without types, is compared by path and kind", () => {
  const before = manifestOf(sandbox);
  const untyped = {
    ...before,
    resources: Object.fromEntries(
      Object.entries(before.resources).map(([path, { types: _, ...rest }]) => [path, rest]),
    ),
  } as Manifest;
  const read = readManifest("m.json", manifestText(untyped));
  expect(compare(read, before)).toEqual([]);
  expect(brief(compare(read, manifestOf(service)))).toEqual(["s/x/Job restart"]);
});

describe("what looks like a rename that nobody has said", () => {
  const hints = (before: (stack: Stack) => void, after: (stack: Stack) => void) =>
    changesOf(before, after).flatMap(({ path, looksLike }) =>
      looksLike ? [[path, looksLike.path, looksLike.renaming]] : [],
    );
  const renaming = { path: "s/b", from: "s/a" };

  it("names the construct that was renamed, also for what refers to its siblings", () => {
    expect(
      hints(
        (stack) => new Sandbox(stack, "a"),
        (stack) => new Sandbox(stack, "b"),
      ),
    ).toEqual([
      ["s/b/Job", "s/a/Job", renaming],
      ["s/b/Workspace", "s/a/Workspace", renaming],
    ]);
  });

  it("names the class where that was another one as well", () => {
    expect(
      hints(
        (stack) => new Job(new Construct(stack, "a"), "j"),
        (stack) => new Job(new Stack(stack, "b"), "j"),
      ),
    ).toEqual([["s/b/j", "s/a/j", { ...renaming, was: "Construct" }]]);
  });

  it("names what is one resource, from wherever it was, and what is below it", () => {
    const props = { script: "serve", noSleep: true, http: { port: 80 } };
    expect(
      hints(
        (stack) => new Job(stack, "a", props).addAlias("alias"),
        (stack) => new Job(stack, "b", props).addAlias("alias"),
      ),
    ).toEqual([
      ["s/b", "s/a", renaming],
      ["s/b/alias", "s/a/alias", renaming],
    ]);
    expect(
      hints(
        (stack) => new Job(stack, "a", props),
        (stack) => new Job(new Construct(stack, "a"), "job", props),
      ),
    ).toEqual([["s/a/job", "s/a", { path: "s/a/job", from: "s/a" }]]);
    // What it was in is there, and no component any more.
    expect(
      hints(
        (stack) => new Job(new Construct(stack, "a"), "job", props),
        (stack) => new Job(stack, "a", props),
      ),
    ).toEqual([["s/a", "s/a/job", undefined]]);
  });

  it("tells those in a group apart by what they are called", () => {
    const group = (id: string) => (stack: Stack) => {
      const inner = new Construct(stack, id);
      for (const name of ["one", "two"]) new Workspace(inner, name);
    };
    expect(hints(group("a"), group("b"))).toEqual([
      ["s/b/one", "s/a/one", renaming],
      ["s/b/two", "s/a/two", renaming],
    ]);
  });

  it("gives no rename that the plan would refuse", () => {
    expect(
      hints(
        (stack) => new Workspace(new Construct(stack, "gone"), "a"),
        (stack) => new Workspace(stack, "b"),
      ),
    ).toEqual([["s/b", "s/gone/a", undefined]]);
  });

  it("gives renames that go on with all of it when they are followed", () => {
    const build = (id: string, from?: string) => (stack: Stack) => {
      const inner = new Sandbox(stack, id);
      if (from !== undefined) Renames.of(inner).from(from);
    };
    const first = changesOf(build("a"), build("b")).find(({ looksLike }) => looksLike);
    expect(brief(changesOf(build("a"), build("b", `/${first!.looksLike!.renaming!.from}`)))).toEqual([
      "s/b/Job rename, was s/a/Job",
      "s/b/Workspace rename, was s/a/Workspace",
    ]);
  });
});
