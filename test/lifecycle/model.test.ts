import * as fc from "fast-check";
import { histories } from "./support/history";
import { play, type Played } from "./support/play";
import { Clouds } from "./support/points";

/** `MODEL_CASES` plays any number; `MODEL_SEED` and `MODEL_PATH` repeat what a failure has printed. */
const CASES = Number(process.env.MODEL_CASES ?? 300);
const SEED = Number(process.env.MODEL_SEED ?? 1);
const PATH = process.env.MODEL_PATH;

/** Short ways of the cloud: time is virtual, but each look at a status is a call. */
export const QUICK = { bootMs: 300, vmIdMs: 400, stopMs: 1_500 };

const clouds = new Clouds(QUICK);
const played: Played[] = [];

beforeAll(() => {
  for (const what of ["info", "error"] as const)
    jest.spyOn(console, what).mockImplementation(() => undefined);
});

afterAll(async () => {
  await clouds.stop();
  jest.restoreAllMocks();
});

test(`${CASES} random histories: exactly what is declared, nothing twice, nothing lost`, async () => {
  const begun = Date.now();
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      played.push(await play(clouds, history));
    }),
    {
      numRuns: CASES,
      seed: SEED,
      path: PATH,
      interruptAfterTimeLimit: 1_500_000,
      markInterruptAsFailure: true,
    },
  );
  report(Date.now() - begun);
  expect(played.length).toBeGreaterThanOrEqual(PATH === undefined ? CASES : 1);
  expect(Math.min(...played.map(({ resources }) => resources))).toBeGreaterThanOrEqual(3);
  expect(Math.min(...played.map(({ edits }) => edits.length))).toBeGreaterThanOrEqual(4);
}, 1_800_000);

function report(ms: number): void {
  const count = (values: (string | number)[]): string =>
    [...new Set(values)]
      .map((value) => [value, values.filter((other) => other === value).length] as const)
      .sort((a, b) => b[1] - a[1])
      .map(([value, times]) => `${value} ${times}`)
      .join(", ");
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  process.stdout.write(
    [
      `model test: ${played.length} cases (seed ${SEED}), ${Math.round(ms / played.length)} ms each, ` +
        `${sum(played.map(({ ups }) => ups))} updates, ${sum(played.map(({ calls }) => calls))} calls`,
      `  resources: ${count(played.map(({ resources }) => resources))}`,
      `  edits: ${count(played.flatMap(({ edits }) => edits))}`,
      `  before an edit: ${count(played.flatMap(({ firsts }) => firsts))}`,
      `  faults: ${count(played.map(({ fault, outcome }) => `${fault} (${outcome})`))}`,
      "",
    ].join("\n"),
  );
}
