import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Points by case and route. */
export type Table = Record<string, Record<string, number>>;

const FILE = join(__dirname, "..", "crash-matrix.json");

/** The committed table of one part of the matrix. */
function kept(): Record<string, Table> {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Record<string, Table>) : {};
}

/**
 * What the committed table has and this run has not. With `UPDATE_CRASH_MATRIX=1` the table is written anew
 * first, which is for whoever means to drop points (in one process, `jest -i`, since both parts share the file).
 */
export function lostPoints(part: string, table: Table): string[] {
  if (process.env.UPDATE_CRASH_MATRIX === "1")
    writeFileSync(FILE, `${JSON.stringify({ ...kept(), [part]: table }, null, 2)}\n`);
  const known = kept()[part];
  if (!known) return [`there is no table of ${part}`];
  return Object.entries(known).flatMap(([name, rows]) =>
    Object.entries(rows).flatMap(([route, count]) => {
      const now = table[name]?.[route] ?? 0;
      return now < count ? [`${name}, ${route}: ${now} of ${count}`] : [];
    }),
  );
}

/** The table in words: points by case, and their sum. */
export function print(part: string, table: Table): void {
  const rows = Object.entries(table).map(([name, routes]) => [name, sum(routes)] as const);
  const total = sum(Object.fromEntries(rows));
  const lines = rows.map(([name, count]) => `  ${String(count).padStart(4)} ${name}`);
  process.stdout.write(`crash matrix, ${part}: ${total} points\n${lines.join("\n")}\n`);
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
