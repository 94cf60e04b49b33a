/**
 * The traps of the dynamic-provider host, each shown by a small bad provider, so that a change of the host is
 * noticed. That our handlers step into none of them is in `handlers-in-host.test.ts`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { ProviderHost, failed, type Props } from "../../support/provider-host";

let folder: string;
let host: ProviderHost;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mags-traps-"));
  host = await ProviderHost.start(folder);
  await host.configure({ "mags:endpoint": "configured" });
});
afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  host.patience = 4;
});

/** Inputs of a resource whose provider has these methods. */
const providerWith = (methods: string, before = ""): Props => ({
  __provider: `${before};exports.handler=()=>({${methods}});`,
});

describe("1: what is no plain JSON breaks a result, after the work was done", () => {
  it.each([
    ["undefined", "undefined"],
    ["undefined deep inside", "{a:[{b:undefined}]}"],
    ["a bigint", "10n"],
    ["a function", "()=>1"],
    ["a symbol", 'Symbol("x")'],
  ])("%s", async (_name, value) => {
    const { message } = await failed(
      host.create(providerWith(`create:async()=>({id:"x",outs:{v:${value}}})`)),
    );
    expect(message).toMatch(/Unexpected struct type/);
  });

  it("an object that holds itself", async () => {
    const text = 'create:async()=>{const o={};o.o=o;return {id:"x",outs:o}}';
    expect((await failed(host.create(providerWith(text)))).message).toMatch(/call stack/);
  });

  it.each(["new Date(0)", "new Map([[1,2]])"])("%s becomes an empty object", async (value) => {
    const { properties } = await host.create(providerWith(`create:async()=>({id:"x",outs:{v:${value}}})`));
    expect(properties.v).toEqual({});
  });
});

it("2: the provider's text is added to results, but not to what a partial error keeps", async () => {
  const good = providerWith('create:async()=>({id:"x",outs:{a:1}})');
  expect((await host.create(good)).properties).toEqual({ a: 1, ...good });
  const partial = providerWith(
    'create:async()=>{throw Object.assign(new Error("half"),{id:"x",properties:{a:1},reasons:["r"]})}',
  );
  const { init } = await failed(host.create(partial));
  expect(init).toEqual({ id: "x", properties: { a: 1 }, reasons: ["r"] });
});

it.each(["create", "update"] as const)("3: any error with an id counts as %sd", async (operation) => {
  const props = providerWith(`${operation}:async()=>{throw Object.assign(new Error("e"),{id:"surprise"})}`);
  const call = operation === "create" ? host.create(props) : host.update("x", props, props);
  expect((await failed(call)).init).toEqual({ id: "surprise", properties: {}, reasons: [] });
});

describe("4: the call is never answered", () => {
  it.each([
    ["nothing is thrown", "throw undefined"],
    ["null is thrown", "throw null"],
    [
      "a partial error holds undefined",
      'throw Object.assign(new Error("e"),{id:"x",properties:{a:undefined}})',
    ],
  ])("when %s", async (_name, statement) => {
    host.patience = 0.3;
    const { code } = await failed(host.create(providerWith(`create:async()=>{${statement}}`)));
    expect(code).toBe(status.DEADLINE_EXCEEDED);
  });
});

describe("5: an error's code and details replace what was meant", () => {
  const thrower = providerWith(
    ["check", "diff", "read", "delete"]
      .map((name) => `${name}:async()=>{throw Object.assign(new Error("meant"),{code:5,details:"other"})}`)
      .join(),
  );

  it.each<[string, () => Promise<unknown>]>([
    ["check", () => host.check({}, thrower)],
    ["diff", () => host.diff("x", thrower, thrower)],
    ["read", () => host.read("x", thrower)],
    ["delete", () => host.delete("x", thrower)],
  ])("in %s", async (_name, call) => {
    expect(await failed(call())).toMatchObject({ code: status.NOT_FOUND, message: "other" });
  });
});

