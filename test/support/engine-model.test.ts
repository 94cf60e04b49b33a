import type { Handler } from "../../provider/host/handler";
import { UNKNOWN_TEXT } from "../../provider/host/json";
import type { Values } from "../../provider/schema/fields";
import { EngineModel, ref, type Declared, type HostProcess, type Program } from "./engine-model";

/** What the fake provider was asked, in order, and how it answers. */
let calls: [operation: string, ...values: unknown[]][];
let fail: Partial<Record<keyof Handler, () => unknown>>;
let kill: (() => void) | undefined;

/** `replace` in the inputs is a replace key; `drift` in the outputs asks for an update. */
const handler: Handler = {
  configure: async () => undefined,
  async check(olds, news) {
    calls.push(["check", olds]);
    const { __identity, ...inputs } = news as Values;
    return (fail.check?.() as never) ?? { inputs: { made: "by check", ...inputs }, failures: [] };
  },
  async diff(_id, olds, news) {
    calls.push(["diff", olds, news]);
    fail.diff?.();
    const [old, now] = [olds as Values, news as Values];
    if (old.replace !== now.replace) return { replaces: ["replace"], deleteBeforeReplace: true };
    return old.value === now.value ? { changes: old.drift === true } : {};
  },
  async create(inputs) {
    calls.push(["create", inputs]);
    await (fail.create?.() as Promise<never>);
    return { id: `id of ${String((inputs as Values).value)}`, outs: { ...plain(inputs), computed: "new" } };
  },
  async read(id, props) {
    calls.push(["read", props]);
    return (fail.read?.() as never) ?? { id, props: plain(props) };
  },
  async update(_id, olds, news) {
    calls.push(["update", olds, news]);
    await (fail.update?.() as Promise<never>);
    return { outs: { ...plain(news), computed: "updated" } };
  },
  async delete(id) {
    calls.push(["delete", id]);
    await (fail.delete?.() as Promise<never>);
  },
};

function plain(values: unknown): Values {
  const { __provider, ...rest } = values as Values;
  return rest;
}

function start(): HostProcess {
  const host = {
    handler: () => handler,
    end: async () => undefined,
    dead: false,
    died: new Promise<void>(() => {}),
  };
  host.died = new Promise((resolve) => {
    kill = () => {
      host.dead = true;
      resolve();
    };
  });
  return host;
}

function partial(properties: Values): () => never {
  return () => {
    throw Object.assign(new Error("not ready"), { id: "half", properties, reasons: ["it is slow"] });
  };
}

/** The process dies in the middle of a call. */
function dying(): () => Promise<void> {
  return () => {
    kill?.();
    return new Promise(() => undefined);
  };
}

const a = (args: Values = { value: 1 }, more: Partial<Declared> = {}): Declared => ({
  name: "a",
  kind: "Job",
  args,
  ...more,
});
const b = (args: Values = {}): Declared => ({
  name: "b",
  kind: "Job",
  args: { value: ref("a", "computed"), ...args },
});
const operations = () => calls.map(([operation]) => operation);

let engine: EngineModel;
beforeEach(() => {
  calls = [];
  fail = {};
  engine = new EngineModel(start);
});

async function upOf(...program: Program) {
  calls = [];
  return engine.up(program);
}

