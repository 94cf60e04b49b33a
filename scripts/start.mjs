// npm start: brings the example fleet up on a real Pulumi engine; see --help.
import path from "node:path";
import { createInterface } from "node:readline";

import { getEngine } from "./engine/get-engine.mjs";
import { ensureBuilt } from "./lib/build.mjs";
import { UserError, describe } from "./lib/errors.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { withLock } from "./lib/lock.mjs";
import { createLog } from "./lib/log.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";
import { watchParents } from "./lib/parents.mjs";
import { stateFolder } from "./lib/paths.mjs";
import { END_SIGNALS } from "./lib/run.mjs";
import { liveCloud, localCloud } from "./start/cloud.mjs";
import {
  Steps,
  NEXT_AFTER_FAILURE,
  bringUp,
  nextAfterOnce,
  nextWhileUp,
  proveAndTearDown,
  showService,
  throwIfAnythingIsLeft,
} from "./start/fleet.mjs";
import { HELP, parseOptions } from "./start/options.mjs";
import { liveSession, localSession } from "./start/session.mjs";
import { Stack } from "./start/stack.mjs";

/** Tells the process that goes on under a newer Node that packages are installed and announced. */
const RESUMED = "MAGS_IAC_START_RESUMED";

/** Signals closer together than this are one key press that came by several ways, in milliseconds. */
const SAME_KEY_PRESS = 1_000;

/** What ends with a run against the local cloud, however the run ended. */
const LOCAL_GONE = "The local cloud is gone, with everything in it.";

/** Exit code after Ctrl-C in the middle of the work. */
const INTERRUPTED = 130;

const log = createLog(process.stdout);

main(async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!process.env[RESUMED]) {
    // Whoever ends npm means this too.
    watchParents(() => process.kill(process.pid, "SIGTERM"));
    log.line(`pulumi-mags: a small fleet on ${options.live ? "the real Mags cloud" : "a local Mags cloud"}`);
    if (options.live) liveCloud();
    await ensureInstalled(log);
    process.env[RESUMED] = "1";
  }
  await useProjectNode();
  delete process.env[RESUMED];
  if (!options.live) return new Run(options).run();
  return withLock(
    path.join(stateFolder("locks"), "live.lock"),
    () => new Run(options).run(),
    (holder) => log.line(`Another npm start -- --live is at work (${holder}); waiting for it to end …`),
  );
});

/** One run, from the build to the last process stopped. */
class Run {
  /** @type {import("./start/cloud.mjs").Cloud | undefined} */
  #cloud;
  /** @type {Stack | undefined} */
  #stack;
  /** Set by the first signal; the second one ends everything at once. */
  #interruptedAt = 0;
  /** @type {(() => void) | undefined} */
  #wake;

  /** @param {import("./start/options.mjs").Options} options */
  constructor(options) {
    this.options = options;
    this.terminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
    this.stays = this.terminal && !options.once && !options.down;
    // The build, the engine, up and request; then update and destroy; the emulator is started and checked.
    const emulator = options.live ? 0 : 1;
    const total = 4 + emulator + (this.stays ? 0 : 2 + emulator);
    this.steps = new Steps(log, options.down ? 3 : total);
  }

  async run() {
    for (const signal of END_SIGNALS) process.on(signal, () => this.#onSignal());
    const session = this.options.live ? liveSession() : localSession();
    process.once("exit", session.end);
    let code = 1;
    try {
      code = await this.#work(session);
    } catch (error) {
      const added = this.#cloud?.failure();
      const text = this.#interruptedAt ? "Interrupted." : [describe(error), added].filter(Boolean).join("\n");
      process.stderr.write(`\n${text}\n${this.#cloud && !this.options.live ? `${LOCAL_GONE}\n` : ""}`);
      await this.#cleanUpAfterFailure();
    } finally {
      await this.#cloud?.stop();
      session.end();
    }
    return this.#interruptedAt && !this.stays ? INTERRUPTED : code;
  }

  /** @param {import("./start/session.mjs").Session} session */
  async #work(session) {
    const { steps, options } = this;
    await steps.run(
      "Build dist/ from the sources",
      () => ensureBuilt(log),
      () => "built",
    );
    const engine = await steps.run(
      "Find the Pulumi CLI",
      () => getEngine({ log }),
      () => "ready",
    );
    this.#throwIfInterrupted();
    const cloud = await this.#openCloud();
    this.#cloud = cloud;
    const stack = new Stack({
      name: options.live ? "live" : "local",
      bin: engine.bin,
      session,
      env: cloud.env,
      terminal: this.terminal,
    });
    if (options.down) return this.#down(stack);

    this.#throwIfInterrupted();
    this.#stack = stack;
    const service = await bringUp(steps, stack, cloud.config);
    this.#throwIfInterrupted();
    if (this.stays) {
      await this.#stayUp(stack, cloud, nextWhileUp(service, cloud, options.live));
    } else {
      await proveAndTearDown(steps, stack, cloud);
      log.line(nextAfterOnce(options.live));
    }
    return 0;
  }

