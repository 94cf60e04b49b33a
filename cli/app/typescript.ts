/**
 * Loaded before an app program in TypeScript, where no ts-node does it: Node itself takes the types away, but would go
 * by `type` in `package.json` alone, and `npm init` writes `commonjs` there. What a file is says its own text, as it
 * does for TypeScript; and imports need no ending.
 */
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      const withEnding = isRelative(specifier) ? attempt(() => next(`${specifier}.ts`, context)) : undefined;
      if (withEnding) return withEnding;
      throw error;
    }
  },
  load(url, context, next) {
    const isTypeScript = url.startsWith("file:") && new URL(url).pathname.endsWith(".ts");
    if (!isTypeScript || !isModule(readFileSync(fileURLToPath(url), "utf8"))) return next(url, context);
    return next(url, { ...context, format: "module-typescript" });
  },
});

function isRelative(specifier: string): boolean {
  return specifier.startsWith("./") || specifier.startsWith("../");
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    // The first failure says what is wrong: nobody has written this ending.
    return undefined;
  }
}

/** As Node finds out what a file without `type` around it is: by what makes it no CommonJS. */
function isModule(text: string): boolean {
  try {
    const code = stripTypeScriptTypes(text, { mode: "transform" });
    compileFunction(code, ["exports", "require", "module", "__filename", "__dirname"]);
    return false;
  } catch (error) {
    // Any other mistake in it Node tells when it loads it.
    return /outside a module|Unexpected token 'export'|import\.meta/.test((error as Error).message);
  }
}
