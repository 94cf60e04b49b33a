import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { archiveOf, fitsArchive, type Entry } from "../../../provider/files/archive";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "mags-archive-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Unpacks as a VM does; whatever `tar` complains of is an error. */
function unpacked(entries: Entry[]): Record<string, string> {
  const target = mkdtempSync(join(folder, "to-"));
  writeFileSync(join(folder, "a.tar"), archiveOf(entries));
  const said = execFileSync("sh", ["-c", 'tar -xf "$0" -C "$1" 2>&1', join(folder, "a.tar"), target]);
  expect(said.toString()).toBe("");
  const names = readdirSync(target, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(target, name)).isFile())
      .map((name) => [name, readFileSync(join(target, name)).toString("latin1")]),
  );
}

it("gives tar what was put in, byte for byte", () => {
  const contents = [0, 1, 511, 512, 513, 100_000].map((size) =>
    Buffer.alloc(size, "\u0000\u00ffab\n", "latin1"),
  );
  const entries = contents.map((content, i) => ({ name: `d${i}/größe 値 '$x'.bin`, content }));
  expect(unpacked(entries)).toEqual(
    Object.fromEntries(entries.map(({ name, content }) => [name, content.toString("latin1")])),
  );
});

it("has room for long names where a slash is at the right place, and says where not", () => {
  const fitting = [
    `d/${"n".repeat(98)}`,
    `${"d".repeat(155)}/${"n".repeat(100)}`,
    `${"d/".repeat(77)}${"n".repeat(99)}`,
  ];
  expect(fitting.map(fitsArchive)).toEqual([true, true, true]);
  expect(Object.keys(unpacked(fitting.map((name) => ({ name, content: Buffer.from("x") })))).sort()).toEqual(
    [...fitting].sort(),
  );
  const tooLong = [`d/${"n".repeat(101)}`, `${"d".repeat(156)}/x`, `d/${"ü".repeat(51)}`, "n".repeat(101)];
  expect(tooLong.map(fitsArchive)).toEqual([false, false, false, false]);
  expect(() => archiveOf([{ name: tooLong[0]!, content: Buffer.of() }])).toThrow(/no room/);
});

it("is the same for the same files", () => {
  const entries = [{ name: "a/b", content: Buffer.from("x") }];
  expect(archiveOf(entries).equals(archiveOf(entries))).toBe(true);
});

it("holds plain files that their owner may write and everybody may read", () => {
  unpacked([{ name: "a/b", content: Buffer.from("x") }]);
  const [target] = readdirSync(folder).filter((name) => name.startsWith("to-"));
  expect(statSync(join(folder, target!, "a/b")).mode & 0o777).toBe(0o644);
});

it("brings any names and contents through", () => {
  const part = fc.stringMatching(/^[a-zé .$'"-]{1,12}$/).filter((name) => !/^\.{1,2}$/.test(name));
  const name = fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(fc.dictionary(name, fc.uint8Array({ maxLength: 1_500 }), { maxKeys: 4 }), (files) => {
      const names = Object.keys(files);
      fc.pre(names.every((one) => !names.some((other) => other.startsWith(`${one}/`))));
      const entries = names.map((one) => ({ name: one, content: Buffer.from(files[one]!) }));
      expect(unpacked(entries)).toEqual(
        Object.fromEntries(entries.map(({ name: one, content }) => [one, content.toString("latin1")])),
      );
    }),
    { numRuns: 40 },
  );
});
