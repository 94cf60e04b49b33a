import { parseState } from "../../../cli/state/stack-state";
import { Encrypted } from "../../../cli/state/values";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::staging";
const urn = (kind: string, name: string) =>
  `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/mags:${kind}::${name}`;

const exported = (resources: object[], pending: object[] = []) =>
  JSON.stringify({ version: 3, deployment: { resources, pending_operations: pending } });

const web = {
  urn: urn("Job", "web"),
  type: "pulumi-nodejs:dynamic/mags:Job",
  id: "web-1",
  inputs: { name: "web-1", secrets: { ...SECRET, ciphertext: "v1:abc" } },
  outputs: { name: "web-1", requestId: "r", secrets: { ...SECRET, ciphertext: "v1:abc" } },
};

describe("the state of a stack", () => {
  it("is read for what is ours in it; the rest is left aside", () => {
    const state = parseState(
      exported([
        { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack" },
        { urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b", type: "aws:s3/bucket:Bucket", id: "b" },
        { ...web, urn: urn("Job", "only-read"), external: true },
        { urn: urn("Other", "x"), type: "pulumi-nodejs:dynamic/mags:Other", id: "x" },
        web,
      ]),
    );
    expect(state.resources.map(({ name, kind, id }) => ({ name, kind, id }))).toEqual([
      { name: "web", kind: "Job", id: "web-1" },
    ]);
    expect(state.everything.map(({ name, external }) => [name, external])).toEqual([
      ["b", false],
      ["only-read", true],
      ["x", false],
      ["web", false],
    ]);
  });

  it("has what the stack's own provider was configured with, and a secret of it stays one", () => {
    const provider = {
      urn: PROVIDER.replace("staging", "default_3_1"),
      type: "pulumi:providers:pulumi-nodejs",
      id: "p",
      inputs: { "mags:account": "local", "mags:apiToken": { ...SECRET, ciphertext: "v1:abc" }, version: "1" },
    };
    const state = parseState(exported([provider]));
    expect(state.configuration).toEqual({ account: "local", apiToken: expect.any(Encrypted) });
    expect(state).toMatchObject({ everything: [], isEmpty: false });
  });

  it("tells secrets from values, also where they are not decrypted, and shows nothing of them", () => {
    const { inputs } = parseState(exported([web])).resources[0]!;
    expect([...inputs.secret]).toEqual(["secrets"]);
    expect([...inputs.encrypted]).toEqual(["secrets"]);
    expect(inputs.values.secrets).toBeInstanceOf(Encrypted);
  });

  it("takes decrypted secrets for what they are, at any depth, and remembers that they are secret", () => {
    const environment = { A: { ...SECRET, plaintext: '"a"' }, B: "b" };
    const resource = { ...web, outputs: { name: { ...SECRET, plaintext: '"web-1"' }, environment } };
    const { outputs } = parseState(exported([resource])).resources[0]!;
    expect(outputs.values).toEqual({ name: "web-1", environment: { A: "a", B: "b" } });
    expect([...outputs.secret]).toEqual(["name", "environment"]);
    expect(outputs.encrypted.size).toBe(0);
  });

  it("knows what an explicit provider was given, and leaves the default one to the stack", () => {
    const provider = (name: string) => ({
      urn: PROVIDER.replace("staging", name),
      type: "pulumi:providers:pulumi-nodejs",
      id: "p",
      inputs: { "mags:endpoint": "http://127.0.0.1:1", version: "1" },
    });
    const state = parseState(
      exported([
        provider("staging"),
        provider("default"),
        { ...web, provider: `${PROVIDER}::p` },
        { ...web, urn: urn("Job", "other"), provider: `${PROVIDER.replace("staging", "default")}::p` },
      ]),
    );
    expect(state.resources.map(({ configuration }) => configuration)).toEqual([
      { endpoint: "http://127.0.0.1:1" },
      undefined,
    ]);
  });

  it("has what an interrupted run left half done, and what is only still to be deleted", () => {
    const state = parseState(
      exported(
        [{ ...web, delete: true, initErrors: ["not ready"] }],
        [{ type: "creating", resource: { urn: urn("Job", "new") } }],
      ),
    );
    expect(state.pending).toEqual([{ type: "creating", urn: urn("Job", "new") }]);
    expect(state.resources[0]).toMatchObject({ toBeDeleted: true, initErrors: ["not ready"] });
  });

  it("is empty for a stack that nothing was deployed to; what is no state is an error", () => {
    expect(parseState(`{"version":3,"deployment":{"manifest":{}}}`)).toEqual({
      resources: [],
      everything: [],
      isEmpty: true,
      configuration: {},
      pending: [],
    });
    expect(() => parseState("error: no")).toThrow(/no state of a stack/);
  });
});
