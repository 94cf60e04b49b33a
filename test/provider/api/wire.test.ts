import * as wire from "../../../provider/api/wire";

describe("jobFromWire", () => {
  it("turns wire names into ours", () => {
    const job = {
      request_id: "r-1",
      name: "web",
      workspace_id: "site",
      status: "running",
      vm_id: "vm-1",
      subdomain: "abc",
      url: "https://abc.apps.magpiecloud.com",
      exit_code: 0,
      created_at: "2026-01-01T00:00:00Z",
      started_at: "2026-01-01T00:00:01Z",
    };
    expect(wire.jobFromWire(job)).toEqual({
      requestId: "r-1",
      name: "web",
      workspaceId: "site",
      status: "running",
      vmId: "vm-1",
      subdomain: "abc",
      url: "https://abc.apps.magpiecloud.com",
      exitCode: 0,
      createdAt: "2026-01-01T00:00:00Z",
      startedAt: "2026-01-01T00:00:01Z",
    });
  });

  it("falls back from request_id to id to what was asked for", () => {
    expect(wire.jobFromWire({ request_id: "a", id: "b" }, "c").requestId).toBe("a");
    expect(wire.jobFromWire({ id: "b" }, "c").requestId).toBe("b");
    expect(wire.jobFromWire({ status: "running" }, "c").requestId).toBe("c");
  });

  it.each([null, undefined, 7, "text", [], {}])("takes %j without failing, as unknown", (value) => {
    expect(wire.jobFromWire(value, "r").status).toBe("unknown");
  });

  it("counts empty and wrongly typed values as missing", () => {
    const job = wire.jobFromWire({ status: "running", vm_id: "", url: null, exit_code: "1", name: 5 });
    expect(job).toMatchObject({ vmId: undefined, url: undefined, exitCode: undefined, name: undefined });
  });
});

describe("listFromWire", () => {
  const list = (value: unknown) => wire.listFromWire(value, "cron_jobs", (item) => item);

  it("reads the named list and its total", () => {
    expect(list({ other: [9], cron_jobs: [1, 2], total: 7 })).toEqual({ items: [1, 2], total: 7 });
  });

  it("reads a bare array, or the first array of another envelope", () => {
    expect(list([1])).toEqual({ items: [1], total: undefined });
    expect(list({ page: 1, data: [3] })).toEqual({ items: [3], total: undefined });
  });

  it("takes null for empty, but nothing else for a list", () => {
    expect(list({ cron_jobs: null, total: 0 })).toEqual({ items: [], total: 0 });
    for (const value of [{}, { cron_jobs: {} }, { cron_jobs: "x", data: [1] }, null, "x", 3]) {
      expect(list(value)).toBeUndefined();
    }
  });
});

describe("the other shapes", () => {
  it("workspaces come with workspace_id or id, or as plain texts", () => {
    expect(wire.workspaceFromWire({ workspace_id: "a", id: "b" })).toEqual({ workspaceId: "a" });
    expect(wire.workspaceFromWire({ id: "b" })).toEqual({ workspaceId: "b" });
    expect(wire.workspaceFromWire("c")).toEqual({ workspaceId: "c" });
  });

  it("an alias without a domain has that of its url", () => {
    const alias = wire.aliasFromWire({
      subdomain: "shop",
      url: "https://shop.app.lfg.run",
      workspace_id: "w",
    });
    expect(alias).toMatchObject({ subdomain: "shop", domain: "app.lfg.run", workspaceId: "w" });
    expect(
      wire.aliasFromWire({ subdomain: "shop", url: "https://other.app.lfg.run" }).domain,
    ).toBeUndefined();
    expect(wire.aliasFromWire({ subdomain: "shop", url: "no url" }).domain).toBeUndefined();
  });

  it("an empty script or workspace of a cron job is a value, its absence is none", () => {
    const cron = wire.cronFromWire({ id: "1", script: "", workspace_id: "", enabled: false });
    expect(cron).toMatchObject({ script: "", workspaceId: "", enabled: false, persistent: undefined });
    expect(wire.cronFromWire({ id: "1" })).toMatchObject({ script: undefined, workspaceId: undefined });
  });

  it("access takes its subdomain from the url, and its error from a text or an object", () => {
    expect(wire.accessFromWire({ url: "https://abc.apps.magpiecloud.com/" })).toMatchObject({
      success: true,
      subdomain: "abc",
    });
    expect(wire.accessFromWire({ success: false, error: "no VM" })).toMatchObject({
      success: false,
      error: "no VM",
    });
    expect(wire.accessFromWire({ success: false, error: { message: "no VM" } }).error).toBe("no VM");
  });

  it("exec without fields is -1 and two empty texts", () => {
    expect(wire.execFromWire({})).toEqual({ exitCode: -1, stdout: "", stderr: "" });
    expect(wire.execFromWire({ exit_code: 0, stdout: "x", stderr: "y" })).toEqual({
      exitCode: 0,
      stdout: "x",
      stderr: "y",
    });
  });

  it("log lines may be objects or texts", () => {
    const full = { timestamp: "2026-01-01T00:00:00Z", level: "info", message: "a" };
    expect(wire.logsFromWire({ logs: [full, "b", {}, null] })).toEqual([
      full,
      { message: "b" },
      { message: "" },
      { message: "" },
    ]);
    expect(wire.logsFromWire({})).toEqual([]);
  });
});

describe("SSH credentials", () => {
  const answer = { success: true, ssh_host: "h", ssh_port: 40006, ssh_private_key: "PRIVATE" };

  it("have a key that does not show itself", () => {
    const { ssh } = wire.accessFromWire(answer);
    expect(ssh).toMatchObject({ host: "h", port: 40006 });
    expect(ssh!.privateKey.reveal()).toBe("PRIVATE");
    expect(JSON.stringify(ssh)).not.toContain("PRIVATE");
  });

  it.each(["ssh_host", "ssh_port", "ssh_private_key"])("are none without %s", (field) => {
    expect(wire.accessFromWire({ ...answer, [field]: undefined }).ssh).toBeUndefined();
  });
});

it("figures come under our names, also those that the contract does not list", () => {
  expect(wire.figuresFromWire({ total_jobs: 3, vm_seconds: 1.5, by_day: [{ a_b: 1 }] })).toEqual({
    totalJobs: 3,
    vmSeconds: 1.5,
    byDay: [{ a_b: 1 }],
  });
  expect(wire.figuresFromWire(null)).toEqual({});
});
