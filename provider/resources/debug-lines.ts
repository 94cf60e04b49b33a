import * as pulumi from "@pulumi/pulumi";
import { perRun } from "./per-run";

type Debug = typeof pulumi.log.debug;

/** How many lines go in one message at most. */
const TOGETHER = 500;
/** For how long lines wait for others at most, in milliseconds: longer, the more there were before. */
const WAIT_MS = 100;
const LINES_PER_MS = 10;

/** Marks the function of any copy of this package: it is not put before itself. */
const OURS = Symbol.for("pulumi-mags.debug-lines");

/**
 * The SDK sends three debug lines for every resource, each in a message of its own that the next one waits for. From
 * here on those that come in quick succession go together, in the same order. See docs/adr/0026.
 */
export function bundleDebugLines(): void {
  const log = pulumi.log as { debug: Debug & { [OURS]?: true } };
  const { debug } = log;
  if (debug[OURS]) return;
  const linesOfThisRun = perRun(() => new DebugLines(debug));
  const bundled: Debug = (message, ...about) =>
    about.some((value) => value !== undefined) ? debug(message, ...about) : linesOfThisRun().add(message);
  log.debug = Object.assign(bundled, { [OURS]: true as const });
}

class DebugLines {
  private readonly waiting: string[] = [];
  private sent = 0;
  private sending: Promise<void> | undefined;

  constructor(private readonly send: (text: string) => Promise<void>) {}

  /** Settles when the line has been sent. */
  add(line: string): Promise<void> {
    this.waiting.push(line);
    return (this.sending ??= this.sendAll());
  }

  private async sendAll(): Promise<void> {
    // The program is not over before the engine has them.
    const done = pulumi.runtime.rpcKeepAlive();
    try {
      while (this.waiting.length > 0) {
        const wait = Math.min(WAIT_MS, this.sent / LINES_PER_MS);
        await new Promise((resolve) => setTimeout(resolve, wait));
        const lines = this.waiting.splice(0, TOGETHER);
        this.sent += lines.length;
        await this.send(lines.join("\n"));
      }
    } finally {
      this.sending = undefined;
      done();
    }
  }
}
