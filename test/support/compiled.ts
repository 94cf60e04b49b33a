import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";

const ROOT = join(__dirname, "../..");

/** The emulator and its command as JavaScript, for tests that run it in processes of their own. */
export interface Compiled {
  /** Path of a compiled module, by its path in the project without the ending. */
  path(module: string): string;
  /** Environment in which the modules find their dependencies. */
  env: NodeJS.ProcessEnv;
  remove(): void;
}

/** Compiles once what each process would otherwise compile for itself, without checking types. */
export function compile(): Compiled {
  const folder = fs.mkdtempSync(join(tmpdir(), "emulator-compiled-"));
  const sources = ["emulator", "cli/emulator", "cli/lib"].flatMap((room) =>
    fs
      .readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(ROOT, room, name)),
  );
  for (const source of sources) {
    const target = join(folder, relative(ROOT, source).replace(/ts$/, "js"));
    const { outputText } = transpileModule(fs.readFileSync(source, "utf8"), {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
    });
    fs.mkdirSync(join(target, ".."), { recursive: true });
    fs.writeFileSync(target, outputText);
  }
  return {
    path: (module) => join(folder, module),
    env: { ...process.env, NODE_PATH: join(ROOT, "node_modules") },
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
