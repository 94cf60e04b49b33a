import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import {
  Annotations,
  App,
  Job,
  MANIFEST_FILE,
  MagsResource,
  Stack,
  TREE_FILE,
  Tags,
  UrlAlias,
  Workspace,
  readManifest,
  type Tree,
} from "../../constructs";
import { appOf, planOf } from "./support";

let dir: string;
beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), "mags-synth-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sample = (script = "line 1\nline 2\n") =>
  appOf((stack) => {
    const site = new Workspace(stack, "site", { setup: script });
    site.addJob("web", { script: "serve", http: { port: 8080 } }).addAlias("shop", { subdomain: "shop" });
  });

it("writes manifest and tree, and nothing the second time", () => {
  const out = path.join(dir, "deep", "out");
  const first = sample().synth(out);
  expect(first.changed).toEqual([MANIFEST_FILE, TREE_FILE]);
  expect(readdirSync(out).sort()).toEqual([MANIFEST_FILE, TREE_FILE]);
  for (const [name, content] of Object.entries(first.files)) {
    expect(readFileSync(path.join(out, name), "utf8")).toBe(content);
  }
  const before = statSync(path.join(out, MANIFEST_FILE)).mtimeMs;
  expect(sample().synth(out).changed).toEqual([]);
  expect(statSync(path.join(out, MANIFEST_FILE)).mtimeMs).toBe(before);
});

it("with check writes nothing and says what is stale", () => {
  expect(sample().synth(dir, { check: true }).changed).toEqual([MANIFEST_FILE, TREE_FILE]);
  expect(readdirSync(dir)).toEqual([]);
  sample().synth(dir);
  expect(sample().synth(dir, { check: true }).changed).toEqual([]);
  expect(sample("another\nscript\n").synth(dir, { check: true }).changed).toEqual([MANIFEST_FILE]);
  const manifest = readFileSync(path.join(dir, MANIFEST_FILE), "utf8");
  expect(manifest).toContain("line 2");
  // As git may have checked it out.
  writeFileSync(path.join(dir, MANIFEST_FILE), manifest.replaceAll("\n", "\r\n"));
  expect(sample().synth(dir, { check: true }).changed).toEqual([]);
});

it("goes where the app says, and tells when it cannot", () => {
  const app = new App({ outdir: path.join(dir, "here"), context: { colour: "red" } });
  expect(new Stack(app, "s").node.tryGetContext("colour")).toBe("red");
  expect(app.synth().changed).toHaveLength(2);
  expect(readdirSync(dir)).toEqual(["here"]);
  expect(() => app.synth(path.join(dir, "here", TREE_FILE, "below"))).toThrow(
    /cannot be written to or compared with/,
  );
});

it("a line of a script is a line of the manifest", () => {
  const text = sample().synthText()[MANIFEST_FILE]!;
  expect(text.split("\n").filter((line) => line.includes("line 2"))).toEqual(['            "line 2",']);
});

it("the manifest of a sample, as a whole", () => {
  expect(sample().synthText()[MANIFEST_FILE]).toMatchInlineSnapshot(`
   "{
     "resources": {
       "s/site": {
         "kind": "Workspace",
         "properties": {
           "setup": {
             "$text": [
               "line 1",
               "line 2",
               ""
             ]
           }
         },
         "types": "Stack"
       },
       "s/site/web": {
         "kind": "Job",
         "properties": {
           "http": {
             "port": 8080
           },
           "script": "serve",
           "workspaceId": {
             "$ref": "s/site.workspaceId"
           }
         },
         "types": "Stack"
       },
       "s/site/web/shop": {
         "kind": "UrlAlias",
         "properties": {
           "subdomain": "shop",
           "workspaceId": {
             "$ref": "s/site/web.workspaceId"
           }
         },
         "types": "Stack"
       }
     },
     "version": 1
   }
   "
  `);
});

