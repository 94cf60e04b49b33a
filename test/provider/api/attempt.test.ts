import { ApiError, NoAnswerError } from "../../../provider/api/errors";
import type { Task } from "../../../provider/api/account";
import { createOnce, retryFor } from "../../../provider/api/attempt";
import { AutoClock } from "../../support/clock";

const lost = () => new NoAnswerError("POST", "/x", "http://h", "time-out", true);
const answered = (status: number, serverMessage = "no") =>
  new ApiError({ method: "POST", path: "/x", status, serverMessage });

function context(): { clock: AutoClock; context: Task; said: string[] } {
  const clock = new AutoClock();
  const client = { transport: { timeoutMs: 30_000 } };
  const said: string[] = [];
  const say = (message: string) => said.push(message);
  return { clock, said, context: { clock, client, say, deadline: clock.now() + 600_000 } as unknown as Task };
}

/** A call that does each of these in turn: throws an error, or returns. */
function calls(...outcomes: unknown[]) {
  const made: number[] = [];
  return {
    made,
    post: async () => {
      made.push(made.length);
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
}

describe("createOnce", () => {
  it("returns the answer without looking for anything", async () => {
    const { post } = calls("made");
    const find = jest.fn();
    await expect(createOnce(context().context, { doing: "Making", post, find })).resolves.toBe("made");
    expect(find).not.toHaveBeenCalled();
  });

  it.each([400, 401, 409, 422])("a refusal with %i stands at once", async (status) => {
    const { post, made } = calls(answered(status));
    const find = jest.fn();
    await expect(createOnce(context().context, { doing: "Making", post, find })).rejects.toMatchObject({
      status,
    });
    expect(made).toHaveLength(1);
    expect(find).not.toHaveBeenCalled();
  });

  it.each([
    ["a lost answer", lost()],
    ["a 502", answered(502)],
    ["a 524", answered(524)],
  ])("after %s takes what it finds, and makes nothing twice", async (_name, error) => {
    const { post, made } = calls(error);
    const find = jest.fn().mockResolvedValueOnce(undefined).mockResolvedValue("found");
    await expect(createOnce(context().context, { doing: "Making", post, find })).resolves.toBe("found");
    expect(made).toHaveLength(1);
  });

  it("finds an effect that lands late, before it repeats anything", async () => {
    const { clock, context: where, said } = context();
    const landsAt = clock.now() + 29_000;
    const { post, made } = calls(lost(), "second");
    const find = async () => (clock.now() >= landsAt ? "late" : undefined);
    await expect(createOnce(where, { doing: "Making", post, find })).resolves.toBe("late");
    expect(made).toHaveLength(1);
    expect(said[0]).toMatch(/^waiting for the effect of a lost answer: Making, \d+ s so far$/);
    expect(said.length).toBeLessThanOrEqual(3);
  });

  it("repeats once, and only after a whole request time-out", async () => {
    const { clock, context: where } = context();
    const begunAt = clock.now();
    let secondAt = 0;
    const outcomes = [lost(), "second"];
    const post = async () => {
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      secondAt = clock.now();
      return outcome;
    };
    await expect(createOnce(where, { doing: "Making", post, find: async () => undefined })).resolves.toBe(
      "second",
    );
    expect(secondAt - begunAt).toBeGreaterThanOrEqual(30_000);
  });

  it("takes a conflict on the repetition for the first call's effect", async () => {
    const { post } = calls(lost(), answered(409));
    let looks = 0;
    const find = async () => (++looks > 11 ? "first" : undefined);
    await expect(createOnce(context().context, { doing: "Making", post, find })).resolves.toBe("first");
  });

  it("says that the outcome is unknown when nothing helps", async () => {
    const { post, made } = calls(lost(), lost(), "third");
    const failing = createOnce(context().context, { doing: "Making it", post, find: async () => undefined });
    await expect(failing).rejects.toThrow(/Making it: the answer was lost \(.*time-out.*\), and no effect/);
    expect(made).toHaveLength(2);
  });

  it("does not repeat when it cannot look", async () => {
    const { post, made } = calls(lost(), "second");
    const find = async () => {
      throw answered(403);
    };
    await expect(createOnce(context().context, { doing: "x", post, find })).rejects.toMatchObject({
      status: 403,
    });
    expect(made).toHaveLength(1);
  });
});

describe("retryFor", () => {
  const options = { everyMs: 5_000, forMs: 25_000, mayRetry: (error: unknown) => error instanceof ApiError };

  it("calls until it succeeds", async () => {
    const { post, made } = calls(answered(404), answered(404), "now");
    await expect(retryFor(context().context, options, post)).resolves.toBe("now");
    expect(made).toHaveLength(3);
  });

  it("ends with the last error when the time is over", async () => {
    const { clock, context: where } = context();
    const begunAt = clock.now();
    const always = async () => {
      throw answered(404, `at ${clock.now() - begunAt}`);
    };
    await expect(retryFor(where, options, always)).rejects.toThrow("at 25000");
  });

  it("never goes beyond the operation's own deadline", async () => {
    const { clock, context: where } = context();
    where.deadline = clock.now() + 7_000;
    const { post, made } = calls(answered(404), answered(404), "too late");
    await expect(retryFor(where, options, post)).rejects.toMatchObject({ status: 404 });
    expect(made).toHaveLength(2);
  });

  it("ends at once with what is not worth another try", async () => {
    const { post, made } = calls(new Error("bug"), "second");
    await expect(retryFor(context().context, options, post)).rejects.toThrow("bug");
    expect(made).toHaveLength(1);
  });
});
