import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const ROOT = resolve(__dirname, "../..");

const LIBRARIES = ["@pulumi", "constructs", "croner", "cronstrue", "tinyglobby", "undici", "yaml", "zod"];

/** A user's project with this package installed in it, compiled from the sources as they are now. */
export interface ProjectCopy {
  folder: string;
  remove(): void;
}

/**
 * Makes a project in a temporary folder whose `node_modules/pulumi-mags` has the real package.json, so that
 * its entries are those that users get, and no stale build is ever tested.
 * @param rooms Further folders of the sources that are needed.
 * @param libraries Further dependencies that are needed.
 */
export function projectWithPackage(
  rooms: readonly string[] = [],
  libraries: readonly string[] = [],
): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), "mags-project-"));
  const copy = join(folder, "node_modules", "pulumi-mags");
  for (const source of ["provider", "constructs", ...rooms].flatMap(sourcesBelow)) {
    const { outputText } = ts.transpileModule(readFileSync(join(ROOT, source), "utf8"), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
      },
    });
    const target = join(copy, "dist", source.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  writeFileSync(join(copy, "package.json"), readFileSync(join(ROOT, "package.json")));
  for (const name of [...LIBRARIES, ...libraries]) {
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "project", private: true }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}
