import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { ApiError, MalformedAnswerError, NoAnswerError } from "../../../provider/api/errors";
import { Transport, type ApiRequest } from "../../../provider/api/transport";
import { AutoClock } from "../../support/clock";
import { FakeApi, type Reply } from "../../support/fake-api";

const TOKEN = "token-that-must-never-be-shown";
const GET: ApiRequest = { method: "GET", path: "/api/v1/x", repeatable: true };
const POST: ApiRequest = { method: "POST", path: "/api/v1/x", body: { a: 1 }, repeatable: false };
const SAFE_POST: ApiRequest = { ...POST, repeatable: true };

let api: FakeApi;
let clock: AutoClock;
let said: string[];
const open: Transport[] = [];

function transportTo(endpoint = api.endpoint, timeoutMs?: number): Transport {
  const say = (message: string) => said.push(message);
  const transport = new Transport({ endpoint, token: TOKEN, maxConcurrency: 4, clock, timeoutMs, say });
  open.push(transport);
  return transport;
}

beforeAll(async () => {
  api = await FakeApi.start();
});
beforeEach(() => {
  clock = new AutoClock();
  said = [];
  api.requests.length = 0;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
});
afterAll(() => api.stop());

/** The error of a call that has to fail. */
const failure = async (call: Promise<unknown>): Promise<Error> => {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error("the call did not fail");
  return outcome;
};

describe("one request", () => {
  it("sends the token and a JSON body, and returns the JSON answer", async () => {
    api.script({ body: { ok: true } });
    await expect(transportTo().request(POST)).resolves.toEqual({ ok: true });
    const [request] = api.requests;
    expect(request).toMatchObject({ method: "POST", path: "/api/v1/x", body: { a: 1 } });
    expect(request!.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(request!.headers["content-type"]).toBe("application/json");
  });

  it.each([200, 201, 202, 204, 302])("counts %i without a body as {}", async (status) => {
    api.script({ status });
    await expect(transportTo().request(GET)).resolves.toEqual({});
  });

  it("sends no content type without a body", async () => {
    api.script({ body: {} });
    await transportTo().request({ ...POST, body: undefined });
    expect(api.requests[0]!.headers["content-type"]).toBeUndefined();
  });

  it("sends a file as one multipart part named file", async () => {
    api.script({ body: { file_id: "f" } });
    const file = { name: "a b.txt", content: Buffer.from("hello") };
    await transportTo().request({ method: "POST", path: "/api/v1/mags-files", file, repeatable: true });
    const [request] = api.requests;
    expect(request!.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(request!.body).toContain('name="file"; filename="a b.txt"');
    expect(request!.body).toContain("Content-Type: application/octet-stream");
    expect(request!.body).toContain("\r\n\r\nhello\r\n");
  });

  it("maps *.localhost to this machine", async () => {
    api.script({ body: { ok: 1 } });
    const endpoint = api.endpoint.replace("127.0.0.1", "mags.localhost");
    await expect(transportTo(endpoint).request(GET)).resolves.toEqual({ ok: 1 });
  });

  it("calls a success that is not JSON broken, and does not repeat it", async () => {
    api.script({ body: "<html>hello</html>" });
    const error = await failure(transportTo().request(GET));
    expect(error).toBeInstanceOf(MalformedAnswerError);
    expect(api.requests).toHaveLength(1);
  });
});

describe("the server's message", () => {
  it.each<[string, unknown, string]>([
    ["error as a text", { error: "first", message: "second" }, "first"],
    ["error as an object with a message", { error: { code: 7, message: "inner" } }, "inner"],
    ["error as an object without one", { error: { code: 7 } }, '{"code":7}'],
    ["an empty error", { error: "", message: "second" }, "second"],
    ["raw text", "plain words", "plain words"],
    ["nothing", undefined, "no message"],
    ["other JSON", { detail: 1 }, '{"detail":1}'],
    ["JSON null", "null", "null"],
  ])("%s", async (_name, body, expected) => {
    api.script({ status: 422, body });
    const error = await failure(transportTo().request(POST));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, serverMessage: expected });
  });

  it("an HTML page is named as such, not shown", async () => {
    api.answer(() => ({ status: 524, body: "<!DOCTYPE html><title>A timeout occurred</title>" }));
    const error = await failure(transportTo().request(GET));
    expect(error).toMatchObject({ status: 524 });
    expect(error.message).toMatch(/HTML page instead of JSON/);
    expect(error.message).not.toContain("<title>");
  });

  it("a long text is cut", async () => {
    api.script({ status: 400, body: "x".repeat(5_000) });
    expect((await failure(transportTo().request(GET))).message.length).toBeLessThan(400);
  });
});

