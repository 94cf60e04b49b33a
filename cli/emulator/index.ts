import { readFileSync, writeFileSync } from "node:fs";

import { Command, InvalidArgumentError, Option } from "commander";

import type * as EmulatorModule from "../../emulator";
import type { EmulatorOptions, FaultRule, Route } from "../../emulator";
import { command as commandNamed } from "../lib/command";
import { print, printJson } from "../lib/output";
import type * as Run from "./run";
import { saying } from "../lib/saying";

/** Loaded on first use: no other command needs it, and it takes longer to load than all of them. */
const emulatorModule = () => require("../../emulator") as typeof EmulatorModule;
const runModule = () => require("./run") as typeof Run;

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

/** The command `mags-iac emulator` with its subcommands `exec`, `routes` and `faults`. */
export function emulatorCommand(): Command {
  const command = withFlags(commandNamed("emulator"))
    .description("Run the Mags cloud on this machine, for trying things out and for tests.")
    .option("--json", "print one line of JSON when ready, and end with the parent process", false)
    .addHelpText(
      "after",
      `
Examples:
  mags-iac emulator
  mags-iac emulator --port 8080 --data .mags-emulator
  mags-iac emulator --fault error-after@POST,count=3

It starts by itself: there is no command for that. Ctrl-C ends it and everything it started.`,
    )
    .allowExcessArguments()
    .action(async (flags: Flags, self: Command) => {
      if (self.args.length > 0) refuseUnknown(self);
      await runModule().serve(optionsOf(flags), flags.json);
    });
  command.addCommand(
    withFlags(commandNamed("exec", "emulator exec"))
      .description("Run a command against an emulator that is there for it alone, as in CI.")
      .usage("[options] -- <command...>")
      .argument("<command...>", "the command, with MAGS_API_URL and MAGS_API_TOKEN in its environment")
      .option("--json", "say in one line of JSON on stderr what was started; stdout is the command's", false)
      .addHelpText(
        "after",
        `
Examples:
  mags-iac emulator exec -- npm test
  mags-iac emulator exec --execute simulate -- sh -c 'echo $MAGS_API_URL $MAGS_API_TOKEN'

Ends with the exit code of the command.`,
      )
      .action(async (words: string[], flags: Flags, self: Command) => {
        // Wherever they stand, commander may give flags that both have to either.
        const all = { ...flags, ...given(command), ...given(self) };
        await runModule().execute(optionsOf(all), words, all.json);
      }),
  );
  command.addCommand(
    commandNamed("routes", "emulator routes")
      .description("List the routes the emulator answers, with the evidence for each.")
      .option("--write <file>", "bring the reference in a Markdown file up to date instead")
      .option("--json", "print JSON alone on stdout")
      .addHelpText("after", `\nExamples:\n  mags-iac emulator routes\n  mags-iac emulator routes --json`)
      .action((_flags: unknown, self: Command) =>
        routes(self.optsWithGlobals<{ write?: string; json: boolean }>()),
      ),
  );
  command.addCommand(
    commandNamed("faults", "emulator faults")
      .description("List the faults that can be switched on.")
      .option("--json", "print JSON alone on stdout")
      .addHelpText(
        "after",
        `\nExamples:\n  mags-iac emulator faults\n  mags-iac emulator --fault error-after@POST,count=3`,
      )
      .action((_flags: unknown, self: Command) => faults(self.optsWithGlobals<{ json: boolean }>())),
  );
  return command;
}

/** Commander looks for a command that is like it only where there is nothing else to do. */
function refuseUnknown(emulator: Command): never {
  const names = new Command(emulator.name())
    .exitOverride()
    .showHelpAfterError("(mags-iac emulator --help tells more)");
  names.copyInheritedSettings(emulator);
  for (const one of emulator.commands) names.command(one.name());
  names.parse(emulator.args, { from: "user" });
  throw new Error(`unknown command ${emulator.args.join(" ")}`);
}

function routes({ write, json }: { write?: string; json: boolean }): void {
  const { ROUTES, LABELS, routesTable, withReference } = emulatorModule();
  if (write !== undefined) writeFileSync(write, withReference(readFileSync(write, "utf8")));
  if (json)
    printJson(write === undefined ? { routes: ROUTES.map(shown), labels: LABELS } : { written: write });
  else if (write === undefined) print(`${routesTable()}\n\n${legend()}\n`);
}

function shown({ method, path, versions, summary }: Route): Omit<Route, "handler"> {
  return { method, path, versions, summary };
}

function faults({ json }: { json: boolean }): void {
  const kinds = Object.entries(emulatorModule().FAULT_KINDS);
  const width = Math.max(...kinds.map(([kind]) => kind.length));
  if (json) printJson({ faults: kinds.map(([kind, meaning]) => ({ kind, meaning })) });
  else print(kinds.map(([kind, text]) => `${kind.padEnd(width)}  ${text}\n`).join(""));
}

/** The flags that were given, without those that have their default. */
function given(command: Command): Partial<Flags> {
  const flags = Object.entries(command.opts<Flags>());
  return Object.fromEntries(flags.filter(([name]) => command.getOptionValueSource(name) === "cli"));
}

/** Adds what can be set of an emulator. */
function withFlags(command: Command): Command {
  return command
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
    .option("--edge-ms <ms>", "until an unanswered request ends in 524 (default: 100000)", whole);
}

/** What the flags mean to the emulator. */
function optionsOf({ json: _json, token, fault, ...rest }: Flags): EmulatorOptions {
  return {
    ...rest,
    ...(token.length > 0 ? { tokens: token } : {}),
    faults: fault,
    log: (line) => process.stderr.write(`${line}\n`),
  };
}

function legend(): string {
  return Object.entries(emulatorModule().LABELS)
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
    return [...before, emulatorModule().parseFault(text)];
  } catch (error) {
    throw new InvalidArgumentError(saying(error));
  }
}
