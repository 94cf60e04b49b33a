/** What can go wrong between us and the Mags API, as types. Texts for users are in `provider/errors`. */
import { MagsError } from "../errors";

const CONFLICT_TEXTS = ["already exists", "already", "in use", "conflict"];
const NOT_RUNNING_TEXTS = ["no vm associated", "not running", "no job found"];

export interface ApiErrorFacts {
  status: number;
  method: string;
  path: string;
  /** First non-empty of the body's `error`, its `message`, the raw text (recorded by the vendor's client). */
  serverMessage: string;
  /** With 429: how long the server wants to be left alone, in milliseconds. */
  retryAfterMs?: number;
}

/** The API answered with a status of 400 or above, or with something that is not its JSON. */
export class ApiError extends MagsError implements ApiErrorFacts {
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly serverMessage: string;
  readonly retryAfterMs: number | undefined;

  constructor(
    facts: ApiErrorFacts,
    message = `${facts.method} ${facts.path} was answered with ${facts.status}: ${facts.serverMessage}`,
  ) {
    super(message);
    this.name = "ApiError";
    this.status = facts.status;
    this.method = facts.method;
    this.path = facts.path;
    this.serverMessage = facts.serverMessage;
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** Only a 404. A 403 never means gone. */
  get isNotFound(): boolean {
    return this.status === 404;
  }

  /** A name or workspace in use comes as 409 or as 500 with one of the conflict texts (observed). */
  get isConflict(): boolean {
    return this.status === 409 || (this.status === 500 && isConflictText(this.serverMessage));
  }

  get isRateLimited(): boolean {
    return this.status === 429;
  }

  get isAuth(): boolean {
    return this.status === 401 || this.status === 403;
  }

  /** The server refused because the VM has already ended (observed texts). */
  get isNotRunning(): boolean {
    return this.status < 500 && includesAny(this.serverMessage, NOT_RUNNING_TEXTS);
  }

  /** A gateway gave up on the server, which may still be at work: the effect can land after this answer. */
  get mayLandLate(): boolean {
    return this.status === 502 || this.status === 504 || (this.status >= 520 && this.status <= 527);
  }

  /** A 5xx can be answered after the effect was made, so it proves nothing about it. */
  get outcomeUnknown(): boolean {
    return this.status >= 500 && !this.isConflict;
  }
}

/** No answer came: connection refused, reset, or time-out. */
export class NoAnswerError extends MagsError {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly endpoint: string,
    readonly detail: string,
    /** False when the request certainly never left, for example when the connection was refused. */
    readonly outcomeUnknown: boolean,
  ) {
    super(`${method} ${path}: no answer from ${endpoint} (${detail})`);
    this.name = "NoAnswerError";
  }
}

/** An answer arrived and was a success, but lacks something the contract promises. */
export class MalformedAnswerError extends MagsError {
  constructor(
    readonly method: string,
    readonly path: string,
    detail: string,
  ) {
    super(`${method} ${path}: the answer is not what the Mags API promises: ${detail}`);
    this.name = "MalformedAnswerError";
  }
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

export function isNotFound(error: unknown): boolean {
  return isApiError(error) && error.isNotFound;
}

export function isConflict(error: unknown): boolean {
  return isApiError(error) && error.isConflict;
}

/** The observed texts of a name or workspace in use. */
export function isConflictText(text: string): boolean {
  return includesAny(text, CONFLICT_TEXTS);
}

/** True when a mutating call may or may not have had its effect. */
export function isOutcomeUnknown(error: unknown): boolean {
  return (
    ((error instanceof ApiError || error instanceof NoAnswerError) && error.outcomeUnknown) ||
    error instanceof MalformedAnswerError
  );
}

/** True when the effect of a mutating call may be made after we have given up on its answer. */
export function mayLandLate(error: unknown): boolean {
  return (
    (error instanceof NoAnswerError && error.outcomeUnknown) ||
    (error instanceof ApiError && error.mayLandLate)
  );
}

function includesAny(text: string, needles: string[]): boolean {
  const lower = text.toLowerCase();
  return needles.some((needle) => lower.includes(needle));
}
