import type { Label } from "./routes";

/** Something the emulator does, and how sure it is that the cloud does it too. */
export interface Fact {
  label: Label;
  text: string;
}

const client = (text: string): Fact => ({ label: "client", text });
const doc = (text: string): Fact => ({ label: "doc", text });
const obs = (text: string): Fact => ({ label: "obs", text });
const assumed = (text: string): Fact => ({ label: "assumed", text });

/** What holds for every route. */
export const COMMON_FACTS: readonly Fact[] = [
  client("`Authorization: Bearer <token>`; JSON both ways, except for uploads"),
  obs("v2 tells a failure in `message`, v1 in `error`"),
  obs("a name, workspace or subdomain that is taken is 409 or 500, here in turn (`conflictStatus`)"),
  obs("what is not answered within 100 s (`edgeMs`) ends in 524, as plain text; the work goes on"),
  assumed(
    "401 without a known token, 404 for what the account does not have, 422 for a bad field, 413 for a body above the limit, 400 for what is no JSON object",
  ),
  assumed("a path or method that is not in the table is 501; so are routes under v2 without evidence"),
  assumed("unknown fields in a body are ignored"),
  assumed("a body that does not go on for 30 s is 408; one that is nested more than 100 deep is 400"),
];

/** What a route does in detail, by its name. */
export const FACTS: Readonly<Record<string, readonly Fact[]>> = {
  "POST /mags-jobs": [
    client('answers `request_id` and `status: "accepted"`'),
    doc("202, with a `message`"),
    client("`pending`, then `running`, and only later a `vm_id`"),
    doc('`type: "url"` fetches the script; only from loopback, unless the emulator runs with `--network`'),
    obs("v1 ignores `vcpus` and `memory_mb`"),
    obs(
      'v1 with a `rootfs_type` and `__MAGS_MEM_GB` is 500, "golden snapshot not ready"; with `__MAGS_ROOTFS_TYPE` instead it is not',
    ),
    client("a workspace is synced whether or not the job is persistent; the vendor's site says otherwise"),
    obs("`base_workspace_id` with `workspace_id` forks: changes go to the own workspace"),
    assumed(
      "`disk_gb` from 2; `no_sleep` without `persistent`, a missing base, a base that rests on the workspace itself and an unknown file are 422",
    ),
    assumed("names: lower case, digits and `-`, 1 to 63; workspace ids may have upper case"),
    assumed(
      "a fork keeps only what differs, so a later job needs the base again; as a base itself it gives its own base's files too",
    ),
    assumed(
      "a no_sleep VM that dies is replaced under its request id and runs `startup_command`, else the script; a script that fails within its first second is an error instead",
    ),
    assumed("/data is a volume of `disk_gb` with `lost+found`, which a new VM finds empty"),
  ],
  "GET /mags-jobs": [
    client("`jobs` with `request_id`, `name`, `workspace_id`, `status`; `total`"),
    client("ended jobs stay listed under their name"),
    assumed("newest first, at most 50 per page"),
  ],
  "GET /mags-jobs/usage": [client("`window_days` of 30"), doc("`total_jobs`, `vm_seconds`")],
  "GET /mags-jobs/pool-status": [
    doc("`idle_vms`, `busy_vms`, `total_vms`, `min_pool_size`, `max_pool_size`"),
  ],
  "GET /mags-jobs/{id}/status": [
    doc("`pending`, `running`, `sleeping`, `completed`, `error`; `subdomain` and `url` after access"),
    obs("a persistent script that ends leaves the job `sleeping`, never `completed`"),
    obs("v2 takes a job name or a workspace id for the id"),
    doc("10 idle minutes put a persistent VM to sleep, unless `no_sleep`"),
    assumed("a stopped job is `completed`; a persistent script that fails is `error` with `exit_code`"),
    assumed("write-only fields are not echoed (`--echo` does)"),
  ],
  "GET /mags-jobs/{id}/logs": [
    doc("`timestamp`, `level`, `message`"),
    obs("what a persistent script writes comes as plain strings between them; other jobs have none"),
  ],
  "POST /mags-jobs/{id}/access": [
    client("a failure is `success: false` with `error` inside a 2xx"),
    client(
      "port 22 gives `ssh_host`, `ssh_port`, `ssh_private_key`; the emulator's port tells that it serves no SSH",
    ),
    client("needs a persistent job"),
    obs("before the VM id is there it fails; repeating it is safe"),
    doc("wakes a sleeping VM"),
    obs("a random subdomain per VM, so a VM that replaces a lost one has another"),
    assumed("it leads to the port that was enabled last"),
  ],
  "PATCH /mags-jobs/{id}": [
    client("only `startup_command` and `no_sleep`"),
    assumed('`startup_command: ""` clears it; a sleeping job takes the change at its next wake'),
    assumed("`no_sleep` on a job that is not persistent is 400"),
  ],
  "POST /mags-jobs/{id}/stop": [
    obs("asynchronous: the job is listed as before, and holds its name, until it is over"),
    doc("syncs the workspace at the end"),
    assumed('202; stopping an ended job is 400, "not running"'),
  ],
  "POST /mags-jobs/{id}/sync": [
    assumed("the sync is done when the answer comes; before the VM id is there it fails"),
  ],
  "POST /mags-jobs/{id}/exec": [
    client("`exit_code`, `stdout`, `stderr`; `timeout` of 30 s"),
    obs('before the VM id is there: "no VM associated with this job"'),
    obs("wakes a sleeping VM; the process group ends with the command; about 4 MB of output"),
    assumed("a command that runs too long has exit code 124"),
  ],
  "POST /mags-files": [
    client("one part `file` with a file name; answers `file_id`"),
    doc("the file is in /uploads before the script runs"),
    assumed("file names are one path segment of printable ASCII; others are 422"),
  ],
  "GET /mags-workspaces": [client("`workspaces` with `workspace_id`; `total`")],
  "DELETE /mags-workspaces/{workspace_id}": [
    client("permanent; active jobs must be stopped first"),
    obs("takes along what its aliases rely on: they stay listed and answer nothing"),
  ],
  "POST /mags-cron": [
    doc("five-field expressions"),
    assumed("UTC; a fire that is missed is skipped; an expression that never fires is 422"),
    assumed("`enabled` is not honoured on create"),
    assumed(
      "a fire on a workspace with an active VM, also one that sleeps, is a failed job; without a workspace fires overlap",
    ),
  ],
  "GET /mags-cron": [assumed("`cron_jobs` and `total`")],
  "GET /mags-cron/{id}": [assumed("all sent fields but `environment`")],
  "PATCH /mags-cron/{id}": [
    client("any subset of the fields, `enabled` included"),
    assumed('`""` clears `workspace_id`; `environment` replaces the whole map'),
  ],
  "DELETE /mags-cron/{id}": [assumed("204")],
  "POST /mags-url-aliases": [
    client("follows the active job of the workspace"),
    obs("a plain job name also works as `workspace_id`; access must be enabled on the port"),
    assumed(
      "unique per subdomain and domain in the whole cloud; a workspace without an active job is accepted",
    ),
    assumed("v1 ignores `port`"),
  ],
  "GET /mags-url-aliases": [assumed("`id`, `subdomain`, `workspace_id`, `domain`, `url`; `total`")],
  "DELETE /mags-url-aliases/{subdomain}": [
    client("takes no domain, so it removes the subdomain on all of them"),
    obs("deleting a missing one is an error"),
  ],
};
