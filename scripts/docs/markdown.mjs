/**
 * A table. Rows are cells of Markdown.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** @param {string} text */
function cell(text) {
  return text.replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ");
}

/** @param {string} text */
export function code(text) {
  return `\`${text}\``;
}

/** @param {string[]} items */
export function list(items) {
  return items.map((item) => `- ${item}`).join("\n");
}

/** @param {string} text A message, as text that Markdown leaves as it is. */
export function quoted(text) {
  return text.replace(/([*<>[\]`\\])/g, "\\$1").replace(/\n/g, " ");
}

/**
 * A section with a whole project.
 * @param {import("./source.mjs").Program} project
 */
export function program({ folder, code: text }) {
  return `## A whole project\n\n[${folder}](../../${folder}/README.md):\n\n\`\`\`ts\n${text}\`\`\``;
}
