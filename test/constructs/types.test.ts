import path from "node:path";
import ts from "typescript";

jest.setTimeout(120_000);

const root = path.resolve(__dirname, "../..");
const declarations = ["constructs/index", "constructs/pulumi/index", "constructs/testing/index"].map(
  (entry) => path.join(root, "dist", `${entry}.d.ts`),
);

it("the types of the package hold under the strictest options that a program may have", () => {
  const program = ts.createProgram({
    rootNames: declarations,
    options: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      types: ["node"],
    },
  });
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(path.join(root, "dist")));
  expect(ours.length).toBeGreaterThan(30);
  const found = ours.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  expect(
    found.map(
      ({ file, messageText }) =>
        `${path.relative(root, file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    ),
  ).toEqual([]);
});
