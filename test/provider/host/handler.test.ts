import type { Account } from "../../../provider/api/account";
import { handlerOf, type Handler } from "../../../provider/host/handler";
import type { ProcessWide, Shared } from "../../../provider/host/shared";
import { GoneGuard } from "../../../provider/lifecycle/gone-guard";
import { job } from "../../../provider/lifecycle/job";
import { ProvenScripts } from "../../../provider/lifecycle/proven-scripts";
import { RunClaims } from "../../../provider/lifecycle/run-claims";
import { PartialError, SCHEMA_VERSION, type Context, type Kind } from "../../../provider/lifecycle/kind";
import { AutoClock } from "../../support/clock";

/** A clock whose limits are over when the test says so. */
class LimitClock extends AutoClock {
  readonly limits: { ms: number; over: () => void; isForgotten: boolean }[] = [];

  override after(ms: number, work: () => void): () => void {
    const limit = { ms, over: work, isForgotten: false };
    this.limits.push(limit);
    return () => void (limit.isForgotten = true);
  }
}

let clock: LimitClock;
let printed: jest.SpyInstance;
beforeEach(() => {
  clock = new LimitClock();
  printed = jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => printed.mockRestore());

/** A handler of a kind like Job whose operations do what the test says. */
async function handlerWith(
  operations: Partial<Kind>,
  config: Record<string, string> = {},
  onOpen: (...opened: Parameters<ProcessWide["open"]>) => void = () => undefined,
): Promise<Handler> {
  const kind: Kind = { ...job, ...operations };
  const client = { transport: { redact: (text: string) => text.split("t0ken").join("[token]") } };
  const account = { clock, client } as unknown as Account;
  const shared: Shared = { account, goneGuard: new GoneGuard(clock) };
  const handler = handlerOf(() => kind, {
    open: (settings, token) => {
      onOpen(settings, token);
      return shared;
    },
    claims: new RunClaims(),
    proven: new ProvenScripts(),
  });
  const values: Record<string, string> = {
    "mags:apiToken": "t0ken",
    "mags:endpoint": "http://127.0.0.1:1",
    ...config,
  };
  await handler.configure({ config: { get: (key) => values[key] } });
  return handler;
}

const never = () => new Promise<never>(() => undefined);
const RECORDED = { name: "box", __mags: String(SCHEMA_VERSION), account: "local" };

describe("10: an operation that never ends is given up", () => {
  it.each<[string, number, (handler: Handler) => Promise<unknown>]>([
    ["create", 600, (handler) => handler.create({ name: "box" })],
    ["read", 120, (handler) => handler.read("box", RECORDED)],
    ["update", 900, (handler) => handler.update("box", RECORDED, { name: "box" })],
    ["delete", 300, (handler) => handler.delete("box", RECORDED)],
  ])("%s, half a minute after its limit of %i s", async (operation, seconds, call) => {
    const handler = await handlerWith({ create: never, read: never, update: never, delete: never });
    const outcome = expect(call(handler)).rejects.toThrow(
      `The ${operation} of Job "box" took longer than ${seconds} s`,
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.limits.map(({ ms }) => ms)).toEqual([seconds * 1000 + 30_000]);
    clock.limits[0]!.over();
    await outcome;
  });

  it("with the limit that the resource asks for", async () => {
    const seen: number[] = [];
    const note = async (context: Context) => {
      seen.push(context.deadline - context.clock.now());
    };
    const handler = await handlerWith({
      create: async (context) => {
        await note(context);
        return { id: "box", outputs: {} };
      },
      update: async (context) => {
        await note(context);
        return {};
      },
      delete: note,
    });
    const timeouts = { create: 11, update: 12, delete: 13 };
    await handler.create({ name: "box", timeouts });
    await handler.update("box", { ...RECORDED, timeouts: { update: 99 } }, { name: "box", timeouts });
    await handler.delete("other", { ...RECORDED, name: "other", timeouts });
    expect(seen).toEqual([11_000, 12_000, 13_000]);
  });

  it("and no timer is left of one that is over, however it ended", async () => {
    const handler = await handlerWith({
      create: async () => ({ id: "box", outputs: {} }),
      delete: async () => {
        throw new Error("refused");
      },
    });
    await handler.create({ name: "box" });
    await expect(handler.delete("other", { ...RECORDED, name: "other" })).rejects.toThrow("refused");
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.limits.map(({ isForgotten }) => isForgotten)).toEqual([true, true]);
  });
});

describe("11: the stack of a bug is shown, without the token", () => {
  const bug = () => new TypeError("cannot read t0ken of undefined");

  it.each<[string, (handler: Handler) => Promise<unknown>]>([
    ["create", (handler) => handler.create({ name: "box" })],
    ["update", (handler) => handler.update("box", RECORDED, { name: "box" })],
  ])("in %s", async (_name, call) => {
    const throws = async () => {
      throw bug();
    };
    await expect(call(await handlerWith({ create: throws, update: throws }))).rejects.toThrow("cannot read");
    const text = printed.mock.calls.flat().join("\n");
    expect(text).toMatch(/cannot read \[token\] of undefined[^]*\bat /);
    expect(text).not.toContain("t0ken");
  });

  it("but not that of a resource that is kept, nor of a user's mistake", async () => {
    const kept = async () => {
      throw new PartialError("box", {}, ["not ready"]);
    };
    await expect((await handlerWith({ create: kept })).create({ name: "box" })).rejects.toThrow("not ready");
    const moved = handlerWith({ update: never });
    await expect((await moved).update("box", { ...RECORDED, account: "elsewhere" }, {})).rejects.toThrow(
      "elsewhere",
    );
    expect(printed).not.toHaveBeenCalled();
  });
});