describe("6: a provider is used before its configure has settled", () => {
  it("so operations that begin together run unconfigured", async () => {
    const props = providerWith(
      "async configure(r){await new Promise(d=>setTimeout(d,100));ready=true}," +
        'create:async()=>({id:"x",outs:{ready}})',
      "let ready=false",
    );
    const [first, second] = await Promise.all([host.create(props), host.create(props)]);
    expect([first.properties.ready, second.properties.ready].sort()).toEqual([false, true]);
  });

  it("and a configure that fails, fails only the first", async () => {
    const props = providerWith(
      'async configure(){throw new Error("bad config")},create:async()=>({id:"x",outs:{}})',
    );
    expect((await failed(host.create(props))).message).toMatch("bad config");
    expect((await host.create(props)).id).toBe("x");
  });
});

it("7: an update that returns no outputs, or that does not exist, loses them all", async () => {
  for (const methods of ["update:async()=>({})", "update:async()=>undefined", ""]) {
    const props = providerWith(methods);
    expect(await host.update("x", { ...props, a: 1 }, { ...props, a: 2 })).toEqual(props);
  }
});

it("8: handlers are handed the provider's text among the values", async () => {
  const props = providerWith(
    "check:async(o,n)=>({inputs:{seen:Object.keys(n).join()},failures:[]})," +
      'create:async(i)=>({id:"x",outs:{seen:Object.keys(i).join()}})',
  );
  expect((await host.check({}, { ...props, a: 1 })).inputs.seen).toContain("__provider");
  expect((await host.create({ ...props, a: 1 })).properties.seen).toContain("__provider");
});

it("9: a diff or read that returns nothing is a TypeError", async () => {
  const props = providerWith("diff:async()=>undefined,read:async()=>undefined");
  expect((await failed(host.diff("x", props, props))).message).toMatch(/of undefined/);
  expect((await failed(host.read("x", props))).message).toMatch(/of undefined/);
});

it("10: an operation that never ends has no limit but the caller's", async () => {
  host.patience = 0.3;
  const { code } = await failed(host.create(providerWith("create:()=>new Promise(()=>0)")));
  expect(code).toBe(status.DEADLINE_EXCEEDED);
});

it("11: a failed create or update leaves no stack trace, a failed read does", async () => {
  const props = providerWith(
    'async create(){throw new Error("in-create")},async update(){throw new Error("in-update")},' +
      'async read(){throw new Error("in-read")}',
  );
  await failed(host.create(props));
  await failed(host.update("x", props, props));
  await failed(host.read("x", props));
  for (let i = 0; i < 400 && !host.output.includes("in-read"); i++)
    await new Promise((r) => setTimeout(r, 5));
  expect(host.output).toMatch(/in-read[^]*at /);
  expect(host.output).not.toMatch(/in-create|in-update/);
});

it("12: handlers get no name, type, time-out or preview flag, only values and the id", async () => {
  const props = providerWith(
    'check:async(...a)=>({inputs:{n:a.length}}),create:async(...a)=>({id:"x",outs:{n:a.length}}),' +
      "update:async(...a)=>({outs:{n:a.length}})",
  );
  expect((await host.check({}, props)).inputs.n).toBe(2);
  expect((await host.create(props)).properties.n).toBe(1);
  expect((await host.update("x", props, props)).n).toBe(3);
});

it("13: a failure's property reaches the engine as it is, which prints that property's value", async () => {
  const props = providerWith('check:async(o,n)=>({inputs:n,failures:[{property:"secrets",reason:"bad"}]})');
  const { failures } = await host.check({}, { ...props, secrets: "plain" });
  expect(failures).toEqual([{ property: "secrets", reason: "bad" }]);
});

it("only changes, replaces and deleteBeforeReplace of a diff are forwarded", async () => {
  const props = providerWith(
    'diff:async()=>({changes:true,replaces:["a"],deleteBeforeReplace:true,stables:["b"],diffs:["c"]})',
  );
  expect(await host.diff("x", props, props)).toEqual({
    changes: "some",
    replaces: ["a"],
    deleteBeforeReplace: true,
  });
});
