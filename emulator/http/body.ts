import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, malformed, tooLarge } from "../errors";
import type { Reply } from "../handlers/call";
import type { Body } from "../handlers/fields";

/** How long a body may make no progress, in milliseconds. */
const STALLED_MS = 30_000;

/** How deep arrays and objects may lie in each other; no field of the API needs more than two. */
const DEEPEST = 100;

/** The caller hung up before its body was complete. There is nobody to answer. */
export class HungUpError extends Error {}

/** Reads a body up to a limit. What exceeds it is not kept; a body that does not go on is given up. */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  stalledMs = STALLED_MS,
): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("error", onError);
    };
    const fail = (error: Error): void => {
      finish();
      request.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      timer.refresh();
      size += chunk.length;
      if (size > limit) fail(tooLarge(limit));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      finish();
      resolve(Buffer.concat(chunks));
    };
    const onError = (error: Error): void => {
      finish();
      request.on("error", () => undefined); // Told here already.
      reject(new HungUpError(`the caller hung up: ${error.message}`));
    };
    const timer = setTimeout(
      () => fail(new ApiError(408, `the body did not go on for ${stalledMs} ms`)),
      stalledMs,
    );
    request.on("data", onData).on("end", onEnd).on("error", onError);
  });
}

/** A JSON object; an empty body is an empty object. */
export function parseObject(raw: Buffer): Body {
  if (raw.length === 0) return {};
  const text = raw.toString("utf8");
  // Parsing copes with any depth, but whoever copies or writes the value later does not.
  if (depthOf(text) > DEEPEST) throw malformed(`the body is nested more than ${DEEPEST} deep`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed("the body must be a JSON object");
  }
  return value as Body;
}

/** How deep a JSON text is nested. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "[" || character === "{") deepest = Math.max(deepest, ++depth);
    else if (character === "]" || character === "}") depth -= 1;
  }
  return deepest;
}

/**
 * Sends an answer: JSON, unless its headers say that the body is a text of another type. A body that was
 * refused unread ends the connection.
 */
export function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const { status = 200, body, headers } = reply;
  const unread = request.complete || !announcesBody(request) ? {} : { connection: "close" };
  if (body === undefined) {
    response.writeHead(status, { ...headers, ...unread });
    response.end();
    return;
  }
  const text = headers?.["content-type"] === undefined ? JSON.stringify(body) : String(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...headers,
    ...unread,
  });
  response.end(text);
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
