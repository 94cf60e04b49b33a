import type { Clock } from "../api/clock";
import type { JobPatch, JobRequest, JobView } from "../api/wire";

/** Request ids that are remembered for the time in which a new job may be unknown to the API. */
const MAX_RECENT = 1_000;

/** What a VM was started with, and what was changed on it since. */
export interface Submission {
  requestId: string;
  request: JobRequest;
  /** Opened by this client, or to be opened; the latest last. */
  ports: number[];
  /** Those that are still to be opened. */
  unopened: number[];
}

/**
 * What this client has started. The API never shows a job's settings again, so a resize, which has to send all
 * of them, knows them from here or not at all.
 */
export class Submissions {
  readonly #recent = new Map<string, { at: number; persistent: boolean }>();
  /** By workspace: the last persistent VM on it. */
  readonly #persistent = new Map<string, Submission>();

  constructor(private readonly clock: Clock) {}

  remember(requestId: string, request: JobRequest): void {
    const { persistent, workspace_id: workspace } = request;
    this.#recent.set(requestId, { at: this.clock.now(), persistent });
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= MAX_RECENT) break;
      this.#recent.delete(oldest);
    }
    if (persistent && workspace !== undefined)
      this.#persistent.set(workspace, { requestId, request, ports: [], unopened: [] });
  }

  /** How long ago this client started the job, in milliseconds; endless if it did not. */
  ageOf(requestId: string): number {
    const recent = this.#recent.get(requestId);
    return recent === undefined ? Infinity : this.clock.now() - recent.at;
  }

  /** Whether this client started it to run once and be gone. */
  isOneOff(requestId: string): boolean {
    return this.#recent.get(requestId)?.persistent === false;
  }

  /** The last VM on a workspace, if this client started it, and nobody has started another since. */
  onWorkspace(workspace: string, last: JobView | undefined): Submission | undefined {
    const known = this.#persistent.get(workspace);
    return last === undefined || last.requestId === known?.requestId ? known : undefined;
  }

  of(requestId: string): Submission | undefined {
    return [...this.#persistent.values()].find((submission) => submission.requestId === requestId);
  }

  patched(requestId: string, patch: JobPatch): void {
    const submission = this.of(requestId);
    if (submission) submission.request = { ...submission.request, ...patch };
  }

  /** Ports that a VM is to have once it is up. */
  toOpen(requestId: string, ports: readonly number[]): void {
    const submission = this.of(requestId);
    if (submission) Object.assign(submission, { ports: [...ports], unopened: [...ports] });
  }

  opened(requestId: string, port: number): void {
    const submission = this.of(requestId);
    if (!submission) return;
    submission.ports = [...submission.ports.filter((other) => other !== port), port];
    submission.unopened = submission.unopened.filter((other) => other !== port);
  }

  forget(workspace: string): void {
    this.#persistent.delete(workspace);
  }
}