describe("the token stays out of errors", () => {
  it.each<[string, Reply]>([
    ["JSON", { status: 400, body: { error: `bad token ${TOKEN}` } }],
    ["JSON object", { status: 400, body: { error: { seen: TOKEN } } }],
    ["text", { status: 400, body: `header was Bearer ${TOKEN}` }],
    ["a success that is not JSON", { body: `<html>${TOKEN}</html>` }],
    ["a text that is cut in its middle", { status: 400, body: "x".repeat(285) + TOKEN }],
    ["a reset", { reset: true }],
  ])("when the server echoes it as %s", async (_name, reply) => {
    api.answer(() => reply);
    const error = await failure(transportTo().request(POST));
    const shown = `${error.message}\n${error.stack}\n${JSON.stringify(error)}`;
    expect(shown).not.toContain(TOKEN.slice(0, 10));
  });
});

describe("repeating", () => {
  it("repeats a GET after 5xx, with growing waits", async () => {
    api.script({ status: 500 }, { status: 502, body: "<html></html>" }, { status: 524 }, { body: { n: 4 } });
    await expect(transportTo().request(GET)).resolves.toEqual({ n: 4 });
    expect(api.requests).toHaveLength(4);
    expect(clock.slept).toEqual([187.5, 375, 750]);
  });

  it("gives up after five tries, with the last error", async () => {
    api.answer(() => ({ status: 503, body: { error: "down" } }));
    const error = await failure(transportTo().request(GET));
    expect(error).toMatchObject({ status: 503, serverMessage: "down" });
    expect(api.requests).toHaveLength(5);
  });

  it.each([500, 502, 503, 520, 524])("sends a POST once when the answer is %i", async (status) => {
    api.answer(() => ({ status }));
    await failure(transportTo().request(POST));
    expect(api.requests).toHaveLength(1);
  });

  it("repeats a POST that is marked as safe", async () => {
    api.script({ status: 500 }, { body: {} });
    await transportTo().request(SAFE_POST);
    expect(api.requests).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 409, 422])("never repeats after %i", async (status) => {
    api.answer(() => ({ status }));
    await failure(transportTo().request(GET));
    expect(api.requests).toHaveLength(1);
  });

  it("never repeats a conflict that comes as 500", async () => {
    api.answer(() => ({ status: 500, body: { error: "workspace already in use" } }));
    await failure(transportTo().request(SAFE_POST));
    expect(api.requests).toHaveLength(1);
  });

  it("after a cut connection repeats a GET, but not a POST: the effect may have been made", async () => {
    api.script({ reset: true }, { body: { ok: 1 } });
    await expect(transportTo().request(GET)).resolves.toEqual({ ok: 1 });
    api.requests.length = 0;
    api.answer(() => ({ reset: true }));
    const error = await failure(transportTo().request(POST));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ outcomeUnknown: true });
    expect(api.requests).toHaveLength(1);
  });

  it("repeats even a POST when the connection was refused: nothing was sent", async () => {
    const port = await freePort();
    const error = await failure(transportTo(`http://127.0.0.1:${port}`).request(POST));
    expect(error).toMatchObject({ outcomeUnknown: false, detail: "ECONNREFUSED" });
    expect(clock.slept).toHaveLength(4);
  });

  it("a time-out leaves the outcome of a POST open", async () => {
    api.answer(() => ({ hang: true }));
    const error = await failure(transportTo(api.endpoint, 50).request(POST));
    expect(error).toMatchObject({ outcomeUnknown: true, detail: "time-out" });
    expect(api.requests).toHaveLength(1);
  });

  it("a request's own time limit goes before the general one", async () => {
    api.answer(() => ({ hang: true }));
    const error = await failure(transportTo(api.endpoint, 60_000).request({ ...POST, timeoutMs: 50 }));
    expect(error).toMatchObject({ detail: "time-out" });
  });
});

