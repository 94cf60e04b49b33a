import { Construct } from "constructs";
import { AlwaysOnService, Job, MagsResource, Renames, Sandbox, Stack, Workspace } from "../../../constructs";
import { appOf, problemsOf } from "../support";
import { deployed, urn } from "./support";

describe("a rename", () => {
  it("is an alias of the component, whose names all below it begin with", async () => {
    const { component, at } = await deployed((stack) => {
      Renames.of(new Job(stack, "site", { http: { port: 80 } })).from("web");
      const group = new Workspace(stack, "group");
      // Moved out of one, and into another.
      Renames.of(new Job(stack, "out")).from("/s/group/inner");
      Renames.of(new Job(group, "in")).from("/top");
    });
    expect(component("s/site").aliases).toEqual([{ name: "s/web", parenturn: urn("Stack", "s") }]);
    expect(at("s/site").aliases).toEqual([]);
    expect(component("s/out").aliases).toEqual([
      { name: "s/group/inner", parenturn: urn("Stack", "Workspace", "s/group") },
    ]);
    expect(component("s/group/in").aliases).toEqual([{ name: "top", noparent: true }]);
  });

  it("of a resource without a construct around it is its own alias", async () => {
    const { at } = await deployed((stack) => {
      Renames.of(new MagsResource(stack, "new", "Job", {})).from("old");
    });
    expect(at("s/new").aliases).toEqual([{ name: "s/old", parenturn: urn("Stack", "s") }]);
  });

  it("from another class is an alias of that type, and from what had none around it one of the resource", async () => {
    const { component, at } = await deployed((stack) => {
      Renames.of(new Stack(stack, "in")).from("in", Construct);
      Renames.of(new AlwaysOnService(stack, "web", { script: "serve" })).from("box", Sandbox);
      Renames.of(new Job(stack, "job").resource).from("/s/job");
    });
    expect(component("s/in").aliases).toEqual([
      { name: "s/in", type: "mags:constructs:Construct", parenturn: urn("Stack", "s") },
    ]);
    expect(component("s/web").aliases).toEqual([
      { name: "s/box", type: "mags:constructs:Sandbox", parenturn: urn("Stack", "s") },
    ]);
    expect(at("s/job").aliases).toEqual([{ name: "s/job", parenturn: urn("Stack", "s") }]);
  });

  it("with a class that cannot be is a problem of the plan", () => {
    const app = appOf((stack) => {
      Renames.of(new Job(stack, "a")).from("a", Job);
      Renames.of(new Job(stack, "b").resource).from("/s/b", Sandbox);
      Renames.of(new Job(stack, "c")).from("old", "Sandbox" as never);
    });
    expect(problemsOf(app)).toEqual([
      expect.stringMatching(/^\[s\/a\] it was renamed from s\/a, but a construct is there now/),
      expect.stringMatching(/^\[s\/b\] it was renamed from s\/b and another class, but it is a resource/),
      expect.stringMatching(/^\[s\/c\] it was renamed from s\/old, and what it was is no class/),
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
