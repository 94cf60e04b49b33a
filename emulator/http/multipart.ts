import { malformed } from "../errors";

/** One part of a form. */
export interface Part {
  name: string;
  fileName?: string;
  content: Buffer;
}

/** Reads a multipart/form-data body. */
export function readMultipart(contentType: string, body: Buffer): Part[] {
  const match = /^multipart\/form-data\s*;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined || boundary.length > 200) {
    throw malformed("an upload must be multipart/form-data with a boundary");
  }
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString() === "--") return parts;
    const headerEnd = body.indexOf("\r\n\r\n", start);
    const next = body.indexOf(Buffer.concat([Buffer.from("\r\n"), delimiter]), start);
    if (headerEnd < 0 || next < 0) break;
    const headers = body.subarray(start, headerEnd).toString("utf8");
    const disposition = /^content-disposition:(.*)$/im.exec(headers)?.[1] ?? "";
    // An empty part has its delimiter right after the headers.
    const content = body.subarray(Math.min(headerEnd + 4, next), next);
    const name = parameter(disposition, "name");
    if (name !== undefined) parts.push({ name, fileName: parameter(disposition, "filename"), content });
    at = next + 2;
  }
  throw malformed("the multipart body is cut off");
}

function parameter(disposition: string, key: string): string | undefined {
  const match = new RegExp(`[;\\s]${key}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, "i").exec(disposition);
  return match?.[1]?.replace(/\\(.)/g, "$1") ?? match?.[2];
}
