import { ref, type Program } from "../../support/engine-model";
import { succeed } from "../support/points";
import { reasons, rulesCase } from "../support/rules";

const the = rulesCase();

describe("UrlAlias", () => {
  const spaces: Program = ["one", "two"].map((name) => ({
    name,
    kind: "Workspace" as const,
    args: { deletionProtection: false },
  }));
  const alias = (target: string, args: object = {}): Program => [
    ...spaces,
    {
      name: "alias",
      kind: "UrlAlias",
      args: { subdomain: `shop-${the.account.stack}`, workspaceId: ref(target, "workspaceId"), ...args },
    },
  ];
  const target = () => the.account.snapshot().aliases.map(({ workspaceId }) => workspaceId);

  it("is put back to its old target when the new one is refused, and the next up repoints it", async () => {
    await succeed(the.engine.up(alias("one")), "up");
    const [one] = target();
    the.cloud().emulator.inject({
      kind: "error-before",
      route: "POST /mags-url-aliases",
      status: 422,
      account: the.account.index,
    });
    const run = await the.engine.up(alias("two"));
    expect(reasons(run)).toMatch(/could not be pointed to its new target.*points to its old target again/s);
    expect(target()).toEqual([one]);
    await succeed(the.engine.up(alias("two")), "again");
    expect(target()).toEqual([the.engine.entry("two").id]);
  });

  it.each([
    ["replaced for an edit", { baseWorkspaceId: ref("two", "workspaceId") }, []],
    ["replaced on demand", {}, ["made"]],
  ])("answers again after its workspace was %s, directly and through a job", async (_how, edit, replace) => {
    const program = (args: object): Program => [
      ...spaces,
      { name: "made", kind: "Workspace", args: { deletionProtection: false, ...args } },
      { name: "box", kind: "Job", args: { workspaceId: ref("made", "workspaceId") } },
      { name: "direct", kind: "UrlAlias", args: { workspaceId: ref("made", "workspaceId") } },
      { name: "through", kind: "UrlAlias", args: { workspaceId: ref("box", "workspaceId"), port: 80 } },
    ];
    await succeed(the.engine.up(program({})), "up");
    const edited = await succeed(
      the.engine.up(program({ timeouts: { create: 700 } })),
      "an edit of no weight",
    );
    expect(edited.steps).toEqual(["update made"]);
    const preview = await the.engine.preview(program({ ...edit, timeouts: { create: 700 } }), replace);
    expect(preview.steps).toEqual(expect.arrayContaining(["update direct", "update through"]));
    await succeed(the.engine.up(program({ ...edit, timeouts: { create: 700 } }), replace), "replaced");
    expect(
      the.account
        .snapshot()
        .aliases.map(({ broken, port }) => `${broken} ${port}`)
        .sort(),
    ).toEqual(["false 80", "false undefined"]);
    expect((await the.engine.up(program({ ...edit, timeouts: { create: 700 } }))).steps).toEqual([]);
  });

  it("answers again after its job on a local disk was replaced, and is left alone when one on a workspace is", async () => {
    const program: Program = [
      ...spaces,
      { name: "local", kind: "Job", args: {} },
      { name: "kept", kind: "Job", args: { workspaceId: ref("one", "workspaceId") } },
      { name: "to-local", kind: "UrlAlias", args: { workspaceId: ref("local", "workspaceId") } },
      { name: "to-kept", kind: "UrlAlias", args: { workspaceId: ref("kept", "workspaceId") } },
    ];
    await succeed(the.engine.up(program), "up");
    the.cloud().emulator.clearCalls();
    const run = await succeed(the.engine.up(program, ["local", "kept"]), "replaced");
    expect(run.steps.filter((step) => step.startsWith("update"))).toEqual(["update to-local"]);
    expect(the.mutations().filter((route) => route.includes("alias"))).toHaveLength(2);
    expect(the.account.snapshot().aliases.map(({ broken }) => broken)).toEqual([false, false]);
  });

  it("answers again after its workspace was deleted outside and made again", async () => {
    await succeed(the.engine.up(alias("one")), "up");
    await the.account.byHand("DELETE", `mags-workspaces/${the.engine.entry("one").id}`);
    await succeed(the.engine.refresh(), "refresh");
    const run = await succeed(the.engine.up(alias("one")), "up again");
    expect(run.steps).toEqual(["create one", "update alias"]);
    expect(the.account.snapshot().aliases.map(({ broken }) => broken)).toEqual([false]);
  });

  it("left by an interrupted run is made again with what is declared, whatever it had before", async () => {
    await succeed(the.engine.up(alias("one", { subdomain: undefined, port: 80 })), "up");
    the.engine.importState(the.engine.state.filter(({ name }) => name !== "alias"));
    await succeed(the.engine.up(alias("one", { subdomain: undefined, port: 81 })), "recovered");
    expect(the.account.snapshot().aliases).toEqual([expect.objectContaining({ port: 81, broken: false })]);
  });

  it("is adopted as it is, and what had to be trusted is told", async () => {
    await succeed(the.engine.up(alias("one", { port: 80 })), "up");
    the.engine.importState(the.engine.state.filter(({ name }) => name !== "alias"));
    the.cloud().emulator.clearCalls();
    await succeed(the.engine.up(alias("one", { port: 80, adopt: true })), "adopted");
    expect(the.mutations()).toEqual([]);
    expect(the.said()).toMatch(/adopted alias "shop-.*" as it is; not shown by the API and trusted: port/);
  });

  it("is left alone when it points elsewhere by now", async () => {
    await succeed(the.engine.up(alias("one")), "up");
    await the.account.byHand("DELETE", `mags-url-aliases/shop-${the.account.stack}`);
    await the.account.byHand("POST", "mags-url-aliases", {
      subdomain: `shop-${the.account.stack}`,
      workspace_id: the.engine.entry("two").id,
      domain: "localhost",
    });
    await succeed(the.engine.up(spaces), "removed");
    expect(target()).toEqual([the.engine.entry("two").id]);
    expect(the.said()).toMatch(/points to .* now.*left alone/s);
  });

  it("is refused where the same subdomain exists on another domain", async () => {
    await succeed(the.engine.up(spaces), "up");
    await the.account.byHand("POST", "mags-url-aliases", {
      subdomain: `shop-${the.account.stack}`,
      workspace_id: the.engine.entry("one").id,
      domain: "app.lfg.run",
    });
    const run = await the.engine.up(alias("one"));
    expect(reasons(run)).toMatch(/exists on app\.lfg\.run.*deletes aliases by subdomain alone/s);
  });
});
