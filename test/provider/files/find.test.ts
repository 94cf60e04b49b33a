import { createHash } from "node:crypto";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { findFiles, slashed, type FileSource } from "../../../provider/files/find";
import { MAX_FILES, MAX_TOTAL_BYTES, MAX_UPLOAD_BYTES } from "../../../provider/files/limits";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "mags-find-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const at = (path: string) => join(folder, path);
const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const find = (sources: Record<string, FileSource>) =>
  findFiles(sources, (path) => slashed(relative(folder, path)));
const namesOf = (sources: Record<string, FileSource>) => {
  const { files, problems } = find(sources);
  expect(problems).toEqual([]);
  return Object.keys(files);
};
const problemsOf = (sources: Record<string, FileSource>) => {
  const { files, problems } = find(sources);
  expect(files).toEqual({});
  return problems;
};

describe("one file", () => {
  it("goes under the name it is given, with the hash of its bytes", () => {
    const binary = Buffer.from([0, 255, 10, 13]);
    write({ "prod.conf": "a = 1", "b.bin": binary });
    expect(find({ "app.conf": at("prod.conf"), "etc/b": at("b.bin") }).files).toEqual({
      "app.conf": { path: "prod.conf", sha256: sha256("a = 1") },
      "etc/b": { path: "b.bin", sha256: sha256(binary) },
    });
  });

  it("keeps its own name in a folder", () => {
    write({ "prod.conf": "" });
    expect(namesOf({ "etc/": at("prod.conf") })).toEqual(["etc/prod.conf"]);
  });

  it("is hashed in pieces, and no larger than a piece in memory", () => {
    const content = Buffer.alloc(3_500_000, "0123456789");
    write({ large: content });
    expect(find({ large: at("large") }).files.large!.sha256).toBe(sha256(content));
  });

  it("behind a link is what the link leads to", () => {
    write({ "real.txt": "real" });
    symlinkSync("real.txt", at("link.txt"));
    expect(find({ x: at("link.txt") }).files.x).toEqual({ path: "link.txt", sha256: sha256("real") });
  });

  it("may have a name that looks like a pattern", () => {
    write({ "a[1]{b}.txt": "" });
    expect(namesOf({ x: at("a[1]{b}.txt") })).toEqual(["x"]);
  });
});

describe("a folder", () => {
  it("goes with all that is in it, dots at the start of names too, under its own structure", () => {
    write({ "app/a.js": "", "app/lib/deep/b.js": "", "app/.env": "", "app/.config/c": "" });
    const all = ["app/.config/c", "app/.env", "app/a.js", "app/lib/deep/b.js"];
    expect(namesOf({ "app/": at("app") })).toEqual(all);
    expect(namesOf({ "app/": `${at("app")}/` })).toEqual(all);
    expect(namesOf({ "./": at("app") })).toEqual(all.map((name) => name.slice(4)));
    expect(namesOf({ "srv/www/": at("app/lib") })).toEqual(["srv/www/deep/b.js"]);
  });

  it("goes without .git and node_modules at any depth, be they folders, files or links", () => {
    write({
      "app/a": "",
      "app/.git/HEAD": "",
      "app/node_modules/x/i.js": "",
      "app/sub/node_modules/y/i.js": "",
      "app/sub/.git": "gitdir: elsewhere",
      "app/.gitignore": "",
    });
    mkdirSync(at("app/linked"));
    symlinkSync("../node_modules", at("app/linked/node_modules"));
    expect(namesOf({ "./": at("app") })).toEqual([".gitignore", "a"]);
    expect(namesOf({ "deps/": at("app/node_modules") })).toEqual(["deps/x/i.js"]);
  });

  it("leaves out what is excluded, relative to it", () => {
    write({ "app/a.js": "", "app/a.test.js": "", "app/sub/b.test.js": "", "app/tests/t.js": "" });
    const sources = (...exclude: string[]) => ({ "./": { path: at("app"), exclude } });
    expect(namesOf(sources("**/*.test.js", "tests"))).toEqual(["a.js"]);
    expect(namesOf(sources("tests/", "*.test.js"))).toEqual(["a.js", "sub/b.test.js"]);
  });

  it("gives the same whenever and in whatever order its files were written", () => {
    const content = { "b.txt": "b", "a.txt": "a", "sub/c.txt": "c" };
    write(Object.fromEntries(Object.entries(content).map(([name, text]) => [`one/${name}`, text])));
    write(
      Object.fromEntries(
        Object.entries(content)
          .reverse()
          .map(([name, text]) => [`two/${name}`, text]),
      ),
    );
    utimesSync(at("two/a.txt"), 1, 1);
    const of = (path: string) =>
      JSON.stringify(findFiles({ "./": at(path) }, (found) => relative(at(path), found)));
    expect(of("one")).toBe(of("two"));
  });

  it("lists names in the order of their characters, whatever the language of the machine", () => {
    write({ "f/b": "", "f/B": "", "f/a": "", "f/ä": "", "f/10": "", "f/9": "" });
    expect(namesOf({ "x/": at("f") })).toEqual(["x/10", "x/9", "x/B", "x/a", "x/b", "x/ä"]);
  });
});

