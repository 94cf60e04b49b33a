import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloudsOfFile } from "./support/points";
import { callsIn, outcomeOf, type Verdict } from "./support/skipped";
import { SKIPPED_CASES } from "./support/skipped-cases";

/**
 * With `PULUMI_SKIP_CHECKPOINTS=true` a kill leaves the state from before the run. After a kill at any call of it,
 * this is what the next run makes of that: where each cell says `converges` and nothing else, checkpoints can be done
 * without. `UPDATE_CRASH_MATRIX=1` writes the table anew.
 */
const FILE = join(__dirname, "skipped-checkpoints.json");
/** By case and sequel: every verdict that there was, in alphabetical order. */
type Table = Record<string, Record<string, string>>;

const kept = JSON.parse(readFileSync(FILE, "utf8")) as Table;
const table: Table = {};
const clouds = cloudsOfFile();

afterAll(() => {
  if (process.env.UPDATE_CRASH_MATRIX === "1") writeFileSync(FILE, `${JSON.stringify(table, null, 2)}\n`);
});

test.each(SKIPPED_CASES.map((subject) => [subject.title, subject] as const))(
  "%s",
  async (title, subject) => {
    const calls = await callsIn(clouds, subject);
    expect(calls.length).toBeGreaterThan(0);
    const reasons: string[] = [];
    table[title] = {};
    for (const sequel of subject.sequels) {
      const verdicts = new Set<Verdict>();
      for (const [index, route] of calls.entries()) {
        const { verdict, why } = await outcomeOf(clouds, subject, index + 1, sequel);
        verdicts.add(verdict);
        if (!kept[title]?.[sequel]?.split(", ").includes(verdict))
          reasons.push(`killed after call ${index + 1} (${route}), ${sequel}: ${verdict}: ${why}`);
      }
      table[title][sequel] = [...verdicts].sort().join(", ");
    }
    expect(reasons).toEqual([]);
    expect(table[title]).toEqual(kept[title]);
  },
  600_000,
);

test("the table has no case that is gone", () => {
  expect(Object.keys(kept)).toEqual(SKIPPED_CASES.map(({ title }) => title));
});
