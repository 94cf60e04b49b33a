import type { Reply } from "../handlers/call";

/** What the edge in front of the cloud says when there was no answer for too long; it is no JSON (observed). */
export const EDGE_TIMED_OUT: Reply = {
  status: 524,
  body: "error code: 524\n",
  headers: { "content-type": "text/plain; charset=UTF-8" },
};
