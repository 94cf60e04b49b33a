import * as pulumi from "@pulumi/pulumi";
import { job } from "../../../provider/lifecycle/job";
import { urlAlias } from "../../../provider/lifecycle/url-alias";
import { workspace } from "../../../provider/lifecycle/workspace";
import { judge } from "../../../provider/resources/problems";
import * as mags from "../../../provider";
import { runProgram } from "../../support/pulumi-program";

const reasonsOf = async (failure: Promise<never> | undefined): Promise<string> => {
  if (!failure) return "";
  return failure.catch((error: Error) => error.message);
};

it("tells the mistakes of all resources of a program at once, each with its resource", async () => {
  const { result } = await runProgram(() => [
    judge(workspace, "before", { name: "before" }),
    judge(job, "web", { diskGb: 1, noSlep: true }),
    judge(urlAlias, "shop", { subdomain: "My Shop" }),
    judge(workspace, "after", { name: "after" }),
    judge(workspace, "site", { name: "" }),
  ]);
  expect(result[0]).toBeUndefined();
  // What is fine but comes after the first mistake is refused with it.
  const texts = await Promise.all(result.slice(1).map(reasonsOf));
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toMatch(/^The program has 5 problems/);
  for (const line of [
    'Job "web": diskGb must be',
    'Job "web": there is no property noSlep: did you mean noSleep?',
    'UrlAlias "shop": subdomain must be',
    'UrlAlias "shop": workspaceId is missing',
    'Workspace "site": name must be',
  ]) {
    expect(texts[0]).toContain(`\n  - ${line}`);
  }
});

it("no arguments at all, as JavaScript allows it, are missing arguments", async () => {
  const { result } = await runProgram(() => [judge(urlAlias, "shop", {})]);
  await expect(reasonsOf(result[0])).resolves.toContain("workspaceId is missing");
  const make = (kind: unknown) => new (kind as new (name: string, args?: null) => unknown)("x", null);
  const { resources } = await runProgram(() => [make(mags.Job)]);
  expect(resources).toHaveLength(1);
});

it("is told as a user's mistake, without a stack", async () => {
  const { result } = await runProgram(() => [judge(job, "web", { diskGb: 1 })]);
  const error: unknown = await result[0]!.catch((thrown: unknown) => thrown);
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect((error as Error).message).toMatch(/^The program has a problem\./);
});

it("lets pass what is known only later, at any depth, and what was not given", async () => {
  const later = pulumi.output("later");
  const { result } = await runProgram(() => [
    judge(job, "web", {
      name: later,
      script: undefined,
      environment: { A: later },
      http: { port: pulumi.output(80), otherPorts: [pulumi.output(81)] },
      secrets: pulumi.secret({ A: "x" }),
      triggers: [Promise.resolve(1)],
    }),
  ]);
  expect(result[0]).toBeUndefined();
});

it("judges rules across fields too", async () => {
  const { result } = await runProgram(() => [judge(job, "web", { waitFor: "healthy" })]);
  expect(await reasonsOf(result[0])).toContain('waitFor "healthy" needs http');
});

it("shows no values", async () => {
  const { result } = await runProgram(() => [
    judge(job, "web", { environment: { A: ["hidden"] }, hidden_in_value: "hidden", name: "hidden value" }),
  ]);
  expect((await reasonsOf(result[0])).replace("hidden_in_value", "")).not.toContain("hidden");
});

it("begins anew after it has told", async () => {
  const { result: first } = await runProgram(() => [judge(job, "web", { diskGb: 1 })]);
  await reasonsOf(first[0]);
  const { result: second } = await runProgram(() => [judge(job, "web", { diskGb: 4 })]);
  expect(second[0]).toBeUndefined();
});
