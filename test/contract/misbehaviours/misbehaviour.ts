import type { EmulatorOptions } from "../../../emulator";
import type { Area } from "../support/check";
import type { Asked, Forward, Given, Meddle } from "../support/proxy";

/** One way in which an emulator could be wrong. */
export interface Misbehaviour {
  name: string;
  /** The check that must notice it, as `area: name`. */
  caughtBy: `${Area}: ${string}`;
  /** Real processes are needed to see it. @default false */
  processes?: boolean;
  /** What is wrong, as options. */
  options?: EmulatorOptions;
  /** Options that the check needs, with the misbehaviour and without. */
  setting?: EmulatorOptions;
  /** Made anew for every run, so that it may remember what it saw. */
  meddle?: () => Meddle;
}

/** Whether a request is for a route; `*` stands for one segment. */
export function is(asked: Asked, method: string, pattern: string): boolean {
  if (asked.host !== undefined || asked.method !== method) return false;
  const path = (asked.path.split("?")[0] ?? "").replace(/^\/v\d/, "");
  return new RegExp(`^${pattern.replaceAll("*", "[^/]+")}$`).test(path);
}

/** Changes the answers of a route. */
export function answers(
  method: string,
  pattern: string,
  change: (given: Given, asked: Asked) => void,
): () => Meddle {
  return () => async (asked, forward) => {
    const given = await forward(asked);
    if (is(asked, method, pattern)) change(given, asked);
    return given;
  };
}

/** Changes the requests of a route before they arrive. */
export function requests(method: string, pattern: string, change: (asked: Asked) => void): () => Meddle {
  return () => async (asked, forward) => {
    if (is(asked, method, pattern)) change(asked);
    return forward(asked);
  };
}

/** Answers some requests without asking the emulator; undefined passes the request on. */
export function instead(
  method: string,
  pattern: string,
  reply: (asked: Asked, forward: Forward) => Promise<Given | undefined> | Given | undefined,
): () => Meddle {
  return () => async (asked, forward) =>
    (is(asked, method, pattern) ? await reply(asked, forward) : undefined) ?? forward(asked);
}

/** A JSON answer. */
export function json(body: unknown, status = 200): Given {
  return { status, type: "application/json", body };
}

/** The id of the job a path names. */
export function idOf(asked: Asked): string {
  return asked.path.split("?")[0]?.split("/")[3] ?? "";
}

/** A further question to the emulator, for the same account. */
export function ask(
  forward: Forward,
  asked: Asked,
  method: string,
  path: string,
  body?: unknown,
): Promise<Given> {
  return forward({ method, path, body, token: asked.token });
}