describe("accounts", () => {
  it.each<[string, (handler: Handler) => Promise<unknown>]>([
    ["diff", (handler) => handler.diff("box", { ...RECORDED, account: "elsewhere" }, { name: "box" })],
    ["read", (handler) => handler.read("box", { ...RECORDED, account: "elsewhere" })],
    ["update", (handler) => handler.update("box", { ...RECORDED, account: "elsewhere" }, { name: "box" })],
    ["delete", (handler) => handler.delete("box", { ...RECORDED, account: "elsewhere" })],
  ])("%s of another account's resource touches nothing", async (_name, call) => {
    const touched = jest.fn();
    const handler = await handlerWith({ read: touched, update: touched, delete: touched });
    await expect(call(handler)).rejects.toThrow(/"elsewhere".*"local"/);
    expect(touched).not.toHaveBeenCalled();
  });
});

describe("read", () => {
  const gone: Partial<Kind> = { read: async () => undefined };

  it("of three that are all gone answers for none of them", async () => {
    const handler = await handlerWith(gone);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => handler.read("box", RECORDED)));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  });

  it("of three that are all gone believes it when told to", async () => {
    const handler = await handlerWith(gone, { "mags:allowMassGone": "true" });
    expect(await Promise.all([1, 2, 3].map(() => handler.read("box", RECORDED)))).toEqual([{}, {}, {}]);
  });

  it("returns inputs on a refresh, where the kind shows them, not on a look-up", async () => {
    const handler = await handlerWith({
      read: async (_context, id) => ({ outputs: { name: id }, inputs: { name: id, noSleep: undefined } }),
    });
    expect(await handler.read("box", RECORDED)).toEqual({
      id: "box",
      props: { name: "box", __mags: String(SCHEMA_VERSION) },
      inputs: { name: "box" },
    });
    expect(await handler.read("box", {})).not.toHaveProperty("inputs");
  });
});

it("what this run has created is not deleted under the name of a resource that is gone", async () => {
  const said = jest.spyOn(console, "info").mockImplementation(() => undefined);
  const remove = jest.fn(async () => undefined);
  const handler = await handlerWith({ create: async () => ({ id: "box", outputs: {} }), delete: remove });
  await handler.create({ name: "box" });
  await handler.delete("box", RECORDED);
  expect(remove).not.toHaveBeenCalled();
  expect(said.mock.calls.flat().join()).toMatch('Job "box" now belongs to another resource');
  await handler.delete("other", { ...RECORDED, name: "other" });
  expect(remove).toHaveBeenCalledTimes(1);
  said.mockRestore();
});

it("configure stores, and a new configuration is used by the next operation", async () => {
  const handler = await handlerWith({ read: async () => ({ outputs: {} }) });
  await expect(handler.read("box", RECORDED)).resolves.toBeDefined();
  const other: Record<string, string> = { "mags:apiToken": "t", "mags:account": "other" };
  await handler.configure({ config: { get: (key) => other[key] } });
  await expect(handler.read("box", RECORDED)).rejects.toThrow('talks to "other"');
});

it("an account is opened once for a token, and another one when the token or the endpoint is another", async () => {
  const opened: string[] = [];
  const handler = await handlerWith({ read: async () => ({ outputs: {} }) }, {}, ({ endpoint }, token) => {
    opened.push(`${token} ${endpoint}`);
  });
  const read = () => handler.read("box", RECORDED);
  await read();
  await read();
  const configured: Record<string, string> = { "mags:endpoint": "http://127.0.0.1:2" };
  await handler.configure({ config: { get: (key) => configured[key] } });
  try {
    for (const token of ["first", "first", "second"]) {
      process.env.MAGS_API_TOKEN = token;
      await read();
    }
  } finally {
    delete process.env.MAGS_API_TOKEN;
  }
  expect(opened).toEqual([
    "t0ken http://127.0.0.1:1",
    "first http://127.0.0.1:2",
    "second http://127.0.0.1:2",
  ]);
});

it("an account of another endpoint is another one, also with the same token", async () => {
  const opened: string[] = [];
  const handler = await handlerWith({ read: async () => ({ outputs: {} }) }, {}, ({ endpoint }) => {
    opened.push(endpoint);
  });
  await handler.read("box", RECORDED);
  const other: Record<string, string> = { "mags:apiToken": "t0ken", "mags:endpoint": "http://127.0.0.1:2" };
  await handler.configure({ config: { get: (key) => other[key] } });
  await handler.read("box", RECORDED);
  expect(opened).toEqual(["http://127.0.0.1:1", "http://127.0.0.1:2"]);
});
