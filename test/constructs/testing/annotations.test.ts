import { Annotations as Notes, App, Job, Stack, Workspace } from "../../../constructs";
import { Annotations, AssertionError, Capture, Match } from "../../../constructs/testing";
import { shop } from "./shop";

describe("Annotations", () => {
  it("has the infos and warnings of a stack, by path and by text", () => {
    const annotations = Annotations.fromStack(shop().stack);
    annotations.hasWarning("shop/web", "runs around the clock");
    annotations.hasWarning("*", Match.stringLikeRegexp("clock$"));
    annotations.hasInfo("shop/idle", Match.anyValue());
    annotations.hasNoInfo("shop/web", Match.anyValue());
    annotations.hasNoWarning("shop/web", "something else");
    annotations.hasNoError("*", Match.anyValue());
    expect(annotations.findWarning("*", Match.anyValue())).toEqual([
      { path: "shop/web", level: "warning", message: "runs around the clock" },
    ]);
    expect(annotations.findInfo("shop/web", Match.anyValue())).toEqual([]);
  });

  it("has everything that makes the plan fail as errors, and the other messages all the same", () => {
    const app = new App();
    const stack = new Stack(app, "shop");
    const site = new Workspace(stack, "site");
    new Job(stack, "web", { workspace: site, http: { port: 0 } });
    Notes.of(site).addError("is not as it should be");
    Notes.of(site).addWarning("is old");
    site.node.addValidation({ validate: () => ["is refused"] });
    const annotations = Annotations.fromStack(stack);
    annotations.hasError("shop/site", "is not as it should be");
    annotations.hasError("shop/site", "is refused");
    annotations.hasError("shop/web", Match.stringLikeRegexp("^http.port"));
    annotations.hasWarning("shop/site", "is old");
    expect(annotations.findError("*", Match.anyValue())).toHaveLength(3);
  });

  it("has the errors of what the stack is in: its plan fails by them, too", () => {
    const app = new App();
    const stack = new Stack(app, "shop");
    const [a, b] = ["a", "b"].map((id) => new Job(stack, id));
    a!.node.addDependency(b!);
    b!.node.addDependency(a!);
    Annotations.fromStack(stack).hasError(
      "",
      Match.stringLikeRegexp("^these wait for each other: shop/a → shop/b"),
    );
    expect(() => Annotations.fromStack(stack).hasNoError("*", Match.anyValue())).toThrow("[app] these wait");
    const other = new App();
    Notes.of(other).addError("is not as it should be");
    Notes.of(other).addWarning("is old");
    const inner = new Stack(new Stack(other, "outer"), "inner");
    Annotations.fromStack(inner).hasError("*", "is not as it should be");
    Annotations.fromStack(inner).hasNoWarning("*", Match.anyValue());
  });

  it("has nothing of another stack", () => {
    const { stack, other, app } = shop();
    Notes.of(other).addWarning("elsewhere");
    new Job(new Stack(app, "shop-2"), "bad", { http: { port: 0 } });
    const annotations = Annotations.fromStack(stack);
    annotations.hasNoWarning("*", "elsewhere");
    annotations.hasNoError("*", Match.anyValue());
    Annotations.fromStack(other).hasWarning("other", "elsewhere");
  });

  it("captures what it finds", () => {
    const text = new Capture();
    Annotations.fromStack(shop().stack).hasWarning("shop/web", text);
    expect(text.asString()).toBe("runs around the clock");
  });

  it("a failure shows what there is", () => {
    const annotations = Annotations.fromStack(shop().stack);
    const fails = (assert: () => void, text: string) => {
      expect(assert).toThrow(AssertionError);
      expect(assert).toThrow(text);
    };
    fails(
      () => annotations.hasWarning("shop/idle", "x"),
      'Expected warning "x" at shop/idle, but there is only:\n  [shop/web] runs around the clock',
    );
    fails(
      () => annotations.hasError("*", Match.anyValue()),
      "Expected error Match.anyValue() at any path, but there is none.",
    );
    fails(
      () => annotations.hasNoInfo("*", Match.anyValue()),
      "Expected no such info, but there is:\n  [shop/idle] has nothing to do",
    );
  });

  it("a bug in the program is no annotation", () => {
    const stack = new Stack(new App(), "s");
    jest.spyOn(App.of(stack), "plan").mockImplementation(() => {
      throw new TypeError("a bug");
    });
    expect(() => Annotations.fromStack(stack)).toThrow(TypeError);
  });
});
