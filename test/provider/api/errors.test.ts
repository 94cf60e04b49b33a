import {
  ApiError,
  MalformedAnswerError,
  NoAnswerError,
  isConflict,
  isNotFound,
  isOutcomeUnknown,
} from "../../../provider/api/errors";

const api = (status: number, serverMessage = "no") =>
  new ApiError({ status, method: "POST", path: "/api/v1/mags-jobs", serverMessage });

describe("ApiError", () => {
  it("carries status, method, path and the server's message, also in its text", () => {
    const error = api(409, "name taken");
    expect(error).toMatchObject({ status: 409, method: "POST", path: "/api/v1/mags-jobs" });
    expect(error.message).toBe("POST /api/v1/mags-jobs was answered with 409: name taken");
  });

  it.each([400, 401, 403, 409, 410, 422, 429, 500, 503, 524])("%i is never gone", (status) => {
    expect(isNotFound(api(status, "not found"))).toBe(false);
  });

  it("404 is not found", () => {
    expect(isNotFound(api(404))).toBe(true);
    expect(isNotFound(new Error("404"))).toBe(false);
  });

  it.each(["workspace already exists", "Already taken", "name in use", "CONFLICT on name"])(
    "500 with %j is a conflict, and so a known outcome",
    (text) => {
      expect(isConflict(api(500, text))).toBe(true);
      expect(isOutcomeUnknown(api(500, text))).toBe(false);
    },
  );

  it("409 is a conflict whatever its text; other codes are not", () => {
    expect(isConflict(api(409, ""))).toBe(true);
    expect(isConflict(api(503, "already exists"))).toBe(false);
    expect(isConflict(api(422, "already exists"))).toBe(false);
    expect(isConflict(api(500, "disk failure"))).toBe(false);
  });

  it.each([
    [401, true],
    [403, true],
    [404, false],
  ])("%i: is it about the token? %s", (status, auth) => {
    expect(api(status).isAuth).toBe(auth);
  });

  it.each(["no VM associated with this job", "job is not running", "no job found"])(
    "%j says that there is no machine",
    (text) => {
      expect(api(400, text).isNotRunning).toBe(true);
      expect(api(502, text).isNotRunning).toBe(false);
    },
  );
});

describe("isOutcomeUnknown", () => {
  it.each([500, 502, 503, 520, 524])("%i can be answered after the effect", (status) => {
    expect(isOutcomeUnknown(api(status, "oops"))).toBe(true);
  });

  it.each([400, 401, 403, 404, 409, 422, 429])("%i was refused before any effect", (status) => {
    expect(isOutcomeUnknown(api(status))).toBe(false);
  });

  it("a lost answer and a broken one leave it open; a refused connection does not", () => {
    const noAnswer = (unknown: boolean) => new NoAnswerError("POST", "/x", "http://h", "reset", unknown);
    expect(isOutcomeUnknown(noAnswer(true))).toBe(true);
    expect(isOutcomeUnknown(noAnswer(false))).toBe(false);
    expect(isOutcomeUnknown(new MalformedAnswerError("POST", "/x", "no request_id"))).toBe(true);
    expect(isOutcomeUnknown(new Error("bug"))).toBe(false);
  });
});
