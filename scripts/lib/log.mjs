/** @typedef {{ line(text: string): void, progress(text: string): void }} Log */

/** How often a progress line is written where it cannot be refreshed in place, in milliseconds. */
const PLAIN_PROGRESS_INTERVAL = 15_000;

/**
 * A log that writes lines to `stream`. On a terminal the progress line is refreshed in place; elsewhere one
 * is written at most every 15 seconds.
 * @param {NodeJS.WriteStream} stream
 * @returns {Log}
 */
export function createLog(stream) {
  let open = false;
  let last = -Infinity;
  const clear = () => {
    if (open) stream.write("\r\u001b[K");
    open = false;
  };
  return {
    line(text) {
      clear();
      last = -Infinity;
      stream.write(`${text}\n`);
    },
    progress(text) {
      if (stream.isTTY) {
        clear();
        stream.write(text.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
        open = true;
        return;
      }
      const now = performance.now();
      if (last === -Infinity) last = now;
      if (now - last < PLAIN_PROGRESS_INTERVAL) return;
      last = now;
      stream.write(`${text}\n`);
    },
  };
}

/**
 * A duration for people: "0.4 s", "12 s", "3 min 05 s".
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/**
 * Runs `work` and says how long it took; `result` may add a few words about what came out.
 * @template T
 * @param {Log} log
 * @param {string} title
 * @param {() => T | Promise<T>} work
 * @param {(value: T) => string} [result]
 * @returns {Promise<T>}
 */
export async function timed(log, title, work, result = () => "done") {
  const start = performance.now();
  const value = await work();
  log.line(`${title}: ${result(value)} (${duration(performance.now() - start)})`);
  return value;
}
