import { cronJobFields } from "./cron-job-fields";
import type { Schema } from "./schema";
import { environmentClash } from "./validation";

export const cronJobSchema: Schema = {
  name: "CronJob",
  fields: cronJobFields,
  nameField: "name",
  nameMaxLength: 63,
  timeouts: { create: 180, update: 180, delete: 180 },
  derive: (inputs) => inputs,
  problems: environmentClash,
  needsRepair: (recorded) => recorded.notReady !== undefined,
};
