import { ApiError, NoAnswerError } from "./errors";
import * as errors from "../errors";

/**
 * Whatever was thrown, as something to show: failures of the API and the network in words, bugs as they are.
 * @param endpointNamed What says which endpoint it is, where that is not what the provider reads.
 */
export function explain(error: unknown, endpointNamed?: string): Error {
  if (error instanceof ApiError) {
    if (error.isAuth) return errors.tokenRefused(error.status, error.serverMessage);
    return errors.apiFailed(
      `${error.method} ${error.path}`,
      `status ${error.status}, ${error.serverMessage}`,
    );
  }
  if (error instanceof NoAnswerError) {
    if (!error.outcomeUnknown) return errors.unreachable(error.endpoint, error.detail, endpointNamed);
    return errors.apiFailed(
      `${error.method} ${error.path}`,
      `no answer from ${error.endpoint}, ${error.detail}`,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}
