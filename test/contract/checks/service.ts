import * as assert from "node:assert/strict";
import type { Served } from "../support/client";

/** What a service of the checks tells about itself. */
export interface Service {
  name: string;
  port: number;
  path: string;
}

/**
 * A command that serves HTTP and answers with a {@link Service}. Where scripts are simulated, every command
 * that is not understood counts as a service with an answer of the same form.
 */
export function service(name: string, port = 8080): string {
  const reply = `JSON.stringify({name:"${name}",port:${port},path:q.url})`;
  return `exec node -e 'require("http").createServer((q,s)=>s.end(${reply})).listen(${port})'`;
}

/** Two services in one VM. */
export function services(name: string, one: number, two: number): string {
  const reply = (port: number) =>
    `h.createServer((q,s)=>s.end(JSON.stringify({name:"${name}",port:${port},path:q.url}))).listen(${port})`;
  return `exec node -e 'const h=require("http");${reply(one)};${reply(two)}'`;
}

/** The service that answered; fails if none did. */
export function serves(served: Served): Service {
  assert.equal(served.status, 200, `the service answers, not: ${served.status} ${served.text.slice(0, 200)}`);
  return JSON.parse(served.text) as Service;
}
