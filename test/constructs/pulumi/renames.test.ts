import { Construct } from "constructs";
import { AlwaysOnService, Job, MagsResource, Renames, Sandbox, Stack, Workspace } from "../../../constructs";
import { appOf, problemsOf } from "../support";
import { deployed, urn } from "./support";

describe("a rename", () => {
  it("is an alias of the component, whose names all below it begin with", async () => {
    const { component, at } = await deployed((stack) => {
      const group = new Sandbox(stack, "group");
      Renames.of(group).from("team");
    });
    expect(component("s/group").aliases).toEqual([{ name: "s/team", parenturn: urn("Stack", "s") }]);
    expect(at("s/group/Job").aliases).toEqual([]);
  });

  it("of a construct that is one resource is an alias of that, and of all that stands beside it", async () => {
    const { component, at } = await deployed((stack) => {
      const site = new Job(stack, "site", { http: { port: 80 } });
      Renames.of(site).from("web");
      site.addAlias("alias");
      Renames.of(site.addAlias("second")).from("first");
      new Job(new Construct(site, "group"), "inner");
      const group = new Workspace(stack, "group");
      // Moved out of one, and into another.
      Renames.of(new Job(stack, "out")).from("/s/group/inner");
      Renames.of(new Job(group, "in")).from("/top");
    });
    const inStack = (...names: string[]) => names.map((name) => ({ name, parenturn: urn("Stack", "s") }));
    expect(at("s/site").aliases).toEqual(inStack("s/web"));
    expect(at("s/site/alias").aliases).toEqual(inStack("s/web/alias"));
    expect(at("s/site/second").aliases).toEqual(inStack("s/site/first", "s/web/second", "s/web/first"));
    expect(component("s/site/group").aliases).toEqual(inStack("s/web/group"));
    expect(at("s/out").aliases).toEqual(inStack("s/group/inner"));
    expect(at("s/group/in").aliases).toEqual([{ name: "top", noparent: true }]);
  });

  it("into a pattern and out of it is one of the resource", async () => {
    const { at } = await deployed((stack) => {
      const service = new AlwaysOnService(stack, "web", { script: "serve" });
      Renames.of(service.job).from("/s/web");
      Renames.of(new Workspace(stack, "files")).from("/s/web/Files");
    });
    expect(at("s/web/Job").aliases).toEqual([{ name: "s/web", parenturn: urn("Stack", "s") }]);
    expect(at("s/web/Job/Alias").aliases).toEqual([{ name: "s/web/Alias", parenturn: urn("Stack", "s") }]);
    expect(at("s/files").aliases).toEqual([
      { name: "s/web/Files", parenturn: urn("Stack", "AlwaysOnService", "s/web") },
    ]);
  });

  it("of a resource without a construct around it is its own alias", async () => {
    const { at } = await deployed((stack) => {
      Renames.of(new MagsResource(stack, "new", "Job", {})).from("old");
    });
    expect(at("s/new").aliases).toEqual([{ name: "s/old", parenturn: urn("Stack", "s") }]);
  });

  it("from another class is an alias of that type", async () => {
    const { component } = await deployed((stack) => {
      Renames.of(new Stack(stack, "in")).from("in", Construct);
      Renames.of(new AlwaysOnService(stack, "web", { script: "serve" })).from("box", Sandbox);
    });
    expect(component("s/in").aliases).toEqual([
      { name: "s/in", type: "mags:constructs:Construct", parenturn: urn("Stack", "s") },
    ]);
    expect(component("s/web").aliases).toEqual([
      { name: "s/box", type: "mags:constructs:Sandbox", parenturn: urn("Stack", "s") },
    ]);
  });

  it("with a class that cannot be is a problem of the plan", () => {
    const app = appOf((stack) => {
      Renames.of(new Job(stack, "a")).from("a", Job);
      Renames.of(new Job(stack, "b").resource).from("/s/b", Sandbox);
      Renames.of(new Job(stack, "c")).from("old", "Sandbox" as never);
      Renames.of(new Job(stack, "d")).from("old", Sandbox);
      Renames.of(new Sandbox(stack, "e")).from("old", Job);
    });
    expect(problemsOf(app)).toEqual([
      expect.stringMatching(/^\[s\/a\] it was renamed from s\/a, but a construct is there now/),
      expect.stringMatching(/^\[s\/b\] it was renamed from s\/b and another class, but it is a resource/),
      expect.stringMatching(/^\[s\/c\] it was renamed from s\/old, and what it was is no class/),
      expect.stringMatching(/^\[s\/d\] it was renamed from s\/old and another class, but it is a resource/),
      expect.stringMatching(/^\[s\/e\] it was renamed from s\/old and the class Job, which is one resource/),
    ]);
  });

  it("that cannot be is a problem of the plan", () => {
    const app = appOf((stack) => {
      new Job(stack, "there");
      for (const [id, from] of Object.entries({ a: "there", b: "/gone/web", c: "", d: "/" }))
        Renames.of(new Job(stack, id)).from(from);
    });
    expect(problemsOf(app)).toEqual([
      expect.stringMatching(/^\[s\/a\] it was renamed from s\/there, but a construct is there now/),
      expect.stringMatching(
        /^\[s\/b\] it was renamed from gone\/web, but gone is no part of the app any more/,
      ),
      expect.stringMatching(/^\[s\/c\] it was renamed from a path without an id/),
      expect.stringMatching(/^\[s\/d\] it was renamed from a path without an id/),
    ]);
  });
});
