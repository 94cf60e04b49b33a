import { readFileSync, writeFileSync } from "node:fs";

import { Command, InvalidArgumentError, Option } from "commander";

import { FAULT_KINDS, LABELS, parseFault, routesTable, startEmulator, withReference } from "../emulator";
import type { Emulator, EmulatorOptions, FaultRule } from "../emulator";

/** How long a start that is no longer wanted may take to come to where it can be undone, in milliseconds. */
const START_GRACE_MS = 5_000;

/** How often a started emulator looks whether its parent is still there, in milliseconds. */
const PARENT_POLL_MS = 250;

/** The flags of `mags-iac emulator`, as commander reads them. */
interface Flags {
  port: number;
  adminPort: number;
  host: string;
  accounts: number;
  token: string[];
  execute: "process" | "simulate";
  isolation: "auto" | "namespaces" | "ports";
  network: boolean;
  clock: "real" | "driven";
  data?: string;
  domain: string;
  echo: boolean;
  fault: FaultRule[];
  bootMs?: number;
  vmIdMs?: number;
  stopMs?: number;
  idleMs?: number;
  wakeMs?: number;
  syncMs?: number;
  reprovisionMs?: number;
  edgeMs?: number;
  json: boolean;
}

/** The command `mags-iac emulator` with its subcommands `routes` and `faults`. */
export function emulatorCommand(): Command {
  const command = new Command("emulator")
    .description("Run the Mags cloud on this machine, for trying things out and for tests.")
    .option("--port <port>", "port of the API and of the URLs; 0 takes a free one", whole, 0)
    .option("--admin-port <port>", "port of the admin API; 0 takes a free one", whole, 0)
    .option("--host <address>", "address to listen on; anything but loopback is a risk", "127.0.0.1")
    .option("--accounts <n>", "number of accounts, each with a token of its own", whole, 1)
    .option("--token <token>", "use this token instead of a generated one; once per account", collect, [])
    .addOption(
      new Option("--execute <mode>", "run scripts as processes, or only pretend to")
        .choices(["process", "simulate"])
        .default("process"),
    )
    .addOption(
      new Option("--isolation <mode>", "how VMs are kept apart")
        .choices(["auto", "namespaces", "ports"])
        .default("auto"),
    )
    .option("--network", "let VMs use this machine's network", false)
    .addOption(
      new Option("--clock <kind>", "a driven clock moves by the admin API only")
        .choices(["real", "driven"])
        .default("real"),
    )
    .option("--data <folder>", "keep the state in this folder across restarts")
    .option("--domain <domain>", "domain of the URLs in answers", "localhost")
    .option("--echo", "let answers carry write-only fields, which the cloud never does", false)
    .option(
      "--fault <rule>",
      "switch a fault on: KIND[@METHOD /path][,key=value…]; `mags-iac emulator faults` lists them",
      collectFault,
      [],
    )
    .option("--boot-ms <ms>", "from create to running (default: 200)", whole)
    .option("--vm-id-ms <ms>", "from running to the VM id (default: 300)", whole)
    .option("--stop-ms <ms>", "least time a stop takes (default: 500)", whole)
    .option("--idle-ms <ms>", "idle time before a VM sleeps (default: 600000)", whole)
    .option("--wake-ms <ms>", "time a wake takes (default: 100)", whole)
    .option("--sync-ms <ms>", "time between syncs (default: 30000)", whole)
    .option("--reprovision-ms <ms>", "until a lost no_sleep VM is replaced (default: 1000)", whole)
    .option("--edge-ms <ms>", "until an unanswered request ends in 524 (default: 100000)", whole)
    .option("--json", "print one line of JSON when ready, and end with the parent process", false)
    .allowExcessArguments()
    .action(async (flags: Flags, self: Command) => {
      const [extra] = self.args;
      if (extra !== undefined) {
        self.error(`error: unknown command '${extra}': there are routes and faults, and none to start it`);
      }
      await run(flags);
    });
  command
    .command("routes")
    .description("List the routes the emulator answers, with the evidence for each.")
    .option("--write <file>", "bring the reference in a Markdown file up to date instead")
    .action((options: { write?: string }) => {
      if (options.write === undefined) print(`${routesTable()}\n\n${legend()}\n`);
      else writeFileSync(options.write, withReference(readFileSync(options.write, "utf8")));
    });
  command
    .command("faults")
    .description("List the faults that can be switched on.")
    .action(() => {
      const width = Math.max(...Object.keys(FAULT_KINDS).map((kind) => kind.length));
      print(
        Object.entries(FAULT_KINDS)
          .map(([kind, text]) => `${kind.padEnd(width)}  ${text}\n`)
          .join(""),
      );
    });
  return command;
}

