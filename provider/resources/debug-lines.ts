import * as pulumi from "./sdk";
import { perRun } from "./per-run";

type Debug = typeof pulumi.log.debug;

/** How many lines go in one message at most. */
const TOGETHER = 500;
/** For how long lines wait for others at most, in milliseconds: longer, the more there were before. */
const WAIT_MS = 100;
const LINES_PER_MS = 10;

/** Marks the function of any copy of this package: it is not put before itself. */
const OURS = Symbol.for("pulumi-mags.debug-lines");

/** Also where tests of a program stop the time. */
const { setTimeout } = globalThis;

/**
 * The SDK sends three debug lines for every resource, each in a message of its own that the next one waits for. From
 * here on those that come in quick succession go together, in the same order. See docs/adr/0026.
 */
export function bundleDebugLines(): void {
  const log = pulumi.log as { debug: Debug & { [OURS]?: true } };
  const { debug } = log;
  if (debug[OURS]) return;
  const linesOfThisRun = perRun(() => new DebugLines(debug));
  const bundled: Debug = (message, ...about) => {
    // In a test with mocks nobody is told.
    if (!pulumi.runtime.hasEngine()) return debug(message, ...about);
    if (about.every((value) => value === undefined)) return linesOfThisRun().add(message);
    linesOfThisRun().flush();
    return debug(message, ...about);
  };
  log.debug = Object.assign(bundled, { [OURS]: true as const });
}

class DebugLines {
  private readonly waiting: string[] = [];
  private sent = 0;
  private isSending = false;

  constructor(private readonly debug: Debug) {}

  /** Settles at once: nobody waits for a line, but the end of the program does. */
  add(line: string): Promise<void> {
    this.waiting.push(line);
    if (!this.isSending) void this.sendAll();
    return Promise.resolve();
  }

  /** Sends what waits now; the SDK keeps the order of what it is given. */
  flush(): void {
    while (this.waiting.length > 0) void this.send();
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    const done = pulumi.runtime.rpcKeepAlive();
    while (this.waiting.length > 0) {
      const wait = Math.min(WAIT_MS, this.sent / LINES_PER_MS);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await this.send();
    }
    this.isSending = false;
    done();
  }

  private async send(): Promise<void> {
    const lines = this.waiting.splice(0, TOGETHER);
    this.sent += lines.length;
    try {
      if (lines.length > 0) await this.debug(lines.join("\n"));
    } catch {
      // As the SDK has it: a debug line that cannot be sent is no reason to fail.
    }
  }
}
