/** What every message for a user is thrown as. */

/** A problem of the user's, the cloud's or the network's making, told in full by its message. */
export class MagsError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MagsError";
  }
}

/** Whether a call had its effect could not be found out, so it was not repeated. */
export class OutcomeUnknownError extends MagsError {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "OutcomeUnknownError";
  }
}
