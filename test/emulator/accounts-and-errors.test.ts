import * as http from "node:http";
import * as net from "node:net";
import { ROUTES } from "../../emulator";
import { call, start, stopAll, submit } from "./support";

afterEach(stopAll);

describe("accounts", () => {
  test("every account has a token of its own, and a wrong one is 401 before anything else", async () => {
    const emulator = await start({ execute: "simulate", accounts: 3 });
    expect(new Set(emulator.tokens).size).toBe(3);
    expect(emulator.token).toBe(emulator.tokens[0]);
    for (const token of [null, "wrong", `${emulator.token}x`]) {
      const answer = await call(emulator, "GET", "/v1/mags-jobs", undefined, token);
      expect(answer).toMatchObject({ status: 401, body: { error: expect.stringContaining("token") } });
    }
    expect((await call(emulator, "POST", "/v1/mags-jobs", "{", "wrong")).status).toBe(401);
  });

  test("nothing of one account shows or moves in another", async () => {
    const emulator = await start({ execute: "simulate", accounts: 2 });
    const [, other = ""] = emulator.tokens;
    const id = await submit(emulator, {
      script: "sleep infinity",
      persistent: true,
      name: "mine",
      workspace_id: "w",
    });
    const cron = await call(emulator, "POST", "/v1/mags-cron", {
      name: "c",
      cron_expression: "0 0 * * *",
      script: "true",
    });
    const form = new FormData();
    form.append("file", new Blob(["x"]), "x.txt");
    const upload = await fetch(`${emulator.url}/api/v1/mags-files`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}` },
      body: form,
    });
    const { file_id: fileId } = (await upload.json()) as { file_id: string };
    const as = (method: string, path: string, body?: unknown) => call(emulator, method, path, body, other);
    for (const [method, path, body] of [
      ["GET", `/v1/mags-jobs/${id}/status`],
      ["GET", `/v1/mags-jobs/${id}/logs`],
      ["POST", `/v1/mags-jobs/${id}/access`, { port: 8080 }],
      ["POST", `/v1/mags-jobs/${id}/exec`, { command: "true" }],
      ["POST", `/v1/mags-jobs/${id}/stop`],
      ["POST", `/v1/mags-jobs/${id}/sync`],
      ["PATCH", `/v1/mags-jobs/${id}`, { no_sleep: true }],
      ["GET", "/v2/mags-jobs/mine/status"],
      ["GET", `/v2/mags-jobs/${id}/status`],
      ["GET", `/v1/mags-cron/${cron.body.id}`],
      ["PATCH", `/v1/mags-cron/${cron.body.id}`, { enabled: false }],
      ["DELETE", `/v1/mags-cron/${cron.body.id}`],
      ["DELETE", "/v1/mags-workspaces/w"],
    ] as const) {
      expect([method, path, (await as(method, path, body)).status]).toEqual([method, path, 404]);
    }
    expect((await as("POST", "/v1/mags-jobs", { script: "true", file_ids: [fileId] })).status).toBe(422);
    expect((await as("POST", "/v1/mags-jobs", { script: "true", base_workspace_id: "w" })).status).toBe(422);
    for (const path of ["/v1/mags-jobs", "/v1/mags-workspaces", "/v1/mags-cron", "/v1/mags-url-aliases"]) {
      expect((await as("GET", path)).body.total).toBe(0);
    }
    expect((await as("GET", "/v1/mags-jobs/usage")).body.total_jobs).toBe(0);
    // The same names are free for the other account.
    expect(
      (await as("POST", "/v1/mags-jobs", { script: "sleep infinity", name: "mine", workspace_id: "w" }))
        .status,
    ).toBe(202);
    expect(emulator.snapshot(emulator.token).jobs).toHaveLength(1);
    expect(emulator.snapshot().jobs).toHaveLength(2);
  });
});

describe("what the API refuses", () => {
  test("an unknown route, and a method nobody recorded, are 501 with JSON", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, { script: "sleep infinity" });
    for (const [method, path] of [
      ["GET", "/v1/nothing"],
      ["GET", `/v1/mags-jobs/${id}`],
      ["DELETE", `/v1/mags-jobs/${id}`],
      ["PUT", "/v1/mags-cron"],
      ["GET", "/v2/mags-jobs"],
      ["GET", "/v3/mags-jobs"],
      ["GET", "/v1/mags-jobs/"],
      ["GET", `/v1/mags-jobs/${id}/status/more`],
      ["GET", "/v1/mags-jobs/%ZZ/status"],
    ] as const) {
      const answer = await call(emulator, method, path);
      expect([path, answer.status, typeof (answer.body?.error ?? answer.body?.message)]).toEqual([
        path,
        501,
        "string",
      ]);
    }
    const outside = await fetch(`${emulator.url}/nothing`);
    expect([outside.status, outside.headers.get("content-type")]).toEqual([
      501,
      expect.stringContaining("application/json"),
    ]);
  });

  test("every route of the table answers JSON or nothing, and never HTML, whatever it is sent", async () => {
    const emulator = await start({ execute: "simulate" });
    for (const route of ROUTES) {
      for (const version of Object.keys(route.versions)) {
        const path = `/${version}${route.path.replace(/\{[^}]+\}/, "x%2Fy")}`;
        for (const body of [undefined, "{", "[]", "null", '{"script":{}}']) {
          if (route.method === "GET" && body !== undefined) continue;
          const answer = await call(emulator, route.method, path, body);
          expect(answer.status).not.toBe(501);
          expect(answer.status).toBeLessThan(500);
          expect(answer.headers.get("content-type") ?? "application/json").toContain("application/json");
        }
      }
    }
  });

  test("a body that is no JSON object is 400", async () => {
    const emulator = await start({ execute: "simulate" });
    for (const body of ["{", "[]", "3", "null"]) {
      expect((await call(emulator, "POST", "/v1/mags-jobs", body)).status).toBe(400);
    }
  });

  test("a body above the limit is 413, announced or not", async () => {
    const emulator = await start({ execute: "simulate", bodyLimit: 1_000, uploadLimit: 2_000 });
    const big = JSON.stringify({ script: "x".repeat(2_000) });
    expect(await call(emulator, "POST", "/v1/mags-jobs", big)).toMatchObject({
      status: 413,
      body: { error: expect.any(String) },
    });
    const chunked = await new Promise<number>((resolve, reject) => {
      const request = http.request(
        `${emulator.url}/api/v1/mags-jobs`,
        {
          method: "POST",
          headers: { authorization: `Bearer ${emulator.token}`, "transfer-encoding": "chunked" },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on("error", reject);
      request.write(big.slice(0, 1_500));
      request.end(big.slice(1_500));
    });
    expect(chunked).toBe(413);
    const form = new FormData();
    form.append("file", new Blob(["x".repeat(3_000)]), "x.txt");
    const upload = await fetch(`${emulator.url}/api/v1/mags-files`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}` },
      body: form,
    });
    expect(upload.status).toBe(413);
    expect(emulator.snapshot().jobs).toEqual([]);
  });

  test("what is not HTTP gets an answer all the same", async () => {
    const emulator = await start({ execute: "simulate" });
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = net.connect(emulator.port, "127.0.0.1", () => socket.write("NONSENSE\r\n\r\n"));
      let text = "";
      socket.on("data", (chunk) => (text += chunk.toString("utf8")));
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/json/);
  });

  test.each(["../evil", "a/b", "..", "", "x".repeat(300), "a\\..\\b"])(
    "the upload name %j is refused",
    async (name) => {
      const emulator = await start({ execute: "simulate" });
      const boundary = "cut";
      const response = await fetch(`${emulator.url}/api/v1/mags-files`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${emulator.token}`,
          "content-type": `multipart/form-data; boundary=${boundary}`,
        },
        body: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name.replace(/\\/g, "\\\\")}"\r\n\r\nx\r\n--${boundary}--\r\n`,
      });
      expect([response.status, typeof ((await response.json()) as { error: string }).error]).toEqual([
        422,
        "string",
      ]);
    },
  );

  test.each([
    ["no form", "application/octet-stream", "x", 400],
    [
      "a form that is cut off",
      "multipart/form-data; boundary=cut",
      "--cut\r\ncontent-disposition: form",
      400,
    ],
    [
      "another part",
      "multipart/form-data; boundary=cut",
      '--cut\r\ncontent-disposition: form-data; name="other"; filename="a"\r\n\r\nx\r\n--cut--\r\n',
      422,
    ],
  ])("an upload with %s is refused", async (_what, contentType, body, expected) => {
    const emulator = await start({ execute: "simulate" });
    const response = await fetch(`${emulator.url}/api/v1/mags-files`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}`, "content-type": contentType },
      body,
    });
    expect(response.status).toBe(expected);
  });

  test("exec, sync, access and stop before there is a VM, and after it", async () => {
    const emulator = await start({ execute: "simulate", clock: "driven" });
    const id = await submit(emulator, { script: "sleep infinity", persistent: true });
    const post = (action: string, body?: unknown) =>
      call(emulator, "POST", `/v1/mags-jobs/${id}/${action}`, body);
    expect(await post("exec", { command: "true" })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("no VM associated") },
    });
    expect((await post("sync")).status).toBe(400);
    expect((await post("exec", {})).status).toBe(422);
    await post("stop");
    await emulator.clock.advance(10_000);
    expect(await post("exec", { command: "true" })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("not running") },
    });
    expect(await post("stop")).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("not running") },
    });
    expect((await post("sync")).status).toBe(400);
    expect(await post("access", { port: 80 })).toMatchObject({ status: 200, body: { success: false } });
    expect((await post("access", { port: 70_000 })).status).toBe(422);
  });

  test("access on 22 gives a key", async () => {
    const emulator = await start({ execute: "simulate" });
    const id = await submit(emulator, { script: "sleep infinity", persistent: true });
    const answer = await new Promise<{ body: Record<string, unknown> }>((resolve, reject) => {
      const ask = async (): Promise<void> => {
        const found = await call(emulator, "POST", `/v1/mags-jobs/${id}/access`, { port: 22 });
        if (found.body.success === true) resolve(found);
        else setTimeout(() => void ask().catch(reject), 10);
      };
      ask().catch(reject);
    });
    expect(answer.body).toMatchObject({
      ssh_host: "127.0.0.1",
      ssh_port: expect.any(Number),
      ssh_private_key: expect.stringMatching(/^-----BEGIN OPENSSH PRIVATE KEY-----\n[\s\S]+-----END/),
    });
    const greeting = await new Promise<string>((resolve, reject) => {
      const socket = net.connect(answer.body.ssh_port as number, "127.0.0.1");
      let text = "";
      socket.on("data", (chunk) => (text += chunk.toString("utf8")));
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
    });
    expect(greeting).toContain("does not serve SSH");
  });
});

describe("recorded calls", () => {
  test("method, path with query, route, version, account, status and body", async () => {
    const emulator = await start({ execute: "simulate", accounts: 2 });
    const id = await submit(emulator, { script: "true" });
    await call(emulator, "PATCH", `/v1/mags-jobs/${id}`, { startup_command: "x" }, emulator.tokens[1]);
    await call(emulator, "GET", "/v1/mags-jobs?page=1&page_size=50");
    expect(emulator.calls()).toEqual([
      expect.objectContaining({
        method: "POST",
        path: "/api/v1/mags-jobs",
        route: "POST /mags-jobs",
        version: "v1",
        account: 0,
        status: 202,
        body: { script: "true" },
      }),
      expect.objectContaining({
        path: `/api/v1/mags-jobs/${id}`,
        route: "PATCH /mags-jobs/{id}",
        account: 1,
        status: 404,
        body: { startup_command: "x" },
      }),
      expect.objectContaining({
        path: "/api/v1/mags-jobs?page=1&page_size=50",
        route: "GET /mags-jobs",
        status: 200,
      }),
    ]);
    emulator.clearCalls();
    expect(emulator.calls()).toEqual([]);
  });

  test("only the last ones are kept", async () => {
    const emulator = await start({ execute: "simulate", maxCalls: 5 });
    for (let index = 0; index < 40; index++) await call(emulator, "GET", `/v1/mags-jobs?page=${index + 1}`);
    expect(emulator.calls().map((entry) => entry.path.split("=")[1])).toEqual(["36", "37", "38", "39", "40"]);
  });
});
