import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const TEST_NAMES = new Set(["describe", "it", "test", "xit", "xtest", "xdescribe"]);
const FOCUSED_NAMES = new Set(["fit", "fdescribe", "ftest"]);

/**
 * Finds focused tests (`it.only`, `fdescribe`, …): they make a runner leave out others in silence.
 * @param {string} folder
 * @returns {Promise<string[]>} `file:line` of each.
 */
export async function findFocusedTests(folder) {
  const { default: ts } = await import("typescript");
  const found = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:ts|js|mjs)$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = readFileSync(file, "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    /** @param {import("typescript").Node} node */
    const visit = (node) => {
      if (isFocused(ts, node)) {
        found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/**
 * @param {typeof import("typescript")} ts
 * @param {import("typescript").Node} node
 */
function isFocused(ts, node) {
  if (ts.isIdentifier(node)) return FOCUSED_NAMES.has(node.text) && !isDeclaredName(ts, node);
  const member = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)
      ? node.argumentExpression.text
      : undefined;
  if (member !== "only") return false;
  let base = /** @type {any} */ (node).expression;
  while (ts.isPropertyAccessExpression(base)) base = base.expression;
  return ts.isIdentifier(base) && TEST_NAMES.has(base.text);
}

/**
 * Whether the name only labels something (`{ fit: 1 }`, `layout.fit`), which focuses nothing.
 * @param {typeof import("typescript")} ts
 * @param {import("typescript").Identifier} node
 */
function isDeclaredName(ts, node) {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return "name" in parent && parent.name === node;
}
