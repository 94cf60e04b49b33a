import { exitCodeOf } from "../errors";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const TO_END_OF_LINE = "\u001b[K";
const TO_END_OF_SCREEN = "\u001b[J";

const KEYS: Readonly<Record<string, Key>> = {
  "\u001b[A": "up",
  k: "up",
  "\u001b[B": "down",
  j: "down",
  "\r": "down",
  "\u001b[5~": "page-up",
  b: "page-up",
  "\u001b[6~": "page-down",
  " ": "page-down",
  "\u001b[H": "first",
  "\u001b[1~": "first",
  g: "first",
  "\u001b[F": "last",
  "\u001b[4~": "last",
  G: "last",
  q: "quit",
  "\u0003": "quit",
};

export type Key = "up" | "down" | "page-up" | "page-down" | "first" | "last" | "quit";

/** A terminal whose whole screen is drawn again and again. */
export interface Screen {
  size(): { columns: number; rows: number };
  /** Shows lines, each short enough for the screen, in place of what was there. */
  draw(lines: readonly string[]): void;
}

/**
 * Has the terminal for the time that `work` takes: a second screen without a cursor, single keys. Whatever ends it,
 * be it a signal or a failure, the terminal is as it was before.
 * @param onChange What to do about a key, and about another size of the screen.
 */
export async function onScreen(
  work: (screen: Screen) => Promise<void>,
  { onKey, onResize }: { onKey(key: Key): void; onResize(): void },
): Promise<void> {
  const { stdin, stdout } = process;
  // A terminal is written to at once, so this works while the process ends, too.
  const write = (text: string) => stdout.write(text);
  const enter = () => {
    stdin.setRawMode(true);
    write(ENTER);
  };
  let left = false;
  const leave = () => {
    if (left) return;
    left = true;
    write(LEAVE);
    stdin.setRawMode(false);
  };
  const keys = (chunk: string) => {
    // Of several in one piece, an escape sequence is one.
    // eslint-disable-next-line no-control-regex
    for (const [key] of chunk.matchAll(/\u001b\[[\d;]*[A-Za-z~]|[^]/g)) {
      if (key === "\u001a") suspend();
      else if (KEYS[key]) onKey(KEYS[key]);
    }
  };
  /** Ctrl-Z gives the terminal back for as long as it takes. */
  const suspend = () => {
    write(LEAVE);
    stdin.setRawMode(false);
    process.kill(process.pid, "SIGTSTP");
  };
  const resume = () => {
    enter();
    onResize();
  };
  const quit = () => onKey("quit");
  const die = (signal: NodeJS.Signals) => process.exit(exitCodeOf(signal));
  enter();
  stdin.setEncoding("utf8").on("data", keys).resume();
  stdout.on("resize", onResize);
  process.on("exit", leave).on("SIGCONT", resume);
  process.on("SIGINT", quit).on("SIGTERM", die).on("SIGHUP", die);
  try {
    await work({
      size: () => ({ columns: stdout.columns, rows: stdout.rows }),
      draw: (lines) =>
        write(`${HOME}${lines.map((line) => line + TO_END_OF_LINE).join("\r\n")}${TO_END_OF_SCREEN}`),
    });
  } finally {
    leave();
    stdin.removeListener("data", keys).pause();
    stdout.removeListener("resize", onResize);
    process.removeListener("exit", leave).removeListener("SIGCONT", resume).removeListener("SIGINT", quit);
    process.removeListener("SIGTERM", die).removeListener("SIGHUP", die);
  }
}