describe("up", () => {
  it("creates in the order of references, keeps inputs and outputs, then does nothing", async () => {
    const run = await upOf(a(), b());
    expect(run).toMatchObject({ ok: true, steps: ["create a", "create b"] });
    expect(engine.entry("b")).toMatchObject({
      id: "id of new",
      inputs: { value: "new", made: "by check" },
      outputs: { computed: "new", __provider: "text of Job" },
      dependencies: { a: ["value"] },
    });
    expect((await upOf(a(), b())).steps).toEqual([]);
    expect(operations()).not.toContain("update");
  });

  it("previews first, with what is not known yet as the text for unknown", async () => {
    fail.create = () => {
      throw new Error("no");
    };
    await upOf(a(), b());
    // The preview saw both; the update stopped at the first.
    expect(operations()).toEqual(["check", "check", "check", "create"]);
    const run = await engine.preview([
      a(),
      { name: "c", kind: "Job", args: { nested: [{ x: ref("a", "computed") }] } },
    ]);
    expect(run.steps).toEqual(["create a", "create c"]);
  });

  it("hands unknowns to diff when a resource is updated in the preview", async () => {
    await upOf(a(), b());
    await upOf(a({ value: 2 }), b());
    const unknown = calls.filter(
      ([operation, , news]) => operation === "diff" && (news as Values).value === UNKNOWN_TEXT,
    );
    expect(unknown).toHaveLength(1);
  });

  it("passes the old inputs to check and the old outputs to diff and update", async () => {
    await upOf(a());
    await upOf(a({ value: 2 }));
    expect(calls.find(([operation]) => operation === "check")).toMatchObject([
      "check",
      { value: 1, made: "by check" },
    ]);
    expect(calls.find(([operation]) => operation === "update")).toMatchObject([
      "update",
      { computed: "new" },
      { value: 2 },
    ]);
    expect(engine.entry("a").outputs.computed).toBe("updated");
  });

  it("does nothing when the preview fails", async () => {
    fail.check = () => ({ inputs: {}, failures: [{ property: "value", reason: "is bad" }] });
    const run = await upOf(a());
    expect(run).toMatchObject({ ok: false, failures: [{ operation: "check", message: "value: is bad" }] });
    expect(operations()).toEqual(["check"]);
  });

  it("deletes what has left the program, last", async () => {
    await upOf(a(), { name: "c", kind: "Job", args: {} });
    const run = await upOf({ name: "d", kind: "Job", args: {} });
    expect(run.steps).toEqual(["create d", "delete c", "delete a"]);
    expect(engine.state.map((entry) => entry.name)).toEqual(["d"]);
  });

  it("refuses in the preview to delete what is protected", async () => {
    await upOf(a({ value: 1 }, { protect: true }));
    const run = await upOf();
    expect(run).toMatchObject({ ok: false, failures: [{ message: "a is protected" }] });
    expect(operations()).toEqual([]);
  });

  it("compares the inputs itself when diff has no verdict", async () => {
    await upOf(a({ value: 1 }));
    engine.importState(
      engine.exportState().map((entry) => ({ ...entry, outputs: { ...entry.outputs, value: 7 } })),
    );
    expect((await upOf(a({ value: 1 }))).steps).toEqual([]);
  });

  it("deletes before it replaces, dependents that would be replaced first, with the property unknown", async () => {
    await upOf(a(), b({ replace: ref("a", "computed") }));
    const run = await upOf(a({ value: 1, replace: "x" }), b({ replace: ref("a", "computed") }));
    expect(run.steps).toEqual(["delete b", "delete a", "create a", "create b"]);
    const asked = calls.filter(
      ([operation, , news]) => operation === "diff" && (news as Values).replace === UNKNOWN_TEXT,
    );
    expect(asked.length).toBeGreaterThan(0);
    // After the delete check starts afresh.
    expect(
      calls.filter(([operation, olds]) => operation === "check" && Object.keys(olds as Values).length === 0),
    ).toHaveLength(4);
  });
});

describe("failures", () => {
  it("a partial create keeps the resource with its new inputs, and the next up updates it", async () => {
    fail.create = partial({ value: 1, half: true });
    expect((await upOf(a(), b())).ok).toBe(false);
    expect(engine.state).toHaveLength(1);
    expect(engine.entry("a")).toMatchObject({ id: "half", initErrors: ["it is slow"], inputs: { value: 1 } });
    expect(engine.pendingCreates.size).toBe(0);
    fail = {};
    expect((await upOf(a())).steps).toEqual(["update a"]);
    expect(engine.entry("a").initErrors).toEqual([]);
  });

  it("a partial update keeps the old inputs with the new outputs", async () => {
    await upOf(a());
    fail.update = partial({ value: 2, half: true });
    await upOf(a({ value: 2 }));
    expect(engine.entry("a")).toMatchObject({
      inputs: { value: 1 },
      outputs: { value: 2 },
      initErrors: ["it is slow"],
    });
    fail = {};
    expect((await upOf(a({ value: 2 }))).steps).toEqual(["update a"]);
  });

  it("a plain failure stores nothing and changes nothing", async () => {
    fail.create = () => {
      throw new Error("no");
    };
    await upOf(a());
    expect(engine.state).toEqual([]);
    fail = {};
    await upOf(a());
    const before = engine.exportState();
    fail.update = () => {
      throw new Error("no");
    };
    await upOf(a({ value: 2 }));
    fail.delete = fail.update;
    await upOf();
    expect(engine.exportState()).toEqual(before);
  });

  it("takes an id on an error of anything but create and update for a bug", async () => {
    await upOf(a());
    fail.delete = partial({});
    await expect(upOf()).rejects.toThrow("must not throw an error with an id");
  });

  it("takes what is no JSON in an answer for a bug", async () => {
    fail.create = partial({ value: undefined });
    await expect(upOf(a())).rejects.toThrow("Unexpected struct type at properties.value");
  });
});