describe("a pattern", () => {
  it("gives what it matches, relative to the part before its first wildcard", () => {
    write({ "conf/a.json": "", "conf/b.yaml": "", "conf/sub/c.json": "", "other.json": "" });
    expect(namesOf({ "conf/": at("conf/*.json") })).toEqual(["conf/a.json"]);
    expect(namesOf({ "conf/": at("conf/**/*.json") })).toEqual(["conf/a.json", "conf/sub/c.json"]);
    expect(namesOf({ "conf/": at("conf/*.{json,yaml}") })).toEqual(["conf/a.json", "conf/b.yaml"]);
    expect(namesOf({ "x/": at("conf/s*/*.json") })).toEqual(["x/sub/c.json"]);
    expect(namesOf({ "./": { path: at("conf/**"), exclude: ["sub", "*.yaml"] } })).toEqual(["a.json"]);
  });

  it("matches no dot at the start of a name unless it has one itself, and never node_modules", () => {
    write({ "f/.env": "", "f/env": "", "f/node_modules/i.js": "" });
    expect(namesOf({ "x/": at("f/**") })).toEqual(["x/env"]);
    expect(namesOf({ "x/": at("f/.*") })).toEqual(["x/.env"]);
  });

  it("may start from a folder whose name has to be escaped", () => {
    write({ "a[1]/x.txt": "", "a1/y.txt": "" });
    expect(namesOf({ "x/": `${folder}/a\\[1\\]/*.txt` })).toEqual(["x/x.txt"]);
  });

  it("with backslashes is one on Windows", () => {
    expect(slashed("conf\\*.json", "\\")).toBe("conf/*.json");
    expect(slashed("conf\\*.json", "/")).toBe("conf\\*.json");
  });
});

describe("what cannot be meant is refused", () => {
  it("all of it at once, each by its name and its path", () => {
    write({ "app/a": "", "x.txt": "" });
    mkdirSync(at("empty"));
    const problems = problemsOf({
      missing: at("no-such"),
      folder: at("app"),
      pattern: at("*.txt"),
      "empty/": at("empty"),
      "nothing/": at("*.md"),
      "nowhere/": at("no-such/*.md"),
      "../x": at("x.txt"),
      good: at("x.txt"),
    });
    expect(problems).toEqual([
      expect.stringMatching(
        /^The file "missing" cannot be read from .*\/no-such \(ENOENT\)\. Nothing was stopped/,
      ),
      expect.stringMatching(/^The file "folder" is a folder .*end the name with a slash: "folder\/"\.$/),
      expect.stringMatching(/^The file "pattern" is given by the pattern .*\*\.txt\..*"pattern\/"\.$/),
      expect.stringMatching(/^The folder "empty\/" would be empty: .*\/empty gives no file\./),
      expect.stringMatching(/^The folder "nothing\/" would be empty: .*\*\.md gives no file\./),
      expect.stringMatching(/^The file "nowhere\/" cannot be read from .*\/no-such \(ENOENT\)/),
      expect.stringMatching(/^"\.\.\/x" is no name of a file below \/uploads\./),
    ]);
  });

  it.each(["", "/", "/etc/x", "/etc/", "a//b", "a/./b", "a/../b", "..", ".", "a\\b", "a\nb", "x/../"])(
    "the name %j",
    (name) => {
      write({ f: "" });
      expect(problemsOf({ [name]: at("f") })).toEqual([
        expect.stringMatching(/is no name of a file below \/uploads/),
      ]);
    },
  );

  it.each(["mags-files.tar", ".mags-files", ".mags-files/x", ".mags-script-1"])(
    "the name %j, which unpacking needs",
    (name) => {
      write({ f: "" });
      expect(problemsOf({ [name]: at("f") })).toEqual([expect.stringMatching(/reserved/)]);
    },
  );

  it("a file in a folder whose name could not be told apart", () => {
    write({ "f/a\nb": "", "f/good": "" });
    expect(namesOf({ "x/": at("f/g*") })).toEqual(["x/good"]);
    expect(problemsOf({ "x/": at("f") })).toEqual([expect.stringContaining('"a\nb" is no name')]);
  });

  it("one name for two files, and for a file and a folder", () => {
    write({ "one/a": "1", "two/a": "2", "two/b": "" });
    expect(problemsOf({ "x/": at("one"), "x/a": at("two/a") })).toEqual([
      expect.stringMatching(/^The file "x\/a" would be put there twice: from .*one\/a and from .*two\/a\./),
    ]);
    expect(problemsOf({ x: at("one/a"), "x/": at("two") })).toEqual([
      expect.stringMatching(/^"x" would be a file and, for "x\/a", a folder as well\./),
      expect.stringMatching(/^"x" would be a file and, for "x\/b", a folder as well\./),
    ]);
  });

  it("links to folders and to nowhere, and what is no regular file, unless they are excluded", () => {
    write({ "f/a": "", "elsewhere/b": "" });
    symlinkSync("../elsewhere", at("f/linked"));
    symlinkSync("..", at("f/loop"));
    symlinkSync("no-such", at("f/broken"));
    execFileSync("mkfifo", [at("f/pipe")]);
    expect(problemsOf({ "x/": at("f") })).toEqual([
      expect.stringMatching(/^The file "x\/broken" cannot be read from .* \(ENOENT\)/),
      expect.stringMatching(/^The file "x\/linked" .* is a link to a folder/),
      expect.stringMatching(/^The file "x\/loop" .* is a link to a folder/),
      expect.stringMatching(/^The file "x\/pipe" .* is no regular file/),
    ]);
    expect(problemsOf({ pipe: at("f/pipe") })).toEqual([expect.stringMatching(/is no regular file/)]);
    const exclude = ["linked", "loop", "broken", "pipe"];
    expect(namesOf({ "x/": { path: at("f"), exclude } })).toEqual(["x/a"]);
  });

  it("what is neither path nor pattern", () => {
    for (const source of ["", 5, null, [], {}, { path: "" }, { path: "x", exclude: "y" }]) {
      expect(problemsOf({ x: source as never })).toEqual([
        expect.stringMatching(/^The file "x" has to be given as a path or a pattern/),
      ]);
    }
  });

  it("a name that no archive has room for, where the file would travel in one", () => {
    write({ f: "" });
    const [folders, long] = ["d".repeat(150), "n".repeat(101)];
    expect(namesOf({ [long]: at("f") })).toEqual([long]);
    expect(namesOf({ [`${folders}/${long.slice(1)}`]: at("f") })).toHaveLength(1);
    expect(problemsOf({ [`d/${long}`]: at("f") })).toEqual([expect.stringMatching(/is too long/)]);
  });
});

