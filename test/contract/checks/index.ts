import type { Check } from "../support/check";
import { accessChecks } from "./access";
import { aliasChecks } from "./aliases";
import { authChecks } from "./auth";
import { conflictChecks, createChecks } from "./create";
import { cronChecks } from "./cron";
import { errorChecks } from "./errors";
import { execChecks } from "./exec";
import { fileChecks } from "./files";
import { listChecks } from "./lists";
import { patchChecks } from "./patch";
import { poolChecks } from "./pool";
import { resizeChecks } from "./resize";
import { sleepChecks } from "./sleep";
import { statusChecks } from "./status";
import { stopChecks } from "./stop";
import { workspaceChecks } from "./workspaces";

/** Every statement of the contract that a client can observe. */
export const CHECKS: readonly Check[] = [
  ...authChecks,
  ...errorChecks,
  ...createChecks,
  ...conflictChecks,
  ...listChecks,
  ...statusChecks,
  ...sleepChecks,
  ...stopChecks,
  ...accessChecks,
  ...patchChecks,
  ...execChecks,
  ...workspaceChecks,
  ...resizeChecks,
  ...aliasChecks,
  ...cronChecks,
  ...fileChecks,
  ...poolChecks,
];