  #openCloud() {
    if (this.options.live) return liveCloud();
    return this.steps.run("Start the emulator: a Mags cloud on this machine", localCloud, ({ name }) => name);
  }

  /** @param {Stack} stack */
  async #down(stack) {
    if (!stack.exists()) {
      log.line("There is nothing to destroy: no earlier npm start -- --live has left anything.");
      return 0;
    }
    await stack.create({});
    await this.steps.run(
      "pulumi destroy",
      () => stack.destroy(),
      () => "destroyed",
    );
    return 0;
  }

  /**
   * Stays until Ctrl-C; Enter updates the fleet. Then destroys it.
   * @param {Stack} stack
   * @param {import("./start/cloud.mjs").Cloud} cloud
   * @param {string} next
   */
  async #stayUp(stack, cloud, next) {
    let hint = next;
    for (;;) {
      log.line(hint);
      const key = await this.#enterOrInterrupt();
      if (key === "interrupt") break;
      try {
        await stack.up([]);
        await showService(log, stack);
        hint = next;
      } catch (error) {
        // A mistake in the edited program: say so, and let it be corrected.
        if (!this.#interruptedAt) log.line(`\n${describe(error)}`);
        hint = NEXT_AFTER_FAILURE;
      }
      if (this.#interruptedAt) break;
    }
    log.line("\nDestroying the fleet …");
    await stack.destroy();
    await throwIfAnythingIsLeft(cloud);
    log.line("Destroyed; nothing is left running.");
  }

  /** @returns {Promise<"enter" | "interrupt">} */
  #enterOrInterrupt() {
    if (this.#interruptedAt) return Promise.resolve("interrupt");
    const lines = createInterface({ input: process.stdin });
    return new Promise((resolve) => {
      this.#wake = () => resolve("interrupt");
      lines.once("line", () => resolve("enter"));
    }).finally(() => {
      this.#wake = undefined;
      lines.close();
      process.stdin.pause();
    });
  }

  #onSignal() {
    const now = performance.now();
    if (!this.#interruptedAt) {
      this.#interruptedAt = now;
      if (this.#wake) this.#wake();
      else log.line("\nStopping; once more to stop at once …");
      // On a terminal the CLI has heard the key press itself.
      if (!this.terminal) this.#stack?.interrupt();
      return;
    }
    if (now - this.#interruptedAt < SAME_KEY_PRESS) return;
    this.#stopAtOnce();
  }

  /** The local cloud ends with this process, through the pipes that it holds, and takes everything along. */
  #stopAtOnce() {
    this.#stack?.kill();
    process.stderr.write(
      this.options.live
        ? "\nStopped. What is up in the cloud stays up; npm start -- --live --down destroys it.\n"
        : `\nStopped. ${LOCAL_GONE}\n`,
    );
    process.exit(INTERRUPTED);
  }

  #throwIfInterrupted() {
    if (this.#interruptedAt) throw new UserError("Interrupted.");
  }

  /** What a failed run has made in the real cloud must not stay there unseen; the local one just ends. */
  async #cleanUpAfterFailure() {
    if (!this.options.live || !this.#stack || this.options.down) return;
    try {
      await this.#stack.destroy();
    } catch (error) {
      process.stderr.write(
        `${describe(error)}\nSome of it may still be up in the cloud. To try again: npm start -- --live --down\n`,
      );
    }
  }
}
