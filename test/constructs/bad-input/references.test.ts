import {
  App,
  interpolate,
  Job,
  MagsResource,
  Reference,
  Stack,
  UrlAlias,
  Workspace,
} from "../../../constructs";
import { refused } from "../support";

describe("references", () => {
  it("across apps", () => {
    const other = new Workspace(new Stack(new App(), "other"), "w");
    expect(refused((stack) => new Job(stack, "job", { workspace: other }))).toEqual([
      "[s/job] workspace is the workspaceId of other/w, which is part of another app. Import it by its name, with the class's from… methods.",
    ]);
  });

  it("to what was taken out of the tree", () => {
    expect(
      refused((stack) => {
        const workspace = new Workspace(stack, "w");
        new Job(stack, "job", { environment: { A: workspace.name } });
        stack.node.tryRemoveChild("w");
      }),
    ).toEqual([
      expect.stringMatching(
        /^\[s\/job\] environment\.A is the name of s\/w, which is no part of the app any more/,
      ),
    ]);
  });

  it("to an attribute that is none", () => {
    expect(
      refused((stack) => {
        const job = new Job(stack, "job");
        new Job(stack, "b", { environment: { A: job.resource.getAtt("wrokspaceId" as never) } });
        new Job(stack, "c", {
          environment: { A: new Reference<string>(job.resource as MagsResource, "xxxxxx") },
        });
      }),
    ).toEqual([
      `[s/b] environment.A is the wrokspaceId of Job "s/job", which has no such attribute: did you mean workspaceId?`,
      expect.stringMatching(/^\[s\/c\] .* no such attribute: known are name, requestId, .*, id\.$/),
    ]);
  });

  it("to the URL of a job that opens no port", () => {
    expect(
      refused((stack) => {
        const job = new Job(stack, "job");
        const environment = { A: job.url, B: interpolate`${job.resource.getAtt("subdomain")}.example.test` };
        new Job(stack, "b", { environment });
      }),
    ).toEqual([
      "[s/b] environment.A is the url of s/job, which opens no port and so has none. Give that job http: { port: … }.",
      "[s/b] environment.B is the subdomain of s/job, which opens no port and so has none. Give that job http: { port: … }.",
    ]);
  });

  it("a construct where its attribute is meant", () => {
    expect(
      refused((stack) => {
        const workspace = new Workspace(stack, "w");
        new MagsResource(stack, "raw", "Job", { workspaceId: workspace as never });
      }),
    ).toEqual(["[s/raw] workspaceId is a construct. Give one of its attributes, such as its workspaceId."]);
  });

  it("a target that is no target", () => {
    expect(refused((stack) => new UrlAlias(stack, "alias", { target: {} as never }))).toEqual([
      expect.stringMatching(/^\[s\/alias\] target is an object, but it takes the construct itself/),
    ]);
    expect(refused((stack) => new UrlAlias(stack, "alias", {} as never))).toEqual([
      expect.stringMatching(/^\[s\/alias\] target is missing, .* Give a Job, Workspace or Sandbox/),
    ]);
  });
});

describe("circles", () => {
  it("by references", () => {
    expect(
      refused((stack) => {
        const a = new Job(stack, "a");
        const b = new Job(stack, "b", { environment: { A: a.name } });
        a.addEnvironment("B", b.name);
      }),
    ).toEqual([
      "[] these wait for each other: s/a → s/b → s/a. s/a needs s/b (environment.B is its name); " +
        "s/b needs s/a (environment.A is its name). Take one of them away.",
    ]);
  });

  it("by dependencies of whole constructs", () => {
    const found = refused((_stack, app) => {
      const [a, b] = [new Stack(app, "a"), new Stack(app, "b")];
      const inA = new Job(a, "job");
      new Job(b, "job", { environment: { A: inA.name } });
      a.node.addDependency(b);
    });
    expect(found).toEqual([
      "[] these wait for each other: a → b/job → a. a was told to wait for b; b/job needs a/job (environment.A is its name). " +
        "Take one of them away.",
    ]);
  });

  it("of one", () => {
    expect(
      refused((stack) => {
        const a = new Job(stack, "a");
        a.addEnvironment("SELF", a.name);
        a.node.addDependency(a);
      }),
    ).toEqual([
      "[] s/a needs itself: environment.SELF is its name. Take that away.",
      "[s/a] it was told to wait for itself. Take that dependency away.",
    ]);
  });

  it("dependencies across apps, and on what is gone", () => {
    const other = new Stack(new App(), "other");
    expect(
      refused((stack) => {
        const gone = new Job(stack, "gone");
        stack.node.tryRemoveChild("gone");
        new Job(stack, "a").node.addDependency(other, gone);
      }),
    ).toEqual([
      expect.stringMatching(/^\[s\/a\] it was told to wait for other, which is part of another app/),
      expect.stringMatching(
        /^\[s\/a\] it was told to wait for s\/gone, which is no part of the app any more/,
      ),
    ]);
  });
});
