import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { area, exec, logsOf, ok, reach, readyJob, refused, SANDBOX, submit } from "../support/check";

const { check, checks } = area("files");
export const fileChecks = checks;

check("every upload has an id of its own", async (target) => {
  const first = ok(await target.api.upload("data.txt", "one"), "upload").body.file_id;
  const second = ok(await target.api.upload("data.txt", "one"), "upload").body.file_id;
  assert.equal(typeof first, "string");
  assert.notEqual(first, second);
  await submit(target.api, { script: "true", file_ids: [first, second] });
});

check("an upload needs one part named `file`", async (target) => {
  const wrong = new FormData();
  wrong.append("other", new Blob(["x"]), "x.txt");
  const text = new FormData();
  text.append("file", "no file");
  for (const form of [wrong, text, new FormData()]) {
    const answer = await target.api.call("POST", "/mags-files", form);
    assert.ok(answer.status >= 400 || answer.body?.file_id === undefined, answer.text);
  }
});

check("a file name that leads elsewhere is refused", async (target) => {
  for (const name of ["../up.txt", "..", "a/b.txt", "x".repeat(300)]) {
    refused(await target.api.upload(name, "x"), JSON.stringify(name.slice(0, 20)), 400, 422);
  }
});

check(
  "uploaded files are there before the script runs, byte for byte",
  async (target) => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
    const one = ok(await target.api.upload("bytes.bin", bytes), "upload").body.file_id as string;
    const two = ok(await target.api.upload("hello.txt", "hello\n"), "upload").body.file_id as string;
    const expected = createHash("sha256").update(bytes).digest("hex");
    const folder = '"${MAGS_UPLOADS:-/uploads}"';
    const id = await submit(target.api, {
      script: `cat ${folder}/hello.txt; sha256sum ${folder}/bytes.bin; ls ${folder}`,
      file_ids: [one, two],
    });
    await reach(target, id, "completed");
    const log = (await logsOf(target.api, id)).join("\n");
    assert.ok(log.includes("hello\n"), log);
    assert.ok(log.includes(expected), log);
  },
  ["scripts"],
);

check(
  "the uploads of one job are not those of another",
  async (target) => {
    const file = ok(await target.api.upload("mine.txt", "mine"), "upload").body.file_id as string;
    await readyJob(target, { ...SANDBOX, file_ids: [file], name: target.name("with") });
    const id = await readyJob(target, { ...SANDBOX, name: target.name("without") });
    const { stdout } = await exec(target, id, 'ls "${MAGS_UPLOADS:-/uploads}"');
    assert.ok(!stdout.includes("mine.txt"), stdout);
  },
  ["scripts"],
);
