import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { ArgumentError, Mags, MagsError, TokenRefusedError } from "../../../provider/client";
import { FakeApi } from "../../support/fake-api";
import { AutoClock } from "../../support/clock";
import { TOKEN, clientOf, failure } from "./support";

const NAMES = ["MAGS_API_TOKEN", "MAGS_TOKEN", "MAGS_API_URL", "MAGS_TIMEOUT"] as const;
const before = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
let home: string;
let api: FakeApi;
const clients: Mags[] = [];

beforeAll(async () => {
  api = await FakeApi.start(() => ({ body: { idle_vms: 1 } }));
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "mags-home-"));
  for (const name of NAMES) delete process.env[name];
  jest.spyOn(os, "homedir").mockReturnValue(home);
  api.requests.length = 0;
});
afterEach(async () => {
  jest.restoreAllMocks();
  rmSync(home, { recursive: true });
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  for (const name of NAMES) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await api.stop();
});

function client(...options: ConstructorParameters<typeof Mags>): Mags {
  const mags = new Mags(...options);
  clients.push(mags);
  return mags;
}

async function tokenUsed(mags: Mags): Promise<string | undefined> {
  await mags.poolStatus();
  return api.requests.at(-1)!.headers.authorization;
}

describe("the token", () => {
  const login = (content: object) => {
    mkdirSync(join(home, ".mags"));
    writeFileSync(join(home, ".mags", "config.json"), JSON.stringify(content));
  };

  it.each<[string, string | undefined, Record<string, string>, boolean]>([
    ["argument", "argument", { MAGS_API_TOKEN: "first", MAGS_TOKEN: "second" }, true],
    ["first", undefined, { MAGS_API_TOKEN: "first", MAGS_TOKEN: "second" }, true],
    ["second", undefined, { MAGS_API_TOKEN: "", MAGS_TOKEN: "second" }, true],
    ["login", undefined, {}, true],
  ])("is %s where that comes first", async (expected, apiToken, env, loggedIn) => {
    if (loggedIn) login({ api_token: "login" });
    Object.assign(process.env, env);
    await expect(tokenUsed(client({ apiUrl: api.endpoint, apiToken }))).resolves.toBe(`Bearer ${expected}`);
  });

  it("is required before anything is called, with the ways to give it", () => {
    expect(() => client({ apiUrl: api.endpoint })).toThrow(
      /API token required for http.*Pass apiToken, set MAGS_API_TOKEN or MAGS_TOKEN, or run "mags login"/,
    );
    expect(api.requests).toEqual([]);
  });

  it("shows nowhere in the client", () => {
    const mags = client({ apiUrl: api.endpoint, apiToken: TOKEN });
    const shown = inspect(mags, { depth: 20, showHidden: true }) + JSON.stringify(mags) + String(mags);
    expect(shown).not.toContain(TOKEN);
  });

  it.each([401, 403])("that is refused with %i is told as that, with what to do", async (status) => {
    api.answer(() => ({ status, body: { error: "no such token" } }));
    const error = await failure(client({ apiUrl: api.endpoint, apiToken: TOKEN }).listWorkspaces());
    api.answer(() => ({ body: {} }));
    expect(error).toBeInstanceOf(TokenRefusedError);
    expect(error).toBeInstanceOf(MagsError);
    expect(error).toMatchObject({ status, serverMessage: "no such token" });
    expect(error.message).toMatch(/refused the API token \(40[13]: no such token\)\. Check apiToken/);
    expect(error.message).not.toContain(TOKEN);
  });
});

describe("the address", () => {
  it.each<[string, string | undefined, string | undefined]>([
    ["https://argument.test", "https://argument.test/", "https://env.test"],
    ["https://env.test", undefined, "https://env.test"],
    ["https://api.magpiecloud.com", undefined, undefined],
  ])("is %s", (expected, apiUrl, env) => {
    if (env) process.env.MAGS_API_URL = env;
    expect(client({ apiToken: TOKEN, apiUrl }).apiUrl).toBe(expected);
  });

  it("that is none is refused", () => {
    expect(() => client({ apiToken: TOKEN, apiUrl: "api.magpiecloud.com" })).toThrow(
      /is no URL of a Mags API.*apiUrl/,
    );
  });
});

describe("the time-out of a request", () => {
  it.each<[string, number, number | undefined, string | undefined]>([
    ["the argument", 5_000, 5_000, "60000"],
    ["MAGS_TIMEOUT", 60_000, undefined, "60000"],
    ["30 s", 30_000, undefined, undefined],
  ])("is %s", async (_name, expected, timeout, env) => {
    if (env) process.env.MAGS_TIMEOUT = env;
    const clock = new AutoClock();
    const asked = jest.spyOn(clock, "timeout");
    const mags = clientOf({ apiToken: TOKEN, apiUrl: api.endpoint, timeout }, { clock });
    clients.push(mags);
    await mags.poolStatus();
    expect(asked.mock.calls).toEqual([[expected]]);
  });

  it("that looks like seconds is refused", () => {
    expect(() => client({ apiToken: TOKEN, timeout: 30 })).toThrow(ArgumentError);
    expect(() => client({ apiToken: TOKEN, timeout: 30 })).toThrow(
      "new Mags: timeout must be a whole number of at least 1000, in milliseconds.",
    );
    process.env.MAGS_TIMEOUT = "30";
    expect(() => client({ apiToken: TOKEN })).toThrow(/MAGS_TIMEOUT \("30"\) has to be .* milliseconds/);
  });
});

it("options are told all at once, with the nearest name", () => {
  expect(() => client({ apiKey: "x", maxConcurrency: 0 } as never)).toThrow(
    /new Mags: 2 problems\.\n {2}- there is no property apiKey.*\n {2}- maxConcurrency must be/,
  );
});
