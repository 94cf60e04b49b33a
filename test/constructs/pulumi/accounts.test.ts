import * as pulumi from "@pulumi/pulumi";
import { App, Job, Stack, Workspace } from "../../../constructs";
import { deploy, type DeployOptions } from "../../../constructs/pulumi";
import * as mags from "../../../provider";
import { runProgram } from "../../support/pulumi-program";

/** Deploys three stacks that are filled alike. Returns what was made, by path, or the error; and what was warned of. */
async function deployed(
  build: (stack: Stack) => void,
  options: (provider: (name: string) => pulumi.ProviderResource) => DeployOptions,
) {
  let error = "";
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const { resources } = await runProgram(() => {
    const app = new App();
    for (const id of ["prod", "staging", "test"]) build(new Stack(app, id));
    const provider = (name: string) => new mags.Provider(name, { apiTokenEnv: "X" });
    try {
      deploy(app, options(provider));
    } catch (thrown) {
      error = (thrown as Error).message;
    }
  });
  const names = resources.filter(({ type }) => type.includes("dynamic/")).map(({ name }) => name);
  const warnings = warn.mock.calls.map(([message]) => message);
  warn.mockRestore();
  return { error, warnings, names };
}

const job = (stack: Stack) =>
  new Job(stack, "api", { name: "api", workspace: Workspace.fromName(stack, "data", "data") });

describe("one name", () => {
  it("in as many accounts is well", async () => {
    const { error, names } = await deployed(job, (provider) => ({
      provider: provider("prod"),
      providers: { staging: provider("staging"), test: provider("test") },
    }));
    expect(error).toBe("");
    expect(names).toEqual(["prod/api", "staging/api", "test/api"]);
  });

  it("twice in one account is refused, whichever stack it is in", async () => {
    const inOne = await deployed(job, () => ({}));
    expect(inOne.error).toContain(`[staging/api] its name is "api", as that of prod/api`);
    expect(inOne.error).toContain(`[test/api] it works on the workspace "data", as prod/api does`);
    expect(inOne.names).toEqual([]);
    const { error } = await deployed(job, (provider) => ({ providers: { prod: provider("prod") } }));
    expect(error).toContain("has 2 problems");
    expect(error).toContain(`[test/api] its name is "api", as that of staging/api`);
  });

  it("of a part of a stack is that of the part's account", async () => {
    const two = (stack: Stack) => {
      new Job(stack, "one", { name: stack.node.id });
      new Job(stack, "two", { name: stack.node.id });
    };
    const { error } = await deployed(two, (provider) => ({
      providers: { "prod/one": provider("a"), "staging/one": provider("b"), "test/one": provider("c") },
    }));
    expect(error).toBe("");
  });

  it("of an alias is one URL in all accounts that have one domain, which is a warning", async () => {
    const { warnings, error } = await deployed(
      (stack) => {
        const web = new Job(stack, "web", { http: { port: 80 } });
        web.addAlias("alias", { subdomain: "shop" });
        web.addAlias("own", { subdomain: "own", domain: `${stack.node.id}.example.org` });
      },
      (provider) => ({
        providers: { prod: provider("prod"), staging: provider("staging"), test: provider("test") },
      }),
    );
    expect(error).toBe("");
    expect(warnings).toEqual([
      expect.stringContaining(
        `[staging/web/alias] its subdomain is "shop", as that of prod/web/alias in another`,
      ),
      expect.stringContaining(
        `[test/web/alias] its subdomain is "shop", as that of prod/web/alias in another`,
      ),
    ]);
  });
});
