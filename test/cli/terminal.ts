import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Terminal } from "@xterm/headless";

/** A command on a terminal of its own, as a person sees it. */
export interface TerminalSession {
  /** What is on the screen now, line by line, without the empty ones at its end. */
  screen(): string[];
  /** Everything that was written, escape sequences and all. */
  written(): string;
  /** How the terminal is: a command leaves it as it was. */
  modes(): { alternateScreen: boolean; cursorShown: boolean };
  type(keys: string): void;
  /** Waits until the screen shows something. */
  shows(pattern: RegExp): Promise<void>;
  /** The exit code, as a shell has it. */
  ended: Promise<number>;
}

/** Runs a command line in a pseudo-terminal, by `script` of util-linux, which every Debian has. */
export function onTerminal(
  line: string,
  {
    columns = 80,
    rows = 24,
    cwd,
    env = {},
  }: { columns?: number; rows?: number; cwd: string; env?: NodeJS.ProcessEnv },
): TerminalSession {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  const child = spawn("script", ["-qefc", `stty cols ${columns} rows ${rows}; ${line}`, "/dev/null"], {
    cwd,
    env: {
      ...process.env,
      TERM: "xterm-256color",
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      CI: undefined,
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let written = "";
  let changed = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written += text;
    terminal.write(text, () => changed());
  });
  const screen = () => {
    const { active } = terminal.buffer;
    const lines = Array.from(
      { length: rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? "",
    );
    while (lines.at(-1) === "") lines.pop();
    return lines;
  };
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code, signal) =>
      terminal.write("", () => resolve(code ?? 128 + constants.signals[signal!])),
    );
  });
  return {
    screen,
    written: () => written,
    modes: () => ({
      alternateScreen: terminal.buffer.active.type === "alternate",
      cursorShown: written.lastIndexOf("\u001b[?25l") <= written.lastIndexOf("\u001b[?25h"),
    }),
    type: (keys) => child.stdin.write(keys),
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        changed = () => {
          if (!pattern.test(screen().join("\n"))) return;
          changed = () => {};
          resolve();
        };
        void ended.then((code) => {
          changed();
          reject(new Error(`It ended with ${code}, and the screen was:\n${screen().join("\n")}`));
        });
        changed();
      }),
    ended,
  };
}
