import * as assert from "node:assert/strict";
import { area, exec, job, ready, readyJob, refused, SANDBOX, statusOf, submit } from "../support/check";

const { check, checks } = area("exec");
export const execChecks = checks;

check("exec answers exit code and output", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("exec") });
  assert.deepEqual(await exec(target, id, "echo hello"), { exit_code: 0, stdout: "hello\n", stderr: "" });
  assert.equal((await exec(target, id, "exit 7")).exit_code, 7, "a failing command is no failing request");
});

check(
  "exec keeps the two streams apart",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("streams") });
    const result = await exec(target, id, "echo out; echo err >&2; exit 2");
    assert.deepEqual(result, { exit_code: 2, stdout: "out\n", stderr: "err\n" });
  },
  ["scripts"],
);

check(
  "a command may take 30 s by default",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("default") });
    assert.equal((await exec(target, id, "sleep 29")).exit_code, 0);
    assert.notEqual((await exec(target, id, "sleep 31")).exit_code, 0, "longer than the default");
    assert.equal((await exec(target, id, "sleep 31", 60)).exit_code, 0, "within a time-out of 60 s");
  },
  ["clock"],
);

check("a command that takes longer than its time-out is ended", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("long") });
  const start = Date.now();
  const answer = await target.api.post(`${job(id)}/exec`, { command: "sleep 30", timeout: 1 });
  assert.ok(Date.now() - start < 15_000, "the answer comes with the time-out");
  if (answer.status < 400) assert.notEqual(answer.body.exit_code, 0);
});

check("exec needs a command", async (target) => {
  const id = await readyJob(target, { ...SANDBOX, name: target.name("empty") });
  refused(await target.api.post(`${job(id)}/exec`, {}), "no command", 400, 422);
  refused(await target.api.post(`${job(id)}/exec`, { command: "true", timeout: -1 }), "timeout -1", 400, 422);
});

check(
  "exec before there is a VM id is refused: running alone is not enough",
  async (target) => {
    const id = await submit(target.api, { ...SANDBOX, name: target.name("early") });
    const early = async (what: string): Promise<void> => {
      const text = refused(await target.api.post(`${job(id)}/exec`, { command: "true" }), what);
      assert.match(text, /no VM associated|not running/);
    };
    await early("exec while pending");
    await target.until("running", async () => (await statusOf(target.api, id)).status === "running");
    await early("exec without a VM id");
    await ready(target, id);
    await exec(target, id, "true");
  },
  ["clock"],
);

check(
  "a command that is not over in time is cut off by the edge, in an answer that is no JSON",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("edge") });
    const body = { command: "sleep 130", timeout: 200 };
    const answer = await target.api.call("POST", `${job(id)}/exec`, body, "v1", 180_000);
    assert.equal(answer.status, 524);
    assert.equal(answer.body, undefined, `no JSON: ${answer.text.slice(0, 200)}`);
    assert.equal((await statusOf(target.api, id)).status, "running", "the VM is unharmed");
  },
  ["edge"],
);

check(
  "the processes of a command end with it",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("group") });
    const loop = "(while :; do echo tick >> ~/ticks; sleep 0.02; done) >/dev/null 2>&1 &";
    assert.equal((await exec(target, id, `${loop} sleep 0.2; echo left`)).stdout, "left\n");
    const ticks = await exec(target, id, "wc -l < ~/ticks; sleep 0.4; wc -l < ~/ticks");
    const [before, after] = ticks.stdout.trim().split("\n").map(Number);
    assert.ok(before !== undefined && before > 0, "the loop did run");
    assert.equal(after, before, "the loop outlived its command");
  },
  ["scripts"],
);

check(
  "the output of a command is cut at about 4 MB",
  async (target) => {
    const id = await readyJob(target, { ...SANDBOX, name: target.name("much") });
    const { stdout } = await exec(target, id, "head -c 6000000 /dev/zero | tr '\\0' x");
    assert.ok(stdout.length > 3_000_000 && stdout.length < 5_000_000, `${stdout.length} characters`);
  },
  ["scripts"],
);

check(
  "a command sees the environment and the home of its job",
  async (target) => {
    const id = await readyJob(target, {
      ...SANDBOX,
      environment: { COLOUR: "blue" },
      name: target.name("env"),
    });
    const result = await exec(target, id, 'echo "$COLOUR"; cd && pwd; echo "$HOME"');
    const [colour, folder, home] = result.stdout.split("\n");
    assert.equal(colour, "blue");
    assert.equal(folder, home);
  },
  ["scripts"],
);
