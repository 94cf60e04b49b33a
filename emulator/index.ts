/**
 * The Mags cloud on one machine, for tests and for trying things out.
 *
 * @packageDocumentation
 */
export { startEmulator } from "./emulator";
export type { Emulator } from "./emulator";
export type { EmulatorOptions, ExecuteMode, IsolationMode, SimulateHook, SimulatedResult } from "./options";
export { FAULT_KINDS, parseFault } from "./faults";
export type { ActiveFault, FaultKind, FaultRule } from "./faults";
export type { RecordedCall } from "./calls";
export type { EmulatorSnapshot, PageState } from "./snapshot";
export type { Alias, ApiVersion, CronJob, Job, JobRequest, JobStatus, Workspace } from "./model";
export { LABELS, ROUTES, routeName, routesTable } from "./routes";
export type { Label, Route } from "./routes";
export { withReference } from "./reference";
