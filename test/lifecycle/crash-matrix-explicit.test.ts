import { CASES, nameOf } from "./support/cases";
import { callsOf, cloudsOfFile, pointsOf, proveExplicit } from "./support/points";
import { lostPoints, print, type Table } from "./support/table";

/**
 * The same with names that the program gives and no namespace: what is found cannot be proved to be ours, so it
 * ends in the error that says so, with nothing doubled, unless it converges anyway.
 */
const PART = "explicit names";
const table: Table = {};
const clouds = cloudsOfFile();

test.each(CASES.map((subject) => [nameOf(subject), subject] as const))(
  "%s",
  async (name, subject) => {
    const points = pointsOf(subject, await callsOf(clouds, subject, "explicit")).filter(
      ({ sequel }) => sequel !== "reverted",
    );
    const failures: string[] = [];
    const rows: Record<string, number> = (table[name] = {});
    for (const point of points) {
      rows[point.route] = (rows[point.route] ?? 0) + 1;
      try {
        await proveExplicit(clouds, point);
      } catch (error) {
        failures.push(
          `${point.mode} at call ${point.call} (${point.route}), ${point.sequel}: ${String(error)}`,
        );
      }
    }
    expect(failures).toEqual([]);
  },
  120_000,
);

test("no point has been lost", () => {
  print(PART, table);
  expect(lostPoints(PART, table)).toEqual([]);
});
