import { stripVTControlCharacters } from "node:util";

/** A column of a table for people. */
export interface Column {
  readonly title: string;
  readonly align?: "right";
  /**
   * How many characters it may be cut to where the table has to fit. Columns with the lowest `cut` go first.
   * @default never cut
   */
  readonly least?: number;
  /** @default 0 */
  readonly cut?: number;
  /**
   * How it is cut.
   * @default in its middle
   */
  readonly shortened?: (text: string, width: number) => string;
}

const GAP = 2;

/**
 * Lays rows out as text. With a `width`, cells are cut so that each line fits into it, and columns that are empty
 * in every row are left out; without, nothing is lost. An empty cell shows as a dash.
 * @param among All rows of the table, where those to show are some of them: its shape is that of all.
 */
export function tableOf(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, among = rows }: { width?: number; among?: readonly (readonly string[])[] } = {},
): string[] {
  const told = columns.map((_, at) => width === undefined || among.some((row) => row[at] !== ""));
  const of = <T>(line: readonly T[]) => line.filter((_, at) => told[at]);
  const shown = of(columns);
  const widths = shown.map(({ title }) => widthOf(title));
  for (const row of among)
    for (const [at, cell] of of(row).entries()) widths[at] = Math.max(widths[at]!, widthOf(cell));
  if (width !== undefined) shrink(shown, widths, width);
  return [shown.map(({ title }) => title), ...rows.map(of)].map((row) => {
    const line = row.map((cell, at) => padded(cell === "" ? "-" : cell, widths[at]!, shown[at]!));
    const text = line.join(" ".repeat(GAP)).trimEnd();
    return width === undefined ? text : startOf(text, width);
  });
}

function padded(cell: string, width: number, { align, shortened = cutTo }: Column): string {
  const text = widthOf(cell) <= width ? cell : shortened(cell, width);
  const room = " ".repeat(width - widthOf(text));
  return align === "right" ? room + text : text + room;
}

/** Takes room away from the columns that may lose it, the first ones first. */
function shrink(columns: readonly Column[], widths: number[], width: number): void {
  let over = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  const order = columns
    .map((column, at) => ({ ...column, at }))
    .filter(({ least }) => least !== undefined)
    .sort((one, other) => (one.cut ?? 0) - (other.cut ?? 0));
  for (const { at, least } of order) {
    const less = Math.min(Math.max(0, widths[at]! - least!), Math.max(0, over));
    widths[at]! -= less;
    over -= less;
  }
}

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  // Nearly every text is of this kind.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** A text in so many columns, with an ellipsis in its middle where it is too long: both ends tell it from others. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...stripVTControlCharacters(text)];
  const [head, tail]: [string[], string[]] = [[], []];
  let room = width - 1;
  for (let from = 0, to = characters.length - 1; from <= to;) {
    const next = head.length <= tail.length ? characters[from++]! : characters[to--]!;
    if (widthOf(next) > room) break;
    room -= widthOf(next);
    if (head.length <= tail.length) head.push(next);
    else tail.unshift(next);
  }
  return width < 1 ? "" : `${head.join("")}…${tail.join("")}`;
}

/** The start of a text in so many columns, for what is read rather than told apart. */
export function startOf(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let [start, room] = ["", width - 1];
  for (const character of stripVTControlCharacters(text)) {
    room -= widthOf(character);
    if (room < 0) break;
    start += character;
  }
  return width < 1 ? "" : `${start}…`;
}

/** What others have named, without what would move the cursor or change colours. */
export function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, "\ufffd");
}
