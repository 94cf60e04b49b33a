import { Construct, type IConstruct } from "constructs";
import {
  App,
  AspectPriority,
  Aspects,
  Job,
  MagsResource,
  RemovalPolicy,
  Stack,
  Workspace,
} from "../../constructs";
import { appOf, propertiesAt, refused } from "./support";

/** Notes what it visits, under a name. */
const noting = (seen: string[], name: string) => ({
  visit: (construct: IConstruct) => void seen.push(`${name} ${construct.node.path}`),
});

it("visit a construct and all below it, by id, outer before inner", () => {
  const seen: string[] = [];
  const app = appOf((stack) => {
    const b = new Job(stack, "b");
    new Job(stack, "a");
    Aspects.of(b).add(noting(seen, "inner"));
    Aspects.of(stack).add(noting(seen, "outer"));
  });
  app.plan();
  expect(seen).toEqual([
    "outer s",
    "outer s/a",
    "outer s/a/Resource",
    "outer s/b",
    "outer s/b/Resource",
    "inner s/b",
    "inner s/b/Resource",
  ]);
});

it("of a lower number have seen everything before one of a higher number sees anything", () => {
  const seen: string[] = [];
  const app = appOf((stack) => {
    Aspects.of(stack).add(noting(seen, "last"), { priority: AspectPriority.READONLY });
    Aspects.of(new Construct(stack, "c")).add(noting(seen, "first"), { priority: AspectPriority.MUTATING });
    Aspects.of(stack).add(noting(seen, "default"));
  });
  app.plan();
  expect(seen).toEqual(["first s/c", "default s", "default s/c", "last s", "last s/c"]);
});

it("can change resources, also by policy", () => {
  const app = appOf((stack) => {
    new Job(stack, "job");
    new Workspace(stack, "w");
    Aspects.of(stack).add({
      visit(construct) {
        if (construct instanceof Job) construct.resource.addOverride("noSleep", true);
        if (MagsResource.isMagsResource(construct)) construct.applyRemovalPolicy(RemovalPolicy.DESTROY);
      },
    });
  });
  const plan = app.plan();
  expect(propertiesAt(plan, "s/job")).toEqual({ noSleep: true });
  expect(propertiesAt(plan, "s/w")).toEqual({ deletionProtection: false });
});

it("see what others add, once, and what they add themselves", () => {
  const seen: string[] = [];
  const app = appOf((stack) => {
    const first = new Construct(stack, "a");
    Aspects.of(stack).add(noting(seen, "look"), { priority: AspectPriority.READONLY });
    Aspects.of(stack).add({
      visit(construct) {
        // Up to a third one.
        const { id } = construct.node;
        if (id === "a") new Construct(stack, "aa");
        if (id === "aa") new Construct(stack, "aaa");
      },
    });
    expect(first.node.children).toEqual([]);
  });
  app.plan();
  expect(seen).toEqual(["look s", "look s/a", "look s/aa", "look s/aaa"]);
});

it("that an aspect adds are visited, unless they come too late for their number", () => {
  const seen: string[] = [];
  const app = appOf((stack) => {
    const late = noting(seen, "late");
    Aspects.of(stack).add({ visit: (construct) => Aspects.of(construct).add(late, { priority: 600 }) });
  });
  app.plan();
  expect(seen).toEqual(["late s"]);

  class Late {
    visit() {}
  }
  const late = new Late();
  expect(
    refused((stack) => {
      Aspects.of(stack).add({ visit: () => Aspects.of(stack).add(late, { priority: 10 }) }, { priority: 20 });
    }),
  ).toEqual([
    expect.stringMatching(
      /^\[s\] the aspect Late of priority 10 was added when aspects of a higher number had been visited/,
    ),
  ]);
});

it("added twice are one, and a second plan visits only what is new", () => {
  const seen: string[] = [];
  const app = new App();
  const stack = new Stack(app, "s");
  const aspect = noting(seen, "x");
  Aspects.of(stack).add(aspect);
  Aspects.of(stack).add(aspect);
  expect(Aspects.of(stack).all).toEqual([aspect]);
  expect(Aspects.of(app).all).toEqual([]);
  app.plan();
  new Construct(stack, "new");
  app.plan();
  expect(seen).toEqual(["x s", "x s/new"]);
});

it("of what was taken out of the tree are not visited", () => {
  const seen: string[] = [];
  const app = appOf((stack) => {
    Aspects.of(new Construct(stack, "gone")).add(noting(seen, "x"));
    stack.node.tryRemoveChild("gone");
  });
  app.plan();
  expect(seen).toEqual([]);
});
