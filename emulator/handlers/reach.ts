import { urlOf } from "../cloud";
import { ApiError, invalid } from "../errors";
import { sshKey } from "./ssh-key";
import { findJob } from "./jobs";
import type { Call, Reply } from "./call";
import { requiredText, whole } from "./fields";

/** POST /mags-jobs/{id}/access: a failure is told inside a 2xx (recorded). */
export async function enableAccess(call: Call): Promise<Reply> {
  const job = findJob(call);
  const port = whole(call.body, "port", 1, 65_535) ?? 8080;
  if (!job.persistent) {
    return { body: { success: false, error: "access needs a persistent job" } };
  }
  try {
    const { release } = await call.fleet.use(call, job);
    release();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { body: { success: false, error: error.message } };
  }
  if (port === 22) {
    return {
      body: {
        success: true,
        ssh_host: "127.0.0.1",
        ssh_port: await call.cloud.ssh.port(),
        ssh_private_key: sshKey(),
      },
    };
  }
  job.ports = [...job.ports.filter((other) => other !== port), port];
  call.cloud.state.saveJob(job);
  if (call.fault("incomplete-access") !== undefined || job.subdomain === undefined) {
    return { body: { success: true, port } };
  }
  return {
    body: { success: true, url: urlOf(call.cloud, job.subdomain), subdomain: job.subdomain, port },
  };
}

/** POST /mags-jobs/{id}/exec */
export async function execOnJob(call: Call): Promise<Reply> {
  const job = findJob(call);
  const command = requiredText(call.body, "command");
  const timeout = call.body.timeout ?? 30;
  if (typeof timeout !== "number" || !(timeout > 0) || timeout > 86_400) {
    throw invalid("timeout must be a number of seconds above 0, at most 86400");
  }
  const { machine, release } = await call.fleet.use(call, job);
  try {
    const limit = call.cloud.settings.execOutputLimit;
    const result = await machine.exec(command, timeout * 1000, limit);
    return { body: { exit_code: result.exitCode, stdout: result.stdout, stderr: result.stderr } };
  } finally {
    release();
  }
}
