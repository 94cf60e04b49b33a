import { configurationOf, readConfiguration } from "../../../cli/account/config";
import { connect, connectionTo } from "../../../cli/account/connect";
import { readState } from "../../../cli/state/stack-state";
import { fakePulumi } from "../fake-pulumi";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

const { answers: pulumi, calls, fails, folder } = fakePulumi();
beforeEach(() => {
  process.env.MAGS_API_TOKEN = "token-of-the-environment";
  delete process.env.MAGS_API_URL;
});

describe("connecting to an account", () => {
  it("takes it from the environment, and a flag comes first", async () => {
    process.env.MAGS_API_URL = "http://127.0.0.1:1";
    expect((await connect({})).settings.endpoint).toBe("http://127.0.0.1:1");
    expect((await connect({ endpoint: "http://127.0.0.1:2" })).settings.endpoint).toBe("http://127.0.0.1:2");
  });

  it("takes it from the configuration of a stack, and decrypts the token alone", async () => {
    pulumi(`
      if (args.startsWith("config --json")) console.log(JSON.stringify({
        "mags:endpoint": { value: "http://127.0.0.1:3", secret: false },
        "mags:apiToken": { secret: true },
        "shop:password": { secret: true },
      }));
      else if (args.startsWith("config get mags:apiToken ")) console.log("token-of-the-stack");
      else process.exitCode = 9;`);
    expect(await configurationOf({ stack: "dev" })).toEqual({
      endpoint: "http://127.0.0.1:3",
      apiToken: "token-of-the-stack",
    });
    expect((await connect({ stack: "dev" })).settings).toMatchObject({
      endpoint: "http://127.0.0.1:3",
      account: "local",
    });
  });

  it("reads a configuration once, and decrypts nothing for what is no secret", async () => {
    pulumi(`
      if (args.startsWith("config --json")) console.log(JSON.stringify({
        "mags:namespace": { value: "acme", secret: false },
        "mags:apiToken": { secret: true },
      }));
      else console.log("token-of-the-stack");`);
    const read = await readConfiguration({ stack: "dev" });
    expect(read.plain).toEqual({ namespace: "acme" });
    expect(calls().map(({ args }) => args)).toEqual([expect.stringMatching(/^config --json --stack dev /)]);
    expect(await read.decrypted()).toEqual({ namespace: "acme", apiToken: "token-of-the-stack" });
    expect(calls()).toHaveLength(2);
  });

  it("without a token says where one may be", () => {
    delete process.env.MAGS_API_TOKEN;
    delete process.env.MAGS_TOKEN;
    process.env.HOME = folder();
    expect(() => connectionTo({})).toThrow(/No API token for .* Set MAGS_API_TOKEN/);
  });
});

describe("asking Pulumi", () => {
  it.each([
    ["error: no stack named 'prod' found", /There is no stack "prod".*pulumi stack ls/],
    [
      "error: no stack selected; please use `pulumi stack select` to choose one",
      /No stack is selected.*--stack/,
    ],
    ["error: no Pulumi.yaml project file found (searching upwards)", /no Pulumi project in .*--cwd/],
    ["error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or …", /Set PULUMI_CONFIG_PASSPHRASE/],
    ["error: incorrect passphrase", /does not fit/],
    ["error: PULUMI_ACCESS_TOKEN must be set for login", /PULUMI_BACKEND_URL/],
    ["error: could not unmarshal 'Pulumi.yaml': invalid YAML file", /Pulumi says: could not unmarshal/],
  ])("says what %s means", async (text, meaning) => {
    fails(text);
    await expect(configurationOf({ stack: "prod" })).rejects.toThrow(meaning);
    await expect(readState({ stack: "prod" })).rejects.toThrow(meaning);
  });

  it("without Pulumi says how to get it", async () => {
    process.env.PATH = `${folder()}/nothing`;
    await expect(readState({})).rejects.toThrow(/could not be started.*Install Pulumi/);
  });

  it("exports a state without secrets, and with them only where something is found or compared by one", async () => {
    const resource = (outputs: object) => ({
      urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/mags:Job::web",
      type: "pulumi-nodejs:dynamic/mags:Job",
      id: "web",
      outputs,
    });
    const hidden = { ...SECRET, ciphertext: "v1:abc" };
    const answers = (outputs: object, shown: object) =>
      pulumi(`
        const shown = args.includes("--show-secrets");
        const resources = [shown ? ${JSON.stringify(resource(shown))} : ${JSON.stringify(resource(outputs))}];
        console.log(JSON.stringify({ deployment: { resources } }));`);
    answers({ name: "web", secrets: hidden, script: hidden }, { name: "must not be asked for" });
    expect((await readState({})).resources[0]!.outputs.values.name).toBe("web");
    answers({ name: hidden }, { name: { ...SECRET, plaintext: '"web"' } });
    expect((await readState({})).resources[0]!.outputs.values.name).toBe("web");
  });
});
