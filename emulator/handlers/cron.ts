import { randomUUID } from "node:crypto";
import { notFound } from "../errors";
import type { CronJob } from "../model";
import { checkCronName, checkWorkspaceId } from "../names";
import { checkExpression, nextFire } from "../lifecycle/scheduler";
import type { Call, Reply } from "./call";
import { environment, flag, requiredText, stamp, text } from "./fields";

/** POST /mags-cron: `enabled` is not honoured here. */
export function createCron(call: Call): Reply {
  const now = call.cloud.clock.now();
  const workspaceId = text(call.body, "workspace_id");
  const cron: CronJob = {
    id: randomUUID(),
    account: call.account,
    name: checkCronName(requiredText(call.body, "name")),
    cronExpression: checkExpression(requiredText(call.body, "cron_expression"), now),
    script: requiredText(call.body, "script"),
    persistent: flag(call.body, "persistent") ?? false,
    workspaceId: workspaceId === undefined || workspaceId === "" ? undefined : checkWorkspaceId(workspaceId),
    environment: environment(call.body, "environment") ?? {},
    enabled: true,
    createdAt: now,
    updatedAt: now,
  };
  call.cloud.state.saveCron(cron);
  call.scheduler.plan(cron);
  return { status: 201, body: shownCron(call, cron) };
}

/** GET /mags-cron */
export function listCrons(call: Call): Reply {
  const crons = call.cloud.state.cronsOf(call.account).map((cron) => shownCron(call, cron));
  return { body: { cron_jobs: crons, total: crons.length } };
}

/** GET /mags-cron/{id} */
export function getCron(call: Call): Reply {
  return { body: shownCron(call, findCron(call)) };
}

/** PATCH /mags-cron/{id}: `""` clears the workspace, `environment` replaces the whole map (assumed). */
export function patchCron(call: Call): Reply {
  const cron = findCron(call);
  const { body } = call;
  const now = call.cloud.clock.now();
  // Everything is checked before anything changes.
  const changes: Partial<CronJob> = {};
  if (text(body, "name") !== undefined) changes.name = checkCronName(requiredText(body, "name"));
  if (text(body, "cron_expression") !== undefined) {
    changes.cronExpression = checkExpression(requiredText(body, "cron_expression"), now);
  }
  if (text(body, "script") !== undefined) changes.script = requiredText(body, "script");
  const persistent = flag(body, "persistent");
  if (persistent !== undefined) changes.persistent = persistent;
  const enabled = flag(body, "enabled");
  if (enabled !== undefined) changes.enabled = enabled;
  if (body.environment === "") changes.environment = {};
  else {
    const map = environment(body, "environment");
    if (map !== undefined) changes.environment = map;
  }
  const workspaceId = text(body, "workspace_id");
  if (workspaceId !== undefined) {
    changes.workspaceId = workspaceId === "" ? undefined : checkWorkspaceId(workspaceId);
  }
  Object.assign(cron, changes, { updatedAt: now });
  call.cloud.state.saveCron(cron);
  call.scheduler.plan(cron);
  return { body: shownCron(call, cron) };
}

/** DELETE /mags-cron/{id} */
export function deleteCron(call: Call): Reply {
  const cron = findCron(call);
  call.cloud.state.removeCron(cron);
  call.scheduler.forget(cron.id);
  return { status: 204 };
}

function findCron(call: Call): CronJob {
  const id = call.params.id ?? "";
  const cron = call.cloud.state.cron(call.account, id);
  if (cron === undefined || call.fault("not-found") !== undefined) throw notFound("Cron job", id);
  return cron;
}

/** All sent fields but `environment` (assumed). */
function shownCron(call: Call, cron: CronJob): Record<string, unknown> {
  const next = cron.enabled ? nextFire(cron.cronExpression, call.cloud.clock.now()) : undefined;
  return {
    id: cron.id,
    name: cron.name,
    cron_expression: cron.cronExpression,
    script: cron.script,
    persistent: cron.persistent,
    workspace_id: cron.workspaceId,
    enabled: cron.enabled,
    last_run_at: stamp(cron.lastRunAt),
    next_run_at: stamp(next),
    created_at: stamp(cron.createdAt),
    updated_at: stamp(cron.updatedAt),
    ...(call.cloud.settings.echo ? { environment: cron.environment } : {}),
  };
}
