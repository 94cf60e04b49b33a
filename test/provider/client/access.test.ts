import { request } from "node:http";
import { inspect } from "node:util";
import { ConflictError, JobStateError, NotFoundError, Secret } from "../../../provider/client";
import { clientOf, failure, onEmulator, onFakeApi, stopAll, type OnEmulator } from "./support";

let the: OnEmulator;
beforeEach(async () => {
  the = await onEmulator();
});
afterEach(stopAll);

/** What a browser would get: Node does not resolve *.localhost. */
function get(url: string): Promise<number | undefined> {
  const { host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    outgoing.on("error", reject).end();
  });
}

describe("enableAccess", () => {
  it("opens port 8080, or the one that is given", async () => {
    const { requestId } = await the.mags.new("box");
    const access = await the.mags.enableAccess(requestId);
    expect(access).toEqual({
      success: true,
      port: 8080,
      subdomain: expect.any(String),
      url: expect.stringMatching(/^http:\/\/\w+\.localhost:\d+$/),
    });
    await expect(get(access.url!)).resolves.toBe(200);
    await expect(the.mags.enableAccess(requestId, 3000)).resolves.toMatchObject({ port: 3000 });
  });

  it("gives SSH credentials with a key that does not show itself", async () => {
    const { requestId } = await the.mags.new("box");
    const access = await the.mags.enableAccess(requestId, 22);
    expect(access).toMatchObject({ success: true, port: 22, sshHost: "127.0.0.1" });
    expect(access.sshPort).toBeGreaterThan(0);
    expect(Secret.isInstance(access.sshPrivateKey)).toBe(true);
    expect(access.sshPrivateKey.reveal()).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----/);
    expect(inspect(access) + JSON.stringify(access)).not.toContain("PRIVATE KEY-----");
  });

  it("does not take an answer without a key for SSH access", async () => {
    const fake = await onFakeApi();
    fake.api.answer(({ method }) => ({
      body: method === "GET" ? { status: "running", vm_id: "vm" } : { success: true, ssh_host: "h" },
    }));
    await expect(fake.mags.enableAccess("r", 22)).rejects.toThrow(/lacks SSH host, port or private key/);
  });

  it("waits for a VM that is still coming", async () => {
    const slow = await onEmulator({ bootMs: 60, vmIdMs: 60 });
    const { requestId } = await slow.mags.run("sleep infinity", { persistent: true });
    await expect(slow.mags.enableAccess(requestId)).resolves.toMatchObject({ success: true });
  });

  it("asks again while it is refused, in time", async () => {
    const fake = await onFakeApi();
    let refusals = 3;
    fake.api.answer(({ method }) =>
      method === "GET"
        ? { body: { status: "running", vm_id: "vm" } }
        : refusals-- > 0
          ? { body: { success: false, error: "no VM associated with this job" } }
          : { body: { success: true, subdomain: "abc" } },
    );
    await expect(fake.mags.enableAccess("r", 80)).resolves.toMatchObject({ subdomain: "abc" });
    expect(fake.clock.slept).toEqual([5_000, 5_000, 5_000]);
    refusals = 100;
    const error = await failure(fake.mags.enableAccess("r", 80, { timeout: 12_000 }));
    expect(error).toMatchObject({ status: 422, serverMessage: "no VM associated with this job" });
  });

  it("of a VM that has ended, or of none, is an error at once", async () => {
    const { requestId } = await the.mags.runAndWait("true");
    await expect(the.mags.enableAccess(requestId)).rejects.toThrow(JobStateError);
    await expect(the.mags.enableAccess("nobody")).rejects.toThrow(NotFoundError);
    expect(the.calls().filter((call) => call.endsWith("/access"))).toEqual([]);
  });
});