describe("a replacement that stops halfway", () => {
  it("keeps what was deleted as pending, and the next up only creates", async () => {
    await upOf(a());
    fail.create = () => {
      throw new Error("no");
    };
    expect((await upOf(a({ value: 1, replace: "x" }))).steps).toEqual(["delete a", "create a"]);
    expect(engine.state).toEqual([]);
    expect(engine.pendingReplacements).toMatchObject([{ name: "a", inputs: { value: 1 } }]);
    expect((await engine.refresh()).gone).toEqual([]);
    fail = {};
    expect((await upOf(a({ value: 1, replace: "x" }))).steps).toEqual(["create a"]);
    expect(engine.pendingReplacements).toEqual([]);
    expect(engine.entry("a").inputs).toMatchObject({ replace: "x" });
  });

  it("asks nobody to delete what is gone already", async () => {
    await upOf(a());
    fail.create = () => {
      throw new Error("no");
    };
    await upOf(a({ value: 1, replace: "x" }));
    expect((await upOf()).steps).toEqual([]);
    expect(operations()).toEqual([]);
    expect(engine.pendingReplacements).toEqual([]);
  });
});

describe("a kill", () => {
  it("leaves a create pending, and the next up creates again", async () => {
    fail.create = dying();
    expect(await upOf(a())).toMatchObject({ ok: false, killed: true, failures: [] });
    expect([...engine.pendingCreates]).toEqual(["a"]);
    expect(engine.state).toEqual([]);
    fail = {};
    expect((await upOf(a())).steps).toEqual(["create a"]);
    // Nothing but a command of its own clears it.
    expect([...engine.pendingCreates]).toEqual(["a"]);
  });

  it("leaves the old state when an update or a delete is cut", async () => {
    await upOf(a());
    const before = engine.exportState();
    fail.update = dying();
    await upOf(a({ value: 2 }));
    fail.delete = dying();
    await upOf();
    expect(engine.exportState()).toEqual(before);
  });
});

describe("refresh", () => {
  it("drops what is gone, even when another read fails", async () => {
    await upOf(a(), { name: "c", kind: "Job", args: { value: 3 } });
    const answers = [
      () => ({}),
      () => {
        throw new Error("503");
      },
    ];
    fail.read = () => answers.shift()!();
    expect(await engine.refresh()).toMatchObject({ ok: false, gone: ["a"], failures: [{ message: "503" }] });
    expect(engine.state.map((entry) => entry.name)).toEqual(["c"]);
  });

  it("erases init errors, so that only what read shows is left to be repaired", async () => {
    fail.create = partial({ value: 1 });
    await upOf(a());
    fail = {};
    expect((await engine.refresh()).drifted).toEqual([]);
    expect((await upOf(a())).steps).toEqual([]);
    fail.read = () => ({ id: "half", props: { value: 1, drift: true } });
    expect((await engine.refresh()).drifted).toEqual(["a"]);
    expect((await upOf(a())).steps).toEqual(["update a"]);
  });

  it("takes live inputs, so that the next up heals the drift", async () => {
    await upOf(a());
    fail.read = () => ({ id: "id of 1", props: { value: 9 }, inputs: { value: 9 } });
    expect((await engine.refresh()).drifted).toEqual(["a"]);
    expect((await upOf(a())).steps).toEqual(["update a"]);
  });
});

it("destroy deletes in reverse, and refuses as a whole when something is protected", async () => {
  await upOf(a(), b());
  expect((await engine.destroy()).steps).toEqual(["delete b", "delete a"]);
  await upOf(a({ value: 1 }, { protect: true }), b());
  expect(await engine.destroy()).toMatchObject({ ok: false, steps: [] });
  expect(engine.state).toHaveLength(2);
});