describe("429", () => {
  const limited = (retryAfter?: string): Reply => ({
    status: 429,
    headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
    body: { error: "slow down" },
  });
  const waited = () => clock.slept.reduce((sum, ms) => sum + ms, 0);

  it("is waited out for as many seconds as Retry-After says, even for a POST", async () => {
    api.script(limited("7"), { body: { ok: 1 } });
    await expect(transportTo().request(POST)).resolves.toEqual({ ok: 1 });
    expect(waited()).toBe(7_000);
    expect(said).toEqual([]);
  });

  it("is waited out until the date that Retry-After says", async () => {
    clock = new AutoClock(Date.parse("2026-03-01T12:00:00Z"));
    api.script(limited("Sun, 01 Mar 2026 12:00:30 GMT"), { body: {} });
    await transportTo().request(POST);
    expect(waited()).toBe(30_000);
  });

  it.each([undefined, "soon", ""])("without a usable Retry-After (%j) waits a second", async (value) => {
    api.script(limited(value), { body: {} });
    await transportTo().request(GET);
    expect(waited()).toBe(1_000);
  });

  it.each(["0", "-5", "Sun, 01 Mar 1998 12:00:30 GMT"])(
    "does not hammer a server that says Retry-After: %s",
    async (value) => {
      clock = new AutoClock(Date.parse("2026-03-01T12:00:00Z"));
      api.script(...Array.from({ length: 10 }, () => limited(value)), { body: {} });
      await transportTo().request(GET);
      expect(waited()).toBeGreaterThanOrEqual(1_000);
    },
  );

  it("pauses everyone who shares the account", async () => {
    api.script(limited("20"), { body: {} }, { body: {} });
    const transport = transportTo();
    const first = transport.request(POST);
    while (api.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const begunAt = clock.now();
    await Promise.all([first, transport.request(GET)]);
    expect(api.requests).toHaveLength(3);
    expect(clock.now() - begunAt).toBeGreaterThanOrEqual(20_000);
    expect(said).toEqual(["waiting, since Mags asks for a pause of 20 s (status 429)"]);
  });

  it("does not use up the tries, but is given up after five minutes", async () => {
    api.script(...Array.from({ length: 12 }, () => limited("1")), { body: { ok: 1 } });
    await expect(transportTo().request(GET)).resolves.toEqual({ ok: 1 });
    api.answer(() => limited("30"));
    const begunAt = clock.now();
    expect(await failure(transportTo().request(GET))).toMatchObject({ status: 429 });
    expect(clock.now() - begunAt).toBeLessThanOrEqual(360_000);
  });

  it("is given up at once when the server asks for longer than that", async () => {
    api.answer(() => limited("86400"));
    expect(await failure(transportTo().request(GET))).toMatchObject({ status: 429 });
    expect(api.requests).toHaveLength(1);
    expect(waited()).toBe(0);
  });
});

describe("noting writes", () => {
  it("is told before and after every call but a GET, also when it fails", async () => {
    let noted = 0;
    const onMutation = () => noted++;
    const transport = new Transport({
      endpoint: api.endpoint,
      token: TOKEN,
      maxConcurrency: 1,
      clock,
      onMutation,
    });
    open.push(transport);
    api.script({ body: {} }, { body: {} }, { status: 400 });
    await transport.request(GET);
    expect(noted).toBe(0);
    await transport.request(POST);
    expect(noted).toBe(2);
    await failure(transport.request({ ...POST, method: "DELETE" }));
    expect(noted).toBe(4);
  });
});

describe("probe", () => {
  it("gives the status without the token, and undefined when nobody answers", async () => {
    api.script({ status: 204 }, { status: 503 });
    const transport = transportTo();
    await expect(transport.probe(`${api.endpoint}/health`, 1_000)).resolves.toBe(204);
    expect(api.requests[0]!.headers.authorization).toBeUndefined();
    await expect(transport.probe(`${api.endpoint}/health`, 1_000)).resolves.toBe(503);
    await expect(transport.probe(`http://127.0.0.1:${await freePort()}/`, 1_000)).resolves.toBeUndefined();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
