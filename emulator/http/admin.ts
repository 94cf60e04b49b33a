import { timingSafeEqual } from "node:crypto";
import * as http from "node:http";
import { ApiError, malformed, notModelled, unauthorized } from "../errors";
import { problemOf } from "../faults";
import type { FaultRule } from "../faults";
import type { Emulator } from "../emulator";
import { parseObject, readBody, send } from "./body";
import { answerInJson, targetOf, toOriginForm } from "./protocol";

/** Largest body of an admin request in bytes. */
const BODY_LIMIT = 1024 * 1024;

/** What the admin API drives. */
export type Driven = Omit<Emulator, "adminUrl" | "stop">;

/** The admin API: the programmatic interface over HTTP, on a port of its own. */
export function adminServer(emulator: Driven, token: string): http.Server {
  const server = http.createServer({ shouldUpgradeCallback: () => false }, (request, response) => {
    response.on("error", () => undefined); // The caller is gone; there is nobody to tell.
    toOriginForm(request);
    answer(emulator, token, request)
      .then((body) => send(request, response, { body }))
      .catch((error: unknown) => {
        const status = error instanceof ApiError ? error.status : error instanceof RangeError ? 422 : 500;
        const text = error instanceof Error ? error.message : String(error);
        send(request, response, { status, body: { error: text } });
      });
  });
  answerInJson(server);
  return server;
}

async function answer(emulator: Driven, token: string, request: http.IncomingMessage): Promise<unknown> {
  const given = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (given === undefined || !equal(given, token)) throw unauthorized();
  const body = parseObject(await readBody(request, BODY_LIMIT));
  const { path, query } = targetOf(request);
  const [, head = "", id, action] = path.split("/");
  switch (
    `${request.method} /${head}${id === undefined ? "" : action === undefined ? `/${id}` : `/{id}/${action}`}`
  ) {
    case "GET /calls":
      return { calls: emulator.calls() };
    case "DELETE /calls":
      emulator.clearCalls();
      return {};
    case "GET /faults":
      return { faults: emulator.faults() };
    case "POST /faults": {
      const problem = problemOf(body);
      if (problem !== undefined) throw new ApiError(422, problem);
      return { id: emulator.inject(body as unknown as FaultRule) };
    }
    case "DELETE /faults":
      emulator.clearFaults(query.get("id") ?? undefined);
      return {};
    case "GET /state":
      return emulator.snapshot(query.get("token") ?? undefined);
    case "POST /clock/advance":
      if (typeof body.ms !== "number") throw new ApiError(422, "ms must be a number of milliseconds");
      await emulator.clock.advance(body.ms);
      return { now: emulator.clock.now() };
    case "POST /vms/{id}/end":
      await emulator.control.endVm(decoded(id));
      return {};
    case "POST /vms/{id}/vanish":
      await emulator.control.vanishVm(decoded(id));
      return {};
    default:
      throw notModelled(request.method ?? "GET", path);
  }
}

function decoded(segment = ""): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw malformed(`${segment} is not percent-encoded as it must be`);
  }
}

/** Compares without telling by time how much was right. */
function equal(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