/** Prints for a reader that may stop reading, such as `head`. */
function print(text: string): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.stdout.write(text);
}

async function run(flags: Flags): Promise<void> {
  const { json, token, fault, ...rest } = flags;
  const options: EmulatorOptions = {
    ...rest,
    ...(token.length > 0 ? { tokens: token } : {}),
    faults: fault,
    log: (line) => process.stderr.write(`${line}\n`),
  };
  // Taken before the start, so that a parent that goes meanwhile is noticed.
  const watched = watchedProcesses(json);
  const stopping = waitForEnd(watched);
  const starting = startEmulator(options);
  const early = await Promise.race([starting.then(() => undefined), stopping]);
  if (early !== undefined) {
    process.stderr.write(`stopping: ${early}\n`);
    setTimeout(() => process.exit(1), START_GRACE_MS);
    await starting.then((emulator) => emulator.stop());
    process.exit(0);
  }
  const emulator = await starting;
  if (json) {
    process.stderr.write(`${[scripts(emulator), ...emulator.notes].join("\n")}\n`);
    process.stdout.write(`${JSON.stringify(ready(emulator))}\n`);
  } else process.stdout.write(welcome(emulator, flags));
  const reason = await stopping;
  process.stderr.write(`stopping: ${reason}\n`);
  await emulator.stop();
  // Whatever still holds the process, such as a parent's pipe, does not keep it.
  process.exit(0);
}

/** The line of `--json`. */
function ready(emulator: Emulator): Record<string, unknown> {
  const { url, port, token, tokens, adminUrl, adminToken, mode, notes } = emulator;
  return { url, port, token, tokens, adminUrl, adminToken, mode, notes, pid: process.pid };
}

function scripts(emulator: Emulator): string {
  return emulator.mode === "simulate"
    ? "Scripts:   simulated"
    : `Scripts:   run as processes with your own rights, told apart by ${emulator.mode}`;
}

function welcome(emulator: Emulator, flags: Flags): string {
  const lines = [
    `Mags emulator on ${emulator.url}`,
    "",
    `  export MAGS_API_URL=${emulator.url}`,
    `  export MAGS_API_TOKEN=${emulator.token}`,
    "",
    ...emulator.tokens.slice(1).map((token, index) => `Token of account ${index + 2}: ${token}`),
    `Fleet:     ${emulator.url}/`,
    `Admin API: ${emulator.adminUrl} (token ${emulator.adminToken})`,
    `State:     ${flags.data ?? "in memory, gone when this ends (--data keeps it)"}`,
    scripts(emulator),
    ...emulator.notes.map((note) => `           ${note}`),
    "",
    "Ctrl-C ends it and everything it started.",
  ];
  return `${lines.join("\n")}\n`;
}

/** A process, and the parent it must keep. */
interface Watched {
  pid: number;
  parent: number;
}

/**
 * The processes without whose parents this one ends. npm and npx put a shell in between, which neither passes
 * a signal on nor ends with them. What a script of npm put into the background has no parent any more.
 */
function watchedProcesses(json: boolean): Watched[] {
  const byNpm = process.env.npm_lifecycle_event !== undefined;
  if (!json && !byNpm) return [];
  const watched = [{ pid: process.pid, parent: process.ppid }];
  try {
    const [program = "", flag] = readFileSync(`/proc/${process.ppid}/cmdline`, "utf8").split("\0");
    const parent = parentOf(process.ppid);
    if (byNpm && flag === "-c" && /sh$/.test(program) && parent !== undefined) {
      watched.push({ pid: process.ppid, parent });
    }
  } catch (error) {
    // No /proc on this system: the direct parent is what can be seen.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return watched;
}

function parentOf(pid: number): number | undefined {
  if (pid === process.pid) return process.ppid;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // It has ended.
  }
}

/** Resolves with the reason to stop: a signal, or a parent that is gone. */
function waitForEnd(watched: readonly Watched[]): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        resolve(`received ${signal}`);
        // Whoever asks a second time does not want to wait. What is left ends with this process.
        process.once(signal, () => process.exit(1));
      });
    }
    if (watched.length === 0) return;
    setInterval(() => {
      const orphan = watched.find(({ pid, parent }) => parentOf(pid) !== parent);
      if (orphan !== undefined) resolve("the parent process is gone");
    }, PARENT_POLL_MS).unref();
  });
}

function legend(): string {
  return Object.entries(LABELS)
    .map(([label, text]) => `${label}: ${text}`)
    .join("\n");
}

function whole(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of 0 or more.");
  return Number(text);
}

function collect(text: string, before: string[]): string[] {
  return [...before, text];
}

function collectFault(text: string, before: FaultRule[]): FaultRule[] {
  try {
    return [...before, parseFault(text)];
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
