import * as fc from "fast-check";
import ts from "typescript";
import { identifiersFor, labelsFor, type Named } from "../../../cli/import/identifiers";
import { block, literal } from "../../../cli/import/literals";

const KINDS = ["Workspace", "Job", "UrlAlias", "CronJob"];

function named(...names: [string, string][]): Named[] {
  return names.map(([kind, name]) => ({ kind, name }));
}

function variables(things: readonly Named[]): Record<string, string> {
  const chosen = identifiersFor(things);
  return Object.fromEntries(things.map((thing) => [`${thing.kind} ${thing.name}`, chosen.get(thing)!]));
}

/** Whether TypeScript takes it for the name of a constant, in a module that is strict. */
function isVariable(name: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(`export {}; const ${name} = 1;`, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  return diagnostics.length === 0;
}

describe("variables", () => {
  it("are names in camel case, in whatever alphabet", () => {
    expect(
      variables(
        named(
          ["Job", "web-api.v2"],
          ["Job", "Größe_1"],
          ["CronJob", "夜間 バックアップ"],
          ["CronJob", "резервная копия"],
          ["Job", "42nd-street"],
          ["Job", "$cash"],
          ["Job", "a ɤb"],
        ),
      ),
    ).toEqual({
      "Job web-api.v2": "webApiV2",
      "Job Größe_1": "größe_1",
      "CronJob 夜間 バックアップ": "夜間バックアップ",
      "CronJob резервная копия": "резервнаяКопия",
      "Job 42nd-street": "_42ndStreet",
      "Job $cash": "$cash",
      // It got a capital only lately.
      "Job a ɤb": "aɤb",
    });
  });

  it("are the kind where a name has nothing that may stand in one, in no alphabet", () => {
    expect(variables(named(["CronJob", "🎉🎉"], ["CronJob", "—"], ["Job", "…"]))).toEqual({
      "CronJob —": "cronJob",
      "CronJob 🎉🎉": "cronJob2",
      "Job …": "job",
    });
  });

  it("have the kind added where it is a word of the language, or of the program itself", () => {
    expect(variables(named(["Job", "class"], ["Workspace", "mags"], ["Job", "await"]))).toEqual({
      "Job class": "classJob",
      "Workspace mags": "magsWorkspace",
      "Job await": "awaitJob",
    });
  });

  it("that would be the same have the kind added, then a number", () => {
    expect(
      variables(
        named(["Workspace", "site"], ["Job", "site"], ["Job", "a-b"], ["Job", "a.b"], ["Job", "aBJob"]),
      ),
    ).toEqual({
      "Workspace site": "siteWorkspace",
      "Job site": "siteJob",
      "Job a-b": "aBJob2",
      "Job a.b": "aBJob3",
      "Job aBJob": "aBJob",
    });
  });

  it("are those that TypeScript takes, all different, and the same in whatever order things are listed", () => {
    const thing = fc.record({
      kind: fc.constantFrom(...KINDS),
      name: fc.oneof(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
        fc.constantFrom(
          "new",
          "let",
          "site",
          "SITE",
          "si-te",
          "app",
          "__proto__",
          "constructor",
          "arguments",
        ),
      ),
    });
    const things = fc.uniqueArray(thing, { selector: ({ kind, name }) => `${kind} ${name}`, maxLength: 12 });
    fc.assert(
      fc.property(things, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (all, random) => {
        const chosen = [...identifiersFor(all).values()];
        expect(new Set(chosen).size).toBe(all.length);
        expect(chosen.filter((name) => !isVariable(name))).toEqual([]);
        const shuffled = all.map((one) => ({ one, at: random.next().value })).sort((a, b) => a.at - b.at);
        expect(variables(shuffled.map(({ one }) => one))).toEqual(variables(all));
      }),
      { numRuns: 60 },
    );
  });
});

describe("labels", () => {
  it("are names as they are, where they may stand", () => {
    const things = named(
      ["Job", "web 1"],
      ["Job", "a/b"],
      ["Workspace", "site"],
      ["Job", "site"],
      ["Job", "/"],
    );
    const labels = labelsFor(things, (name) => !name.includes("/"));
    expect(things.map((thing) => labels.get(thing))).toEqual([
      "web 1",
      "aB",
      "site-workspace",
      "site-job",
      "job",
    ]);
  });
});

describe("texts in a program", () => {
  const valueOf = (code: string) => (new Function(`return ${code}`) as () => unknown)();

  it("say exactly what they stand for, whatever that is", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "`${a}`\n",
        "\\n\n",
        "\\\n",
        "a\r\nb",
        "\u2028\n",
        "\u202e",
        "'\"`",
        "$\n{",
        "\\u{41}\n",
      ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(valueOf(literal(text))).toBe(text);
        expect(valueOf(block(text))).toBe(text);
      }),
    );
  });

  it("show what would hide in them", () => {
    expect(literal("a\u202eb\u2028")).toBe(String.raw`"a\u{202e}b\u{2028}"`);
    expect(block("set -e\n\techo `date` ${A}\r\n")).toBe("`set -e\n\techo \\`date\\` \\${A}\\u{d}\n`");
  });
});
