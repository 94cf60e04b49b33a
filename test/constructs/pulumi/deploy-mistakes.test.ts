import * as pulumi from "@pulumi/pulumi";
import { Annotations, CronJob, Job, Secret } from "../../../constructs";
import { deploy } from "../../../constructs/pulumi";
import { appOf } from "../support";
import { deployed, failing } from "./support";

describe("mistakes", () => {
  it("are told at once, without a stack, before anything is declared", async () => {
    const { error, resources } = await failing(() =>
      deploy(
        appOf((stack) => {
          new Job(stack, "web", { disk: undefined, vcpus: 0 });
          new CronJob(stack, "nightly", { schedule: "0 3 31 2 *", script: "a" });
          stack.node.addValidation({ validate: () => ["it is not to my liking."] });
        }),
      ),
    );
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(/^The app has 3 problems\./);
    for (const problem of ["[s] it is not to my liking.", "[s/nightly] ", "[s/web] vcpus"])
      expect(error.message).toContain(problem);
    expect(resources).toEqual([]);
  });

  it("that only a deploy sees are, too: secrets that are not set, providers for nobody", async () => {
    delete process.env.NO_SUCH_A;
    process.env.NO_SUCH_B = "";
    const secrets = {
      A: Secret.fromEnvironment("NO_SUCH_A"),
      B: Secret.fromEnvironment("NO_SUCH_B"),
    };
    const { error, resources } = await failing(() =>
      deploy(appOf((stack) => new Job(stack, "web", { secrets }))),
    );
    expect(error.message).toContain("The app has 2 problems");
    expect(error.message).toMatch(/\[s\/web\] The environment variable NO_SUCH_A, .* is not set\. Set it/);
    // As in `NAME= pulumi up`, which would take away the secret that is there.
    expect(error.message).toMatch(
      /\[s\/web\] The environment variable NO_SUCH_B, .* is empty\. .* Secret\.of\(""\)/,
    );
    delete process.env.NO_SUCH_B;
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(resources).toEqual([]);
    const nobody = await failing(() =>
      deploy(
        appOf((stack) => new Job(stack, "web")),
        { providers: { nobody: {} as pulumi.ProviderResource } },
      ),
    );
    expect(nobody.error.message).toContain('[app] providers has one for "nobody"');
  });

  it("of a kind that are no errors are logged with their path", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
    const info = jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
    try {
      await deployed((stack) => {
        const job = new Job(stack, "web");
        Annotations.of(job).addWarning("costs money");
        Annotations.of(stack).addInfo("is new");
      });
      expect(warn.mock.calls).toEqual([["[s/web] costs money"]]);
      expect(info.mock.calls).toEqual([["[s] is new"]]);
    } finally {
      jest.restoreAllMocks();
    }
  });
});
