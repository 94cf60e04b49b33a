import fc from "fast-check";
import { Transport, type ApiRequest } from "../../../provider/api/transport";
import { isApiError } from "../../../provider/api/errors";
import { FakeApi } from "../../support/fake-api";
import { ModelProcess, VirtualTime } from "../../support/virtual-time";

const START = Date.UTC(2026, 0, 5, 12);
const METHODS: ApiRequest["method"][] = ["GET", "POST", "PATCH", "DELETE"];

/** A generator of numbers in [0, 1) that is the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

let api: FakeApi;
beforeAll(async () => {
  api = await FakeApi.start();
});
afterAll(() => api.stop());

const storm = fc.record({
  seed: fc.nat(),
  calls: fc.integer({ min: 1, max: 120 }),
  maxConcurrency: fc.integer({ min: 1, max: 32 }),
  longestPause: fc.integer({ min: 1, max: 60 }),
  dates: fc.boolean(),
});

it("a storm of 30 % refusals fails nothing, and nothing is sent before the pause is over", async () => {
  await fc.assert(
    fc.asyncProperty(storm, async ({ seed, calls, maxConcurrency, longestPause, dates }) => {
      const random = seeded(seed);
      const time = new VirtualTime(START, async () => undefined);
      const process = new ModelProcess(time);
      api.requests.length = 0;
      api.answer(() => {
        if (random() >= 0.3) return { body: {} };
        const seconds = Math.ceil(random() * longestPause);
        // A date has whole seconds.
        const until = new Date(Math.ceil(time.now() / 1000) * 1000 + seconds * 1000);
        return {
          status: 429,
          headers: { "retry-after": dates ? until.toUTCString() : String(seconds) },
          body: { error: "slow down" },
        };
      });
      let [pausedUntil, open, most, early] = [0, 0, 0, 0];
      const transport = new Transport({
        endpoint: api.endpoint,
        token: "t",
        maxConcurrency,
        clock: process.clock,
        around: async (request, exchange) => {
          if (time.now() < pausedUntil) early++;
          most = Math.max(most, ++open);
          try {
            return await process.around!(request, exchange);
          } catch (error) {
            if (isApiError(error) && error.isRateLimited)
              pausedUntil = Math.max(pausedUntil, time.now() + error.retryAfterMs!);
            throw error;
          } finally {
            open--;
          }
        },
      });
      const answers = await Promise.all(
        Array.from({ length: calls }, (_, index) =>
          transport.request({
            method: METHODS[index % METHODS.length]!,
            path: `/api/v1/${index}`,
            repeatable: false,
          }),
        ),
      );
      process.end();
      await transport.close();
      expect(answers).toHaveLength(calls);
      expect(early).toBe(0);
      expect(most).toBeLessThanOrEqual(maxConcurrency);
      // Everything that is not refused is sent once.
      expect(new Set(api.calls).size).toBe(calls);
    }),
    { numRuns: 40 },
  );
});
