import { ApiError } from "../../../provider/api/errors";
import { Transport, type ApiRequest } from "../../../provider/api/transport";
import { AutoClock } from "../../support/clock";
import { FakeApi, type Reply } from "../../support/fake-api";

const TIMEOUT_MS = 30_000;
let api: FakeApi;

beforeEach(async () => {
  api = await FakeApi.start();
});

afterEach(() => api.stop());

/** Sends it to an API that answers so, and tells how long it waited in between. */
const said: string[] = [];
async function waits(method: ApiRequest["method"], ...replies: Reply[]): Promise<number[]> {
  said.length = 0;
  const clock = new AutoClock();
  const transport = new Transport({
    endpoint: api.endpoint,
    token: "token",
    maxConcurrency: 1,
    clock,
    timeoutMs: TIMEOUT_MS,
    say: (message) => said.push(message),
  });
  api.script(...replies);
  try {
    await transport.request({ method, path: "/api/v1/x", repeatable: true });
  } finally {
    await transport.close();
  }
  return clock.slept;
}

describe("an effect that can land after its answer was given up", () => {
  it.each([
    ["a cut connection", { reset: true }],
    ["a 502", { status: 502 }],
    ["a 504", { status: 504 }],
    ["a 524", { status: 524 }],
  ])("after %s a change is repeated only when one request time-out has passed", async (_name, reply) => {
    await expect(waits("DELETE", reply, { body: {} })).resolves.toEqual([TIMEOUT_MS]);
    expect(said).toEqual(["waiting 30 s for what DELETE /api/v1/x, which was not answered, may still do"]);
  });

  it.each([
    ["a read is repeated soon", "GET", { reset: true }],
    ["a change that the server itself refused is repeated soon", "PATCH", { status: 503 }],
  ] as const)("%s", async (_name, method, reply) => {
    const [wait] = await waits(method, reply, { body: {} });
    expect(wait).toBeLessThan(1_000);
  });

  it("gives up after three tries, since each costs two time-outs", async () => {
    const replies = Array.from({ length: 5 }, () => ({ status: 524 }));
    await expect(waits("PATCH", ...replies)).rejects.toThrow(ApiError);
    expect(api.requests).toHaveLength(3);
  });
});
