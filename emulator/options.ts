import type { FaultRule } from "./faults";

/** How scripts run. */
export type ExecuteMode = "process" | "simulate";
/** How the VMs are kept apart. */
export type IsolationMode = "auto" | "namespaces" | "ports";

/** The answer of a simulated command. */
export interface SimulatedResult {
  exitCode: number;
  stdout?: string;
  stderr?: string;
}

/** Decides what a command does in simulate mode; `undefined` leaves it to the built-in rules. */
export type SimulateHook = (
  command: string,
  vm: {
    requestId: string;
    name: string;
    workspaceId?: string;
    environment: Readonly<Record<string, string>>;
  },
) => SimulatedResult | undefined;

/** Everything that can be set when an emulator is started. All times are milliseconds of the emulator's clock. */
export interface EmulatorOptions {
  /** Port of the API and of the URLs. @default 0 (a free one) */
  port?: number;
  /** Port of the admin API, always on loopback. @default 0 (a free one) */
  adminPort?: number;
  /** Address to listen on. Anything but loopback lets others run commands as you. @default "127.0.0.1" */
  host?: string;
  /** Number of accounts, each with a token of its own. @default 1 */
  accounts?: number;
  /** Tokens to use instead of generated ones; sets the number of accounts. */
  tokens?: readonly string[];
  /** Real processes, or none. @default "process" */
  execute?: ExecuteMode;
  /** Namespaces where permitted, else ports. @default "auto" */
  isolation?: IsolationMode;
  /** VMs share the host's network instead of a loopback each, so scripts reach the internet. @default false */
  network?: boolean;
  /** A clock that runs, or one that `clock.advance` moves. @default "real" */
  clock?: "real" | "driven";
  /** First instant of a driven clock, milliseconds since the epoch. @default now */
  startAt?: number;
  /** Folder that keeps the state. @default none: memory and a temporary folder */
  data?: string;
  /** Domain of the URLs in answers. @default "localhost" */
  domain?: string;
  /** Answers also carry the write-only fields. The cloud never does. @default false */
  echo?: boolean;
  /** Faults from the start. @default none */
  faults?: readonly FaultRule[];
  /** From create to `running`. @default 200 */
  bootMs?: number;
  /** From `running` to the moment the VM id is shown. @default 300 */
  vmIdMs?: number;
  /** Least time that a stop takes. @default 500 */
  stopMs?: number;
  /** Idle time before a persistent VM sleeps. @default 600000 (documented) */
  idleMs?: number;
  /** Time that waking takes. @default 100, with a driven clock 0 */
  wakeMs?: number;
  /** Time between syncs of a running VM. @default 30000 (documented) */
  syncMs?: number;
  /** From the death of a no_sleep VM to its replacement. @default 1000 (documented: about 60 s) */
  reprovisionMs?: number;
  /** A no_sleep script that fails sooner than this after its start is an error, not a crash. @default 1000 */
  failFastMs?: number;
  /** From a complete request to the 524 of the edge, if nothing was answered. @default 100000 (observed) */
  edgeMs?: number;
  /** Status of a conflict: 409, 500, or one after the other. @default "alternate" */
  conflictStatus?: 409 | 500 | "alternate";
  /** Whether v2 VMs of a custom size fail to wake: every second time, always or never. @default "alternate" */
  customSizeWake?: "alternate" | "fail" | "ok";
  /** Status of a job after a stop. @default "completed" */
  stoppedStatus?: "completed" | "error";
  /** Largest JSON body in bytes. @default 4194304 */
  bodyLimit?: number;
  /** Largest upload in bytes. @default 104857600 */
  uploadLimit?: number;
  /** Largest output of one stream of an exec in bytes. @default 4194304 (observed) */
  execOutputLimit?: number;
  /** VMs the pool can hold; further jobs stay pending until one is free. @default 2000 */
  maxVms?: number;
  /** Recorded calls that are kept; the oldest are forgotten. @default 10000 */
  maxCalls?: number;
  /** Ended jobs that are kept per account; the oldest are forgotten. @default 20000 */
  maxEndedJobs?: number;
  /** Log lines that are kept per job; the oldest are forgotten. @default 5000 */
  maxLogLines?: number;
  /** What simulated commands do. @default built-in rules */
  simulate?: SimulateHook;
  /** Receives the emulator's own messages. @default none */
  log?: (line: string) => void;
}

