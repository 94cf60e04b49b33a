import * as assert from "node:assert/strict";
import { access, area, job, ok, ready, readyJob, SANDBOX, statusOf, stop, submit } from "../support/check";
import type { Answer } from "../support/client";
import { serves, service, services } from "./service";

const { check, checks } = area("access");
export const accessChecks = checks;

/** A refused or an incomplete answer, as before a VM is ready. */
function notGranted(answer: Answer, what: string): void {
  if (answer.status >= 400) return;
  const { success, url, error } = answer.body;
  assert.ok(success === false || url === undefined, `${what}: ${answer.text}`);
  if (success === false) assert.ok(error, "a failure inside a 2xx tells why");
}

check(
  "access before the VM is ready is refused or incomplete; afterwards repeating it works",
  async (target) => {
    const id = await submit(target.api, { ...SANDBOX, name: target.name("early") });
    notGranted(await target.api.post(`${job(id)}/access`, { port: 8080 }), "while pending");
    await target.until("running", async () => (await statusOf(target.api, id)).status === "running");
    notGranted(await target.api.post(`${job(id)}/access`, { port: 8080 }), "running, without a VM id");
    await ready(target, id);
    const first = await access(target, id);
    const second = await access(target, id);
    assert.equal(second.subdomain, first.subdomain, "repeating it changes nothing");
  },
  ["clock"],
);

check(
  "a failure of access comes inside a 2xx, with the reason",
  async (target) => {
    const id = await submit(target.api, { ...SANDBOX, name: target.name("early") });
    const { body, status } = await target.api.post(`${job(id)}/access`, { port: 8080 });
    assert.ok(status < 300, `a 2xx, not ${status}`);
    assert.equal(body.success, false);
    assert.match(String(body.error), /no VM associated|not running/);
  },
  ["clock", "quirks"],
);

check("HTTP access gives the URL and the port", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("http") });
  const granted = await access(target, id, 3000);
  assert.equal(granted.port, 3000);
  assert.match(granted.url, /^https?:\/\//);
  if (granted.subdomain !== undefined)
    assert.ok(granted.url.includes(granted.subdomain), "the URL names the subdomain");
  assert.ok(!("ssh_private_key" in granted));
});

check("the port is 8080 by default", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("default") });
  assert.equal((await access(target, id)).port, 8080);
});

check("port 22 means SSH: host, port and private key", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("ssh") });
  const granted = await access(target, id, 22);
  assert.equal(typeof granted.ssh_host, "string");
  assert.ok(Number.isInteger(granted.ssh_port) && granted.ssh_port > 0);
  assert.match(granted.ssh_private_key, /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/);
  assert.ok(!("url" in granted), "SSH is no URL");
});

check("access needs a persistent job", async (target) => {
  const id = await submit(target.api, { script: "sleep 600", name: target.name("one-off") });
  await ready(target, id);
  for (const port of [8080, 22]) {
    const answer = await target.api.post(`${job(id)}/access`, { port });
    notGranted(answer, `port ${port} of a job that is not persistent`);
    assert.ok(!("ssh_private_key" in answer.body), "a key was given");
  }
});

check("a port that is none is refused", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("odd") });
  for (const port of [0, -1, 70_000, "http", 80.5]) {
    notGranted(await target.api.post(`${job(id)}/access`, { port }), `port ${String(port)}`);
  }
});

check("every VM has a random subdomain of its own", async (target) => {
  const name = target.name("random");
  const first = await readyJob(target, { ...SANDBOX, name, workspace_id: name });
  const { subdomain, url } = await access(target, first);
  assert.ok(!String(url).includes(name), "it is not made from the name");
  await stop(target, first);
  const second = await readyJob(target, { ...SANDBOX, name, workspace_id: name });
  assert.notEqual((await access(target, second)).subdomain, subdomain, "another VM, another subdomain");
});

check(
  "the URL reaches the service of that VM",
  async (target) => {
    const [one, two] = [target.name("one"), target.name("two")];
    const first = await readyJob(target, { ...SANDBOX, name: one, script: service(one) });
    const second = await readyJob(target, { ...SANDBOX, name: two, script: service(two) });
    const urls = [(await access(target, first)).url as string, (await access(target, second)).url as string];
    // A service may need a moment until it listens.
    for (const [index, name] of [one, two].entries()) {
      const served = await target.until(`${name} answers`, async () => {
        const found = await target.visit(urls[index] ?? "", "/hello");
        return found.status === 200 ? found : undefined;
      });
      assert.deepEqual([serves(served).name, serves(served).path], [name, "/hello"]);
    }
  },
  ["urls", "loopback"],
);

check(
  "a URL without access answers nothing",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("closed"), script: "serve" });
    const { url, subdomain } = await access(target, id);
    const nobody = String(url).replace(subdomain, target.name("nobody"));
    assert.ok((await target.visit(nobody)).status >= 400);
  },
  ["urls", "clock"],
);

check(
  "access can be enabled on a second port; both count",
  async (target) => {
    const name = target.name("ports");
    const id = await readyJob(target, { ...SANDBOX, name, script: services(name, 8080, 9090) });
    await access(target, id, 8080);
    const { url, port } = await access(target, id, 9090);
    assert.equal(port, 9090);
    const served = await target.until("it answers", async () => {
      const found = await target.visit(url);
      return found.status === 200 ? found : undefined;
    });
    assert.equal(serves(served).port, 9090);
    ok(await target.api.get(`${job(id)}/status`), "status");
  },
  ["urls"],
);
