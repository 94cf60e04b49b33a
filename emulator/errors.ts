/** The errors the emulated API answers with. Every text that is not marked otherwise is assumed. */

/** An answer with a status of 400 or more. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** A body or a parameter the server refuses. */
export function invalid(message: string): ApiError {
  return new ApiError(422, message);
}

/** A body that is no JSON. */
export function malformed(message: string): ApiError {
  return new ApiError(400, message);
}

/** The token is missing or belongs to nobody. */
export function unauthorized(): ApiError {
  return new ApiError(
    401,
    "Invalid or missing API token: send `Authorization: Bearer <token>` with the token shown at the start.",
  );
}

/** No such object in this account. */
export function notFound(what: string, id: string): ApiError {
  return new ApiError(404, `${what} not found: ${id}`);
}

/** No such job in this account; "no job found" is the observed text. */
export function jobNotFound(id: string): ApiError {
  return new ApiError(404, `no job found: ${id}`);
}

/** The job has ended; "not running" is the observed text. */
export function notRunning(): ApiError {
  return new ApiError(400, "VM is not running");
}

/** The job has no VM yet; the text is observed. */
export function noVm(): ApiError {
  return new ApiError(400, "no VM associated with this job");
}

/** A wake that failed; the text is observed. */
export function failedToWake(): ApiError {
  return new ApiError(500, "job failed to wake (status: error)");
}

/** A route the emulator does not model. */
export function notModelled(method: string, path: string): ApiError {
  return new ApiError(
    501,
    `${method} ${path} is not modelled by the emulator: nothing is known about it. \`mags-iac emulator routes\` lists what is.`,
  );
}

/** A body above the limit. */
export function tooLarge(limit: number): ApiError {
  return new ApiError(413, `The body is larger than the limit of ${limit} bytes.`);
}
