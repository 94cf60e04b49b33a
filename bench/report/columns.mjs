/**
 * Rows of cells as text that a terminal shows in columns.
 * @param {readonly (readonly string[])[]} rows The first is the head.
 */
export function columns(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/**
 * The same rows as a table of Markdown.
 * @param {readonly (readonly string[])[]} rows The first is the head.
 */
export function markdownTable([head = [], ...rows]) {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
