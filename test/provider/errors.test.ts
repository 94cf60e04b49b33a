import * as api from "../../provider/api/errors";
import * as errors from "../../provider/errors";
import { explain } from "../../provider/api/explain";

/** Calls a factory with something for every parameter. */
const sampleOf = (factory: (...args: never[]) => Error) => {
  const samples: unknown[] = ["first", "second", "third", "fourth", "fifth"];
  const special: Record<string, unknown[]> = {
    alreadyExists: ["job", "web", { status: "running", since: "2026-01-01T00:00:00Z" }],
    localDiskWouldBeLost: ["web", ["script"]],
    sandboxHasNoWorkspace: [["setup"]],
    workspaceInUse: ["site", ["web"]],
    cronNotTaken: ["nightly", ["enabled"]],
    programInvalid: [["one", "two"]],
    filesNotAsPlanned: [["one", "two"]],
    providerArgumentUnknown: ["staging", "apitoken", ["apiToken"]],
  };
  return factory(...((special[factory.name] ?? samples) as never[]));
};

const FACTORIES = Object.entries(errors).filter(
  (entry): entry is [string, (...args: never[]) => Error] =>
    typeof entry[1] === "function" && !entry[0].endsWith("Error"),
);

it.each(FACTORIES)("%s is a whole message in sentences", (_name, factory) => {
  const error = sampleOf(factory);
  expect(error).toBeInstanceOf(errors.MagsError);
  expect(error.message).not.toMatch(/undefined|\[object|NaN|\.\.|[^\n] {2}/);
  expect(error.message).toMatch(/^["A-Z0-9a-z]/);
  expect(error.message.split("\n")[0]).toMatch(/[.:?)]$/);
  expect(error.message.length).toBeGreaterThan(20);
});

describe("explain", () => {
  const refusal = (status: number) =>
    new api.ApiError({ status, method: "GET", path: "/api/v1/x", serverMessage: "said so" });

  it.each([401, 403])("%i is about the token, and concludes nothing", (status) => {
    const error = explain(refusal(status));
    expect(error).toBeInstanceOf(errors.MagsError);
    expect(error.message).toMatch(
      new RegExp(`refused the API token \\(${status}: said so\\).*MAGS_API_TOKEN`),
    );
    expect(error.message).toMatch("Nothing was concluded");
  });

  it("other answers carry call, status and the server's words", () => {
    expect(explain(refusal(503)).message).toMatch(/GET \/api\/v1\/x failed: status 503, said so/);
  });

  it("an endpoint that cannot be reached is named, with what to check", () => {
    const error = explain(new api.NoAnswerError("GET", "/x", "http://127.0.0.1:1", "ECONNREFUSED", false));
    expect(error.message).toMatch(
      /http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\).*mags:endpoint/,
    );
  });

  it("a lost answer is told as that", () => {
    const error = explain(new api.NoAnswerError("POST", "/x", "http://h", "time-out", true));
    expect(error.message).toMatch(/POST \/x failed: no answer from http:\/\/h, time-out/);
  });

  it("a message for users stays, a bug stays a bug, anything else becomes an Error", () => {
    const user = new errors.MagsError("as it is");
    const bug = new TypeError("bug");
    expect(explain(user)).toBe(user);
    expect(explain(bug)).toBe(bug);
    expect(explain("text")).toEqual(new Error("text"));
    expect(explain(undefined)).toBeInstanceOf(Error);
  });
});
