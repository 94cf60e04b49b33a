import { parseArgs } from "node:util";

import { UserError } from "../lib/errors.mjs";

export const HELP = `npm start [-- OPTIONS]

Brings a small fleet up with Pulumi (the program in examples/always-on-service: a workspace, an always-on job
serving HTTP, a URL alias, a nightly cron job) and requests the service through its alias.

In a terminal it stays up until Ctrl-C, and then destroys everything again.

  --once   Bring it up, verify it over HTTP, update again (nothing may change), destroy, verify that nothing is
           left, and end. This is also what happens where there is no terminal.
  --live   Use the real Mags cloud, with your own token (MAGS_API_TOKEN, MAGS_TOKEN or ~/.mags/config.json).
           This starts real VMs. Without it, only a local emulator is used, whatever the environment holds.
  --down   With --live: destroy what an earlier run has left in the cloud, and end.
  --help   Show this text.
`;

/**
 * @typedef {object} Options
 * @property {boolean} once
 * @property {boolean} live
 * @property {boolean} down
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @returns {Options}
 */
export function parseOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        once: { type: "boolean", default: false },
        live: { type: "boolean", default: false },
        down: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
  if (values.down && !values.live) {
    throw new UserError(
      `--down needs --live: what runs locally is gone as soon as its npm start ends.\n\n${HELP}`,
    );
  }
  return /** @type {Options} */ (values);
}
