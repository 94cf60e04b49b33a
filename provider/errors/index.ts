/**
 * Every message that a user can meet, a file for each concept: what happened, why, and what to do next. Users never
 * see a stack for their own mistake; secrets and tokens never appear in a message. In the reference each file is a
 * section of its name, in this order.
 */
export * from "./base";
export * from "./settings-and-credentials";
export * from "./identity";
export * from "./shared-workspaces";
export * from "./data-protection";
export * from "./jobs";
export * from "./files";
export * from "./workspaces";
export * from "./runs";
export * from "./aliases-and-cron-jobs";
export * from "./programs";
export * from "./previews";
export * from "./outcomes";