describe("url", () => {
  it("finds the job, opens the port and gives the URL", async () => {
    const { requestId } = await the.mags.new("box");
    const { url, ...rest } = await the.mags.url("box", 3000);
    expect(rest).toEqual({ subdomain: expect.any(String), port: 3000, requestId });
    await expect(get(url)).resolves.toBe(200);
  });

  it("takes the subdomain from the status where the answer lacks it", async () => {
    await the.mags.new("box");
    the.emulator.inject({ kind: "incomplete-access", route: "POST /mags-jobs/{id}/access" });
    const { url } = await the.mags.url("box");
    await expect(get(url)).resolves.toBe(200);
  });

  it("is on the domain of the client, whatever domain the API shows", async () => {
    const fake = await onFakeApi({ domain: "apps.mags.run" });
    fake.api.answer(({ method, path }) => {
      if (method === "POST") return { body: { success: true, url: "https://abc.apps.magpiecloud.com" } };
      const job = { request_id: "r", name: "box", status: "running", vm_id: "vm" };
      return { body: path.endsWith("/status") ? job : { jobs: [job], total: 1 } };
    });
    await expect(fake.mags.url("box")).resolves.toMatchObject({ url: "https://abc.apps.mags.run" });
  });

  it("says so where the API shows none", async () => {
    const fake = await onFakeApi();
    const job = { request_id: "r", name: "box", status: "running", vm_id: "vm" };
    fake.api.answer(({ method, path }) => ({
      body: method === "POST" ? {} : path.endsWith("/status") ? job : { jobs: [job], total: 1 },
    }));
    await expect(fake.mags.url("box")).rejects.toThrow(
      /Port 8080 of "box" is open, but the API shows no URL/,
    );
  });
});

describe("URL aliases", () => {
  it("are created, listed and deleted", async () => {
    await the.mags.new("box", { persistent: true });
    await the.mags.enableAccess((await the.mags.findJob("box"))!.requestId);
    const alias = await the.mags.urlAliasCreate("my-box", "box");
    expect(alias).toEqual({
      id: expect.any(String),
      subdomain: "my-box",
      domain: "localhost",
      workspaceId: "box",
      url: expect.stringMatching(/^http:\/\/my-box\.localhost:\d+$/),
    });
    await expect(get(alias.url)).resolves.toBe(200);
    await expect(the.mags.urlAliasList()).resolves.toEqual({ aliases: [alias], total: 1 });
    await the.mags.urlAliasDelete("my-box");
    await expect(the.mags.urlAliasList()).resolves.toEqual({ aliases: [], total: 0 });
  });

  it("take a domain, and a port by v2", async () => {
    const alias = await the.mags.urlAliasCreate("a", "box", "app.lfg.run", { port: 81 });
    expect(alias.url).toBe("https://a.app.lfg.run");
    const [call] = the.emulator.calls();
    expect(call).toMatchObject({
      path: "/api/v2/mags-url-aliases",
      body: { domain: "app.lfg.run", port: 81 },
    });
  });

  it("that point there already are a success, and no second one", async () => {
    await the.mags.urlAliasCreate("a", "box");
    await expect(the.mags.urlAliasCreate("a", "box")).resolves.toMatchObject({ workspaceId: "box" });
    expect((await the.mags.urlAliasList()).total).toBe(1);
  });

  it("that point elsewhere are left alone", async () => {
    await the.mags.urlAliasCreate("a", "box");
    const error = await failure(the.mags.urlAliasCreate("a", "other"));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toMatch(/a\.localhost exists and points to "box"\. Delete it first/);
    expect((await the.mags.urlAliasList()).aliases).toMatchObject([{ workspaceId: "box" }]);
  });

  it("of somebody else are told as that", async () => {
    const two = await onEmulator({ accounts: 2 });
    await two.mags.urlAliasCreate("a", "box");
    const other = clientOf({ apiUrl: two.emulator.url, apiToken: two.emulator.tokens[1] });
    const error = await failure(other.urlAliasCreate("a", "box"));
    await other.close();
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toMatch(/is taken by somebody else/);
  });

  it("are created once, also when the answer is lost", async () => {
    the.emulator.inject({ kind: "close-after", route: "POST /mags-url-aliases" });
    await expect(the.mags.urlAliasCreate("a", "box")).resolves.toMatchObject({ subdomain: "a" });
    expect(the.calls().filter((call) => call.startsWith("POST"))).toHaveLength(1);
  });

  it("that nobody has cannot be deleted", async () => {
    await expect(the.mags.urlAliasDelete("nobody")).rejects.toThrow(NotFoundError);
    expect(the.calls()).toEqual(["GET /mags-url-aliases"]);
  });

  it("on two domains are not deleted together unseen", async () => {
    const fake = await onFakeApi();
    const aliases = ["one.test", "two.test"].map((domain) => ({ subdomain: "a", domain, workspace_id: "w" }));
    fake.api.answer(() => ({ body: { aliases, total: 2 } }));
    const error = await failure(fake.mags.urlAliasDelete("a"));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toMatch(/exists on one\.test and two\.test.*Nothing was deleted/s);
    expect(fake.api.calls).toEqual(["GET /api/v1/mags-url-aliases"]);
  });
});
