/** Widths of text, roughly those of the sans-serif fonts of browsers: nothing here can ask one. */

const NARROW = new Set("iljtfrI.,:;'|!()[]{} -/\\`\"\u00a0");
const WIDE = new Set("mwMW@%…—");

/** Width of a text in pixels, at a font size in pixels; more rather than less. */
export function widthOf(text: string, size: number, bold = false): number {
  let ems = 0;
  for (const letter of text) {
    if (NARROW.has(letter)) ems += 0.36;
    else if (WIDE.has(letter)) ems += 0.92;
    else if (/[A-Z]/.test(letter)) ems += 0.7;
    else ems += (letter.codePointAt(0) ?? 0) > 0x2e7f ? 1.05 : 0.58;
  }
  return ems * size * (bold ? 1.14 : 1);
}

/** The text, cut so that it fits. */
export function cutToFit(text: string, width: number, size: number, bold = false): string {
  if (widthOf(text, size, bold) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`, size, bold) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** The text in lines of words, the last one cut where there would be more lines than allowed. */
export function wrap(text: string, width: number, size: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && (lines.length === most || widthOf(longer, size) <= width)) {
      lines[lines.length - 1] = longer;
    } else lines.push(word);
  }
  return lines.map((line) => cutToFit(line.replace(/[ \u00a0]·$/, ""), width, size));
}
