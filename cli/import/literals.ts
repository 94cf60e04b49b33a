/** Characters that would end a line, or change what a reader sees of it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text as a literal of TypeScript that is what it looks like. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, escaped);
}

/** A text of several lines as a template with these lines, so that it can be read and edited; else as a literal. */
export function block(text: string): string {
  if (!text.includes("\n")) return literal(text);
  const safe = text
    .replace(/[\\`]|\$(?=\{)/g, (character) => `\\${character}`)
    .replace(UNSEEN, (character) =>
      character === "\n" || character === "\t" ? character : escaped(character),
    );
  return `\`${safe}\``;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
