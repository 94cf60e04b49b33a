import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import { App, Job, Lazy, Secret, Stack, UrlAlias, Workspace, interpolate } from "../../../constructs";
import { deploy } from "../../../constructs/pulumi";
import { runProgram, valueOf } from "../../support/pulumi-program";
import { deployed, failing } from "./support";

describe("values of a deploy", () => {
  it("are those of the resources that they refer to, known in a preview", async () => {
    const { at, result } = await deployed((stack) => {
      const base = new Workspace(stack, "base", { name: "base" });
      const copy = base.fork("copy", { name: "copy" });
      const web = copy.addJob("web", { name: "web", http: { port: 80 } });
      new UrlAlias(stack, "alias", { target: web, subdomain: "shop" });
      const job = new Job(stack, "client", { environment: { NAME: web.name, PLAIN: "a" } });
      job.addEnvironment("BASE", copy.resource.getAtt("baseWorkspaceId"));
    });
    expect(result).toBeDefined();
    expect(at("s/client").inputs.environment).toMatchObject({ NAME: "web", PLAIN: "a" });
    expect(at("s/client").dependencies).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/mags:Job::s\/base\/copy\/web$/),
        expect.stringMatching(/mags:Workspace::s\/base\/copy$/),
      ]),
    );
    expect(at("s/base/copy/web").dependencies).toContainEqual(
      expect.stringMatching(/mags:Workspace::s\/base\/copy$/),
    );
  });

  it("may be Outputs, and stay secret where they are", async () => {
    const { at } = await deployed((stack) => {
      new Job(stack, "web", {
        script: pulumi.output("exec ./serve"),
        environment: { A: pulumi.secret("hidden"), B: Secret.of("also hidden") },
        secrets: { KEY: "k" },
      });
      new Job(stack, "plain", { environment: { A: "shown" } });
    });
    expect(at("s/web").inputs.script).toBe("exec ./serve");
    expect(at("s/web").secrets).toContain("secrets");
    expect(at("s/web").inputs.secrets).toEqual({ KEY: "k" });
    const { environment } = at("s/web").inputs as { environment: Record<string, unknown> };
    for (const [name, value] of Object.entries({ A: "hidden", B: "also hidden" }))
      expect(environment[name]).toMatchObject({ value });
    expect(at("s/plain").inputs.environment).toEqual({ A: "shown" });
    expect(at("s/plain").secrets).toEqual([]);
  });

  it("in the middle of a text are joined, secret where one of them is", async () => {
    const { at } = await deployed((stack) => {
      const api = new Job(stack, "api", { name: "api", http: { port: 80 } });
      const environment = {
        PLAIN: interpolate`http://${api.name}:${pulumi.output(80)}/${pulumi.output(undefined as never)}`,
      };
      new Job(stack, "plain", { environment });
      new Job(stack, "secret", { startupCommand: interpolate`login ${Secret.of("hidden")}@${api.name}` });
    });
    expect(at("s/plain").inputs.environment).toEqual({ PLAIN: "http://api:80/" });
    expect(at("s/plain").secrets).toEqual([]);
    expect(at("s/secret").inputs.startupCommand).toBe("login hidden@api");
    expect(at("s/secret").secrets).toContain("startupCommand");
  });

  it("come back as the resources of a program without constructs, and as Outputs", async () => {
    const app = new App();
    const stack = new Stack(app, "s");
    const web = new Job(stack, "web", { name: "web", http: { port: 80 } });
    const alias = web.addAlias("alias", { subdomain: "shop", domain: "example.org" });
    const { result } = await runProgram(() => deploy(app));
    expect(mags.Job.isInstance(result.of(web))).toBe(true);
    expect(mags.Job.isInstance(result.of(web.resource))).toBe(true);
    const subdomain: pulumi.Output<string> = result.of(alias).subdomain;
    expect(await valueOf(subdomain)).toBe("shop");
    expect(await valueOf(result.output(web.name))).toBe("web");
    expect(await valueOf(result.output({ all: [alias.subdomain] }))).toEqual({ all: ["shop"] });
    const lazy = Lazy.string({ produce: () => "lazy" });
    expect(await valueOf(result.output(lazy))).toBe("lazy");
    expect(await valueOf(result.output(Lazy.any({ produce: () => [web.name, lazy] })))).toEqual([
      "web",
      "lazy",
    ]);
    expect(await valueOf(result.output(interpolate`${web.name}-${lazy}`))).toBe("web-lazy");
    expect(pulumi.ComponentResource.isInstance(result.component(stack))).toBe(true);
    const { error } = await failing(() => result.of(new Job(new Stack(new App(), "other"), "job")));
    expect(error.message).toMatch(/^other\/job has no resource among what was deployed/);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(() => result.component(new Stack(new App(), "other"))).toThrow(/other has no component/);
    expect(() => result.component(web)).toThrow(/s\/web is one resource in Pulumi.*deployed\.of/);
    expect(() => result.output(new Job(new Stack(new App(), "far"), "job").name)).toThrow(/far\/job has no/);
  });
});
