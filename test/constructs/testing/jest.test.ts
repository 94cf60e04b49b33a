import "../../../constructs/testing/jest";
import { App, Job, Stack } from "../../../constructs";
import { Match, Template } from "../../../constructs/testing";
import { shop } from "./shop";

const messageOf = (assert: () => void) => {
  try {
    assert();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing failed");
};

describe("matchers of Jest", () => {
  it("toHaveResource takes apps, stacks and templates", () => {
    const { app, stack, other } = shop();
    for (const subject of [app, stack, Template.fromStack(stack)]) {
      expect(subject).toHaveResource("Job");
      expect(subject).toHaveResource("Job", { noSleep: true, http: { port: Match.anyValue() } });
      expect(subject).not.toHaveResource("Job", { vcpus: 4 });
    }
    expect(other).not.toHaveResource("UrlAlias");
  });

  it("toHaveResourceCount counts all, or those that match", () => {
    const { stack } = shop();
    expect(stack).toHaveResourceCount("Job", 2);
    expect(stack).toHaveResourceCount("Job", 1, { noSleep: true });
    expect(stack).not.toHaveResourceCount("Job", 3);
  });

  it("toHaveError, toHaveWarning and toHaveInfo look at messages", () => {
    const { stack } = shop();
    expect(stack).toHaveWarning();
    expect(stack).toHaveWarning("shop/web", "runs around the clock");
    expect(stack).not.toHaveWarning("shop/idle");
    expect(stack).toHaveInfo("*", Match.stringLikeRegexp("nothing"));
    expect(stack).not.toHaveError();
    new Job(stack, "bad", { http: { port: 0 } });
    expect(stack).toHaveError("shop/bad", Match.stringLikeRegexp("http.port"));
  });

  it("fail with what comes closest, or with what should not be there", () => {
    const { stack } = shop();
    expect(messageOf(() => expect(stack).toHaveResource("Job", { vcpus: 4 }))).toMatch(
      /^None of 2 Jobs matches\.\n2 are equally close; the first is shop\/idle/,
    );
    expect(messageOf(() => expect(stack).not.toHaveResource("Job", { noSleep: true }))).toBe(
      "Expected no Job that matches, but there is: shop/web.",
    );
    expect(messageOf(() => expect(stack).not.toHaveResourceCount("Job", 2))).toBe(
      "Expected another number of Jobs than 2: shop/idle, shop/web.",
    );
    expect(messageOf(() => expect(stack).not.toHaveWarning())).toBe(
      "Expected no such warning, but there is:\n  [shop/web] runs around the clock",
    );
  });

  it("a plan that fails is no resource that is missing", () => {
    const stack = new Stack(new App(), "s");
    new Job(stack, "bad", { http: { port: 0 } });
    expect(() => expect(stack).not.toHaveResource("Workspace")).toThrow("The app has a problem");
  });

  it("are for apps, stacks and templates only", () => {
    expect(() => expect({}).toHaveResource("Job")).toThrow(
      "This matcher is for an App, a Stack or a Template",
    );
    expect(() => expect(new App()).toHaveWarning()).toThrow("This matcher is for a Stack");
  });

  it("know the properties of each kind", () => {
    const { stack } = shop();
    // @ts-expect-error -- a Job has no cronExpression
    expect(stack).not.toHaveResource("Job", { cronExpression: "0 3 * * *" });
    // @ts-expect-error -- there is no such kind
    expect(() => expect(stack).toHaveResource("Bucket")).toThrow('There is no kind of resource "Bucket"');
    // @ts-expect-error -- a UrlAlias has no vcpus
    expect(Template.fromStack(stack).findResources("UrlAlias", { properties: { vcpus: 1 } })).toEqual({});
  });

  it("say what to do where there is no global expect", () => {
    const holder = globalThis as { expect?: unknown };
    const own = holder.expect;
    let text = "";
    try {
      delete holder.expect;
      jest.isolateModules(() => {
        text = messageOf(() => jest.requireActual("../../../constructs/testing/jest"));
      });
    } finally {
      holder.expect = own;
    }
    expect(text).toMatch(/There is no global expect.*call expect\.extend\(matchers\)/);
  });
});