/** Options with every default filled in. */
export type Settings = Required<
  Omit<EmulatorOptions, "data" | "simulate" | "startAt" | "tokens" | "accounts">
> &
  Pick<EmulatorOptions, "data" | "simulate" | "startAt" | "tokens"> & { accounts: number };

/** Accepted alias domains: recorded (the first two), observed (the third), our own (the last). */
export const ALIAS_DOMAINS = ["apps.magpiecloud.com", "app.lfg.run", "apps.mags.run", "localhost"] as const;

/** Fills in the defaults and refuses what makes no sense. */
export function resolveOptions(options: EmulatorOptions): Settings {
  const driven = options.clock === "driven";
  const settings: Settings = {
    port: 0,
    adminPort: 0,
    host: "127.0.0.1",
    execute: "process",
    isolation: "auto",
    network: false,
    clock: "real",
    domain: "localhost",
    echo: false,
    faults: [],
    bootMs: 200,
    vmIdMs: 300,
    stopMs: 500,
    idleMs: 600_000,
    wakeMs: driven ? 0 : 100,
    syncMs: 30_000,
    reprovisionMs: 1_000,
    failFastMs: 1_000,
    edgeMs: 100_000,
    conflictStatus: "alternate",
    customSizeWake: "alternate",
    stoppedStatus: "completed",
    bodyLimit: 4 * 1024 * 1024,
    uploadLimit: 100 * 1024 * 1024,
    execOutputLimit: 4 * 1024 * 1024,
    maxVms: 2_000,
    maxCalls: 10_000,
    maxEndedJobs: 20_000,
    maxLogLines: 5_000,
    log: () => undefined,
    ...defined(options),
    accounts: options.tokens?.length ?? options.accounts ?? 1,
  };
  const whole: (keyof Settings)[] = [
    "port",
    "adminPort",
    "bootMs",
    "vmIdMs",
    "stopMs",
    "idleMs",
    "wakeMs",
    "syncMs",
    "reprovisionMs",
    "failFastMs",
    "edgeMs",
    "bodyLimit",
    "uploadLimit",
    "execOutputLimit",
    "maxVms",
    "maxCalls",
    "maxEndedJobs",
    "maxLogLines",
  ];
  for (const key of whole) {
    const value = settings[key] as number;
    if (!Number.isInteger(value) || value < 0) {
      throw new RangeError(
        `Emulator option ${key} must be a whole number of 0 or more, not ${String(value)}.`,
      );
    }
  }
  for (const key of ["port", "adminPort"] as const) {
    if (settings[key] > 65_535)
      throw new RangeError(`Emulator option ${key} must be at most 65535, not ${settings[key]}.`);
  }
  if (!Number.isInteger(settings.accounts) || settings.accounts < 1 || settings.accounts > 1_000) {
    throw new RangeError(`Emulator option accounts must be between 1 and 1000, not ${settings.accounts}.`);
  }
  if (
    new Set(options.tokens).size !== (options.tokens?.length ?? 0) ||
    options.tokens?.some((t) => t === "")
  ) {
    throw new RangeError("Emulator option tokens must hold different tokens, none of them empty.");
  }
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(settings.domain)) {
    throw new RangeError(`Emulator option domain must be a plain domain name, not ${settings.domain}.`);
  }
  oneOf("execute", settings.execute, ["process", "simulate"]);
  oneOf("isolation", settings.isolation, ["auto", "namespaces", "ports"]);
  oneOf("clock", settings.clock, ["real", "driven"]);
  oneOf("conflictStatus", settings.conflictStatus, [409, 500, "alternate"]);
  oneOf("customSizeWake", settings.customSizeWake, ["alternate", "fail", "ok"]);
  oneOf("stoppedStatus", settings.stoppedStatus, ["completed", "error"]);
  return settings;
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function oneOf(key: string, value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) {
    throw new RangeError(
      `Emulator option ${key} must be one of ${allowed.join(", ")}, not ${String(value)}.`,
    );
  }
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<T>;
}
