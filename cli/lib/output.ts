import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

let tolerant = false;

/** A reader of a result may stop reading, such as `head`: that is no failure. */
export function tolerateClosedReader(): void {
  if (tolerant) return;
  tolerant = true;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** Prints a result. */
export function print(text: string): void {
  tolerateClosedReader();
  process.stdout.write(text);
}

/** Says something about what goes on, where it does not get into a result. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Colours for a result, where it goes to a terminal and `NO_COLOR` is not set. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** A number of things: `1 change`, `2 changes`. */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