describe("limits", () => {
  /** A file of that size that takes no room. */
  function sparse(name: string, bytes: number): void {
    const file = openSync(at(name), "w");
    ftruncateSync(file, bytes);
    closeSync(file);
  }

  it("too many files are refused by their number", () => {
    write(Object.fromEntries(Array.from({ length: MAX_FILES + 1 }, (_, i) => [`f/${i}`, ""])));
    expect(problemsOf({ "x/": at("f") })).toEqual([
      `These are ${MAX_FILES + 1} files; a job may have ${MAX_FILES}, since the state records each. Pack them into one file that the script unpacks, or keep them in a workspace.`,
    ]);
    expect(namesOf({ "x/": { path: at("f"), exclude: ["0"] } })).toHaveLength(MAX_FILES);
  });

  it("files that are too large are refused before they are read, all of them at once", () => {
    sparse("a", MAX_UPLOAD_BYTES + 1);
    sparse("b", MAX_UPLOAD_BYTES + 2);
    expect(problemsOf({ a: at("a"), b: at("b") })).toEqual([
      expect.stringContaining(`The file "a" (${at("a")}) has ${MAX_UPLOAD_BYTES + 1} bytes`),
      expect.stringContaining(`The file "b" (${at("b")}) has ${MAX_UPLOAD_BYTES + 2} bytes`),
    ]);
  });

  it("files that are too large together are refused, sooner where they travel together", () => {
    sparse("a", MAX_UPLOAD_BYTES);
    sparse("b", 1);
    expect(problemsOf({ "x/a": at("a"), "x/b": at("b") })).toEqual([
      expect.stringContaining(
        `The files with folders in their names have ${MAX_UPLOAD_BYTES + 1} bytes together`,
      ),
    ]);
    const many = Object.fromEntries(
      Array.from({ length: MAX_TOTAL_BYTES / MAX_UPLOAD_BYTES }, (_, i) => [`a${i}`, at("a")]),
    );
    expect(problemsOf({ ...many, b: at("b") })).toEqual([
      expect.stringContaining(`The files have ${MAX_TOTAL_BYTES + 1} bytes together`),
    ]);
  });
});

describe("as somebody who may not read everything", () => {
  const uid = process.getuid?.();

  // Root may read anything, so it steps down; elsewhere the caller is somebody already.
  beforeEach(() => uid === 0 && process.seteuid!(65_534));
  afterEach(() => uid === 0 && process.seteuid!(0));

  it("unreadable files and folders are refused, and not taken for empty", () => {
    const own = mkdtempSync(join(tmpdir(), "mags-unreadable-"));
    mkdirSync(join(own, "f/locked"), { recursive: true });
    writeFileSync(join(own, "f/locked/x"), "");
    writeFileSync(join(own, "secret"), "", { mode: 0 });
    execFileSync("chmod", ["000", join(own, "f/locked")]);
    try {
      expect(problemsOf({ secret: join(own, "secret"), "f/": join(own, "f") })).toEqual([
        expect.stringMatching(/^The file "f\/" cannot be read from .*\/f\/locked \(EACCES\)/),
        expect.stringMatching(/^The file "secret" cannot be read from .* \(EACCES\)/),
      ]);
    } finally {
      if (uid === 0) process.seteuid!(0);
      execFileSync("chmod", ["-R", "700", own]);
      rmSync(own, { recursive: true });
    }
  });
});
