import { readFileSync } from "node:fs";
import path from "node:path";
import * as globals from "@jest/globals";
import ts from "typescript";
import * as constructs from "../../../constructs";
import * as testing from "../../../constructs/testing";
import "../../../constructs/testing/jest";

const text = readFileSync(path.resolve(__dirname, "../../../docs/testing-constructs.md"), "utf8");
const programs = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);

const MODULES: Record<string, unknown> = {
  "@jest/globals": globals,
  "pulumi-mags/constructs": constructs,
  "pulumi-mags/testing": testing,
  // It has registered the matchers above.
  "pulumi-mags/testing/jest": {},
};

/** Runs a program of the page; a test in it is run at once. */
function run(code: string): void {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const program = new Function("require", "exports", "test", outputText) as (
    require: (name: string) => unknown,
    exports: object,
    test: (name: string, body: () => void) => void,
  ) => void;
  program(
    (name) => MODULES[name],
    {},
    (_name, body) => body(),
  );
}

it("the page has programs", () => expect(programs).toHaveLength(5));

it.each(programs.map((code, index) => [index + 1, code] as const))(
  "what program %i of the page asserts holds",
  (_number, code) => run(code),
);

it("one that does not hold would be seen", () => {
  const [first] = programs as [string, ...string[]];
  expect(() => run(first.replace('resourceCountIs("Job", 1)', 'resourceCountIs("Job", 2)'))).toThrow(
    "Expected 2 Jobs, but there is 1 Job: shop/web.",
  );
});
