import * as assert from "node:assert/strict";
import { access, area, conflict, job, ok, readyJob, refused, SANDBOX, stop } from "../support/check";
import type { Target } from "../support/target";
import { serves, service, services } from "./service";

const { check, checks } = area("aliases");
export const aliasChecks = checks;

interface ListedAlias {
  id?: string;
  subdomain: string;
  workspace_id?: string;
  domain?: string;
  url?: string;
}

async function listed(target: Target): Promise<ListedAlias[]> {
  const { body } = ok(await target.api.get("/mags-url-aliases"), "list of aliases");
  assert.ok(Array.isArray(body.aliases), "`aliases` is an array");
  assert.equal(body.total, body.aliases.length);
  return body.aliases as ListedAlias[];
}

/** Makes an alias and gives its URL. */
async function alias(
  target: Target,
  fields: Record<string, unknown>,
  version?: "v1" | "v2",
): Promise<string> {
  const { body } = ok(await target.api.post("/mags-url-aliases", fields, version), "alias");
  assert.ok(body.id !== undefined, "an alias has an id");
  assert.equal(body.subdomain, fields.subdomain);
  assert.match(body.url, /^https?:\/\//);
  return body.url as string;
}

/** A service on a workspace, with access. */
async function web(target: Target, workspace: string, name = workspace): Promise<string> {
  const id = await readyJob(target, { ...SANDBOX, name, workspace_id: workspace, script: service(name) });
  await access(target, id);
  return id;
}

/** The name of the service that answers at a URL. */
async function answering(target: Target, url: string): Promise<string> {
  const served = await target.until(`${url} answers`, async () => {
    const found = await target.visit(url);
    return found.status === 200 ? found : undefined;
  });
  return serves(served).name;
}

check("an alias has an id, its subdomain and a URL, and is listed", async (target) => {
  const [subdomain, workspace] = [target.name("alias"), target.name("ws")];
  const url = await alias(target, { subdomain, workspace_id: workspace });
  assert.ok(url.includes(subdomain), "the URL names the subdomain");
  const found = (await listed(target)).filter((entry) => entry.subdomain === subdomain);
  assert.equal(found.length, 1);
  if (found[0]?.workspace_id !== undefined) assert.equal(found[0].workspace_id, workspace);
  if (found[0]?.domain !== undefined)
    assert.equal(found[0].domain, "apps.magpiecloud.com", "the default domain");
});

check("an alias is made on v2 too", async (target) => {
  const subdomain = target.name("alias");
  await alias(target, { subdomain, workspace_id: target.name("ws"), port: 3000 }, "v2");
  assert.ok((await listed(target)).some((entry) => entry.subdomain === subdomain));
});

check("the known domains are accepted, an unknown one is refused", async (target) => {
  const subdomain = target.name("alias");
  await alias(target, { subdomain, workspace_id: target.name("ws"), domain: "app.lfg.run" });
  const found = (await listed(target)).find((entry) => entry.subdomain === subdomain);
  if (found?.domain !== undefined) assert.equal(found.domain, "app.lfg.run");
  refused(
    await target.api.post("/mags-url-aliases", {
      subdomain: target.name("x"),
      workspace_id: "w",
      domain: "example.com",
    }),
    "a foreign domain",
  );
});

check("a subdomain is taken once per domain", async (target) => {
  const [subdomain, workspace] = [target.name("alias"), target.name("ws")];
  await alias(target, { subdomain, workspace_id: workspace });
  for (const other of [workspace, target.name("other")]) {
    conflict(
      await target.api.post("/mags-url-aliases", { subdomain, workspace_id: other }),
      "the same subdomain",
    );
  }
  const found = (await listed(target)).filter((entry) => entry.subdomain === subdomain);
  assert.equal(found.length, 1, "there is still one");
  if (found[0]?.workspace_id !== undefined)
    assert.equal(found[0].workspace_id, workspace, "and it was not moved");
  await alias(target, { subdomain, workspace_id: workspace, domain: "app.lfg.run" });
});

check(
  "a subdomain is taken for every account",
  async (target) => {
    const subdomain = target.name("alias");
    await alias(target, { subdomain, workspace_id: target.name("ws") });
    const answer = await target.other.post("/mags-url-aliases", {
      subdomain,
      workspace_id: target.name("ws"),
    });
    conflict(answer, "by another account");
  },
  ["accounts"],
);

check("a deleted alias is gone, and its subdomain is free", async (target) => {
  const [subdomain, workspace] = [target.name("alias"), target.name("ws")];
  await alias(target, { subdomain, workspace_id: workspace });
  ok(await target.api.delete(`/mags-url-aliases/${subdomain}`), "delete");
  assert.ok(!(await listed(target)).some((entry) => entry.subdomain === subdomain));
  refused(await target.api.delete(`/mags-url-aliases/${subdomain}`), "deleting a missing one is an error");
  await alias(target, { subdomain, workspace_id: workspace });
});

check("subdomain and workspace are required, and must be safe", async (target) => {
  const wrong: Record<string, unknown>[] = [
    { workspace_id: "w" },
    { subdomain: "only" },
    { subdomain: "../up", workspace_id: "w" },
    { subdomain: "a.b", workspace_id: "w" },
    { subdomain: "Upper", workspace_id: "w" },
    { subdomain: "x".repeat(64), workspace_id: "w" },
    { subdomain: "rocket🚀", workspace_id: "w" },
    { subdomain: 5, workspace_id: "w" },
  ];
  for (const body of wrong)
    refused(await target.api.post("/mags-url-aliases", body), JSON.stringify(body), 400, 422);
});

check(
  "an alias may come before its job; it answers once a job runs with access",
  async (target) => {
    const workspace = target.name("web");
    const url = await alias(target, { subdomain: target.name("alias"), workspace_id: workspace });
    assert.ok((await target.visit(url)).status >= 400, "no job yet");
    const id = await readyJob(target, {
      ...SANDBOX,
      name: workspace,
      workspace_id: workspace,
      script: service(workspace),
    });
    assert.ok((await target.visit(url)).status >= 400, "no access yet");
    await access(target, id);
    assert.equal(await answering(target, url), workspace);
  },
  ["urls"],
);

check(
  "an alias follows the active job of its workspace",
  async (target) => {
    const workspace = target.name("web");
    const url = await alias(target, { subdomain: target.name("alias"), workspace_id: workspace });
    const first = await web(target, workspace, `${workspace}-a`);
    assert.equal(await answering(target, url), `${workspace}-a`);
    await stop(target, first);
    assert.ok((await target.visit(url)).status >= 400, "nobody answers in between");
    await web(target, workspace, `${workspace}-b`);
    assert.equal(await answering(target, url), `${workspace}-b`, "the same alias, another VM");
  },
  ["urls"],
);

check(
  "a plain job name works as the workspace of an alias",
  async (target) => {
    const name = target.name("plain");
    const id = await readyJob(target, { ...SANDBOX, name, script: service(name) });
    await access(target, id);
    const url = await alias(target, { subdomain: target.name("alias"), workspace_id: name });
    assert.equal(await answering(target, url), name);
  },
  ["urls"],
);

check(
  "the port of an alias counts on v2 and is ignored on v1",
  async (target) => {
    const name = target.name("ports");
    const script = services(name, 8080, 9090);
    const id = await readyJob(target, { ...SANDBOX, name, workspace_id: name, script });
    await access(target, id, 9090);
    await access(target, id, 8080);
    const fields = { workspace_id: name, port: 9090 };
    const second = await alias(target, { ...fields, subdomain: target.name("v2") }, "v2");
    const first = await alias(target, { ...fields, subdomain: target.name("v1") }, "v1");
    await answering(target, second);
    assert.equal(serves(await target.visit(second)).port, 9090, "v2");
    assert.equal(serves(await target.visit(first)).port, 8080, "v1");
  },
  ["urls", "quirks"],
);

check(
  "a deleted alias answers no more",
  async (target) => {
    const [workspace, subdomain] = [target.name("web"), target.name("alias")];
    const url = await alias(target, { subdomain, workspace_id: workspace });
    await web(target, workspace);
    assert.equal(await answering(target, url), workspace);
    ok(await target.api.delete(`/mags-url-aliases/${subdomain}`), "delete");
    assert.ok((await target.visit(url)).status >= 400);
  },
  ["urls"],
);

check(
  "deleting a workspace takes the record its alias relies on",
  async (target) => {
    const workspace = target.name("web");
    const url = await alias(target, { subdomain: target.name("alias"), workspace_id: workspace });
    const first = await web(target, workspace);
    assert.equal(await answering(target, url), workspace);
    await stop(target, first);
    ok(await target.api.delete(`/mags-workspaces/${workspace}`), "delete of the workspace");
    await web(target, workspace);
    assert.ok((await target.visit(url)).status >= 400, "the alias must be made again");
  },
  ["urls", "quirks"],
);

check(
  "an alias wakes the VM it leads to",
  async (target) => {
    const workspace = target.name("web");
    const id = await readyJob(target, { ...SANDBOX, name: workspace, workspace_id: workspace });
    await access(target, id);
    const url = await alias(target, { subdomain: target.name("alias"), workspace_id: workspace });
    await target.pass(11 * 60_000);
    assert.equal(ok(await target.api.get(`${job(id)}/status`), "status").body.status, "sleeping");
    assert.equal(serves(await target.visit(url)).name, workspace);
  },
  ["urls", "clock"],
);
