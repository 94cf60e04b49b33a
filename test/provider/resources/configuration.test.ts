import * as pulumi from "@pulumi/pulumi";
import * as mags from "../../../provider";
import { configurationRefusal } from "../../../provider/resources/configuration";
import { runProgram } from "../../support/pulumi-program";

afterEach(() => pulumi.runtime.setAllConfig({}));

/** What is said to a resource of the stack's account, to one of another, and to one below a parent with another. */
async function saidWith(config: Record<string, string>): Promise<(string | undefined)[]> {
  const { result } = await runProgram(() => {
    pulumi.runtime.setAllConfig(config);
    const provider = new mags.Provider("other", { apiTokenEnv: "OTHER_TOKEN" });
    const parent = new pulumi.ComponentResource("acme:index:Site", "site", {}, { providers: [provider] });
    return [{}, { provider }, { parent }].map((options) => configurationRefusal(options));
  });
  return Promise.all(result.map(async (refusal) => refusal?.catch((error: Error) => error.message)));
}

it("refuses a value that cannot be right, where it counts, and does not tell it", async () => {
  const said = await saidWith({ "mags:maxConcurrency": "hunter2" });
  expect(said).toEqual([
    expect.stringContaining("mags:maxConcurrency has to be a whole number"),
    undefined,
    undefined,
  ]);
  expect(said[0]).not.toContain("hunter2");
});

it("refuses a misspelt key wherever a resource lives", async () => {
  const wrong = expect.stringContaining("did you mean mags:apiToken?") as string;
  expect(await saidWith({ "mags:apitoken": "t" })).toEqual([wrong, wrong, wrong]);
});

it("refuses nothing that is as it should be", async () => {
  expect(await saidWith({ "mags:maxConcurrency": "4" })).toEqual([undefined, undefined, undefined]);
});
