import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MagsError } from "../../../provider/errors";
import {
  DEFAULT_ENDPOINT,
  isLoopback,
  publicUrl,
  resolveSettings,
  resolveToken,
} from "../../../provider/api/settings";

const settingsOf = (config: Record<string, string>, env: NodeJS.ProcessEnv = {}) =>
  resolveSettings((key) => config[key], env);

describe("resolveSettings", () => {
  it("talks to the live cloud by default", () => {
    expect(settingsOf({})).toEqual({
      endpoint: DEFAULT_ENDPOINT,
      domain: "apps.magpiecloud.com",
      account: "api.magpiecloud.com",
      namespace: undefined,
      maxConcurrency: 16,
      recover: false,
      allowMassGone: false,
      allowAccountMove: false,
      apiTokenEnv: undefined,
      apiToken: undefined,
    });
  });

  it("takes the endpoint from the configuration, then the environment; empty is unset", () => {
    const env = { MAGS_API_URL: "https://from.env" };
    expect(settingsOf({ endpoint: "https://from.config" }, env).endpoint).toBe("https://from.config");
    expect(settingsOf({ endpoint: "" }, env).endpoint).toBe("https://from.env");
    expect(settingsOf({}, { MAGS_API_URL: "" }).endpoint).toBe(DEFAULT_ENDPOINT);
  });

  it("cuts slashes at the end", () => {
    expect(settingsOf({ endpoint: "https://api.example.test///" }).endpoint).toBe("https://api.example.test");
  });

  it("calls an endpoint on this machine local, with localhost as domain", () => {
    for (const endpoint of ["http://127.0.0.1:4000", "http://localhost:4000", "http://[::1]:4000"]) {
      expect(settingsOf({ endpoint })).toMatchObject({ account: "local", domain: "localhost" });
    }
  });

  it("lets label and domain be configured, the domain in lower case", () => {
    const settings = settingsOf({
      endpoint: "http://localhost",
      account: "team",
      domain: "Apps.Example.Test",
    });
    expect(settings).toMatchObject({ account: "team", domain: "apps.example.test" });
  });

  it.each(["ftp://x", "api.magpiecloud.com", "nonsense", "//host", "file:///etc/passwd"])(
    "refuses %j as an endpoint, showing it and what to correct",
    (endpoint) => {
      expect(() => settingsOf({ endpoint })).toThrow(MagsError);
      expect(() => settingsOf({ endpoint })).toThrow(endpoint);
      expect(() => settingsOf({ endpoint })).toThrow("mags:endpoint");
    },
  );

  it.each(["0", "-1", "1.5", "many", " "])("refuses %j as maxConcurrency", (maxConcurrency) => {
    expect(() => settingsOf({ maxConcurrency })).toThrow(/mags:maxConcurrency has to be a whole number/);
  });

  it.each(["recover", "allowMassGone", "allowAccountMove"])("%s is true, false or an error", (key) => {
    expect(settingsOf({ [key]: "true" })).toMatchObject({ [key]: true });
    expect(settingsOf({ [key]: "false" })).toMatchObject({ [key]: false });
    expect(() => settingsOf({ [key]: "yes" })).toThrow(`mags:${key} has to be true or false`);
  });
});

describe("isLoopback", () => {
  it.each(["localhost", "shop.localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "LOCALHOST"])(
    "%s is on this machine",
    (host) => expect(isLoopback(host)).toBe(true),
  );

  it.each(["localhost.example.test", "10.0.0.1", "1127.0.0.1", "127.0.0.1.example.test", "notlocalhost", ""])(
    "%j is not",
    (host) => expect(isLoopback(host)).toBe(false),
  );
});

describe("publicUrl", () => {
  it("is https on a real domain, whatever the endpoint", () => {
    expect(publicUrl({ endpoint: "http://127.0.0.1:1" }, "shop", "apps.example.test")).toBe(
      "https://shop.apps.example.test",
    );
  });

  it("has the endpoint's protocol and port on localhost", () => {
    expect(publicUrl({ endpoint: "http://127.0.0.1:4000" }, "shop", "localhost")).toBe(
      "http://shop.localhost:4000",
    );
    expect(publicUrl({ endpoint: "http://localhost" }, "shop", "localhost")).toBe("http://shop.localhost");
  });
});

describe("resolveToken", () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mags-settings-"));
    file = join(folder, "config.json");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const login = (content: unknown) =>
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  const tokenOf = (config: Record<string, string>, env: NodeJS.ProcessEnv, path = file) =>
    resolveToken(settingsOf(config), env, path);

  it("asks the configuration, then MAGS_API_TOKEN, MAGS_TOKEN and the login file", () => {
    login({ api_token: "from-login" });
    const env = { MAGS_API_TOKEN: "from-api-token", MAGS_TOKEN: "from-token", OWN: "from-own" };
    expect(tokenOf({ apiToken: "from-config", apiTokenEnv: "OWN" }, env)).toBe("from-config");
    expect(tokenOf({ apiTokenEnv: "OWN" }, env)).toBe("from-own");
    expect(tokenOf({}, env)).toBe("from-api-token");
    expect(tokenOf({}, { ...env, MAGS_API_TOKEN: "" })).toBe("from-token");
    expect(tokenOf({}, {})).toBe("from-login");
  });

  it.each(["api_token", "apiToken", "token"])("finds %s in the login file", (key) => {
    login({ [key]: "t" });
    expect(tokenOf({}, {})).toBe("t");
  });

  it("never takes another account's token when the named variable is missing", () => {
    login({ api_token: "from-login" });
    const missing = () => tokenOf({ apiTokenEnv: "STAGING" }, { MAGS_API_TOKEN: "production" });
    expect(missing).toThrow(/environment variable STAGING/);
  });

  it("says where to get a token when there is none", () => {
    const none = () => tokenOf({ endpoint: "https://api.example.test" }, {}, join(folder, "absent.json"));
    expect(none).toThrow(/No API token for https:\/\/api.example.test.*MAGS_API_TOKEN.*mags login/);
    login({ api_token: "" });
    expect(() => tokenOf({}, {})).toThrow("No API token");
  });

  it("names a login file that is not JSON, without its content", () => {
    login("secret-token-in-a-broken-file");
    expect(() => tokenOf({}, {})).toThrow(file);
    expect(() => tokenOf({}, {})).not.toThrow("secret-token");
  });

  it("drops white space around a token, such as a line end", () => {
    expect(tokenOf({}, { MAGS_API_TOKEN: " abc\r\n" })).toBe("abc");
    expect(() => tokenOf({}, { MAGS_API_TOKEN: " \n" }, join(folder, "absent.json"))).toThrow("No API token");
  });

  it("refuses a token that no header can carry, without showing it", () => {
    const broken = () => tokenOf({}, { MAGS_API_TOKEN: "abc\ndef" });
    expect(broken).toThrow(/API token.*line/);
    expect(broken).not.toThrow("def");
  });
});
