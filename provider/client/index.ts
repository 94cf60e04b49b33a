/**
 * The Mags API as a typed client, without Pulumi.
 *
 * @packageDocumentation
 */
export { Mags } from "./mags";
export { Secret } from "../api/secret";
export type { HttpAccess, SshAccess, UrlResult } from "./access";
export type { PoolStatus, Usage } from "./figures";
export type { Accepted, ExecResult, JobPage, Ready, RunResult } from "./jobs";
export type {
  CronOptions,
  JobUpdate,
  MagsOptions,
  NewOptions,
  ResizeOptions,
  RunOptions,
  StopOptions,
  WaitOptions,
} from "./options";
export type { AliasView, CronView, JobView, LogEntry, WorkspaceView } from "../api/wire";
export { ApiError, MalformedAnswerError, NoAnswerError, type ApiErrorFacts } from "../api/errors";
export { MagsError, OutcomeUnknownError } from "../errors";
export {
  ArgumentError,
  ConflictError,
  JobStateError,
  JobTimeoutError,
  NotFoundError,
  SettingsUnknownError,
  TokenRefusedError,
} from "./errors";
