import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type TS from "typescript";

/**
 * A project without a TypeScript of its own has its Pulumi program compiled by the one inside Pulumi's SDK, which
 * knows no `exports` and finds types by `typesVersions`.
 */
const root = path.resolve(__dirname, "../..");
const ts = jest.requireActual<typeof TS>("@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js");
const { exports: entries } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  exports: Record<string, string | { types: string }>;
};

/** As the SDK sets it. */
const OPTIONS: TS.CompilerOptions = {
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: 2 satisfies TS.ModuleResolutionKind.Node10,
  noEmit: true,
};

it("finds the types of every entry", () => {
  const source = (file: string) => file.replace(/^.*\/dist\//, `${root}/`).replace(/\.d\.ts$/, ".ts");
  const host: TS.ModuleResolutionHost = {
    ...ts.sys,
    // What the build writes is there, whether or not it has run.
    fileExists: (file) =>
      file.includes("/dist/") ? file.endsWith(".d.ts") && existsSync(source(file)) : existsSync(file),
    directoryExists: () => true,
    realpath: (file) => file,
  };
  const found = Object.entries(entries).flatMap(([entry, target]) => {
    if (typeof target === "string") return [];
    const { resolvedModule } = ts.resolveModuleName(
      path.posix.join("pulumi-mags", entry),
      path.join(root, "program.ts"),
      OPTIONS,
      host,
    );
    const types = resolvedModule?.resolvedFileName.replace(/^.*\/pulumi-mags\//, "./");
    return [{ entry, isFound: types === target.types }];
  });
  expect(found).toHaveLength(8);
  expect(found.filter(({ isFound }) => !isFound)).toEqual([]);
});

it.each(["README.md", "docs/constructs.md"])("compiles the programs with constructs of %s", (page) => {
  const programs = [...readFileSync(path.join(root, page), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)]
    .map(([, code]) => code!)
    .filter((code) => /^import .*"pulumi-mags\/constructs"/m.test(code));
  const texts = new Map(programs.map((code, index) => [path.join(root, `page-${index}.ts`), code]));
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) =>
    texts.has(file)
      ? ts.createSourceFile(file, texts.get(file)!, language, true)
      : getSourceFile.call(host, file, language, ...rest);
  const program = ts.createProgram({ rootNames: [...texts.keys()], options: OPTIONS, host });
  const problems = [...texts.keys()].flatMap((file) => {
    const sourceFile = program.getSourceFile(file)!;
    // Those of the files of the program, as ts-node asks.
    return [...program.getSyntacticDiagnostics(sourceFile), ...program.getSemanticDiagnostics(sourceFile)];
  });
  expect(programs.length).toBeGreaterThan(0);
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});
