import { examine } from "../../../cli/drift/examine";
import type { Finding } from "../../../cli/drift/finding";
import { inWords } from "../../../cli/drift/words";
import { parseState } from "../../../cli/state/stack-state";
import { FakeApi } from "../../support/fake-api";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const HIDDEN = { ...SECRET, ciphertext: "v1:never-shown" };
const PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::other";

const before = { ...process.env };
let api: FakeApi;
beforeEach(async () => {
  process.env.MAGS_API_TOKEN = "the-token";
  api = await FakeApi.start(({ path }) => {
    if (path.endsWith("/mags-workspaces"))
      return { body: { workspaces: [{ workspace_id: "site" }], total: 1 } };
    if (path.endsWith("/status")) return { body: { status: "running", name: "web", workspace_id: "site" } };
    return { body: { jobs: [], total: 0 } };
  });
});
afterEach(async () => {
  process.env = { ...before };
  await api.stop();
});

interface Raw {
  kind: string;
  name: string;
  outputs: object;
  provider?: string;
}

function examined(resources: readonly Raw[], providers: object[] = []): Promise<Finding[]> {
  const state = parseState(
    JSON.stringify({
      deployment: {
        resources: [
          ...providers,
          ...resources.map(({ kind, name, outputs, provider }) => ({
            urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/mags:${kind}::${name}`,
            type: `pulumi-nodejs:dynamic/mags:${kind}`,
            id: name,
            provider,
            outputs: { schemaVersion: 2, account: "local", name, ...outputs },
          })),
        ],
      },
    }),
  );
  return examine(state.resources, { endpoint: api.endpoint });
}

describe("comparing a state with the cloud", () => {
  it("takes a run as remembered, and shows nothing of what it has secret", async () => {
    const outputs = {
      script: `sha256:${"0".repeat(64)}`,
      exitCode: 0,
      logTail: HIDDEN,
      runId: "migrate-1",
      requestId: "r",
    };
    const findings = await examined([{ kind: "Run", name: "migrate", outputs }]);
    expect(findings).toMatchObject([{ standing: "same", differences: [], up: { action: "none" } }]);
    expect(JSON.stringify(findings)).not.toContain("never-shown");
  });

  it("keeps a secret that was not decrypted equal to itself", async () => {
    const outputs = {
      workspaceId: "site",
      requestId: "r-1",
      status: "running",
      secrets: HIDDEN,
      environment: { A: HIDDEN },
    };
    expect(await examined([{ kind: "Job", name: "web", outputs }])).toMatchObject([
      { standing: "same", differences: [] },
    ]);
  });

  it("tells what the last update left undone, and that the next one does it", async () => {
    const outputs = { workspaceId: "site", notReady: "its setup was not finished" };
    const findings = await examined([{ kind: "Workspace", name: "site", outputs }]);
    expect(findings).toMatchObject([
      { standing: "unready", why: "its setup was not finished", up: { action: "repair" } },
    ]);
    expect(inWords(findings)).toContain(
      "! site (workspace): not ready\n    its setup was not finished\n    up: what the last update left undone is done\n",
    );
  });

  it("says of a workspace that is gone what that means", async () => {
    const findings = await examined([{ kind: "Workspace", name: "data", outputs: { workspaceId: "data" } }]);
    expect(findings).toMatchObject([{ standing: "gone", up: { action: "create" } }]);
    expect(inWords(findings)).toContain("it is made anew, and set up again: the files it had are gone");
  });

  it("asks nobody about what belongs to another account", async () => {
    const outputs = { workspaceId: "data", account: "api.magpiecloud.com" };
    const findings = await examined([{ kind: "Workspace", name: "data", outputs }]);
    expect(findings).toMatchObject([
      {
        standing: "unreachable",
        why: expect.stringContaining('belongs to the account "api.magpiecloud.com"') as string,
      },
    ]);
    expect(api.requests).toEqual([]);
  });

  it("asks the account of an explicit provider, by what that was given alone", async () => {
    const other = await FakeApi.start(() => ({ body: { workspaces: [], total: 0 } }));
    const provider = {
      urn: PROVIDER,
      type: "pulumi:providers:pulumi-nodejs",
      id: "p",
      inputs: { "mags:endpoint": other.endpoint, "mags:account": "other" },
    };
    const findings = await examined(
      [
        {
          kind: "Workspace",
          name: "data",
          outputs: { workspaceId: "data", account: "other" },
          provider: `${PROVIDER}::p`,
        },
        { kind: "Workspace", name: "site", outputs: { workspaceId: "site" } },
      ],
      [provider],
    );
    expect(findings.map(({ name, standing }) => [name, standing])).toEqual([
      ["data", "gone"],
      ["site", "same"],
    ]);
    expect(other.requests.every(({ headers }) => headers.authorization === "Bearer the-token")).toBe(true);
    await other.stop();
  });

  it("is one failure where the account cannot be opened at all", async () => {
    const resources = [{ kind: "Workspace" as const, name: "site", outputs: { workspaceId: "site" } }];
    process.env.MAGS_API_TOKEN = "no token";
    await expect(examined(resources)).rejects.toThrow(/holds spaces/);
  });

  it("says so where there is nothing of ours", () => {
    expect(inWords([])).toBe("No Mags resources in this stack.\n");
  });
});
