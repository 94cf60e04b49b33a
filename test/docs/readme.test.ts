import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

jest.setTimeout(900_000);

const root = path.resolve(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const readme = read("README.md");

/** Fragments leave out what a reader knows from the program above them. */
const KNOWN = `import * as mags from "pulumi-mags";
declare const site: mags.Workspace, backups: mags.Workspace, web: mags.Job;
`;

/** The TypeScript in a page, with a name that says where it is from. */
function programsIn(file: string): [string, string][] {
  return [...read(file).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code], index) => [
    `${file.replace(/\W+/g, "-")}-${index + 1}.mts`,
    code!.startsWith("import ") ? code! : `${KNOWN}{\n${code!.replace(/^export /gm, "")}\n}`,
  ]);
}

/** What the compiler says of programs that exist in memory only, against the sources of the package. */
function problemsOf(programs: [string, string][]): string[] {
  const texts = new Map(programs.map(([name, code]) => [path.join(root, name), code]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node", "jest"],
    paths: {
      "pulumi-mags": ["./provider/index.ts"],
      "pulumi-mags/constructs": ["./constructs/index.ts"],
      "pulumi-mags/client": ["./provider/client/index.ts"],
      "pulumi-mags/constructs/pulumi": ["./constructs/pulumi/index.ts"],
      "pulumi-mags/testing": ["./constructs/testing/index.ts"],
      "pulumi-mags/testing/jest": ["./constructs/testing/jest.ts"],
      "pulumi-mags/emulator": ["./emulator/index.ts"],
    },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getCurrentDirectory = () => root;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) =>
    texts.has(file)
      ? ts.createSourceFile(file, texts.get(file)!, language, true)
      : getSourceFile.call(host, file, language, ...rest);
  const program = ts.createProgram({ rootNames: [...texts.keys()], options, host });
  return [...texts.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${path.basename(file)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}

describe("programs in the documentation", () => {
  /** Each has a short program, and a whole one. */
  const pages = ["Workspace", "Job", "UrlAlias", "CronJob", "Run", "Sandbox", "Provider"].map(
    (thing) => `docs/reference/${thing.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}.md`,
  );

  it("compile", () => {
    const others = [
      "docs/constructs.md",
      "docs/testing-constructs.md",
      "docs/client.md",
      "docs/functions.md",
    ];
    const programs = ["README.md", ...others, ...pages].flatMap(programsIn);
    expect(programs).toHaveLength(6 + 6 + 7 + 4 + 2 * pages.length);
    expect(problemsOf(programs)).toEqual([]);
  });

  it("would be seen not to compile", () => {
    const [name, code] = programsIn("README.md")[0]!;
    expect(problemsOf([[name, code.replace("noSleep: true", 'noSleep: "yes"')]])).toEqual([
      expect.stringContaining("Type 'string' is not assignable to type"),
    ]);
  });

  it("start with one that a newcomer reads in a minute", () => {
    const [[, code]] = programsIn("README.md") as [[string, string]];
    const lines = code.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("//"));
    expect(lines.length).toBeLessThanOrEqual(20);
  });
});

describe("README.md", () => {
  it("names every configuration key that there is, and no other", () => {
    const keys = [...read("provider/api/settings.ts").matchAll(/\blookup\("(\w+)"\)/g)].map(([, key]) => key);
    const named = [...readme.matchAll(/^\| `mags:(\w+)`/gm)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(5);
    expect([...new Set(named)].sort()).toEqual([...new Set(keys)].sort());
  });

  it("names npm scripts that there are", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm (?:run ([\w:]+)|(start|test))/g)].map(
      ([, run, other]) => run ?? other!,
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("says the Node and the Pulumi that package.json says", () => {
    const { engines, peerDependencies } = JSON.parse(read("package.json")) as Record<
      string,
      Record<string, string>
    >;
    expect(readme).toContain(`Node ${engines!.node!.replace(">=", "")} or newer`);
    const [, pulumi] = /^\^(\d+\.\d+)\.0$/.exec(peerDependencies!["@pulumi/pulumi"]!)!;
    expect(readme).toContain(`\`@pulumi/pulumi\` ${pulumi} or newer`);
  });
});

describe.each([
  "README.md",
  "CONTRIBUTING.md",
  "docs/architecture.md",
  "docs/functions.md",
  "docs/cli.md",
  "docs/import.md",
  "docs/testing-constructs.md",
  ...readdirSync(path.join(root, "examples")).map((example) => `examples/${example}/README.md`),
])("%s", (file) => {
  const text = read(file);

  it("links to files that there are", () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target!);
    expect(targets.length).toBeGreaterThan(0);
    const missing = targets.filter((target) => !existsSync(path.join(root, path.dirname(file), target)));
    expect(missing).toEqual([]);
  });

  it("names files of the sources that there are", () => {
    const named = [
      ...text.matchAll(/`((?:provider|emulator|scripts|test|bench|examples|cli|docs)\/[\w./-]+)`/g),
    ].map(([, name]) => name!);
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
});
