import { expect, test } from "@jest/globals";
import { App, Job, Stack } from "../../../constructs";
import { matchers, type MagsMatchers } from "../../../constructs/testing";

// As the documentation has it for those who import `expect`: that this compiles is a part of what is tested.
declare module "expect" {
  // eslint-disable-next-line -- the type parameters have to be those of Jest's interface
  interface Matchers<R extends void | Promise<void>, T = unknown> extends MagsMatchers<R> {}
}
expect.extend(matchers);

test("the matchers are methods of an expect that is imported, too", () => {
  const stack = new Stack(new App(), "shop");
  new Job(stack, "web", { noSleep: true });
  expect(stack).toHaveResource("Job", { noSleep: true });
  expect(stack).not.toHaveError();
  expect(() => expect(stack).toHaveResourceCount("Job", 2)).toThrow("Expected 2 Jobs");
});
