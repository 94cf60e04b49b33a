import { answers, ask, idOf, instead, is } from "./misbehaviour";
import type { Misbehaviour } from "./misbehaviour";

/** How requests could be read and refused wrongly. */
export const REQUEST_MISBEHAVIOURS: readonly Misbehaviour[] = [
  {
    name: "any token is good",
    caughtBy: "auth: a wrong token is answered with 401",
    meddle: () => (asked, forward, emulator) =>
      forward(
        asked.host !== undefined || asked.token === "" || emulator.tokens.includes(asked.token)
          ? asked
          : { ...asked, token: emulator.token },
      ),
  },
  {
    name: "all accounts are one",
    caughtBy: "auth: an object of another account is answered with 404, and unharmed",
    meddle: () => (asked, forward, emulator) =>
      forward(emulator.tokens.includes(asked.token) ? { ...asked, token: emulator.token } : asked),
  },
  {
    name: "what is missing is told as 403",
    caughtBy: "errors: an unknown job is answered with 404 on every route of jobs",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      return given.status === 404 ? { ...given, status: 403 } : given;
    },
  },
  {
    name: "an unknown route answers a page of HTML",
    caughtBy: "errors: what is no route is refused in JSON, never in HTML",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      return given.status === 501
        ? { status: 404, type: "text/html", body: "<!doctype html><html>Not found</html>" }
        : given;
    },
  },
  {
    name: "v2 serves every route of v1",
    caughtBy: "errors: a route without evidence is not offered",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      return given.status === 501 ? forward({ ...asked, path: asked.path.replace("/v2/", "/v1/") }) : given;
    },
  },
  {
    name: "a job can be read without /status",
    caughtBy: "errors: a route without evidence is not offered",
    meddle: instead("GET", "/mags-jobs/*", (asked, forward) =>
      /usage|pool/.test(asked.path)
        ? undefined
        : ask(forward, asked, "GET", `/v1/mags-jobs/${idOf(asked)}/status`),
    ),
  },
  {
    name: "a malformed body is a failure of the server",
    caughtBy: "errors: a body that is no JSON object is the caller's mistake",
    meddle: () => async (asked, forward) => {
      const given = await forward(asked);
      return given.status === 400 && typeof asked.body === "string" ? { ...given, status: 500 } : given;
    },
  },
  {
    name: "ids are not percent-decoded",
    caughtBy: "errors: ids are percent-decoded once",
    meddle: () => (asked, forward) => forward({ ...asked, path: asked.path.replaceAll("%", "%25") }),
  },
  {
    name: "a failed v2 create tells its error in `error` alone",
    caughtBy: "errors: on v2 a failed create has a message and no request id",
    meddle: answers("POST", "/mags-jobs", (given) => {
      if (given.status >= 400 && given.body.message !== undefined) given.body = { error: given.body.message };
    }),
  },
  {
    name: "the status of one job is that of another",
    caughtBy: "auth: a command runs in the VM that was named",
    meddle: () => {
      let first: string | undefined;
      return async (asked, forward) => {
        if (!is(asked, "GET", "/mags-jobs/*/status")) return forward(asked);
        first ??= idOf(asked);
        return forward({ ...asked, path: asked.path.replace(idOf(asked), first) });
      };
    },
  },
];
