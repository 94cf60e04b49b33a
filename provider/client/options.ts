/** What a client talks to. */
export interface MagsOptions {
  /**
   * API token.
   * @default MAGS_API_TOKEN, else MAGS_TOKEN, else what `mags login` wrote into ~/.mags/config.json
   */
  apiToken?: string;
  /** Base URL of the API. @default MAGS_API_URL, else "https://api.magpiecloud.com" */
  apiUrl?: string;
  /**
   * How long one request may take, in milliseconds, at least 1000. A command of `exec` has its own limit.
   * @default MAGS_TIMEOUT, else 30000
   */
  timeout?: number;
  /** Domain of aliases and VM URLs. @default "apps.magpiecloud.com", or "localhost" on a local endpoint */
  domain?: string;
  /** Requests in flight at most. @default 16 */
  maxConcurrency?: number;
  /** Told what a long call is doing, line by line. @default nobody */
  log?: (line: string) => void;
}

/** How a job is started, beyond its script. */
export interface RunOptions {
  /** Name of the job, free while no active job has it. @default a generated one */
  name?: string;
  /** Workspace to work on, case-sensitive. Made if there is none of that name. @default none */
  workspaceId?: string;
  /** Read-only base below the workspace. @default none */
  baseWorkspaceId?: string;
  /** Keep the VM after the script has ended: it then sleeps when idle. @default false */
  persistent?: boolean;
  /** Never let the VM sleep; Mags brings it back when its host fails. Needs `persistent`. @default false */
  noSleep?: boolean;
  /** Keep files on the VM's disk only, also with a workspace: nothing is synced. @default false */
  noSync?: boolean;
  /** Nothing is kept: excludes `workspaceId` and `persistent`. @default false */
  ephemeral?: boolean;
  /** Command that runs each time the VM wakes from sleep. @default none */
  startupCommand?: string;
  /** Environment variables of the script. Keys with a meaning to Mags (`__MAGS_…`) are passed on. @default {} */
  environment?: Record<string, string>;
  /** Ids from `uploadFiles` (how long they last is not known); the files are under `/uploads` before the script runs (documented). @default [] */
  fileIds?: readonly string[];
  /** Size of the VM's own disk, in GB, whole, at least 2. Not synced (observed). @default 2 */
  diskGb?: number;
  /** Root file system: `standard`, `claude`, `pi` or another. @default "standard" */
  rootfsType?: string;
  /** Virtual CPUs (observed, v2 of the API). @default the API's */
  vcpus?: number;
  /** Memory in MB (observed, v2 of the API). @default the API's */
  memoryMb?: number;
}

/** How long to wait, and how often to look. */
export interface WaitOptions {
  /** How long to wait, in milliseconds, at least 1000. */
  timeout?: number;
  /** How often to look, in milliseconds, at least 100. @default 1000; 100 on a local endpoint */
  pollInterval?: number;
}

/** How a sandbox is started: a VM that is only there to be used. */
export interface NewOptions
  extends Omit<RunOptions, "name" | "workspaceId" | "persistent" | "noSync" | "ephemeral">, WaitOptions {
  /**
   * Sync the files to S3, so that they outlive the VM. Without it they are on the VM's disk only. (The VM itself
   * is kept either way; in `run` the word means that.)
   * @default false
   */
  persistent?: boolean;
}

export interface ResizeOptions extends NewOptions {
  /** What the new VM runs. @default what the old one was started with by this client, else `sleep infinity` */
  script?: string;
  /** Ports to open on the new VM. @default those that this client has opened on the old one */
  ports?: readonly number[];
  /** Go on where files could be lost: those in `/data`, those not yet synced, those of a local disk. @default false */
  allowDataLoss?: boolean;
}

export interface StopOptions {
  /** Stop also when the files could not be synced first. @default false */
  allowDataLoss?: boolean;
  /** How long to wait until the job is over, in milliseconds. @default 60000 */
  timeout?: number;
}

export interface JobUpdate {
  /** Command that runs each time the VM wakes; an empty one clears it (assumed). */
  startupCommand?: string;
  /** Whether the VM never sleeps. Needs a persistent job. */
  noSleep?: boolean;
}

export interface CronOptions {
  /** Name of the schedule. */
  name: string;
  /** Five fields: minute, hour, day of month, month, day of week. UTC (assumed). */
  cronExpression: string;
  /** Shell script that each fire runs. */
  script: string;
  /** Workspace that it works on. @default none */
  workspaceId?: string;
  /** Environment variables of the script. @default {} */
  environment?: Record<string, string>;
  /** Keep the VM of a fire after its script has ended. @default false */
  persistent?: boolean;
  /** Whether it fires. @default true */
  enabled?: boolean;
}