it("the tree of a sample shows classes, kinds, tags and remarks", () => {
  const app = appOf((stack, root) => {
    const job = new Job(stack, "job");
    new Stack(root, "t", { description: "empty" });
    Tags.of(stack).add("team", "web");
    Tags.of(job).add("tier", "1");
    Tags.of(job).remove("team");
    Annotations.of(job).addInfo("hello");
    Annotations.of(job).addInfo("hello");
    Annotations.of(stack).addWarning("careful");
  });
  const tree = JSON.parse(app.synthText()[TREE_FILE]!) as Tree;
  expect(tree).toEqual({
    root: {
      id: "",
      path: "",
      type: "App",
      children: {
        t: { id: "t", path: "t", type: "Stack", description: "empty" },
        s: {
          id: "s",
          path: "s",
          type: "Stack",
          tags: { team: "web" },
          annotations: [{ level: "warning", message: "careful" }],
          children: {
            job: {
              id: "job",
              path: "s/job",
              type: "Job",
              tags: { tier: "1" },
              annotations: [{ level: "info", message: "hello" }],
              children: {
                Resource: {
                  id: "Resource",
                  path: "s/job/Resource",
                  type: "MagsResource",
                  kind: "Job",
                  tags: { tier: "1" },
                },
              },
            },
          },
        },
      },
    },
    version: 1,
  });
  expect(app.plan().annotations).toEqual([
    { path: "s", level: "warning", message: "careful" },
    { path: "s/job", level: "info", message: "hello" },
  ]);
  expect(app.plan().find("s/job")!.manifest.tags).toEqual({ tier: "1" });
});

it("the tree has what the plan itself warns of, under the path that the warning names", () => {
  const { annotations, tree } = planOf((stack) => {
    const alias = new UrlAlias(stack, "alias", { target: new Workspace(stack, "w") });
    Annotations.of(alias).addInfo("is new");
    new MagsResource(stack, "raw", "UrlAlias", { workspaceId: new Workspace(stack, "v").workspaceId });
  });
  const { alias, raw } = tree.root.children!.s!.children!;
  const warning = { level: "warning", message: expect.stringContaining("no job of this app runs") };
  expect(alias!.annotations).toEqual([{ level: "info", message: "is new" }, warning]);
  expect(alias!.children!.Resource!.annotations).toBeUndefined();
  expect(raw!.annotations).toEqual([warning]);
  expect(annotations.map(({ path, level }) => `${path} ${level}`).sort()).toEqual([
    "s/alias info",
    "s/alias warning",
    "s/raw warning",
  ]);
});

describe("reading a manifest", () => {
  it("gives back what was planned, for any text and any keys", () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.string().map((text) => `${text}\n${text}`),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.constantFrom("$text", "$ref", "$$text", "$"), fc.string()), tie("value"), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      ),
    })).value;
    fc.assert(
      fc.property(json, (triggers) => {
        const app = appOf((stack) => void new Job(stack, "job", { triggers }));
        const read = readManifest("file", app.synthText()[MANIFEST_FILE]!);
        expect(read).toEqual(app.plan().manifest);
      }),
    );
  });

  it.each([
    ["no JSON", "{", /^file is not what synth writes \(/],
    [
      "something else",
      "[]",
      /^file is not what synth writes \(the file: .*expected object, received array\)/,
    ],
    [
      "what a merge has spoiled, with the places",
      '{"version":1,"resources":{"s/a":{"kind":"Jobb","properties":5},"s/b":{"kind":"Job","properties":{},"left":1}}}',
      /resources\.s\/a\.kind: .*resources\.s\/a\.properties: .*resources\.s\/b: .*left/,
    ],
    ["nothing", "null", /^file is not what synth writes/],
    [
      "a later one",
      '{"version":99,"resources":{}}',
      /was written by a newer pulumi-mags \(shape 99; this release knows 1\)/,
    ],
  ])("refuses %s", (_, content, message) => {
    expect(() => readManifest("file", content)).toThrow(message);
  });
});
