import { InvalidArgumentError, type Command } from "commander";
import { explain } from "../provider/api/explain";
import { accountOptions, type AccountFlags } from "./account/connect";
import * as errors from "./errors";
import type * as Read from "./fleet/read";
import type { FleetObject } from "./fleet/read";
import type * as SourceModule from "./fleet/source";
import type { Source } from "./fleet/source";
import type * as Table from "./fleet/table";
import type * as Watch from "./fleet/watch";
import { command } from "./lib/command";
import { EXIT_CODES } from "./lib/exit-codes";
import { print, printJson, say } from "./lib/output";
import { printLong } from "./lib/pager";
import { waiting } from "./lib/waiting";

interface Flags extends AccountFlags {
  all?: true;
  details?: true;
  owners: boolean;
  watch?: true;
  interval?: number;
  json?: true;
}

/** Seconds between two looks of --watch. */
const INTERVAL = 3;
/** So many jobs are asked for their URL and age without being told to: each takes a call. */
const DETAILS_AT_ONCE = 200;

/** The command `mags-iac fleet`. */
export function fleetCommand(): Command {
  return accountOptions(command("fleet"))
    .description("Show everything in the account: jobs, workspaces, aliases and cron jobs.")
    .option("-w, --watch", "keep it up to date in place, until q or Ctrl-C")
    .option("--interval <seconds>", `time between two looks of --watch (default: ${INTERVAL})`, seconds)
    .option("--all", "also jobs that have ended")
    .option(
      "--details",
      `ask for URL and age of every job, also of more than ${DETAILS_AT_ONCE}: a call for each`,
    )
    .option("--no-owners", "do not read the stacks of the project, which say what belongs to whom")
    .option("--json", "print JSON alone on stdout; with --watch, a line for each look")
    .addHelpText(
      "after",
      `
Examples:
  mags-iac fleet
  mags-iac fleet --stack prod --watch
  mags-iac fleet --json | jq -r '.objects[] | select(.owner == null) | .name'

Nothing is changed, and no VM is woken. The owner comes from the states of all stacks of the
project; "(by name)" means that a program of the stack generated the name, but no state has it:
see mags-iac doctor. The API does not show disks, so only those that a state knows have a size.`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  if (flags.watch && !flags.json && !(process.stdout.isTTY && process.stdin.isTTY))
    throw errors.watchNeedsTerminal();
  if (flags.interval !== undefined && !flags.watch) throw errors.intervalNeedsWatch();
  const intervalMs = (flags.interval ?? INTERVAL) * 1000;
  // Loaded late: they bring the schemas of all kinds.
  const { openSource } = require("./fleet/source") as typeof SourceModule;
  const problems: string[] = [];
  // Not in the middle of a screen, nor of a table.
  const source = await openSource(flags, (problem) => problems.push(problem));
  if (flags.watch && !flags.json) {
    const { watch } = require("./fleet/watch") as typeof Watch;
    return watch(source, { intervalMs });
  }
  if (flags.watch) return lineAfterLine(flags, source, intervalMs, problems);
  if (flags.json) printJson(await inJson(flags, source, problems));
  else await inWords(flags, source);
  for (const problem of problems) say(`warning: ${problem}`);
}

/** Until nobody reads any more, or Ctrl-C ends it. */
async function lineAfterLine(
  flags: Flags,
  source: Source,
  intervalMs: number,
  notes: string[],
): Promise<never> {
  const end = () => process.exit(EXIT_CODES.done.code);
  process.once("SIGINT", end);
  process.stdout.once("error", end);
  const line = (value: unknown) => print(`${JSON.stringify(value)}\n`);
  // What cannot be read at all is a failure; later, a look may fail and the next one not.
  for (let looks = 0; ; looks++) {
    try {
      line(await inJson(flags, source, [...notes]));
    } catch (error) {
      if (looks === 0) throw error;
      const { message } = explain(error, source.endpointNamed);
      line({ error: { message, exitCode: EXIT_CODES.failed.code } });
    }
    await source.account.clock.sleep(intervalMs);
  }
}

async function inJson(flags: Flags, source: Source, notes: string[]) {
  const { totalsOf } = require("./fleet/table") as typeof Table;
  const { objects, fleet, usage } = await look(flags, source);
  const { account, endpoint } = source.settings;
  return { account, endpoint, totals: totalsOf(objects, fleet.endedJobs, usage), objects, notes };
}

async function inWords(flags: Flags, source: Source): Promise<void> {
  const { fleetTable, totalsInWords, totalsOf } = require("./fleet/table") as typeof Table;
  const { objects, fleet, usage, left } = await look(flags, source);
  const totals = totalsInWords(totalsOf(objects, fleet.endedJobs, usage));
  const now = source.account.clock.now();
  const table = fleetTable(objects, now, process.stdout.isTTY ? process.stdout.columns : undefined);
  const ended =
    fleet.endedJobs > 0 && !flags.all ? [`Not shown: ${fleet.endedJobs} that ended (--all).`] : [];
  await printLong(
    [
      ...(objects.length > 0 ? [...table, ""] : ["There is nothing in this account."]),
      ...totals,
      ...ended,
      "",
    ].join("\n"),
  );
  if (left > 0)
    say(
      `URL and age of ${left} jobs were not asked for, since each takes a call: --details does, and so does --watch.`,
    );
}

/** One look, with what is known beyond the lists. `left` jobs were not asked for more. */
async function look(flags: Flags, source: Source) {
  const { askDetails, withKnown } = require("./fleet/read") as typeof Read;
  return waiting("Reading the account…", async () => {
    const { fleet, usage } = await source.read();
    const details: Read.Details = new Map();
    const jobs = fleet.objects.filter(({ kind }) => kind === "Job");
    const asked: FleetObject[] = flags.details || jobs.length <= DETAILS_AT_ONCE ? jobs : [];
    await askDetails(source.account, asked, details);
    const objects = withKnown(fleet.objects, details, await source.owners);
    return { objects, fleet, usage, left: jobs.length - asked.length };
  });
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}(\.\d+)?$/.test(text) || value < 0.5)
    throw new InvalidArgumentError("It must be 0.5 seconds or more.");
  return value;
}
